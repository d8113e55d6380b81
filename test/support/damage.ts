// Runs damage-runner.mjs in a process of its own and watches it: a host that crashes or hangs is a failure with a name.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ROOT } from './turbeam.js';

const RUNNER = fileURLToPath(new URL('damage-runner.mjs', import.meta.url));

/** What damage-runner.mjs does. */
export interface DamageJob {
  /** Path of the .beam file from the top of the repository. */
  file: string;
  /** Calls as text; the module's name is taken from what was loaded. */
  calls: string[];
  /** Settings of the engine. */
  settings: object;
  /** Byte positions: the first, the end (exclusive; none: the file's), the distance (none: 1). */
  from: number;
  to?: number;
  step?: number;
  /**
   * What is done at each position: the file cut off there, one bit of the byte flipped (another one at each
   * position), or the byte xor a number.
   */
  kinds: ('cut' | 'rotating' | number)[];
  /** Also the file as it is. */
  whole?: boolean;
}

export interface DamageOutcome {
  /** How many variants were tried, and how many of them did not load, or had a function refused when it was first called. */
  variants: number;
  refused: number;
  /** How calls ended: with a value, as Erlang processes end, with their reductions used up, waiting for ever. */
  values: number;
  exits: number;
  exhausted: number;
  deadlocks: number;
  /** What must not happen: a host error, a crash, a hang; each with its variant. */
  host: string[];
}

/** @param stall milliseconds that one variant may take */
export function damage(job: DamageJob, stall = 15_000): Promise<DamageOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [RUNNER, JSON.stringify(job)], { cwd: ROOT });
    let last = 'start';
    let tail = '';
    let output = '';
    let variants = 0;
    let stalled = false;
    const end = (): void => {
      stalled = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(end, stall);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const lines = (tail + text).split('\n');
      tail = lines.pop()!;
      for (const line of lines)
        if (/^(cut at|byte|whole)/.test(line)) {
          last = line;
          variants++;
        }
      clearTimeout(timer);
      timer = setTimeout(end, stall);
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-1_000_000);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      try {
        resolve(JSON.parse(output.trimEnd().split('\n').at(-1)!));
      } catch {
        const what = stalled ? `hangs for ${stall} ms` : `ended by ${signal ?? code}: ${tail}`;
        const none = { refused: 0, values: 0, exits: 0, exhausted: 0, deadlocks: 0 };
        resolve({ variants, ...none, host: [`${last}: ${what}`] });
      }
    });
  });
}
