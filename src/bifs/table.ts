// The table of built-in functions. A BIF takes terms and gives a term, or Sentinel.Unwind after raise() or
// after it has set Reg.Reason otherwise. It never collects garbage; see memory/allocate.ts.
import { exportOf, linkBif } from '../code/functions.js';
import { atom } from '../terms/atoms.js';
import type { Term } from '../terms/tags.js';

export type Bif = (...args: Term[]) => Term;

export interface BifInfo {
  readonly module: string;
  readonly name: string;
  readonly arity: number;
  readonly export: number;
  /** Takes part in stack traces: false for error/1 and others that only raise. */
  readonly frame: boolean;
  /** Whether it ever returns; error/1, exit/1 and their like do not. */
  readonly returns: boolean;
  /** Erlang code in OTP: a tail call to it replaces the caller's frame in a stack trace. */
  readonly isErlang: boolean;
}

export const bifs: Bif[] = [];
export const bifInfos: BifInfo[] = [];

/** Functions that are written in Erlang in OTP and here are not. */
const ERLANG_CODE =
  /^(lists:reverse\/1|erlang:(spawn\/[124]|spawn_link\/[124]|spawn_monitor\/\d|spawn_opt\/[235]|spawn_request\/\d|halt\/[01]|garbage_collect\/[012]|group_leader\/2|alias\/0|process_flag\/3|send_nosuspend\/\d|suspend_process\/\d))$/;

/** Enters module:name/arity. */
export function defineBif(
  module: string,
  name: string,
  arity: number,
  fn: Bif,
  frame = true,
  returns = frame,
): void {
  const isErlang = ERLANG_CODE.test(`${module}:${name}/${arity}`);
  const entry = exportOf(atom(module), atom(name), arity);
  linkBif(entry, bifs.length);
  bifs.push(fn);
  bifInfos.push({ module, name, arity, export: entry.id, frame, returns, isErlang });
}

/** Enters a family: `{ 'name/arity': fn }`. */
export function defineBifs(module: string, family: Record<string, Bif>): void {
  for (const [key, fn] of Object.entries(family)) {
    const slash = key.lastIndexOf('/');
    defineBif(module, key.slice(0, slash), Number(key.slice(slash + 1)), fn);
  }
}
