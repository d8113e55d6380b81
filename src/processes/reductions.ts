// Reductions for work that is no call: what a BIF does in proportion to what it is given.
import { H, Reg } from '../memory/arena.js';
import { REDUCTION } from '../settings.js';

/** Charges the running process `reductions` reductions, as far as it still has them. */
export function charge(reductions: number): void {
  const left = H[Reg.Reds] - reductions * REDUCTION;
  H[Reg.Reds] = left > 0 ? left : Math.min(H[Reg.Reds], 0);
}
