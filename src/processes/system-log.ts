// Reports of the runtime itself for the process that logs, in the form that OTP's logger expects.
import { Atom, atom } from '../terms/atoms.js';
import { list, mapFromPairs, stringList, tupleOf } from '../terms/build.js';
import { integerInto } from '../terms/integer.js';
import { isAtom, NIL, type Term } from '../terms/tags.js';
import { current } from './current.js';
import { registered } from './exit.js';
import { deliverBuilt, type Room } from './messages.js';
import type { Process } from './process.js';
import { localProcess } from './table.js';

/** The process that logs: pid or name; undefined (the atom): none. (erlang:system_flag/2) */
export const systemLogger = { process: atom('logger') };

/** Who hears of what the code loader has to report while no process logs. */
export const unloggedHook: { report: (level: 'error' | 'warning', text: string) => void } = {
  report: () => {},
};

/** A process that takes reports while there is none that logs. */
export const loggerHook: { start: () => Process | undefined } = { start: () => undefined };

/**
 * Sends the process that logs {log, Level, Format, Args, Metadata} for the running process, as the native runtime does; false: there
 * is none.
 * @param format as io:format/2 takes it
 */
export function logReport(level: 'error' | 'warning', format: string, args: (room: Room) => Term[]): boolean {
  const p = current;
  const name = systemLogger.process;
  const logger = isAtom(name) ? (registered.get(name) ?? loggerHook.start()) : localProcess(name);
  if (logger === undefined || logger === p) return false;
  deliverBuilt(logger, (room) => {
    const { allocate } = room;
    const microseconds = Math.round((performance.timeOrigin + performance.now()) * 1000);
    const metadata = mapFromPairs(
      [
        [atom('pid'), p.pid],
        [atom('gl'), p.groupLeader || p.pid],
        [atom('time'), integerInto(microseconds, allocate)],
        [
          atom('error_logger'),
          mapFromPairs(
            [
              [atom('tag'), atom(level === 'error' ? 'error' : 'warning_msg')],
              [atom('emulator'), Atom.True],
            ],
            allocate,
          ),
        ],
      ],
      allocate,
    );
    return tupleOf(
      [atom('log'), atom(level), stringList(format, allocate), list(args(room), NIL, allocate), metadata],
      allocate,
    );
  });
  return true;
}
