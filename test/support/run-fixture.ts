// Runs the functions without arguments of a compiled module and gives what they return as text.
import { readFileSync } from 'node:fs';
import { callFunction, codeServer, loadFile, settings } from '../../dist/runtime.js';
import { formatTerm } from '../../dist/terms/format.js';

/** Lines of a golden file: name and value as ~w prints it. */
export function golden(file: string): [string, string][] {
  return readFileSync(new URL(`../golden/${file}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Loads test/fixtures/FOLDER/NAME.beam, to be run with or without the translator from now on. */
export function load(folder: string, name: string, jit: 'off' | 'eager'): void {
  settings.jit = jit;
  codeServer.path = [new URL('../../dist/lib/ebin', import.meta.url).pathname];
  loadFile(new URL(`../fixtures/${folder}/${name}.beam`, import.meta.url).pathname);
}

/** What module:name() returns, as text; an exit as `exit: ` and its reason. */
export async function run(module: string, name: string): Promise<string> {
  const end = await callFunction(module, name, [], formatTerm);
  if (end.kind === 'deadlock' || end.kind === 'exhausted') return end.kind;
  return end.kind === 'value' ? end.text : `exit: ${end.text}`;
}
