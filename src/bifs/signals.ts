// BIFs that send: messages, exit signals; and those that ask or tell other processes something.
import { H, Reg, Why } from '../memory/arena.js';
import { current } from '../processes/current.js';
import { exitSignal } from '../processes/exit.js';
import { Status } from '../processes/process.js';
import { badarg } from '../processes/raise.js';
import { sendMessage } from '../processes/send.js';
import { localProcess } from '../processes/table.js';
import { Atom } from '../terms/atoms.js';
import { isLocalPid, Sentinel, type Term } from '../terms/tags.js';
import { defineBifs } from './table.js';

function stillAlive(value: Term): Term {
  if (current.status !== Status.Exited) return value;
  H[Reg.Reason] = Why.Exited;
  return Sentinel.Unwind;
}

defineBifs('erlang', {
  'exit/2': (pid, reason) => {
    if (!isLocalPid(pid)) return badarg();
    const p = localProcess(pid);
    if (p !== undefined) exitSignal(p, current.pid, reason, false);
    return stillAlive(Atom.True);
  },
  'is_process_alive/1': (pid) =>
    isLocalPid(pid) ? (localProcess(pid) !== undefined ? Atom.True : Atom.False) : badarg(),
  'send/2': sendMessage,
  '!/2': sendMessage,
  'send/3': (to, message, _options) =>
    sendMessage(to, message) === Sentinel.Unwind ? Sentinel.Unwind : Atom.Ok,

  'group_leader/0': () => current.groupLeader || current.pid,
  'group_leader/2': (leader, pid) => {
    const p = isLocalPid(pid) ? localProcess(pid) : undefined;
    if (!isLocalPid(leader) || p === undefined) return badarg();
    p.groupLeader = leader;
    return Atom.True;
  },
  'garbage_collect/0': () => {
    H[Reg.Reds] = 0;
    return Atom.True;
  },
  'yield/0': () => Atom.True,
});
