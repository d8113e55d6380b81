// What is hot is translated as far as the program's run pays for it.
import { expect, it } from 'vitest';
import { exportOf } from '../dist/code/functions.js';
import { install } from '../dist/code/server.js';
import { translatorLoader } from '../dist/interpret/transitions.js';
import { translation } from '../dist/jit/translate.js';
import { parseCall } from '../dist/load/erlang-term.js';
import { readListing } from '../dist/load/listing.js';
import { callFunction, settings } from '../dist/runtime.js';
import { THRESHOLD, work } from '../dist/settings.js';
import { atom } from '../dist/terms/atoms.js';
import { formatTerm } from '../dist/terms/format.js';

const FUNCTIONS = 60;
const LENGTH = 200;

/** 60 functions of 200 instructions each; all(N) calls each of them N times, one(N) only the last. */
function load(): void {
  const names = Array.from({ length: FUNCTIONS }, (_, i) => `f${i}`);
  const body = '{move,{x,0},{x,1}}. '.repeat(LENGTH);
  const functions = names.map(
    (name, i) =>
      `{function,${name},1,${2 * i + 12}}. {label,${2 * i + 11}}. {func_info,{atom,budget},{atom,${name}},1}. {label,${2 * i + 12}}. ${body} return.`,
  );
  const calls = names.map((_, i) => `{move,{y,0},{x,0}}. {call,1,{f,${2 * i + 12}}}.`);
  const loop = (name: string, label: number, inside: string) =>
    `{function,${name},1,${label + 1}}. {label,${label}}. {func_info,{atom,budget},{atom,${name}},1}. {label,${label + 1}}.
     {test,is_ne_exact,{f,${label + 2}},[{x,0},{integer,0}]}. {allocate,1,1}. {move,{x,0},{y,0}}. ${inside}
     {gc_bif,'-',{f,0},1,[{y,0},{integer,1}],{x,0}}. {call_last,1,{f,${label + 1}},1}. {label,${label + 2}}. return.`;
  install(
    readListing(
      `{module,budget}. {exports,[{all,1},{one,1},{f${FUNCTIONS - 1},1}]}. {attributes,[]}. ${functions.join('\n')}
       ${loop('all', 201, calls.join('\n'))} ${loop('one', 205, calls.at(-1)!)}`,
      'budget.S',
    ),
  );
}

async function call(text: string): Promise<void> {
  const { name, args } = parseCall(text);
  expect((await callFunction('budget', name, args, formatTerm)).kind).toBe('value');
}

it('some functions at once, the others when the run has earned them, the hottest first', async () => {
  load();
  settings.jit = 'auto';
  expect(settings.threshold).toBe(THRESHOLD);
  await translatorLoader.load();
  await call(`budget:all(${THRESHOLD + 50})`);
  const atOnce = translation.units;
  expect(atOnce).toBeGreaterThan(5);
  expect(atOnce).toBeLessThan(FUNCTIONS / 2);
  // The last one was refused, as all that are called after it have been earlier.
  const last = exportOf(atom('budget'), atom(`f${FUNCTIONS - 1}`), 1);
  expect(last.fn?.call).toBe(null);
  const before = work.reductions;
  await call('budget:one(1000000)');
  expect(last.fn?.call).not.toBe(null);
  expect(work.reductions - before).toBeGreaterThan(1000000);
  // Who says what is hot has it translated.
  settings.threshold = 50;
  await call('budget:all(1000)');
  expect(translation.units).toBeGreaterThanOrEqual(FUNCTIONS);
});
