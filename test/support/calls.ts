// Calls of functions by name, in a process: the value, or class, reason and the top entry of the stack trace, as native
// Erlang gave them.
import { callFunction, loadFile, settings } from '../../dist/runtime.js';
import { listToArray } from '../../dist/terms/build.js';
import { formatWrite } from '../../dist/terms/format.js';
import { base64, termOf } from './terms.js';

/** Loads the program that makes the calls. */
export function loadCaller(): void {
  settings.jit = 'off';
  loadFile(new URL('../fixtures/calls/bif_calls.beam', import.meta.url).pathname);
}

/** A call and its result, both in external format, base64. */
export type Line = [call: string, result: string];

const text = (t: string): string => formatWrite(termOf(t));

/** A list of one element in external format, of that element's. */
function listOfOne(element: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(131, 108, 0, 0, 0, 1), element.subarray(1), Uint8Array.of(106)]);
}

/** What is wrong with the result, if anything is. Both are made text while the terms are there. */
async function check([call, result]: Line): Promise<string | undefined> {
  let wanted = '';
  const end = await callFunction('bif_calls', 'run', [listOfOne(base64(call))], (t) => {
    wanted = text(result);
    const [got] = listToArray(t) ?? [];
    return got === undefined ? `exit: ${formatWrite(t)}` : formatWrite(got);
  });
  const got = 'text' in end ? end.text : end.kind;
  if (got === wanted) return undefined;
  let name = '';
  await callFunction('bif_calls', 'run', [base64('g2o=')], () => {
    name = text(call);
    return '';
  });
  return `${name}: ${got}, not ${wanted}`;
}

/** What is wrong with the results of these calls. */
export async function differences(lines: Line[]): Promise<string[]> {
  const found: string[] = [];
  for (const line of lines) {
    const difference = await check(line);
    if (difference !== undefined) found.push(difference);
  }
  return found;
}
