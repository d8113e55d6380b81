// Parts of Node, and libraries, that most runs do without: each is loaded when it is first used.
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

/** node:child_process */
export function childProcess(): typeof import('node:child_process') {
  return require('node:child_process');
}

interface Deflate {
  deflate(bytes: Uint8Array, options: { level: number }): Uint8Array;
}

/**
 * Compresses to the zlib format. Node's own zlib finds other matches than the one that Erlang is built with; this one
 * gives the same bytes, on which compiled modules and stored terms depend that are compared byte by byte.
 * @param level 0 to 9, as for zlib
 */
export function deflate(bytes: Uint8Array, level = 6): Uint8Array {
  return (require('pako') as Deflate).deflate(bytes, { level });
}
