// Parts of Node that most runs do without: each is loaded when it is first used.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** node:zlib */
export function zlib(): typeof import('node:zlib') {
  return require('node:zlib');
}

/** node:crypto */
export function crypto(): typeof import('node:crypto') {
  return require('node:crypto');
}
