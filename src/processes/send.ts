// The send operator: pid, registered name, {Name, Node} or alias on the left.

import { H } from '../memory/arena.js';
import { am } from '../terms/atoms.js';
import { Imm, Kind, type Term } from '../terms/tags.js';
import { registered } from './exit.js';
import { deliver } from './messages.js';
import { Alias, monitorOf } from './monitors.js';
import { badarg } from './raise.js';
import { referenceNumber } from './references.js';
import { processOf } from './table.js';

/** `to ! message` (send instruction): the message, or Sentinel.Unwind after badarg. */
export function sendMessage(to: Term, message: Term): Term {
  if ((to & Imm.Mask) === Imm.Pid) {
    const p = processOf(to);
    if (p !== undefined) deliver(p, message);
    return message;
  }
  if ((to & Imm.Mask) === Imm.Atom) {
    const p = registered.get(to);
    if (p === undefined) return badarg();
    deliver(p, message);
    return message;
  }
  if ((to & 7) === 3) {
    const at = to >>> 3;
    const kind = H[at] & Kind.Mask;
    if (kind === Kind.Reference) {
      const m = monitorOf(referenceNumber(to));
      if (m !== undefined && m.alias !== Alias.None) deliver(m.owner, message, m);
      return message;
    }
    if (kind === Kind.ExternalPid || kind === Kind.ExternalReference) return message;
    if (
      kind === Kind.Tuple &&
      H[at] >>> 8 === 2 &&
      (H[at + 1] & Imm.Mask) === Imm.Atom &&
      (H[at + 2] & Imm.Mask) === Imm.Atom
    ) {
      // There is only this node; to others nothing can be sent, which is no error.
      if (H[at + 2] === am['nonode@nohost']) {
        const p = registered.get(H[at + 1]);
        if (p !== undefined) deliver(p, message);
      }
      return message;
    }
  }
  return badarg();
}
