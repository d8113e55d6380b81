// Memory of tables: what is put in and taken out leaves the arena as it was. What the functions of ets give is compared with
// native Erlang in test/fixtures/engine (engine_ets, engine_match, engine_ets_random, engine_shared).
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { blockUse } from '../dist/memory/blocks.js';
import { callFunction, codeServer, loadFile } from '../dist/runtime.js';
import { formatTerm } from '../dist/terms/format.js';

beforeAll(() => {
  codeServer.path = [fileURLToPath(new URL('../dist/lib/ebin', import.meta.url))];
  loadFile(fileURLToPath(new URL('fixtures/engine/tables_memory.beam', import.meta.url)));
});

async function run(name: string): Promise<string> {
  const end = await callFunction('tables_memory', name, [], formatTerm);
  return end.kind === 'value' ? end.text : `${end.kind}: ${'text' in end ? end.text : ''}`;
}

describe('words in use are the same before and after', () => {
  it.each([
    'filled_and_emptied',
    'filled_and_deleted',
    'owner_ends',
    'replaced_and_updated',
    'large_binaries',
    'guards_with_garbage',
    'fixed_and_released',
    'given_and_inherited',
    'persistent_terms',
  ])('%s', async (name) => {
    // The first run loads and translates.
    expect(await run(name)).toBe('ok');
    const before = blockUse().words;
    expect(await run(name)).toBe('ok');
    expect(await run(name)).toBe('ok');
    expect(blockUse().words).toBe(before);
  });
});
