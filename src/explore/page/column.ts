// A column: as many rows as one likes, of which only those in view are in the document.
import { coloured, escapeText } from './colours.js';
import type { ColumnName, Links } from './links.js';

/** Height of a row in pixels, as the style sheet has it. */
export const ROW = 20;
/** Rows drawn beyond those in view, above and below. */
const MARGIN = 12;
/** How many colours lines of Erlang have. */
const BANDS = 8;

export interface ColumnOptions {
  name: ColumnName;
  title: string;
  rows: readonly string[];
  /** What stands in the margin of a row. */
  number: (row: number) => string;
  links: Links;
  /** Share of the samples that fell on a row, 0 to 1. */
  heat: (row: number) => number;
  /** What V8 deoptimised of a row; '' for nothing. */
  deoptimised: (row: number) => string;
  /** What stands below the head, above all rows; '' for nothing. */
  note: string;
  /** What the head says of the row that is on top. */
  context: (row: number) => string;
}

export class Column {
  readonly scroller: HTMLDivElement;
  private readonly content: HTMLDivElement;
  private readonly head: HTMLElement;
  private drawn: [number, number] = [0, 0];
  private lit: ReadonlySet<number> = new Set();
  private pinned: ReadonlySet<number> = new Set();
  private chosen = -1;
  private matches: ReadonlyMap<number, [number, number][]> = new Map();
  private match = -1;
  private waiting = false;

  constructor(
    readonly element: HTMLElement,
    private readonly options: ColumnOptions,
  ) {
    const { rows, title, number, note } = options;
    element.innerHTML =
      '<header><h2></h2><span class="context"></span></header><div class="scroller" tabindex="0"><div class="sheet"><div class="rows"></div></div></div>';
    element.querySelector('h2')!.textContent = title;
    if (note !== '') {
      const paragraph = document.createElement('p');
      paragraph.className = 'note';
      paragraph.textContent = note;
      element.querySelector('header')!.after(paragraph);
    }
    this.head = element.querySelector('.context')!;
    this.scroller = element.querySelector('.scroller')!;
    this.scroller.setAttribute('aria-label', title);
    this.content = element.querySelector('.rows')!;
    const sheet = element.querySelector<HTMLElement>('.sheet')!;
    sheet.style.height = `${rows.length * ROW}px`;
    const digits = Math.max(2, ...[rows.length - 1, 0].map((r) => number(Math.max(0, r)).length));
    const widest = rows.reduce((n, r) => Math.max(n, r.length), 0);
    sheet.style.setProperty('--digits', String(digits));
    sheet.style.minWidth = `calc(${Math.min(widest, 2000) + digits + 4}ch + 34px)`;
    this.scroller.addEventListener('scroll', () => this.later(), { passive: true });
    new ResizeObserver(() => this.later()).observe(this.scroller);
  }

  get length(): number {
    return this.options.rows.length;
  }

  isBlank(row: number): boolean {
    return this.options.rows[row]?.trim() === '';
  }

  /** The row under a point of the document, -1: none. */
  rowAt(target: EventTarget | null): number {
    const row = target instanceof Element ? target.closest<HTMLElement>('.row') : null;
    return row === null || !this.content.contains(row) ? -1 : Number(row.dataset.row);
  }

  /** The first row in view. */
  get top(): number {
    return Math.floor(this.scroller.scrollTop / ROW);
  }

  /** Where a row is, in pixels below the top of the page. */
  heightOf(row: number): number {
    return this.offsetOf(row) + this.scroller.getBoundingClientRect().top;
  }

  /** Brings a row to a place that heightOf has told, of another column perhaps. */
  showAt(row: number, height: number): void {
    this.show(row, height - this.scroller.getBoundingClientRect().top);
  }

  /** Where a row is, in pixels below the top of the view. */
  private offsetOf(row: number): number {
    return row * ROW - this.scroller.scrollTop;
  }

  /** Brings a row into view, `offset` pixels below the top; or, without, near the middle if it is not in view. */
  show(row: number, offset?: number): void {
    const { clientHeight } = this.scroller;
    const at = this.offsetOf(row);
    if (offset !== undefined) {
      if (Math.abs(at - offset) > 1) this.scroller.scrollTop = row * ROW - offset;
    } else if (at < ROW || at > clientHeight - 2 * ROW)
      this.scroller.scrollTop = row * ROW - clientHeight / 3;
    this.draw();
  }

  /** Lights rows up: those that are pointed at, those that are held, and the one that is chosen itself. */
  light(lit: ReadonlySet<number>, pinned: ReadonlySet<number>, chosen: number): void {
    this.lit = lit;
    this.pinned = pinned;
    this.chosen = chosen;
    for (const row of this.content.children) this.setClasses(row as HTMLElement);
  }

  /** Marks matches of a search, one of them as the one at hand. */
  mark(matches: ReadonlyMap<number, [number, number][]>, match: number): void {
    this.matches = matches;
    this.match = match;
    this.drawn = [0, 0];
    this.draw();
  }

  /** Draws before the next frame. */
  later(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  draw(): void {
    const { rows, context } = this.options;
    const first = Math.max(0, this.top - MARGIN);
    const end = Math.min(rows.length, this.top + Math.ceil(this.scroller.clientHeight / ROW) + MARGIN);
    const text = rows.length > 0 ? context(Math.min(this.top, rows.length - 1)) : '';
    if (this.head.textContent !== text) this.head.textContent = text;
    const [from, to] = this.drawn;
    if (first === from && end === to) return;
    this.drawn = [first, end];
    if (first >= to || end <= from) this.content.innerHTML = this.htmlOf(first, end);
    else {
      // Rows that stay in view stay as they are: somebody may be pointing at them, or selecting their text.
      for (let row = from; row < first; row++) this.content.firstElementChild!.remove();
      for (let row = to; row > end; row--) this.content.lastElementChild!.remove();
      this.content.insertAdjacentHTML('afterbegin', this.htmlOf(first, from));
      this.content.insertAdjacentHTML('beforeend', this.htmlOf(to, end));
    }
    this.content.style.transform = `translateY(${first * ROW}px)`;
    for (const row of this.content.children) this.setClasses(row as HTMLElement);
  }

  private htmlOf(first: number, end: number): string {
    let html = '';
    for (let row = first; row < end; row++) html += this.html(row);
    return html;
  }

  private html(row: number): string {
    const { name, rows, number, links, heat, deoptimised } = this.options;
    const erlang = links.erlangRow(name, row);
    const band = erlang < 0 ? '' : ` band b${erlang % BANDS}`;
    const share = heat(row);
    const bar =
      share > 0
        ? `<i style="width:${Math.max(2, Math.round(share * 100))}%" title="${percent(share)} of the samples"></i>`
        : '';
    const note = deoptimised(row);
    const flag = note === '' ? '' : `<b class="flag" title="${escapeText(note)}"></b>`;
    const text = coloured(name, rows[row], this.matches.get(row));
    return `<div class="row${band}" data-row="${row}"><span class="number">${bar}${flag}${number(row)}</span><code>${text || ' '}</code></div>`;
  }

  private setClasses(element: HTMLElement): void {
    const row = Number(element.dataset.row);
    element.classList.toggle('lit', this.lit.has(row));
    element.classList.toggle('pinned', this.pinned.has(row));
    element.classList.toggle('chosen', row === this.chosen);
    element.classList.toggle('match', row === this.match);
  }
}

export function percent(share: number): string {
  return `${share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100)} %`;
}
