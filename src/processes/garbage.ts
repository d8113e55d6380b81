// Collecting the heap of a process that does not run, on behalf of one that does (erlang:garbage_collect/1).
import { H, Reg } from '../memory/arena.js';
import { collect } from '../memory/collect.js';
import type { Process } from './process.js';

/** Collects a process that is not running. The registers of the one that runs are put back afterwards. */
export function collectProcess(p: Process, major: boolean): void {
  const htop = H[Reg.Htop];
  const e = H[Reg.E];
  const saved = H.slice(0, p.live);
  H[Reg.Htop] = p.htop;
  H[Reg.E] = p.e;
  for (let i = 0; i < p.live; i++) H[i] = p.x[i];
  collect(p, 0, p.live, 0, 0, major);
  p.htop = H[Reg.Htop];
  p.e = H[Reg.E];
  for (let i = 0; i < p.live; i++) p.x[i] = H[i];
  H.set(saved, 0);
  H[Reg.Htop] = htop;
  H[Reg.E] = e;
}
