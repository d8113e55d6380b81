// The table of built-in functions. A BIF takes terms and gives a term, or Sentinel.Unwind after raise() or
// after it has set Reg.Reason otherwise. It never collects garbage; see memory/allocate.ts.
import { type ExportEntry, exportOf, hiddenExport, isDefined, linkBif } from '../code/functions.js';
import { atom, atomName } from '../terms/atoms.js';
import type { Term } from '../terms/tags.js';
import { isPreloadedCode } from './native.js';

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

/** Whether a function is Erlang code in OTP, where it has to be known for stack traces. */
function isErlangCode(module: string, name: string, arity: number): boolean {
  return module === 'erlang'
    ? isPreloadedCode(module, name, arity)
    : module === 'lists' && name === 'reverse' && arity === 1;
}

/** Enters module:name/arity. */
export function defineBif(
  module: string,
  name: string,
  arity: number,
  fn: Bif,
  frame = true,
  returns = frame,
): void {
  const isErlang = isErlangCode(module, name, arity);
  const entry = exportOf(atom(module), atom(name), arity);
  linkBif(entry, bifs.length);
  bifs.push(fn);
  bifInfos.push({ module, name, arity, export: entry.id, frame, returns, isErlang });
}

/** Enters a BIF that no program can call, by whatever name: gives its entry. */
export function defineHiddenBif(module: string, name: string, arity: number, fn: Bif): ExportEntry {
  const entry = hiddenExport(atom(module), atom(name), arity);
  linkBif(entry, bifs.length);
  bifs.push(fn);
  bifInfos.push({ module, name, arity, export: entry.id, frame: true, returns: true, isErlang: false });
  return entry;
}

/** Enters a family: `{ 'name/arity': fn }`. */
export function defineBifs(module: string, family: Record<string, Bif>): void {
  for (const [key, fn] of Object.entries(family)) {
    const slash = key.lastIndexOf('/');
    defineBif(module, key.slice(0, slash), Number(key.slice(slash + 1)), fn);
  }
}

interface StandIn {
  name: string;
  arity: number;
  fn: Bif;
}

const standIns = new Map<Term, StandIn[]>();

/**
 * Enters a family of functions that are Erlang code in OTP: they are used only where the module has no code of its own, which
 * is decided when it is first called (linkStandIns).
 */
export function defineStandIns(module: string, family: Record<string, Bif>): void {
  const entries = Object.entries(family).map(([key, fn]) => {
    const slash = key.lastIndexOf('/');
    return { name: key.slice(0, slash), arity: Number(key.slice(slash + 1)), fn };
  });
  standIns.set(atom(module), [...(standIns.get(atom(module)) ?? []), ...entries]);
}

/** Makes the stand-ins of a module BIFs, where it has nothing better; whether there are any. */
export function linkStandIns(module: Term): boolean {
  const all = standIns.get(module);
  for (const { name, arity, fn } of all ?? [])
    if (!isDefined(exportOf(module, atom(name), arity))) defineBif(atomName(module), name, arity, fn);
  return all !== undefined;
}

/** Whether there is a stand-in for a function. */
export function hasStandIn(module: string, name: string, arity: number): boolean {
  return standIns.get(atom(module))?.some((s) => s.name === name && s.arity === arity) === true;
}
