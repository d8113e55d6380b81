// The picture of the chart in the README, light and dark, made of bench/results.json; needs chromium.
//   tsx bench/picture.ts
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chartPage } from '../dist/cli/bench/chart.js';
import type { Engine } from '../dist/cli/bench/engines.js';
import type { ProgramResult } from '../dist/cli/bench/results.js';
import type { Times } from './readme.js';

const SHOWN: Engine[] = ['interpreter', 'jit', 'native'];
const WIDTH = 880;
/** Only the chart of the steady state, without what a picture has no use for. */
const STYLE = `<style>
header, .means, main > section ~ section, .choice, section > p, h2, .ends { display: none; }
main { max-width: none; padding: 0; }
section { margin: 0; border: 0; border-radius: 0; padding: 16px 20px 12px; }
</style>`;

const times = JSON.parse(readFileSync(new URL('results.json', import.meta.url), 'utf8')) as Times[];
const results: ProgramResult[] = times.map(({ program, engines }) => ({
  program,
  file: '',
  engines: Object.fromEntries(
    SHOWN.filter((e) => engines[e] !== undefined).map((e) => {
      const { median, low = median, high = median } = engines[e]!;
      const interval = { low, high, level: 0.95 };
      return [e, { first: [median], warmUp: [], times: [[median]], median, interval, value: '' }];
    }),
  ),
}));
const page = chartPage({
  format: 1,
  date: '',
  machine: { cpu: undefined, cores: 0, node: '', otp: undefined },
  size: 'default',
  runs: 0,
  unit: 'ms',
  results,
}).replace('</head>', `${STYLE}</head>`);
const folder = mkdtempSync(join(tmpdir(), 'turbeam-'));
writeFileSync(join(folder, 'chart.html'), page);
const bars = results.reduce((n, r) => n + Object.keys(r.engines).length - 1, SHOWN.length - 1);
const height = 28 + 31 + 20 + (results.length + 1) * 9 + bars * 17;
for (const theme of ['dark', 'light']) {
  execFileSync('chromium', [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    `--user-data-dir=${join(folder, theme)}`,
    `--blink-settings=preferredColorScheme=${theme === 'dark' ? 0 : 1}`,
    `--window-size=${WIDTH},${height}`,
    `--screenshot=${fileURLToPath(new URL(`../.github/bench-${theme}.png`, import.meta.url))}`,
    `file://${join(folder, 'chart.html')}`,
  ]);
}
rmSync(folder, { recursive: true, force: true });
