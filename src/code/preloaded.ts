// Modules that are in OTP's emulator from the start; here those of them that have built-in functions count as loaded.
import { atom } from '../terms/atoms.js';
import type { Term } from '../terms/tags.js';
import { exportsOf, modules } from './functions.js';

const PRELOADED = [
  'persistent_term',
  'counters',
  'atomics',
  'erl_tracer',
  'erts_internal',
  'erlang',
  'erl_prim_loader',
  'prim_zip',
  'prim_net',
  'prim_socket',
  'zlib',
  'prim_file',
  'prim_inet',
  'prim_eval',
  'prim_buffer',
  'init',
].map(atom);

/** Modules that need not be loaded, as far as there is something of them. */
export function preloadedModules(): Term[] {
  return PRELOADED.filter(isPreloaded);
}

/** Whether the module is one of them and no file has brought a version of it. */
export function isPreloaded(name: Term): boolean {
  return PRELOADED.includes(name) && !modules.has(name) && exportsOf(name).some((e) => e.bif >= 0);
}
