// process_info/1,2
import { H, Reg } from '../memory/arena.js';
import { current } from '../processes/current.js';
import { type Process, Status } from '../processes/process.js';
import { badarg } from '../processes/raise.js';
import { localProcess } from '../processes/table.js';
import { Atom, atom } from '../terms/atoms.js';
import { cons, list, listToArray, tuple } from '../terms/build.js';
import { isCons, isLocalPid, NIL, type Term } from '../terms/tags.js';
import { defineBifs } from './table.js';

/** {item, value} of process_info/2; [] for registered_name of a process without; undefined: no such item. */
function processInfo(p: Process, item: Term): Term | undefined {
  const words = (n: number): Term => tuple(item, n << 1);
  switch (item) {
    case atom('registered_name'):
      return p.registeredName === 0 ? NIL : tuple(item, p.registeredName);
    case atom('status'):
      return tuple(
        item,
        p.status === Status.Waiting ? atom('waiting') : p === current ? atom('running') : atom('runnable'),
      );
    case atom('message_queue_len'):
      return words(p.messageCount);
    case atom('messages'): {
      let messages: Term = NIL;
      const terms: Term[] = [];
      for (let m = p.first; m !== null; m = m.next) terms.push(m.term);
      for (let i = terms.length - 1; i >= 0; i--) messages = cons(terms[i], messages);
      return p === current ? tuple(item, messages) : undefined;
    }
    case atom('links'):
      return tuple(item, list([...p.links]));
    case atom('trap_exit'):
      return tuple(item, p.trapExit ? Atom.True : Atom.False);
    case atom('reductions'):
      return words(p.reductions & 0x3fffffff);
    case atom('heap_size'):
    case atom('total_heap_size'):
      return words(p.end - p.base + (p.oldEnd - p.oldBase));
    case atom('stack_size'):
      return words(p.end - (p === current ? H[Reg.E] : p.e));
    case atom('memory'):
      return words((p.end - p.base + (p.oldEnd - p.oldBase)) * 4);
    case atom('group_leader'):
      return tuple(item, p.groupLeader || p.pid);
    case atom('initial_call'):
      return tuple(item, tuple(p.initialCall[0], p.initialCall[1], p.initialCall[2] << 1));
    case atom('priority'):
      return tuple(item, p.priority);
    default:
      return undefined;
  }
}

defineBifs('erlang', {
  'process_info/1': (pid) => {
    const p = isLocalPid(pid) ? localProcess(pid) : undefined;
    if (!isLocalPid(pid)) return badarg();
    return p === undefined
      ? Atom.Undefined
      : list(
          ['registered_name', 'status', 'message_queue_len', 'links', 'reductions']
            .map((k) => processInfo(p, atom(k))!)
            .filter((t) => t !== NIL),
        );
  },
  'process_info/2': (pid, item) => {
    if (!isLocalPid(pid)) return badarg();
    const p = localProcess(pid);
    if (isCons(item) || item === NIL) {
      const items = listToArray(item);
      const infos = p && items?.map((i) => processInfo(p, i));
      if (items === undefined || infos?.includes(undefined)) return badarg();
      return infos === undefined
        ? Atom.Undefined
        : list(infos.map((t, i) => (t === NIL ? tuple(items[i], NIL) : t!)));
    }
    if (p === undefined) return Atom.Undefined;
    return processInfo(p, item) ?? badarg();
  },
});
