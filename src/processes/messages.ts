// Sending: the message is copied to the receiver's memory and put into its mailbox.
import { ArenaFull, allocate } from '../memory/allocate.js';
import { allocateBlock } from '../memory/blocks.js';
import { copyTo, termSize } from '../memory/copy.js';
import { buildFor } from '../memory/off-heap.js';
import type { Allocate } from '../terms/build.js';
import type { Term } from '../terms/tags.js';
import { current } from './current.js';
import type { Monitor } from './monitors.js';
import { Arrives, type Process, Status } from './process.js';
import { charge } from './reductions.js';
import { makeRunnable } from './run-queue.js';

/**
 * Copies `message` to p's memory and makes it the last of its mailbox; p wakes up if it waits.
 * @param alias that it was sent to, null: none
 */
export function deliver(p: Process, message: Term, alias: Monitor | null = null): void {
  enqueue(p, p === current && p.status === Status.Running ? message : copyFor(p, message), alias);
}

/** Words of a message that go for a reduction. */
const WORDS_PER_REDUCTION = 64;

/** A copy of a term in p's memory. */
export function copyFor(p: Process, t: Term): Term {
  const words = termSize(t);
  if (words === 0) return t;
  if (words >= WORDS_PER_REDUCTION) charge(Math.floor(words / WORDS_PER_REDUCTION));
  return copyTo(t, roomIn(p, words), p);
}

/** Memory of the process that a message is built for. */
export interface Room {
  allocate: Allocate;
  /** Copies a term there, from wherever it lies. */
  copy: (t: Term) => Term;
}

/**
 * Sends p a message that is built in its own memory, so that it does not matter whose memory is in use, or whether anybody
 * runs: for signals and for what the host has to say.
 */
export function deliverBuilt(p: Process, build: (room: Room) => Term): void {
  const allocate = (words: number): number => roomIn(p, words);
  const message = buildFor(p, () => build({ allocate, copy: (t) => copyFor(p, t) }));
  enqueue(p, message);
}

/** Puts a message that lies in p's memory into its mailbox. */
export function enqueue(p: Process, message: Term, alias: Monitor | null = null): void {
  if (alias === null && p.arrivals === null) p.enqueue(message);
  else arrive(p, alias === null ? Arrives.Message : Arrives.ByAlias, message, alias, 0);
  if (p.status === Status.Waiting) makeRunnable(p);
}

/** Lets a signal wait until the process looks for messages; `term` lies in its memory. */
export function arrive(p: Process, kind: Arrives, term: Term, monitor: Monitor | null, from: Term): void {
  p.arrivals ??= [];
  p.arrivals.push({ kind, term, monitor, from });
  if (p.status === Status.Waiting) makeRunnable(p);
}

/** The index of `words` free words in p's memory: on its heap while there is room, else a fragment. */
function roomIn(p: Process, words: number): number {
  if (p === current && p.status === Status.Running) return allocate(words);
  if (p.htop + words < p.e) {
    p.htop += words;
    return p.htop - words;
  }
  const block = allocateBlock(words);
  if (block === 0) throw new ArenaFull(`no room for a message of ${words} words`);
  p.fragments.push(block, words);
  p.fragmentWords += words;
  return block;
}
