// The list of functions: sizes, and what a run did in each.
import type { FunctionData, PageData } from '../data.js';
import { escapeText } from './colours.js';
import { count, duration } from './numbers.js';

type Order = 'source' | 'name' | 'size' | 'calls' | 'time';

const ORDERS: Record<Order, (a: Entry, b: Entry) => number> = {
  source: (a, b) => a.index - b.index,
  name: (a, b) => (a.f.name < b.f.name ? -1 : 1),
  size: (a, b) => linesOf(b.f) - linesOf(a.f) || a.index - b.index,
  calls: (a, b) => (b.f.facts?.calls ?? 0) - (a.f.facts?.calls ?? 0) || a.index - b.index,
  time: (a, b) => timeOf(b.f) - timeOf(a.f) || ORDERS.calls(a, b),
};

interface Entry {
  f: FunctionData;
  index: number;
}

/** Lines of JavaScript of a function, in all its units. */
export function linesOf(f: FunctionData): number {
  return f.units.reduce((n, { rows }) => n + rows[1] - rows[0], 0);
}

/** Own time of a function in a run, in milliseconds, however it ran. */
export function timeOf(f: FunctionData): number {
  return f.facts === undefined ? 0 : f.facts.milliseconds + f.facts.interpreted;
}

export class FunctionList {
  private shown: number[] = [];
  private current = -1;

  constructor(
    private readonly data: PageData,
    private readonly list: HTMLElement,
    private readonly filter: HTMLInputElement,
    private readonly order: HTMLSelectElement,
    choose: (index: number) => void,
  ) {
    const orders: Order[] =
      data.run === undefined ? ['source', 'name', 'size'] : ['source', 'name', 'size', 'calls', 'time'];
    order.innerHTML = orders.map((o) => `<option>${o}</option>`).join('');
    if (data.run !== undefined) order.value = 'time';
    filter.addEventListener('input', () => this.draw());
    order.addEventListener('change', () => this.draw());
    list.addEventListener('click', (event) => {
      const entry = (event.target as Element).closest<HTMLElement>('[data-index]');
      if (entry !== null) choose(Number(entry.dataset.index));
    });
    list.addEventListener('keydown', (event) => {
      const at = this.shown.indexOf(this.current);
      const last = this.shown.length - 1;
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      const next = this.shown[Math.min(last, Math.max(0, to))];
      if (next !== undefined) choose(next);
    });
    filter.addEventListener('keydown', (event) => {
      if (this.shown.length === 0 || (event.key !== 'Enter' && event.key !== 'ArrowDown')) return;
      event.preventDefault();
      choose(this.shown[0]);
      if (event.key === 'ArrowDown') list.focus();
    });
    this.draw();
  }

  /** Shows which function one is in. */
  select(index: number): void {
    if (index === this.current) return;
    this.list.querySelector('[aria-selected="true"]')?.setAttribute('aria-selected', 'false');
    this.current = index;
    const entry = this.list.querySelector<HTMLElement>(`[data-index="${index}"]`);
    if (entry === null) return;
    entry.setAttribute('aria-selected', 'true');
    this.list.setAttribute('aria-activedescendant', entry.id);
    // Only the list scrolls, not what is around it.
    const { offsetTop, offsetHeight } = entry;
    const { scrollTop, clientHeight } = this.list;
    if (offsetTop < scrollTop || offsetTop + offsetHeight > scrollTop + clientHeight)
      this.list.scrollTop = offsetTop - clientHeight / 3;
  }

  private draw(): void {
    const wanted = this.filter.value.toLowerCase();
    const entries = this.data.functions
      .map((f, index) => ({ f, index }))
      .filter(({ f }) => f.name.toLowerCase().includes(wanted))
      .sort(ORDERS[this.order.value as Order]);
    this.shown = entries.map((e) => e.index);
    const most = Math.max(1e-9, ...this.data.functions.map(timeOf));
    this.list.innerHTML =
      entries.length === 0
        ? '<p class="none">No function has that in its name.</p>'
        : entries.map(({ f, index }) => this.html(f, index, most)).join('');
  }

  private html(f: FunctionData, index: number, most: number): string {
    const sizes = `${count(f.end - f.first)} → ${count(linesOf(f))}`;
    const { facts } = f;
    const calls = !facts?.calls ? '' : `<span title="calls">${count(facts.calls)}×</span>`;
    const time = timeOf(f) > 0 ? `<span title="own time">${duration(timeOf(f))}</span>` : '';
    const bar =
      facts === undefined ? '' : `<i style="width:${Math.round((timeOf(f) / most) * 1000) / 10}%"></i>`;
    const tier =
      facts === undefined ? '' : `<b class="tier ${facts.tier.replace(' ', '-')}" title="${facts.tier}"></b>`;
    return (
      `<div role="option" id="f${index}" data-index="${index}" aria-selected="${index === this.current}">` +
      `<span class="name">${tier}${escapeText(f.name)}${f.exported ? '' : ' <em title="not exported">·</em>'}</span>` +
      `<span class="size" title="BEAM instructions → lines of JavaScript">${sizes}</span>` +
      (calls === '' && time === '' ? '' : `<span class="counts">${bar}${calls}${time}</span>`) +
      `</div>`
    );
  }
}
