// Copies the compiled Erlang library to dist/lib, as the last step of the build.
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';

for (const [source, target] of [
  ['ebin', 'ebin'],
  ['system/ebin', 'system'],
]) {
  const from = new URL(`./${source}/`, import.meta.url);
  const to = new URL(`../../dist/lib/${target}/`, import.meta.url);
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) copyFileSync(new URL(name, from), new URL(name, to));
}
