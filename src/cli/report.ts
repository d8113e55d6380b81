// What happens to a process that nobody in the program hears of: crashes, faults, modules that do not load. Crashes are in the
// words of OTP's default logger, and where that puts them: on standard output; but for the one that ends the run.

import { output } from '../bifs/output.js';
import { loadFailures } from '../code/load-failures.js';
import { crashHook, limitHook } from '../processes/crash.js';
import type { MemoryItem } from '../processes/memory-info.js';
import type { Process } from '../processes/process.js';
import { faultHook } from '../processes/scheduler.js';
import { unloggedHook } from '../processes/system-log.js';
import { mainProcess } from '../runtime.js';
import { formatPretty } from '../terms/format.js';
import type { Term } from '../terms/tags.js';
import { hintOf } from './hints.js';
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
  return errorReport(`Error in process ${formatPretty(pid)} with exit value:\n${reason}\n`);
}

function errorReport(text: string): string {
  return `${reportHead('ERROR')}${text}\n`;
}

function reportHead(level: string): string {
  return `=${level} REPORT==== ${reportTime(performance.timeOrigin + performance.now())} ===\n`;
}

/** Column at which the values of a report about a limit stand. */
const VALUES = 25;

/** The report of a process that has reached its max_heap_size. */
function limitReport(pid: Term, lines: [name: string, value: string | MemoryItem[]][]): string {
  const all: typeof lines = [['Process', `${formatPretty(pid)} `], ...lines];
  const text = all.map(([name, value]) => {
    const shown =
      typeof value === 'string'
        ? value
        : `[${value.map(([item, words]) => `{${item},${words}}`).join(`,\n${' '.repeat(VALUES + 1)}`)}]`;
    return `${`     ${name}:`.padEnd(VALUES)}${shown}\n`;
  });
  return errorReport(text.join(''));
}

/** Pids of processes whose end has been reported. */
const reported = new Set<Term>();

/** Whether the end of that process has been reported. */
export function isReported(pid: Term): boolean {
  return reported.has(pid);
}

/** What to do about a process that outgrew its limit, or all memory. */
function faultAdvice(p: Process): string {
  return p.maxHeap > 0
    ? `it may have ${p.maxHeap} words: more with --max-heap=WORDS or max_heap_size, or look at what it keeps`
    : 'all processes together have 2 GB: look at what the program keeps (--stats), or bound each with --max-heap=WORDS';
}

/** Hints that have been given: many processes may fail for one reason. */
const hinted = new Set<string>();

/** From now on, what goes wrong is reported. */
export function startReports(): void {
  crashHook.claims = (p) => p.pid === mainProcess.pid;
  crashHook.report = (p, reason) => {
    reported.add(p.pid);
    const text = crashReport(p.pid, formatPretty(reason));
    if (p.pid === mainProcess.pid) printError(text);
    else output.write(Buffer.from(text));
    const hint = hintOf(reason);
    if (hint === undefined || hinted.has(hint)) return;
    hinted.add(hint);
    complain(hint.replace(/\p{Cc}/gu, '?'));
  };
  limitHook.report = (p, lines) => {
    if (p.settings.limit.kill) reported.add(p.pid);
    output.write(Buffer.from(limitReport(p.pid, lines)));
  };
  faultHook.report = (p, what) => {
    reported.add(p.pid);
    complain(`process ${formatPretty(p.pid)} was ended: ${what}; ${faultAdvice(p)}`);
  };
  loadFailures.report = complain;
  unloggedHook.report = (level, text) =>
    output.write(Buffer.from(`${reportHead(level.toUpperCase())}${text}\n`));
}
