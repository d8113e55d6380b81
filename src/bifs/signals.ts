// BIFs that send to other processes: messages, exit signals, requests to be suspended or collected; and those by which a
// process gives up its turn (module erlang).
import { hibernate, hibernateThenCall, yieldReturning } from '../interpret/continuations.js';
import { H, Reg, Why } from '../memory/arena.js';
import { collect } from '../memory/collect.js';
import { letIn } from '../processes/arrivals.js';
import { current } from '../processes/current.js';
import { exitSignal } from '../processes/exit.js';
import { collectProcess } from '../processes/garbage.js';
import { deliver } from '../processes/messages.js';
import { defaultGroupLeader } from '../processes/on-demand.js';
import { type Process, Status } from '../processes/process.js';
import { badarg, badargBecause } from '../processes/raise.js';
import { sendMessage } from '../processes/send.js';
import { resume, suspend } from '../processes/suspend.js';
import { localProcess } from '../processes/table.js';
import { REDUCTION } from '../settings.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { isTuple, listToArray, tuple, tupleArity, tupleElement } from '../terms/build.js';
import { isAtom, isLocalPid, isSmall, NIL, Sentinel, type Term } from '../terms/tags.js';
import { bool } from './arguments.js';
import { isPid, isPort } from './guards.js';
import { defineBifs } from './table.js';
import { withWholeStack } from './whole-stack.js';

/** The result of a BIF that may have ended its own process. */
function stillAlive(value: Term): Term {
  if (current.status !== Status.Exited) return value;
  H[Reg.Reason] = Why.Exited;
  return Sentinel.Unwind;
}

function exit(pid: Term, reason: Term): Term {
  const p = localProcess(pid);
  if (p !== undefined) exitSignal(p, current.pid, reason, false);
  else if (!isPid(pid) && !isPort(pid)) return badarg();
  return stillAlive(Atom.True);
}

/** Whether the process is there after all that was sent to it before. */
function isAlive(pid: Term): boolean {
  const p = localProcess(pid);
  if (p !== undefined && p !== current) letIn(p);
  return p !== undefined && p.status !== Status.Exited;
}

const NO_CONNECT = atom('noconnect');
const NO_SUSPEND = atom('nosuspend');

/** Whether a term is the list of the options that send/3 can have; undefined: it is not. */
function sendOptions(t: Term): Term[] | undefined {
  const options = listToArray(t);
  return options?.every((o) => o === NO_CONNECT || o === NO_SUSPEND) ? options : undefined;
}

/** Whether a destination is a name on another node. */
function isElsewhere(to: Term): boolean {
  return isTuple(to) && tupleArity(to) === 2 && tupleElement(to, 1) !== am['nonode@nohost'];
}

const ASYNC = atom('async');
const TYPE = atom('type');
const MAJOR = atom('major');
const MINOR = atom('minor');
const GARBAGE_COLLECT = atom('garbage_collect');
const BAD_OPTION = atom('bad_option');

/** Collects the running process: gives its first argument, an atom; the second says whether the collection is a major one. */
const collectSelf = withWholeStack('collect', 2, (result, isMajor) => {
  collect(current, 0, 0, 0, 0, isMajor === Atom.True);
  return result;
});

/** garbage_collect/2; the answer to an asynchronous request is there at once. */
function garbageCollect(pid: Term, options: Term): Term {
  if (!isLocalPid(pid)) return badarg();
  let request: Term | undefined;
  let major = true;
  const items = listToArray(options);
  if (items === undefined) return badargBecause(BAD_OPTION);
  for (const item of items) {
    const isPair = isTuple(item) && tupleArity(item) === 2;
    const name = isPair ? tupleElement(item, 0) : NIL;
    const value = isPair ? tupleElement(item, 1) : NIL;
    if (name === ASYNC) request = value;
    else if (name === TYPE && (value === MAJOR || value === MINOR)) major = value === MAJOR;
    else if (name === TYPE) return badarg();
    else return badargBecause(BAD_OPTION);
  }
  const p = localProcess(pid);
  if (p !== undefined && p !== current) collectProcess(p, major);
  const done = bool(p !== undefined);
  if (request !== undefined) deliver(current, tuple(GARBAGE_COLLECT, request, done));
  const result = request === undefined ? done : ASYNC;
  return p === current ? collectSelf(result, bool(major)) : result;
}

const UNLESS_SUSPENDING = atom('unless_suspending');
const ASYNCHRONOUS = atom('asynchronous');

function suspendProcess(pid: Term, options: Term): Term {
  const p = localProcess(pid);
  const items = listToArray(options);
  if (items === undefined) return badargBecause(am.badopt);
  let tag: Term | undefined;
  for (const item of items) {
    if (isTuple(item) && tupleArity(item) === 2 && tupleElement(item, 0) === ASYNCHRONOUS)
      tag = tupleElement(item, 1);
    else if (item !== UNLESS_SUSPENDING && item !== ASYNCHRONOUS) return badargBecause(am.badopt);
  }
  if (p === undefined || p === current) return badarg();
  const suspends = !items.includes(UNLESS_SUSPENDING) || current.suspending?.has(p) !== true;
  if (suspends) suspend(p);
  if (tag !== undefined) deliver(current, tuple(tag, atom('suspended')));
  return bool(suspends);
}

function resumeProcess(pid: Term): Term {
  const p = localProcess(pid);
  const times = p === undefined ? undefined : current.suspending?.get(p);
  if (times === undefined) return badarg();
  if (times === 1) current.suspending!.delete(p as Process);
  else current.suspending!.set(p as Process, times - 1);
  resume(p as Process, 1);
  return Atom.True;
}

defineBifs('erlang', {
  'exit/2': exit,
  'exit_signal/2': exit,
  'is_process_alive/1': (pid) => (isLocalPid(pid) ? bool(isAlive(pid)) : badarg()),

  'send/2': sendMessage,
  '!/2': sendMessage,
  'send/3': (to, message, options) => {
    const given = sendOptions(options);
    if (given === undefined) return badargBecause(am.badopt);
    if (sendMessage(to, message) === Sentinel.Unwind) return Sentinel.Unwind;
    return given.includes(NO_CONNECT) && isElsewhere(to) ? NO_CONNECT : Atom.Ok;
  },
  'send_nosuspend/2': (to, message) =>
    sendMessage(to, message) === Sentinel.Unwind ? Sentinel.Unwind : Atom.True,
  'send_nosuspend/3': (to, message, options) => {
    const given = sendOptions(options);
    if (given === undefined) return badargBecause(am.badopt);
    if (sendMessage(to, message) === Sentinel.Unwind) return Sentinel.Unwind;
    return bool(!(given.includes(NO_CONNECT) && isElsewhere(to)));
  },

  'group_leader/0': () => current.groupLeader || defaultGroupLeader(),
  'group_leader/2': (leader, pid) => {
    const p = localProcess(pid);
    if (!isPid(leader) || p === undefined) return badarg();
    p.groupLeader = leader;
    return Atom.True;
  },

  'suspend_process/1': (pid) => suspendProcess(pid, NIL),
  'suspend_process/2': suspendProcess,
  'resume_process/1': resumeProcess,

  'garbage_collect/0': () => collectSelf(Atom.True, Atom.True),
  'garbage_collect/1': (pid) => garbageCollect(pid, NIL),
  'garbage_collect/2': garbageCollect,

  'yield/0': () => yieldReturning(Atom.True),
  'bump_reductions/1': (n) => {
    if (!isSmall(n) || n < 0) return badarg();
    const left = Math.floor(Math.max(0, H[Reg.Reds]) / REDUCTION);
    H[Reg.Reds] = Math.max(0, H[Reg.Reds] - (n >> 1) * REDUCTION);
    if (n >> 1 > left) current.reductions += (n >> 1) - left;
    return Atom.True;
  },
  // Since OTP 28.
  'hibernate/0': hibernate,
  'hibernate/3': (module, name, args) => {
    const items = listToArray(args);
    if (!isAtom(module) || !isAtom(name) || items === undefined || items.length > 255) return badarg();
    return hibernateThenCall(module, name, args);
  },
});

defineBifs('erts_internal', {
  'is_process_alive/2': (pid, reference) => {
    if (!isLocalPid(pid)) return am.badarg;
    deliver(current, tuple(reference, bool(isAlive(pid))));
    return Atom.Ok;
  },
  'garbage_collect/1': (kind) => collectSelf(Atom.True, bool(kind === MAJOR)),
  'group_leader/2': (leader, pid) => {
    const p = localProcess(pid);
    if (!isPid(leader) || p === undefined) return am.badarg;
    p.groupLeader = leader;
    return Atom.True;
  },
  'group_leader/3': (leader, pid, reference) => {
    const p = localProcess(pid);
    if (p !== undefined) p.groupLeader = leader;
    deliver(current, tuple(reference, p === undefined ? am.badarg : Atom.True));
    return Atom.Ok;
  },
  'suspend_process/2': (pid, options) => {
    const result = suspendProcess(pid, options);
    return result === Sentinel.Unwind ? am.badarg : result;
  },
});
