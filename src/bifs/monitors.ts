// BIFs on links and monitors.
import { current } from '../processes/current.js';
import { registered } from '../processes/exit.js';
import { deliver } from '../processes/messages.js';
import type { Process } from '../processes/process.js';
import { badarg, badargBecause, raiseError } from '../processes/raise.js';
import {
  makeReference,
  newReferenceNumber,
  referenceNumber,
  referenceTerm,
} from '../processes/references.js';
import { localProcess, processOf } from '../processes/table.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { isTuple, listToArray, tuple, tupleArity, tupleElement } from '../terms/build.js';
import { exactEqual } from '../terms/compare.js';
import { isAtom, isLocalPid, NIL, type Term } from '../terms/tags.js';
import { defineBifs } from './table.js';
/** @param item what the DOWN message names: the pid, or the registered name that was asked for */
export function addMonitor(p: Process, item: Term): Term {
  const ref = newReferenceNumber();
  current.monitors.set(ref, p.pid);
  p.monitoredBy.set(ref, { watcher: current.pid, item });
  return referenceTerm(ref);
}

/** The name in Name or {Name, node()}; undefined: it is neither. */
function localName(t: Term): Term | undefined {
  if (isAtom(t)) return t;
  if (!isTuple(t) || tupleArity(t) !== 2 || tupleElement(t, 1) !== am['nonode@nohost']) return undefined;
  const name = tupleElement(t, 0);
  return isAtom(name) ? name : undefined;
}

function demonitor(ref: Term, options: Term): Term {
  const n = referenceNumber(ref);
  const flags = listToArray(options);
  if (n === 0 || flags === undefined || flags.some((f) => f !== am.flush && f !== am.info)) return badarg();
  const target = current.monitors.get(n);
  if (target !== undefined) {
    current.monitors.delete(n);
    processOf(target)?.monitoredBy.delete(n);
  } else if (flags.includes(am.flush)) flushDown(ref);
  return flags.includes(am.info) ? (target !== undefined ? Atom.True : Atom.False) : Atom.True;
}

/** Takes a DOWN message of that monitor out of the mailbox. */
function flushDown(ref: Term): void {
  const before = current.before;
  current.before = null;
  for (let m = current.first; m !== null; current.before = m, m = m.next) {
    if (
      isTuple(m.term) &&
      tupleArity(m.term) === 5 &&
      tupleElement(m.term, 0) === am.DOWN &&
      exactEqual(tupleElement(m.term, 1), ref)
    ) {
      current.removeCurrent();
      return;
    }
  }
  current.before = before;
}

defineBifs('erlang', {
  'monitor/2': (type, item) => {
    if (type !== am.process) return badargBecause(atom('badtype'));
    const name = localName(item);
    if (!isLocalPid(item) && name === undefined) return badarg();
    const p = name === undefined ? localProcess(item) : registered.get(name);
    if (p === undefined) {
      const ref = makeReference();
      const what = name === undefined ? item : tuple(name, am['nonode@nohost']);
      deliver(current, tuple(am.DOWN, ref, am.process, what, am.noproc));
      return ref;
    }
    if (p === current) return makeReference();
    return addMonitor(p, name ?? item);
  },
  'demonitor/1': (ref) => demonitor(ref, NIL),
  'demonitor/2': (ref, options) => demonitor(ref, options),
  'link/1': (pid) => {
    if (!isLocalPid(pid)) return badarg();
    if (pid === current.pid) return Atom.True;
    const p = processOf(pid);
    if (p === undefined) {
      if (current.trapExit) deliver(current, tuple(am.EXIT, pid, am.noproc));
      else return raiseError(am.noproc);
      return Atom.True;
    }
    p.links.add(current.pid);
    current.links.add(pid);
    return Atom.True;
  },
  'unlink/1': (pid) => {
    if (!isLocalPid(pid)) return badarg();
    current.links.delete(pid);
    processOf(pid)?.links.delete(current.pid);
    return Atom.True;
  },
});
