// The fixed batch: random programs that are part of the test suite. Their .beam files are in test/fixtures/random/batch, their
// native results in test/golden/random.jsonl. After a change of the generator, or to choose others:
//   npx tsx test/random/batch.ts
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isUnfair, type Native, NativeServer } from './engines.js';
import { makeProgram, source } from './program.js';

const FIRST_SEED = 7001;
const COUNT = 60;
/** Characters of the results of a program: a batch to be kept has no need of long lists. */
const MOST_TEXT = 6000;

export const BATCH_FOLDER = fileURLToPath(new URL('../fixtures/random/batch', import.meta.url));
export const BATCH_RESULTS = fileURLToPath(new URL('../golden/random.jsonl', import.meta.url));

/** Whether it belongs into the batch: no result depends on limits or clocks. */
export function isFit(answer: Native): boolean {
  return !answer.results.some(isUnfair) && answer.results.join('').length <= MOST_TEXT;
}

/** Name of a seed's program, and what native Erlang makes of it. */
export async function nativeAnswer(native: NativeServer, name: string): Promise<Native> {
  const answer = await native.run(name, source(makeProgram(name, Number(name.slice('random_'.length)))));
  if (typeof answer === 'string') throw new Error(`${name} can not be compiled: ${answer}`);
  return answer;
}

async function record(): Promise<void> {
  rmSync(BATCH_FOLDER, { recursive: true, force: true });
  mkdirSync(BATCH_FOLDER, { recursive: true });
  const native = new NativeServer();
  let lines = '';
  for (let seed = FIRST_SEED, found = 0; found < COUNT; seed++) {
    const name = `random_${seed}`;
    const answer = await nativeAnswer(native, name);
    if (!isFit(answer)) continue;
    found++;
    writeFileSync(join(BATCH_FOLDER, `${name}.beam`), answer.beam);
    lines += `${JSON.stringify([name, answer.results])}\n`;
  }
  native.stop();
  writeFileSync(BATCH_RESULTS, lines);
  console.log(`${readdirSync(BATCH_FOLDER).length} programs recorded`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await record();
