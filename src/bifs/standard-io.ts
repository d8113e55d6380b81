// Standard input, output and error for the processes that answer the I/O protocol (src/lib/system/turbeam_io.erl).
import { current } from '../processes/current.js';
import { deliverBuilt } from '../processes/messages.js';
import { badarg } from '../processes/raise.js';
import { host } from '../processes/scheduler.js';
import { localProcess } from '../processes/table.js';
import { Atom, atom } from '../terms/atoms.js';
import { binary, tuple, tupleOf } from '../terms/build.js';
import { iolistToBytes } from '../terms/iolist.js';
import { makeSmall, type Term } from '../terms/tags.js';
import { input } from './input.js';
import { output } from './output.js';
import { defineBifs } from './table.js';

const TURBEAM_STDIN = atom('turbeam_stdin');
const OUT: Term = makeSmall(1);
const ERR: Term = makeSmall(2);

defineBifs('turbeam', {
  /** Bytes to file descriptor 1 or 2. */
  'write/2': (fd, data) => {
    const bytes = iolistToBytes(data);
    if (bytes === undefined || (fd !== OUT && fd !== ERR)) return badarg();
    if (fd === OUT) output.write(bytes);
    else output.writeError(bytes);
    return Atom.Ok;
  },
  /** Asks for bytes from standard input; the caller gets {turbeam_stdin, Binary | eof} as a message. */
  'read_input/0': () => {
    const { pid } = current;
    host.pending++;
    input.read((bytes) => {
      host.pending--;
      const p = localProcess(pid);
      if (p !== undefined)
        deliverBuilt(p, ({ allocate }) =>
          tupleOf([TURBEAM_STDIN, bytes === null ? atom('eof') : binary(bytes, allocate)], allocate),
        );
      host.wake();
    });
    return Atom.Ok;
  },
  /** {Columns, Rows} of the terminal behind file descriptor 1 or 2, or undefined. */
  'geometry/1': (fd) => {
    const { isTTY, columns, rows } = fd === ERR ? process.stderr : process.stdout;
    return isTTY ? tuple(makeSmall(columns), makeSmall(rows)) : Atom.Undefined;
  },
});
