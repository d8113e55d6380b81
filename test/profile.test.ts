// Profilers show units under their Erlang names: Chrome DevTools, through the inspector protocol, and node --cpu-prof.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { command, ROOT } from './support/turbeam.js';

const RUNNER = fileURLToPath(new URL('support/profile-runner.mjs', import.meta.url));

/** A hot program, its value, and the functions that must be seen, with the script that DevTools lists them under. */
const HOT: [file: string, call: string, value: string, functions: Record<string, string>][] = [
  ['fib', 'fib:run(29)', '514229', { 'fib:fib/1': 'turbeam/fib/fib_1.js' }],
  [
    'nqueens',
    'nqueens:run(10)',
    '724',
    {
      'nqueens:safe/3': 'turbeam/nqueens/safe_3.js',
      'nqueens:try_columns/5': 'turbeam/nqueens/try_columns_5.js',
    },
  ],
];

interface Frame {
  name: string;
  url: string;
  samples: number;
}

/** Samples of a function in all its call frames; undefined if it is in none. */
function samplesOf(frames: Frame[], name: string, url: string): number | undefined {
  const found = frames.filter((f) => f.name === name && f.url.endsWith(url));
  return found.length === 0 ? undefined : found.reduce((n, f) => n + f.samples, 0);
}

describe.each(HOT)('%s', (program, call, value, functions) => {
  const file = `examples/${program}.beam`;

  it.concurrent.each(['auto', 'eager'])('DevTools, --jit=%s', async (jit) => {
    const { stdout } = await command(process.execPath, [RUNNER, file, call, JSON.stringify({ jit })]);
    const result = JSON.parse(stdout) as { value: string; frames: [string, string, number][] };
    expect(result.value).toBe(value);
    const frames = result.frames.map(([name, url, samples]) => ({ name, url, samples }));
    for (const [name, url] of Object.entries(functions))
      expect(samplesOf(frames, name, url)).toBeGreaterThan(0);
  });

  it.concurrent('node --cpu-prof', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'turbeam-'));
    try {
      const options = ['--cpu-prof', `--cpu-prof-dir=${directory}`, '--cpu-prof-interval=200'];
      const { stdout } = await command(process.execPath, [
        ...options,
        `${ROOT}dist/bin/turbeam.js`,
        'run',
        file,
        '--call',
        call,
      ]);
      expect(stdout).toBe(`${value}\n`);
      const [profile] = readdirSync(directory).filter((f) => f.endsWith('.cpuprofile'));
      const { nodes } = JSON.parse(readFileSync(join(directory, profile!), 'utf8')) as {
        nodes: { callFrame: { functionName: string; url: string }; hitCount: number }[];
      };
      const frames = nodes.map(({ callFrame, hitCount }) => ({
        name: callFrame.functionName,
        url: callFrame.url,
        samples: hitCount,
      }));
      for (const [name, url] of Object.entries(functions))
        expect(samplesOf(frames, name, url)).toBeGreaterThan(0);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
