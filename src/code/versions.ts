// Versions of modules. As in OTP there are at most two at a time: the current one, which calls from other modules and funs
// `fun M:F/A` reach, and the old one, in which processes may still be busy. A third may wait for its on_load function.
// Source: Compilation and Code Loading, in the Erlang Reference Manual.

import { I } from '../interpret/ops.js';
import { giveSite } from '../interpret/sites.js';
import { H } from '../memory/arena.js';
import { atom } from '../terms/atoms.js';
import type { Term } from '../terms/tags.js';
import {
  exportOf,
  exportsOf,
  findExport,
  functionOfLabel,
  giveFunctionNumber,
  type LoadedModule,
  linkFunction,
  modules,
  removeCode,
} from './functions.js';
import { unbindLambdas } from './lambdas.js';

export { modules };

/** Modules that have been loaded at some time. */
export const knownModules = new Set<Term>();
/** Versions that have been replaced or deleted and not purged yet. */
export const oldModules = new Map<Term, LoadedModule>();
/** Versions that become current when their on_load function has returned ok. */
export const pendingModules = new Map<Term, LoadedModule>();

/** Who hears that a version has become current, and that one is going away. */
export const versionHooks: {
  activated: ((m: LoadedModule) => void)[];
  unloading: ((m: LoadedModule) => void)[];
} = { activated: [], unloading: [] };

/** All versions of a module. */
export function versionsOf(name: Term): LoadedModule[] {
  return [modules.get(name), oldModules.get(name), pendingModules.get(name)].filter((m) => m !== undefined);
}

/** Whether a new version can become current: no old one must be there beside the current one. */
export function canReplace(name: Term): boolean {
  return !modules.has(name) || !oldModules.has(name);
}

/** Makes a version the current one, and the current one old. Compiled code sees it at its next call. */
export function activate(m: LoadedModule): void {
  const before = modules.get(m.name);
  if (before !== undefined) oldModules.set(m.name, before);
  pendingModules.delete(m.name);
  modules.set(m.name, m);
  knownModules.add(m.name);
  unlinkExports(m.name);
  for (const e of m.source.exports) {
    const entry = exportOf(m.name, atom(e.name), e.arity);
    if (entry.bif < 0) linkFunction(entry, functionOfLabel(m, e.label));
  }
  for (const hear of versionHooks.activated) hear(m);
}

function unlinkExports(name: Term): void {
  for (const e of exportsOf(name)) if (e.bif < 0) linkFunction(e, null);
}

/** Makes the current version old, so that nothing new can call it. It must have no old version. */
export function retire(name: Term): void {
  const m = modules.get(name)!;
  modules.delete(name);
  oldModules.set(name, m);
  unlinkExports(name);
}

/**
 * Frees what a version has in the arena and in tables. Nothing may refer to its code or its literals any more;
 * lambda numbers stay taken.
 */
export function unload(m: LoadedModule): void {
  if (oldModules.get(m.name) === m) oldModules.delete(m.name);
  if (pendingModules.get(m.name) === m) pendingModules.delete(m.name);
  unbindLambdas(m, versionsOf(m.name));
  for (const hear of versionHooks.unloading) hear(m);
  removeCode(m);
  for (const fn of m.functions) giveFunctionNumber(fn.id);
  for (const site of m.sites) giveSite(site);
  m.literalArea.release();
}

/** Functions that are built in stay so, whatever a module of that name brings, exported or not; local calls of it reach them too. */
export function linkBuiltIns(m: LoadedModule): void {
  if (!exportsOf(m.name).some((e) => e.bif >= 0)) return;
  m.source.functions.forEach((e, i) => {
    const bif = findExport(m.name, atom(e.name), e.arity)?.bif ?? -1;
    if (bif < 0) return;
    const fn = m.functions[i];
    H[fn.entry] = I.BifCode;
    H[fn.entry + 1] = bif;
    H[fn.entry + 2] = e.arity;
    fn.bif = bif;
    fn.isReady = true;
  });
}
