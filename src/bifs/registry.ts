// BIFs on registered names and on all processes (module erlang).
import { H, Reg } from '../memory/arena.js';
import { registered } from '../processes/exit.js';
import { partOfName } from '../processes/parts.js';
import { badarg, badargBecause } from '../processes/raise.js';
import { makeReference } from '../processes/references.js';
import { allProcesses, localProcess } from '../processes/table.js';
import { Atom, atom } from '../terms/atoms.js';
import { list } from '../terms/build.js';
import { isAtom, isLocalPid } from '../terms/tags.js';
import { whenPartHasBegun } from './part-tables.js';
import { defineBifs } from './table.js';

defineBifs('erlang', {
  'self/0': () => H[Reg.Self],
  'make_ref/0': makeReference,
  'register/2': (name, pid) => {
    if (!isAtom(name) || !isLocalPid(pid) || name === Atom.Undefined) return badargBecause(atom('none'));
    const p = localProcess(pid);
    if (p === undefined) return badargBecause(atom('notalive'));
    if (p.registeredName !== 0) return badargBecause(atom('registered_name'));
    if (registered.has(name)) return badargBecause(atom('none'));
    p.registeredName = name;
    registered.set(name, p);
    return Atom.True;
  },
  'unregister/1': (name) => {
    const p = registered.get(name);
    if (p === undefined) return badarg();
    registered.delete(name);
    p.registeredName = 0;
    return Atom.True;
  },
  'whereis/1': (name) => {
    if (!isAtom(name)) return badarg();
    const part = partOfName(name);
    if (part !== undefined) return whenPartHasBegun(part, 'erlang', 'whereis', [name]);
    return registered.get(name)?.pid ?? Atom.Undefined;
  },
  'registered/0': () => list([...registered.keys()]),
  'processes/0': () => list(allProcesses().map((p) => p.pid)),
});
