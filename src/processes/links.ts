// Links between processes. Most processes have one link or none, so the first lies in the process itself and a set is
// made for the others.
import type { Term } from '../terms/tags.js';
import type { Process } from './process.js';

/** Links two processes; nothing happens if they are linked already. */
export function link(a: Process, b: Process): void {
  enter(a, b.pid);
  enter(b, a.pid);
}

/** Takes the link between a process and a pid out on p's side; whether there was one. */
export function forgetLink(p: Process, pid: Term): boolean {
  if (p.moreLinks?.delete(pid) === true) {
    if (p.moreLinks.size === 0) p.moreLinks = null;
    return true;
  }
  if (p.firstLink !== pid) return false;
  p.firstLink = 0;
  return true;
}

/** The pids that a process is linked to, as an array of its own. */
export function linkedTo(p: Process): Term[] {
  const pids = p.firstLink === 0 ? [] : [p.firstLink];
  // There can be more than a call takes arguments.
  if (p.moreLinks !== null) for (const pid of p.moreLinks) pids.push(pid);
  return pids;
}

function enter(p: Process, pid: Term): void {
  if (p.firstLink === pid || p.moreLinks?.has(pid) === true) return;
  if (p.firstLink === 0) p.firstLink = pid;
  else if (p.moreLinks === null) p.moreLinks = new Set([pid]);
  else p.moreLinks.add(pid);
}
