// Timers that send a message: send_after, start_timer, cancel_timer, read_timer (module erlang).
import { current } from '../processes/current.js';
import { cancelMessageTimer, messageTimeLeft, startMessageTimer } from '../processes/message-timers.js';
import { deliver } from '../processes/messages.js';
import type { Process } from '../processes/process.js';
import { badarg, badargBecause } from '../processes/raise.js';
import { newReferenceNumber, referenceNumber, referenceTerm } from '../processes/references.js';
import { localProcess } from '../processes/table.js';
import { now } from '../processes/timers.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { isTuple, listToArray, tuple, tupleArity, tupleElement } from '../terms/build.js';
import { integerFromNumber, isInteger, safeDouble } from '../terms/integer.js';
import { isAtom, isLocalPid, NIL, type Term } from '../terms/tags.js';
import { monotonicNanoseconds } from './clock.js';
import { defineBifs } from './table.js';

/** The booleans of options {Name, Boolean}, `names` with their defaults; undefined: there are others. */
function booleans(options: Term, names: Map<Term, boolean>): Map<Term, boolean> | undefined {
  const items = listToArray(options);
  if (items === undefined) return undefined;
  const values = new Map(names);
  for (const item of items) {
    if (!isTuple(item) || tupleArity(item) !== 2 || !names.has(tupleElement(item, 0))) return undefined;
    const value = tupleElement(item, 1);
    if (value !== Atom.True && value !== Atom.False) return undefined;
    values.set(tupleElement(item, 0), value === Atom.True);
  }
  return values;
}

const ABS = atom('abs');
const ASYNC = atom('async');
const START = new Map([[ABS, false]]);
const READ = new Map([[ASYNC, false]]);
const CANCEL = new Map([
  [ASYNC, false],
  [am.info, true],
]);

/** Milliseconds that a timer may have to run: what OTP can count in its ticks, about 285 years. */
const LONGEST = 2 ** 43;

/** What the timers' clock shows when Erlang's monotonic time is 0. */
const ORIGIN = now() - monotonicNanoseconds() / 1e6;

/** send_after, start_timer. @param wrapped whether the message is {timeout, Reference, Message} */
function start(time: Term, destination: Term, message: Term, options: Term, wrapped: boolean): Term {
  const chosen = booleans(options, START);
  if (chosen === undefined) return badargBecause(am.badopt);
  if (!isLocalPid(destination) && !isAtom(destination)) return badarg();
  const absolute = chosen.get(ABS)!;
  if (!isInteger(time)) return badargBecause(atom('time'));
  const wanted = safeDouble(time);
  const due = wanted + (absolute ? ORIGIN : now());
  // Not a number: beyond 2^53.
  if (!(due <= LONGEST) || (!absolute && wanted < 0)) return badargBecause(atom('time'));
  const reference = newReferenceNumber();
  const to: Process | Term | undefined = isAtom(destination) ? destination : localProcess(destination);
  if (to !== undefined) startMessageTimer(reference, due, to, message, wrapped);
  return referenceTerm(reference);
}

/** cancel_timer, read_timer: milliseconds left or false, or a message with that, or ok. */
function ask(
  name: Term,
  ref: Term,
  options: Map<Term, boolean> | undefined,
  left: (reference: number) => number | undefined,
): Term {
  const reference = referenceNumber(ref);
  if (reference === 0 || options === undefined) return badarg();
  const milliseconds = left(reference);
  const result = milliseconds === undefined ? Atom.False : integerFromNumber(milliseconds);
  if (options.get(am.info) === false) return Atom.Ok;
  if (!options.get(ASYNC)) return result;
  deliver(current, tuple(name, ref, result));
  return Atom.Ok;
}

defineBifs('erlang', {
  'send_after/3': (time, to, message) => start(time, to, message, NIL, false),
  'send_after/4': (time, to, message, options) => start(time, to, message, options, false),
  'start_timer/3': (time, to, message) => start(time, to, message, NIL, true),
  'start_timer/4': (time, to, message, options) => start(time, to, message, options, true),
  'cancel_timer/1': (ref) => ask(am.cancel_timer, ref, CANCEL, cancelMessageTimer),
  'cancel_timer/2': (ref, options) =>
    ask(am.cancel_timer, ref, booleans(options, CANCEL), cancelMessageTimer),
  'read_timer/1': (ref) => ask(am.read_timer, ref, READ, messageTimeLeft),
  'read_timer/2': (ref, options) => ask(am.read_timer, ref, booleans(options, READ), messageTimeLeft),
});
