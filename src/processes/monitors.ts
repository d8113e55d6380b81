// Monitors and aliases. Both belong to a reference: a monitor watches a process (or the time offset) for the process that
// made it, an alias lets others send to that process by the reference; one reference can be both (monitor/3).

import { am } from '../terms/atoms.js';
import { tupleOf } from '../terms/build.js';
import { isAtom, type Term } from '../terms/tags.js';
import { arrive, copyFor, deliverBuilt } from './messages.js';
import { Arrives, mustWait, type Process } from './process.js';
import { referenceTerm } from './references.js';

/** When an alias stops to be one. */
export const enum Alias {
  /** It is none, or none any more. */
  None,
  /** By unalias/1 only. */
  Explicit,
  /** When the monitor ends. */
  Demonitor,
  /** When the monitor ends or a message comes by the alias. */
  ReplyDemonitor,
  /** When a message comes by the alias. */
  Reply,
}

/** What a monitor watches. */
export const enum Watched {
  /** Nothing (any more): only the alias is left. */
  Nothing,
  Process,
  TimeOffset,
}

/** A monitor, an alias, or both. Monitors are in a list of the process that made them and one of the process they watch. */
export class Monitor {
  kind: Watched = Watched.Nothing;
  target: Process | null = null;
  /** What DOWN names: the pid, or the registered name (atom) that was asked for. */
  item: Term = 0;
  /** First element of the message; a root of the owner's heap. */
  tag: Term = am.DOWN;
  alias: Alias = Alias.None;
  next: Monitor | null = null;
  previous: Monitor | null = null;
  nextOfTarget: Monitor | null = null;
  previousOfTarget: Monitor | null = null;
  constructor(
    readonly reference: number,
    readonly owner: Process,
  ) {}
}

const byReference = new Map<number, Monitor>();

/** The monitor or alias of a reference number. */
export function monitorOf(reference: number): Monitor | undefined {
  return byReference.get(reference);
}

/** Makes an entry that neither watches anything nor is an alias yet; `watch` or setting `alias` makes it one. */
export function newMonitor(reference: number, owner: Process): Monitor {
  const m = new Monitor(reference, owner);
  byReference.set(reference, m);
  m.next = owner.monitors;
  if (m.next !== null) m.next.previous = m;
  owner.monitors = m;
  return m;
}

/** Lets m watch a process. */
export function watch(m: Monitor, target: Process, item: Term): void {
  m.kind = Watched.Process;
  m.target = target;
  m.item = item;
  m.previousOfTarget = target.lastWatcher;
  if (m.previousOfTarget === null) target.firstWatcher = m;
  else m.previousOfTarget.nextOfTarget = m;
  target.lastWatcher = m;
}

/** The monitor ends; its alias ends with it or stays. Whether it watched anything. */
export function endMonitor(m: Monitor): boolean {
  if (m.kind === Watched.Nothing) return false;
  leaveTarget(m);
  m.kind = Watched.Nothing;
  if (m.alias === Alias.Demonitor || m.alias === Alias.ReplyDemonitor) m.alias = Alias.None;
  if (m.alias === Alias.None) forget(m);
  return true;
}

/** The alias ends, the monitor stays. Whether it was one. */
export function endAlias(m: Monitor): boolean {
  if (m.alias === Alias.None) return false;
  m.alias = Alias.None;
  if (m.kind === Watched.Nothing) forget(m);
  return true;
}

/** Whether a message that was sent to the alias may still come in. The alias may end by it. */
export function acceptsMessage(m: Monitor): boolean {
  if (m.alias === Alias.None) return false;
  if (m.alias === Alias.Reply) endAlias(m);
  else if (m.alias === Alias.ReplyDemonitor && !endMonitor(m)) endAlias(m);
  return true;
}

/** The process that the monitor watches ends. */
export function fireMonitor(m: Monitor, reason: Term): void {
  leaveTarget(m);
  noteDown(m, reason);
}

/** What the monitor watches, which is none of its target's monitors (any more), has ended, or never was. */
export function noteDown(m: Monitor, reason: Term): void {
  const { owner } = m;
  if (mustWait(owner)) arrive(owner, Arrives.Down, copyFor(owner, reason), m, 0);
  else takeDown(m, reason);
}

/** Ends the monitor and sends the message that says so, unless it has been ended before. */
export function takeDown(m: Monitor, reason: Term): void {
  const { owner, tag, item, reference } = m;
  if (endMonitor(m)) sendDown(owner, tag, reference, am.process, item, reason);
}

/** Sends {Tag, Reference, Type, Item, Reason}; for a name (atom) the item is {Name, Node}. */
export function sendDown(
  to: Process,
  tag: Term,
  reference: number,
  type: Term,
  item: Term,
  reason: Term,
): void {
  deliverBuilt(to, (room) => {
    const what = isAtom(item) ? tupleOf([item, am['nonode@nohost']], room.allocate) : item;
    const ref = referenceTerm(reference, room.allocate);
    // The tag lies in the receiver's memory already.
    return tupleOf([tag, ref, type, what, room.copy(reason)], room.allocate);
  });
}

/** A process ends: what it watched and its aliases. */
export function endMonitorsOf(p: Process): void {
  while (p.monitors !== null) {
    const m: Monitor = p.monitors;
    m.alias = Alias.None;
    if (!endMonitor(m)) forget(m);
  }
}

/** The monitors of a process, oldest first. */
export function monitorsOf(p: Process): Monitor[] {
  const all: Monitor[] = [];
  for (let m = p.monitors; m !== null; m = m.next) if (m.kind !== Watched.Nothing) all.push(m);
  return all.reverse();
}

/** Those who watch a process, oldest first. */
export function watchersOf(p: Process): Monitor[] {
  const all: Monitor[] = [];
  for (let m = p.firstWatcher; m !== null; m = m.nextOfTarget) all.push(m);
  return all;
}

/** Takes the monitor out of the list of the process that it watches. */
function leaveTarget(m: Monitor): void {
  const { target } = m;
  if (target === null) return;
  if (m.previousOfTarget === null) target.firstWatcher = m.nextOfTarget;
  else m.previousOfTarget.nextOfTarget = m.nextOfTarget;
  if (m.nextOfTarget === null) target.lastWatcher = m.previousOfTarget;
  else m.nextOfTarget.previousOfTarget = m.previousOfTarget;
  m.target = m.nextOfTarget = m.previousOfTarget = null;
}

function forget(m: Monitor): void {
  byReference.delete(m.reference);
  if (m.previous === null) m.owner.monitors = m.next;
  else m.previous.next = m.next;
  if (m.next !== null) m.next.previous = m.previous;
  m.next = m.previous = null;
}

/** How many monitors and aliases there are, for tests of what ended processes leave behind. */
export function monitorCount(): number {
  return byReference.size;
}
