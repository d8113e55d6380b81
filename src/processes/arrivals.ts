// Signals that wait. Most signals take effect when they are sent: their receiver does not run, so it can not tell. The running
// process can: what it causes to be sent to itself (by killing a process that it is linked to or monitors, say) must find it as it
// is when it looks for messages next, or at its next slice, as in OTP: it may have unlinked meanwhile. Messages by an alias wait
// too, because the alias may end before they are looked for; and what comes later waits behind them, in order.
import { am } from '../terms/atoms.js';
import { takeExitSignal } from './exit.js';
import { acceptsMessage, takeDown } from './monitors.js';
import { type Arrival, Arrives, type Process, Status } from './process.js';

/** Lets in what has arrived. It may end the process, which must not be running then. */
export function letIn(p: Process): void {
  letInUntil(p, () => false);
}

/** The same for the running process, as far as it does not end by it. */
export function letInMessages(p: Process): void {
  letInUntil(p, (a) => endsProcess(p, a));
}

function letInUntil(p: Process, stop: (a: Arrival) => boolean): void {
  const { arrivals } = p;
  if (arrivals === null) return;
  p.arrivals = null;
  for (let i = 0; i < arrivals.length; i++) {
    if (stop(arrivals[i])) {
      p.arrivals = arrivals.slice(i);
      return;
    }
    take(p, arrivals[i]);
    if (p.status === Status.Exited) return;
  }
}

/** Whether it is an exit signal that ends the process. */
function endsProcess(p: Process, { kind, term }: Arrival): boolean {
  if (kind === Arrives.Exit && term === am.kill) return true;
  return (kind === Arrives.Exit || kind === Arrives.LinkExit) && !p.trapExit && term !== am.normal;
}

function take(p: Process, { kind, term, monitor, from }: Arrival): void {
  switch (kind) {
    case Arrives.ByAlias:
      if (!acceptsMessage(monitor!)) return;
      break;
    case Arrives.Exit:
    case Arrives.LinkExit:
      takeExitSignal(p, from, term, kind === Arrives.LinkExit);
      return;
    case Arrives.Down:
      takeDown(monitor!, term);
      return;
  }
  p.enqueue(term);
}
