// BIFs on links, monitors and aliases (module erlang).
import { letInMessages } from '../processes/arrivals.js';
import { current } from '../processes/current.js';
import { registered, sendExit } from '../processes/exit.js';
import { forgetLink, link } from '../processes/links.js';
import {
  Alias,
  endAlias,
  endMonitor,
  type Monitor,
  monitorOf,
  newMonitor,
  noteDown,
  sendDown,
  Watched,
  watch,
} from '../processes/monitors.js';
import type { Process } from '../processes/process.js';
import { badarg, badargBecause, raiseError } from '../processes/raise.js';
import { newReferenceNumber, referenceNumber, referenceTerm } from '../processes/references.js';
import type { MonitorOptions } from '../processes/spawn.js';
import { localProcess, processOf } from '../processes/table.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { isTuple, listToArray, tupleArity, tupleElement } from '../terms/build.js';
import { exactEqual } from '../terms/compare.js';
import { isAtom, isLocalPid, NIL, type Term } from '../terms/tags.js';
import { bool } from './arguments.js';
import { isPort } from './guards.js';
import { defineBifs } from './table.js';

const ALIASES = new Map([
  [atom('explicit_unalias'), Alias.Explicit],
  [atom('demonitor'), Alias.Demonitor],
  [atom('reply_demonitor'), Alias.ReplyDemonitor],
]);

const PLAIN: MonitorOptions = { tag: am.DOWN, alias: Alias.None };

/** The options of monitor/3; undefined: they are not valid. */
export function monitorOptions(t: Term): MonitorOptions | undefined {
  const items = listToArray(t);
  if (items === undefined) return undefined;
  const options = { ...PLAIN };
  for (const item of items) {
    if (!isTuple(item) || tupleArity(item) !== 2) return undefined;
    const value = tupleElement(item, 1);
    if (tupleElement(item, 0) === am.tag) options.tag = value;
    else {
      const alias = ALIASES.get(value);
      if (tupleElement(item, 0) !== am.alias || alias === undefined) return undefined;
      options.alias = alias;
    }
  }
  return options;
}

/** Makes the monitor of the running process on p that a spawn asks for. */
export function addMonitor(p: Process, options: MonitorOptions, reference: number): void {
  watch(makeMonitor(reference, options), p, p.pid);
}

function makeMonitor(reference: number, { tag, alias }: MonitorOptions): Monitor {
  const m = newMonitor(reference, current);
  m.tag = tag;
  if ((tag & 7) === 1 || (tag & 7) === 3) current.hasTags = true;
  m.alias = alias;
  return m;
}

/** The name in Name or {Name, node()}; undefined: it is neither. */
function localName(t: Term): Term | undefined {
  if (isAtom(t)) return t;
  if (!isTuple(t) || tupleArity(t) !== 2 || tupleElement(t, 1) !== am['nonode@nohost']) return undefined;
  const name = tupleElement(t, 0);
  return isAtom(name) ? name : undefined;
}

/** monitor/2,3 */
function monitor(type: Term, item: Term, options: MonitorOptions): Term {
  switch (type) {
    case am.process:
      return monitorProcess(item, options);
    case am.port:
      return monitorPort(item, options);
    case am.time_offset: {
      if (item !== atom('clock_service')) return badarg();
      const reference = newReferenceNumber();
      makeMonitor(reference, options).kind = Watched.TimeOffset;
      return referenceTerm(reference);
    }
    default:
      return badargBecause(atom('badtype'));
  }
}

function monitorProcess(item: Term, options: MonitorOptions): Term {
  const name = localName(item);
  if (!isLocalPid(item) && name === undefined) return badarg();
  const p = name === undefined ? processOf(item) : registered.get(name);
  const reference = newReferenceNumber();
  if (p === undefined && name === undefined) {
    // It is as if the process ended now.
    const m = makeMonitor(reference, options);
    m.kind = Watched.Process;
    m.item = item;
    noteDown(m, am.noproc);
  } else if (p === undefined) noSuch(reference, am.process, item, options);
  // A monitor on oneself could never fire; it is no alias either.
  else if (p !== current) watch(makeMonitor(reference, options), p, name ?? item);
  return referenceTerm(reference);
}

/** There are no ports. */
function monitorPort(item: Term, options: MonitorOptions): Term {
  const name = localName(item);
  if (!isPort(item) && name === undefined) return badarg();
  const reference = newReferenceNumber();
  noSuch(reference, am.port, name ?? item, options);
  return referenceTerm(reference);
}

/** The monitor ends as soon as it is made. */
function noSuch(reference: number, type: Term, item: Term, options: MonitorOptions): void {
  if (options.alias === Alias.Explicit) makeMonitor(reference, options);
  sendDown(current, options.tag, reference, type, item, am.noproc);
}

function demonitor(ref: Term, options: Term): Term {
  const n = referenceNumber(ref);
  const flags = listToArray(options);
  if (n === 0 || flags === undefined || flags.some((f) => f !== am.flush && f !== am.info)) return badarg();
  const m = monitorOf(n);
  const found = m !== undefined && m.owner === current && endMonitor(m);
  if (!found && flags.includes(am.flush)) flushDown(ref);
  return flags.includes(am.info) ? bool(found) : Atom.True;
}

/** Takes the message of that monitor, {_, Reference, _, _, _}, out of the mailbox. */
function flushDown(ref: Term): void {
  letInMessages(current);
  const before = current.before;
  current.before = null;
  for (let m = current.first; m !== null; current.before = m, m = m.next) {
    if (isTuple(m.term) && tupleArity(m.term) === 5 && exactEqual(tupleElement(m.term, 1), ref)) {
      current.removeCurrent();
      return;
    }
  }
  current.before = before;
}

function makeAlias(options: Term): Term {
  const items = listToArray(options);
  if (items === undefined) return badarg();
  let alias = Alias.Explicit;
  for (const item of items) {
    if (item === am.reply) alias = Alias.Reply;
    else if (item !== atom('explicit_unalias')) return badarg();
  }
  const reference = newReferenceNumber();
  newMonitor(reference, current).alias = alias;
  return referenceTerm(reference);
}

defineBifs('erlang', {
  'monitor/2': (type, item) => monitor(type, item, PLAIN),
  'monitor/3': (type, item, options) => {
    const parsed = monitorOptions(options);
    return parsed === undefined ? badargBecause(am.badopt) : monitor(type, item, parsed);
  },
  'demonitor/1': (ref) => demonitor(ref, NIL),
  'demonitor/2': demonitor,
  'alias/0': () => makeAlias(NIL),
  'alias/1': makeAlias,
  'unalias/1': (ref) => {
    const n = referenceNumber(ref);
    if (n === 0) return badarg();
    const m = monitorOf(n);
    return bool(m !== undefined && m.owner === current && endAlias(m));
  },
  'link/1': (pid) => {
    if (pid === current.pid) return Atom.True;
    const p = localProcess(pid);
    if (p !== undefined) {
      link(current, p);
      return Atom.True;
    }
    if (!isLocalPid(pid) && !isPort(pid)) return badarg();
    if (!current.trapExit) return raiseError(am.noproc);
    sendExit(current, pid, am.noproc);
    return Atom.True;
  },
  'unlink/1': (pid) => {
    if (!isLocalPid(pid) && !isPort(pid)) return badarg();
    const p = localProcess(pid);
    forgetLink(current, pid);
    if (p !== undefined) forgetLink(p, current.pid);
    return Atom.True;
  },
});
