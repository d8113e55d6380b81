// Copies the compiled Erlang library to dist/lib/ebin, as the last step of the build.
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';

const from = new URL('./ebin/', import.meta.url);
const to = new URL('../../dist/lib/ebin/', import.meta.url);
mkdirSync(to, { recursive: true });
for (const name of readdirSync(from)) copyFileSync(new URL(name, from), new URL(name, to));
