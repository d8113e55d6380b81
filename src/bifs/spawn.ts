// BIFs that make processes: spawn, spawn_link, spawn_monitor, spawn_opt, spawn_request (module erlang). There is one node; a
// process on another one can not be made (noconnection).

import { current } from '../processes/current.js';
import { deliverBuilt } from '../processes/messages.js';
import { Alias } from '../processes/monitors.js';
import { badarg, badargBecause, raiseError } from '../processes/raise.js';
import { newReferenceNumber, referenceNumber, referenceTerm } from '../processes/references.js';
import {
  anyFunCall,
  type FirstCall,
  funCall,
  mfaCall,
  type SpawnOptions,
  spawnProcess,
} from '../processes/spawn.js';
import { Atom, am } from '../terms/atoms.js';
import { list, tuple, tupleOf } from '../terms/build.js';
import { isAtom, isCons, NIL, type Term } from '../terms/tags.js';
import { callInPlace } from './apply.js';
import { addMonitor } from './monitors.js';
import { type ReplyOptions, spawnOptions } from './spawn-options.js';
import { defineBifs } from './table.js';

type Call = FirstCall | undefined;

const THIS_NODE = am['nonode@nohost'];
const PLAIN: SpawnOptions = {};
const LINKED: SpawnOptions = { link: true };
const MONITORED: SpawnOptions = { monitor: { tag: am.DOWN, alias: Alias.None } };

/** Pid, or {Pid, Reference} with a monitor. */
function spawn(call: Call, options: SpawnOptions): Term {
  if (call === undefined) return badarg();
  const p = spawnProcess(call, options);
  if (p === undefined) return raiseError(am.system_limit);
  if (options.monitor === undefined) return p.pid;
  const reference = newReferenceNumber();
  addMonitor(p, options.monitor, reference);
  return tuple(p.pid, referenceTerm(reference));
}

function spawnOpt(call: Call, options: Term): Term {
  const parsed = spawnOptions(options);
  if (parsed === undefined || !parsed.valid) return badargBecause(am.badopt);
  return spawn(call, parsed);
}

/** Options of a process on a given node: OTP says nothing of what is wrong with them if they are no list. */
function spawnOptOn(node: Term, call: Call, options: Term): Term {
  return spawnOptions(options) === undefined ? badarg() : spawnOpt(on(node, call), options);
}

/** What a process does that was to be made on a node that can not be reached. */
const unreachable = (): Call => mfaCall(am.erlang, am.exit, list([am.noconnection]));

/** The call if it is one, on this node; or the one that stands in for it on another. */
function on(node: Term, call: Call): Call {
  return node === THIS_NODE || call === undefined ? call : isAtom(node) ? unreachable() : undefined;
}

/** spawn/2 and spawn_link/2: on this node it is as if they called the function without a node. */
function spawnFunOn(node: Term, fun: Term, name: string, options: SpawnOptions): Term {
  if (node === THIS_NODE) return callInPlace(am.erlang, name, [fun]);
  if (!isAtom(node) || anyFunCall(fun) === undefined)
    return callInPlace(am.erlang, name, [node, am.erlang, am.apply, list([fun, NIL])]);
  return spawn(unreachable(), options);
}

/** The reply of a spawn_request, to the running process. */
function reply({ tag }: ReplyOptions, reference: number, result: Term, value: Term): void {
  deliverBuilt(current, (room) =>
    tupleOf([tag, referenceTerm(reference, room.allocate), result, value], room.allocate),
  );
}

function spawnRequest(node: Term, call: Call, options: Term): Term {
  if (call === undefined || !isAtom(node)) return badarg();
  const parsed = spawnOptions(options, true);
  if (parsed === undefined) return badargBecause(am.badopt);
  const reference = newReferenceNumber();
  const fails = (why: Term): Term => {
    if (parsed.reply.onError) reply(parsed.reply, reference, am.error, why);
    return referenceTerm(reference);
  };
  if (!parsed.valid) return fails(am.badopt);
  if (node !== THIS_NODE) return fails(am.noconnection);
  const p = spawnProcess(call, parsed);
  if (p === undefined) return fails(am.system_limit);
  if (parsed.monitor !== undefined) addMonitor(p, parsed.monitor, reference);
  if (parsed.reply.onSuccess) reply(parsed.reply, reference, Atom.Ok, p.pid);
  return referenceTerm(reference);
}

defineBifs('erlang', {
  'spawn/1': (f) => spawn(anyFunCall(f), PLAIN),
  'spawn/2': (n, f) => spawnFunOn(n, f, 'spawn', PLAIN),
  'spawn/3': (m, f, a) => spawn(mfaCall(m, f, a), PLAIN),
  'spawn/4': (n, m, f, a) => spawn(on(n, mfaCall(m, f, a)), PLAIN),
  'spawn_link/1': (f) => spawn(anyFunCall(f), LINKED),
  'spawn_link/2': (n, f) => spawnFunOn(n, f, 'spawn_link', LINKED),
  'spawn_link/3': (m, f, a) => spawn(mfaCall(m, f, a), LINKED),
  'spawn_link/4': (n, m, f, a) => spawn(on(n, mfaCall(m, f, a)), LINKED),
  'spawn_monitor/1': (f) => spawn(funCall(f), MONITORED),
  'spawn_monitor/2': (n, f) => spawn(on(n, funCall(f)), MONITORED),
  'spawn_monitor/3': (m, f, a) => {
    const call = mfaCall(m, f, a);
    if (call === undefined && isAtom(m) && isAtom(f) && isCons(a))
      return callInPlace(am.erlang, 'spawn_opt', [m, f, a, list([am.monitor])]);
    return spawn(call, MONITORED);
  },
  'spawn_monitor/4': (n, m, f, a) => {
    const call = mfaCall(m, f, a);
    // OTP takes arguments that are no list for a node that does not answer.
    if (call === undefined && isAtom(n) && isAtom(m) && isAtom(f)) return spawn(unreachable(), MONITORED);
    return spawn(on(n, call), MONITORED);
  },
  'spawn_opt/2': (f, o) => spawnOpt(anyFunCall(f), o),
  'spawn_opt/3': (n, f, o) => spawnOpt(on(n, anyFunCall(f)), o),
  'spawn_opt/4': (m, f, a, o) => spawnOpt(mfaCall(m, f, a), o),
  'spawn_opt/5': (n, m, f, a, o) => spawnOptOn(n, mfaCall(m, f, a), o),
  'spawn_request/1': (f) => spawnRequest(THIS_NODE, funCall(f), NIL),
  'spawn_request/2': (a, b) => {
    const call = funCall(a);
    return call === undefined ? spawnRequest(a, funCall(b), NIL) : spawnRequest(THIS_NODE, call, b);
  },
  'spawn_request/3': (a, b, c) => {
    const call = funCall(b);
    return call === undefined ? spawnRequest(THIS_NODE, mfaCall(a, b, c), NIL) : spawnRequest(a, call, c);
  },
  'spawn_request/4': (a, b, c, d) =>
    isAtom(c) ? spawnRequest(a, mfaCall(b, c, d), NIL) : spawnRequest(THIS_NODE, mfaCall(a, b, c), d),
  'spawn_request/5': (n, m, f, a, o) => spawnRequest(n, mfaCall(m, f, a), o),
  // On one node a request is answered at once, so there is never one to abandon.
  'spawn_request_abandon/1': (ref) => (referenceNumber(ref) === 0 ? badarg() : Atom.False),
});
