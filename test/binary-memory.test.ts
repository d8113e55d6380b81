// What binaries and other things off the heap leave behind: nothing. The programs of engine_binaries.erl and
// engine_resources.erl, with an eye on the arena.
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeTerm } from '../dist/load/erlang-term.js';
import { blockUse, resetPeak } from '../dist/memory/blocks.js';
import { callFunction, codeServer, loadFile, settings } from '../dist/runtime.js';
import { formatTerm } from '../dist/terms/format.js';
import { golden } from './support/terms.js';

const FOLDER = fileURLToPath(new URL('fixtures/engine/', import.meta.url));
const MODULES = ['engine_binaries', 'engine_resources'];
const results = MODULES.flatMap((module) =>
  golden<[name: string, value: string]>(`engine/${module}.jsonl`).map(
    ([name, value]) => [module, name, value] as const,
  ),
);

/** Words of the most that may be in use at a time, of programs that make 100 MB and more: a tenth of that. */
const MOST = 10_000_000 / 4;

/** Runs a function in a process of its own and waits until that has ended. */
async function run(module: string, name: string): Promise<string> {
  const atoms = [module, name].map((text) => encodeTerm({ kind: 'atom', name: text }));
  const end = await callFunction('engine', 'run', atoms, formatTerm);
  return end.kind === 'value' ? end.text : end.kind;
}

// The translator stays once it has been on.
describe.each([
  ['off', false],
  ['off', true],
  ['eager', false],
] as const)('jit %s, stress gc %s', (jit, stressGc) => {
  beforeAll(() => {
    Object.assign(settings, { jit, stressGc });
    codeServer.path = [FOLDER, fileURLToPath(new URL('../dist/lib/ebin', import.meta.url))];
    for (const file of ['engine', ...MODULES]) loadFile(`${FOLDER}${file}.beam`);
  });

  it.each(results)('%s: %s leaves nothing', async (module, name, value) => {
    // Modules are found when they are first called, what is found stays.
    if (module !== MODULES[0]) await run(module, name);
    const before = blockUse().words;
    expect(await run(module, name)).toBe(value);
    // While something short runs, processes that have been told to end do so.
    await run('engine_binaries', 'append_twice');
    expect(blockUse().words).toBe(before);
  });

  const makers = results.filter(([, name]) => name.startsWith('dropped'));

  it.each(makers)('%s: %s needs little at a time', async (module, name, value) => {
    const before = blockUse().words;
    resetPeak();
    expect(await run(module, name)).toBe(value);
    expect(blockUse().peak - before).toBeLessThan(MOST);
  });
});
