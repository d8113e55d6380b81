// The strip below the head of the page: what was run, what came of it, and where the time went.
import type { RunData } from '../data.js';
import { escapeText } from './colours.js';
import { percent } from './column.js';
import { duration } from './numbers.js';

export function showRun(run: RunData, element: HTMLElement): void {
  const total = run.times.reduce((n, [, ms]) => n + ms, 0) || 1;
  const times = [...run.times].sort((a, b) => b[1] - a[1]);
  const bars = times
    .map(
      ([what, ms], i) =>
        `<i class="t${i % 7}" style="flex-grow:${ms}" title="${escapeText(what)}: ${duration(ms)}"></i>`,
    )
    .join('');
  const legend = times
    .map(
      ([what, ms], i) =>
        `<li><i class="t${i % 7}"></i>${escapeText(what)} <b>${percent(ms / total)}</b></li>`,
    )
    .join('');
  const notes =
    run.uncounted === '' ? '' : `<p class="note">Calls are not counted: ${escapeText(run.uncounted)}.</p>`;
  element.innerHTML =
    `<p class="call"><code>${escapeText(run.call)}</code> <span aria-label="gives">→</span> ` +
    `<code class="${run.failed ? 'failed' : 'value'}">${escapeText(run.result)}</code> <span class="muted">${duration(run.milliseconds)}</span></p>` +
    `<div class="times" aria-hidden="true">${bars}</div><ul class="legend">${legend}</ul>${notes}`;
  element.hidden = false;
}
