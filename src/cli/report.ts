// What happens to a process that nobody in the program hears of: crashes, faults, modules that do not load. On stderr,
// crashes in the words of OTP's default logger.
import { onLoadHook } from '../bifs/code-path.js';
import { loadFailures } from '../code/server.js';
import { crashHook } from '../processes/crash.js';
import { faultHook } from '../processes/scheduler.js';
import { formatPretty } from '../terms/format.js';
import type { Term } from '../terms/tags.js';
import { complain, printError } from './output.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time as it stands in the head of a report: `21-Nov-2026::02:16:11.183734`, local. */
export function reportTime(milliseconds: number): string {
  const t = new Date(milliseconds);
  const two = (n: number) => String(n).padStart(2, '0');
  const micro = String(Math.floor((milliseconds % 1000) * 1000)).padStart(6, '0');
  const day = `${t.getDate()}-${MONTHS[t.getMonth()]}-${t.getFullYear()}`;
  return `${day}::${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}.${micro}`;
}

/** The report of a process that an exception ended; `reason` is text as ~p prints it. */
export function crashReport(pid: Term, reason: string): string {
  return `${reportHead('ERROR')}Error in process ${formatPretty(pid)} with exit value:\n${reason}\n\n`;
}

function reportHead(level: string): string {
  return `=${level} REPORT==== ${reportTime(performance.timeOrigin + performance.now())} ===\n`;
}

/** Pids of processes whose end has been reported. */
const reported = new Set<Term>();

/** Whether the end of that process has been reported. */
export function isReported(pid: Term): boolean {
  return reported.has(pid);
}

/** From now on, what goes wrong is reported. */
export function startReports(): void {
  crashHook.report = (p, reason) => {
    reported.add(p.pid);
    printError(crashReport(p.pid, formatPretty(reason)));
  };
  faultHook.report = (p, what) => {
    reported.add(p.pid);
    complain(`process ${formatPretty(p.pid)} was ended: ${what}`);
  };
  loadFailures.report = complain;
  onLoadHook.report = (module, result) => {
    const text = formatPretty(result);
    printError(`${reportHead('WARNING')}The on_load function for module ${module} returned:\n${text}\n\n`);
  };
}
