// What --stats prints.
import { elixirUsed, otpUsed } from '../code/path.js';
import { translatorLoader, unwinds } from '../interpret/transitions.js';
import { blockUse } from '../memory/blocks.js';
import { collections } from '../memory/collect.js';
import { exitHooks } from '../processes/exit.js';
import type { Process } from '../processes/process.js';
import { allProcesses } from '../processes/table.js';
import { atomCount } from '../terms/atoms.js';
import { printError } from './output.js';

export interface Stats {
  /** The program begins. */
  begin(): void;
  end(): void;
  print(): Promise<void>;
}

/** Starts counting. */
export function startStats(): Stats {
  let reductions = 0;
  let processes = 0;
  // The reductions of its last slice are added to a process after it has ended.
  let last: Process | undefined;
  exitHooks.onExit.push((p) => {
    if (last !== undefined) reductions += last.reductions;
    last = p;
    processes++;
  });
  let began = 0;
  let ended = 0;
  return {
    begin: () => (began = performance.now()),
    end: () => (ended = performance.now()),
    async print() {
      if (last !== undefined) reductions += last.reductions;
      const alive = allProcesses();
      for (const p of alive) reductions += p.reductions;
      const { words, peak } = blockUse();
      const lines: [string, string][] = [
        ['start-up', milliseconds(began)],
        ['run', milliseconds(ended - began)],
        ['reductions', count(reductions)],
        ['processes', `${count(processes + alive.length)}, ${count(alive.length)} alive at the end`],
        [
          'collections',
          `${count(collections.minor)} minor, ${count(collections.major)} major, ${bytes(collections.wordsCopied)} copied`,
        ],
      ];
      if (translatorLoader.loaded) {
        const { translation } = await import('../jit/translate.js');
        lines.push([
          'translated',
          `${count(translation.units)} units in ${milliseconds(translation.milliseconds)}, ${count(translation.failures)} left to the interpreter`,
        ]);
      } else lines.push(['translated', 'nothing']);
      lines.push(
        [
          'unwinds',
          `${count(unwinds.yields)} yields, ${count(unwinds.collections)} collections, ${count(unwinds.leaves)} to the interpreter, ${count(unwinds.others)} others`,
        ],
        ['atoms', count(atomCount())],
        ['heap', `${bytes(words)} in use, ${bytes(peak)} at most`],
      );
      const otp = otpUsed();
      lines.push([
        'OTP',
        otp === undefined ? 'not needed, or none there' : `${otp.release} in ${otp.root} (${otp.found})`,
      ]);
      const elixir = elixirUsed();
      if (elixir !== undefined)
        lines.push(['Elixir', `${elixir.version ?? 'unknown version'} in ${elixir.lib} (${elixir.found})`]);
      for (const [name, text] of lines) printError(`${name.padEnd(12)}${text}\n`);
    },
  };
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}

function count(n: number): string {
  return n.toLocaleString('en-US');
}

function bytes(words: number): string {
  const n = words * 4;
  if (n < 10 * 1024) return `${count(n)} bytes`;
  return n < 10 * 1024 * 1024 ? `${(n / 1024).toFixed(0)} KB` : `${(n / 1024 / 1024).toFixed(0)} MB`;
}
