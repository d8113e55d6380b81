// BIFs that load, replace and purge code. What OTP does in several steps, so that other schedulers can go on, is one step here.
// Source: ERTS Reference Manual, erlang; Kernel Reference Manual, code.
import { type LoadedModule, modules } from '../code/functions.js';
import { loadFailures } from '../code/load-failures.js';
import { type Prepared, prepare, preparedOf } from '../code/prepared.js';
import { purge } from '../code/purge.js';
import { isInCode } from '../code/references.js';
import { assemble } from '../code/server.js';
import { activate, canReplace, knownModules, oldModules, pendingModules, retire } from '../code/versions.js';
import { readBeam } from '../load/beam.js';
import { readChunks } from '../load/iff.js';
import { LoadError } from '../load/module.js';
import { H, Reg, Why } from '../memory/arena.js';
import { current } from '../processes/current.js';
import { exitProcess } from '../processes/exit.js';
import { deliver } from '../processes/messages.js';
import { Status } from '../processes/process.js';
import { badarg, badargBecause } from '../processes/raise.js';
import { logReport, unloggedHook } from '../processes/system-log.js';
import { allProcesses, processOf } from '../processes/table.js';
import { bytesOf, isBinaryTerm } from '../terms/access.js';
import { Atom, am, atom, atomName } from '../terms/atoms.js';
import {
  binary,
  isTuple,
  list,
  listToArray,
  stringList,
  tuple,
  tupleArity,
  tupleElement,
} from '../terms/build.js';
import { formatAtom } from '../terms/format.js';
import { iolistToBytes } from '../terms/iolist.js';
import { Imm, isAtom, NIL, Sentinel, type Term } from '../terms/tags.js';
import { bool, charactersOf } from './arguments.js';
import { defineBifs } from './table.js';
import { callInstead, withWholeStack } from './whole-stack.js';

const badfile = (): Term => tuple(Atom.Error, atom('badfile'));

/** {error, badfile} for what is no module of that name, a reference to the prepared code, or badarg. */
function prepareLoading(name: Term, code: Term): Term {
  if (!isAtom(name) || !isBinaryTerm(code)) return badarg();
  const path = atomName(name);
  try {
    return prepare(path, bytesOf(code).slice());
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    loadFailures.report(error.message);
    return badfile();
  }
}

/** Makes prepared modules current, all or none: `ok`, or {Why, Modules} with those that stand in the way. */
function finishLoading(all: Prepared[]): Term {
  const names = all.map((p) => atom(p.source!.name));
  const refused = (why: string, which: (name: Term, i: number) => boolean): Term | undefined => {
    const found = names.filter(which);
    return found.length === 0 ? undefined : tuple(atom(why), list(found));
  };
  const problem =
    refused('duplicated', (name, i) => names.indexOf(name) < i) ??
    refused('not_purged', (name) => !canReplace(name) || isPendingRunning(name));
  if (problem !== undefined) return problem;
  if (all.length > 1) {
    const onLoad = refused('on_load', (_, i) => all[i].source!.onLoad !== undefined);
    if (onLoad !== undefined) return onLoad;
  }
  const versions = all.map((p) => assemble(p.source!));
  for (const p of all) p.source = undefined;
  for (const m of versions) {
    if (m.source.onLoad === undefined) activate(m);
    else {
      const before = pendingModules.get(m.name);
      if (before !== undefined) purge(before);
      pendingModules.set(m.name, m);
      return tuple(atom('on_load'), list([m.name]));
    }
  }
  return Atom.Ok;
}

function isPendingRunning(name: Term): boolean {
  const m = pendingModules.get(name);
  return m !== undefined && allProcesses().some((p) => isInCode(p, m));
}

/** The prepared modules of a list of references, or undefined. */
function preparedList(t: Term): Prepared[] | undefined {
  const all = listToArray(t)?.map((r) => preparedOf(r));
  return all?.every((p) => p?.source !== undefined) ? (all as Prepared[]) : undefined;
}

/** Version that erts_internal:purge_module(_, prepare) has chosen. */
let chosen: LoadedModule | undefined;

/** Ends whoever runs the version and frees it; the running process may be one of them. */
function purgeAndKill(m: LoadedModule): Term {
  for (const p of allProcesses()) if (isInCode(p, m)) exitProcess(p, am.killed);
  purge(m);
  if (current.status !== Status.Exited) return Atom.True;
  H[Reg.Reason] = Why.Exited;
  return Sentinel.Unwind;
}

const purgeOld = withWholeStack('purge', 1, (name) => purgeAndKill(oldModules.get(name)!));
const completePurge = withWholeStack('complete', 0, () => {
  const m = chosen;
  chosen = undefined;
  return m === undefined ? Atom.False : purgeAndKill(m);
});

const checkSelf = withWholeStack('check', 1, (name) => {
  const m = oldModules.get(name);
  return bool(m !== undefined && isInCode(current, m));
});
/** The same, but the result goes to the process itself: {check_process_code, Id, Result}. */
const checkSelfLater = withWholeStack('check_later', 2, (name, id) => {
  const m = oldModules.get(name);
  return answerCheck(id, m !== undefined && isInCode(current, m));
});

function answerCheck(id: Term, result: boolean): Term {
  deliver(current, tuple(atom('check_process_code'), id, bool(result)));
  return atom('async');
}

const isPid = (t: Term): boolean => (t & Imm.Mask) === Imm.Pid;

function checkProcessCode(pid: Term, name: Term, options: Term): Term {
  let async: Term | undefined;
  const items = listToArray(options);
  for (const o of items ?? []) {
    const [key, value] =
      isTuple(o) && tupleArity(o) === 2 ? [tupleElement(o, 0), tupleElement(o, 1)] : [0, 0];
    if (key === atom('async')) async = value;
    else if (key !== atom('allow_gc') || (value !== Atom.True && value !== Atom.False))
      return badargBecause(atom('bad_option'));
  }
  if (items === undefined) return badargBecause(atom('bad_option'));
  if (!isPid(pid) || !isAtom(name)) return badarg();
  if (pid === current.pid) return async === undefined ? checkSelf(name) : checkSelfLater(name, async);
  const m = oldModules.get(name);
  const p = processOf(pid);
  const result = m !== undefined && p !== undefined && isInCode(p, m);
  return async === undefined ? bool(result) : answerCheck(async, result);
}

defineBifs('erlang', {
  'prepare_loading/2': prepareLoading,
  'has_prepared_code_on_load/1': (reference) => {
    const p = preparedOf(reference);
    return p === undefined ? badarg() : bool(p.source?.onLoad !== undefined);
  },
  'finish_loading/1': (references) => {
    const all = preparedList(references);
    return all === undefined ? badarg() : finishLoading(all);
  },
  'load_module/2': (name, code) => {
    const reference = prepareLoading(name, code);
    if (reference === Sentinel.Unwind || isTuple(reference)) return reference;
    const result = finishLoading([preparedOf(reference)!]);
    return result === Atom.Ok ? tuple(am.module, name) : tuple(Atom.Error, tupleElement(result, 0));
  },
  'call_on_load_function/1': (name) => {
    const m = pendingModules.get(name);
    if (m === undefined) return badarg();
    const { name: f, arity } = m.source.onLoad!;
    const fn = m.functions.find((x) => x.name === atom(f) && x.arity === arity)!;
    return callInstead(fn.entry, 0);
  },
  'finish_after_on_load/2': (name, keep) => {
    const m = pendingModules.get(name);
    if (m === undefined || (keep !== Atom.True && keep !== Atom.False)) return badarg();
    if (keep === Atom.True) {
      if (!canReplace(name)) return badarg();
      activate(m);
    }
    return Atom.True;
  },
  'delete_module/1': (name) => {
    if (!isAtom(name)) return badarg();
    if (oldModules.has(name)) {
      if (!logReport('error', 'Module ~w must be purged before deleting~n~n', () => [name]))
        unloggedHook.report(
          'error',
          `Module ${formatAtom(atomName(name))} must be purged before deleting\n\n`,
        );
      return badarg();
    }
    if (!knownModules.has(name)) return Atom.Undefined;
    if (modules.has(name)) retire(name);
    return Atom.True;
  },
  'purge_module/1': (name) => (oldModules.has(name) ? purgeOld(name) : badarg()),
  'check_old_code/1': (name) => (isAtom(name) ? bool(oldModules.has(name)) : badarg()),
  'check_process_code/2': (pid, name) => checkProcessCode(pid, name, NIL),
  'check_process_code/3': checkProcessCode,
  'load_nif/2': (path) =>
    charactersOf(path, 255) === undefined && iolistToBytes(path) === undefined
      ? badarg()
      : tuple(
          Atom.Error,
          tuple(atom('load_failed'), stringList('Turbeam runs no native code, so it loads no NIF library')),
        ),
});

defineBifs('erts_internal', {
  'prepare_loading/2': prepareLoading,
  'check_process_code/1': (name) => (isAtom(name) ? checkSelf(name) : badarg()),
  'purge_module/2': (name, operation) => {
    if (!isAtom(name) || !isAtom(operation)) return badarg();
    switch (atomName(operation)) {
      case 'prepare':
        chosen = oldModules.get(name);
        return bool(chosen !== undefined);
      case 'prepare_on_load':
        chosen = pendingModules.get(name);
        return bool(chosen !== undefined);
      case 'abort':
        chosen = undefined;
        return Atom.True;
      case 'complete':
        return chosen?.name === name ? completePurge() : badarg();
      default:
        return badarg();
    }
  },
  'beamfile_module_md5/1': (code) => {
    if (!isBinaryTerm(code)) return badarg();
    try {
      return binary(readBeam(bytesOf(code).slice(), 'module').md5);
    } catch (error) {
      if (error instanceof LoadError) return Atom.Undefined;
      throw error;
    }
  },
  'beamfile_chunk/2': (code, id) => {
    const name = charactersOf(id, 255);
    if (!isBinaryTerm(code) || name?.length !== 4) return badarg();
    try {
      const chunk = readChunks(bytesOf(code).slice(), 'module').get(name);
      return chunk === undefined || chunk.length === 0 ? Atom.Undefined : binary(chunk);
    } catch (error) {
      if (error instanceof LoadError) return Atom.Undefined;
      throw error;
    }
  },
});
