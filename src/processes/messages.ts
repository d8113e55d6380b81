// Sending: the message is copied to the receiver's memory and put into its mailbox.
import { copyTo, copyToFragment, termSize } from '../memory/copy.js';
import type { Term } from '../terms/tags.js';
import { current } from './current.js';
import { type Process, Status } from './process.js';
import { makeRunnable } from './run-queue.js';

/** Copies `message` to p's memory and makes it the last of its mailbox; p wakes up if it waits. */
export function deliver(p: Process, message: Term): void {
  let copy: Term = message;
  if (p !== current || p.status !== Status.Running) {
    const words = termSize(message);
    if (words > 0) {
      if (p.htop + words < p.e) {
        copy = copyTo(message, p.htop, p);
        p.htop += words;
      } else copy = copyToFragment(message, p);
    }
  }
  p.enqueue(copy);
  if (p.status === Status.Waiting) makeRunnable(p);
}
