// What the scripts here have in common that record what native Erlang gives as JSON.
import { writeFileSync } from 'node:fs';
import { goldenName } from '../support/releases.mjs';

/** Writes the golden file of that release, or prints what it would be if the command line ends in --print. */
export function record(name, release, entries) {
  const text = `${JSON.stringify(entries, null, 1)}\n`;
  if (process.argv[2] === '--print') process.stdout.write(text);
  else writeFileSync(new URL(goldenName(name, release), import.meta.url), text);
}
