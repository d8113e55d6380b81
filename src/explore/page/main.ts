// The explorer's page: three columns, of which each says what belongs to a line of another.
import type { PageData } from '../data.js';
import { Column } from './column.js';
import { detailsOf } from './details.js';
import { FunctionList, timeOf } from './functions.js';
import { COLUMNS, type ColumnName, type Linked, Links } from './links.js';
import { count, plural } from './numbers.js';
import { showRun } from './run.js';
import { type Found, find } from './search.js';
import { addSplits } from './splits.js';

const get = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;

const data = JSON.parse(get('data').textContent!) as PageData;
const links = new Links(data);
const NOTHING: ReadonlySet<number> = new Set();
const NARROW = matchMedia('(max-width: 760px)');

// ---- what is shown

get('module').textContent = data.module;
get('about').textContent = `${data.file} · ${data.about}`;
if (data.run !== undefined) showRun(data.run, get('run'));

/** Share of the samples, by row of the Erlang and the BEAM column. */
const heat = heatOf();

function heatOf(): Record<'erlang' | 'beam', Map<number, number>> {
  const shares = { erlang: new Map<number, number>(), beam: new Map<number, number>() };
  const share = (samples: readonly number[], to: Map<number, number>, rowOf: (n: number) => number): void => {
    let total = 0;
    for (let i = 1; i < samples.length; i += 2) total += samples[i];
    for (let i = 0; i < samples.length; i += 2) {
      const row = rowOf(samples[i]);
      if (row >= 0) to.set(row, (to.get(row) ?? 0) + samples[i + 1] / total);
    }
  };
  share(data.run?.lineSamples ?? [], shares.erlang, (row) => row);
  share(data.run?.samples ?? [], shares.beam, (instruction) => links.rowOf(instruction));
  return shares;
}

/** What V8 deoptimised, by row of the same columns. */
const deoptimised = { erlang: new Map<number, string>(), beam: new Map<number, string>() };
for (const { facts } of data.functions)
  for (const [reason, n, instruction] of facts?.deoptimisations ?? []) {
    const note = `deoptimised by V8: ${reason}, ${count(n)}×`;
    const rows = { erlang: data.erlangRows[instruction] ?? -1, beam: links.rowOf(instruction) };
    for (const column of ['erlang', 'beam'] as const) {
      const before = deoptimised[column].get(rows[column]);
      if (rows[column] >= 0)
        deoptimised[column].set(rows[column], before === undefined ? note : `${before}\n${note}`);
    }
  }

/** The function that a row of a column belongs to, -1: none. */
const functionAt: Record<ColumnName, (row: number) => number> = {
  erlang: indexBy((f) => f.erlang),
  beam: indexBy((f) => f.beam[0]),
  js: (row) => unitAt(row)?.[0] ?? -1,
};

/** Functions by where they begin: finds the last one that begins at a row or before. */
function indexBy(start: (f: PageData['functions'][number]) => number): (row: number) => number {
  const starts = data.functions
    .map((f, index) => [start(f), index])
    .filter(([at]) => at >= 0)
    .sort((a, b) => a[0] - b[0]);
  return (row) => {
    let lo = -1;
    for (let a = 0, b = starts.length; a < b; ) {
      const mid = (a + b) >> 1;
      if (starts[mid][0] <= row) {
        lo = mid;
        a = mid + 1;
      } else b = mid;
    }
    return lo < 0 ? -1 : starts[lo][1];
  };
}

const unitStarts = data.functions
  .flatMap((f, index) => f.units.map((u): [number, number, string] => [u.rows[0], index, u.name]))
  .sort((a, b) => a[0] - b[0]);

function unitAt(row: number): [index: number, name: string] | undefined {
  let found: [number, string] | undefined;
  for (let a = 0, b = unitStarts.length; a < b; ) {
    const mid = (a + b) >> 1;
    if (unitStarts[mid][0] <= row) {
      found = [unitStarts[mid][1], unitStarts[mid][2]];
      a = mid + 1;
    } else b = mid;
  }
  return found;
}

const nameAt = (column: ColumnName, row: number): string =>
  column === 'js' ? (unitAt(row)?.[1] ?? '') : (data.functions[functionAt[column](row)]?.name ?? '');

const columns: Record<ColumnName, Column> = {
  erlang: new Column(get('erlang'), {
    name: 'erlang',
    title: 'Erlang',
    rows: data.erlang.rows,
    number: (row) => String(data.erlang.lines[row] || ''),
    note: data.erlang.note,
    links,
    heat: (row) => heat.erlang.get(row) ?? 0,
    deoptimised: (row) => deoptimised.erlang.get(row) ?? '',
    context: (row) => nameAt('erlang', row),
  }),
  beam: new Column(get('beam'), {
    name: 'beam',
    title: 'BEAM',
    rows: data.beam.rows,
    number: (row) => {
      const instruction = data.beam.instructions[row] ?? -1;
      const f = data.functions[functionAt.beam(row)];
      return instruction < 0 || f === undefined ? '' : String(instruction - f.first);
    },
    note: '',
    links,
    heat: (row) => heat.beam.get(row) ?? 0,
    deoptimised: (row) => deoptimised.beam.get(row) ?? '',
    context: (row) => nameAt('beam', row),
  }),
  js: new Column(get('js'), {
    name: 'js',
    title: 'JavaScript',
    rows: data.js.rows,
    number: (row) => String(row + 1),
    note: '',
    links,
    heat: () => 0,
    deoptimised: () => '',
    context: (row) => nameAt('js', row),
  }),
};
if (data.erlang.missing !== '') {
  const note = document.createElement('p');
  note.className = 'missing';
  note.textContent = data.erlang.missing;
  columns.erlang.scroller.prepend(note);
}

addSplits(
  COLUMNS.map((name) => columns[name].element),
  document.querySelector('main')!,
  () => {
    for (const name of COLUMNS) columns[name].later();
  },
);

// ---- lighting up what belongs together

interface Place {
  column: ColumnName;
  row: number;
}
let pinned: Place | undefined;
let pinnedLinks: Linked | undefined;
let pointed: Place | undefined;

function light(): void {
  const over = pointed === undefined ? undefined : links.of(pointed.column, pointed.row);
  for (const name of COLUMNS)
    columns[name].light(
      over?.[name] ?? NOTHING,
      pinnedLinks?.[name] ?? NOTHING,
      pinned?.column === name ? pinned.row : -1,
    );
  tell(pointed ?? pinned);
}

/** Says in the foot of the page what a line is and what belongs to it. */
function tell(place: Place | undefined): void {
  const status = get('status');
  if (place === undefined) {
    status.textContent =
      'Point at a line: what belongs to it lights up in the other columns. ? tells the keys.';
    get('jumps').replaceChildren();
    return;
  }
  const { column, row } = place;
  const linked = links.of(column, row);
  const erlang = links.erlangRow(column, row);
  const where = erlang < 0 ? '' : `line ${data.erlang.lines[erlang]}`;
  if (linked.beam.size + linked.js.size + linked.erlang.size === 1) {
    const name = nameAt(column, row);
    status.textContent = `${name === '' ? '' : `${name} · `}nothing is known to come from this line alone`;
    get('jumps').replaceChildren();
    return;
  }
  const parts = [
    nameAt(column, row),
    where,
    ...(column === 'beam' ? [] : [plural(linked.beam.size, 'instruction')]),
    ...(column === 'js' ? [] : [`${plural(linked.js.size, 'line')} of JavaScript`]),
  ];
  status.textContent = parts.filter((p) => p !== '').join(' · ');
  get('jumps').replaceChildren(
    ...COLUMNS.filter((name) => name !== column && linked[name].size > 0).map((name) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = `${TITLES[name]} ${count(linked[name].size)}`;
      button.addEventListener('click', () => moveTo(name));
      return button;
    }),
  );
}
const TITLES: Record<ColumnName, string> = { erlang: 'Erlang', beam: 'BEAM', js: 'JavaScript' };

/** Holds a line, and brings what belongs to it into view beside it. */
function pin(place: Place | undefined, follow = true): void {
  pinned = place;
  pinnedLinks = place === undefined ? undefined : links.of(place.column, place.row);
  pointed = undefined;
  if (place !== undefined && follow) {
    columns[place.column].show(place.row);
    const height = columns[place.column].heightOf(place.row);
    for (const name of COLUMNS) {
      const first = links.first(name, pinnedLinks!);
      if (name !== place.column && first >= 0) columns[name].showAt(first, height);
    }
    choose(functionAt[place.column](place.row), false);
  }
  light();
}

for (const name of COLUMNS) {
  const { scroller } = columns[name];
  scroller.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'touch') return;
    const row = columns[name].rowAt(event.target);
    const next = row < 0 ? undefined : { column: name, row };
    if (next?.row === pointed?.row && next?.column === pointed?.column) return;
    pointed = next;
    light();
  });
  scroller.addEventListener('pointerleave', () => {
    pointed = undefined;
    light();
  });
  scroller.addEventListener('click', (event) => {
    const row = columns[name].rowAt(event.target);
    if (row < 0 || getSelection()?.isCollapsed === false) return;
    if (columns[name].isBlank(row)) {
      pin(undefined);
      return;
    }
    pin(pinned?.column === name && pinned.row === row ? undefined : { column: name, row });
  });
  scroller.addEventListener('focus', () => {
    active = name;
  });
}
let active: ColumnName = data.erlang.rows.length > 0 ? 'erlang' : 'beam';

/** Goes to what belongs to the pinned, or the pointed, line in another column. */
function moveTo(column: ColumnName): void {
  const from = pinned ?? pointed;
  const row = from === undefined ? columns[column].top : links.first(column, links.of(from.column, from.row));
  if (row < 0) return;
  showTab(column);
  pin({ column, row });
  columns[column].scroller.focus({ preventScroll: true });
}

// ---- functions

const list = new FunctionList(data, get('list'), get('filter'), get('order'), (index) => {
  choose(index);
  if (NARROW.matches) openFunctions(false);
});
let chosen = -1;

/** Shows a function: its details, and, if asked, the function itself in all columns. */
function choose(index: number, goThere = true): void {
  const f = data.functions[index];
  if (f === undefined) return;
  list.select(index);
  if (index !== chosen) {
    chosen = index;
    get('details').innerHTML = detailsOf(f, data);
    get('details').scrollTop = 0;
  }
  if (!goThere) return;
  if (f.erlang >= 0) columns.erlang.show(f.erlang, 0);
  columns.beam.show(f.beam[0], 0);
  if (f.units.length > 0) columns.js.show(f.units[0].rows[0], 0);
  pin(undefined);
}

get('details').addEventListener('click', (event) => {
  const button = (event.target as Element).closest<HTMLElement>('button');
  if (button === null) return;
  event.preventDefault();
  if (NARROW.matches) openFunctions(false);
  if (button.dataset.js !== undefined) {
    showTab('js');
    columns.js.show(Number(button.dataset.js), 0);
  } else if (button.dataset.instruction !== undefined) {
    showTab('beam');
    pin({ column: 'beam', row: links.rowOf(Number(button.dataset.instruction)) });
  }
});

function openFunctions(open: boolean): void {
  document.body.classList.toggle('functions-open', open);
  get('open-functions').setAttribute('aria-expanded', String(open));
  if (open) get('filter').focus();
}
for (const name of COLUMNS) get(name).addEventListener('pointerdown', () => openFunctions(false));
get('open-functions').addEventListener('click', () => {
  openFunctions(!document.body.classList.contains('functions-open'));
});

// ---- tabs, on narrow screens

function showTab(column: ColumnName): void {
  document.body.dataset.tab = column;
  active = column;
  for (const name of COLUMNS) get(`tab-${name}`).setAttribute('aria-selected', String(name === column));
  columns[column].draw();
}
for (const name of COLUMNS)
  get(`tab-${name}`).addEventListener('click', () => {
    showTab(name);
    const row = pinned === undefined ? -1 : links.first(name, links.of(pinned.column, pinned.row));
    if (row >= 0) columns[name].show(row);
  });

// ---- searching

let found: Found = find('', { erlang: [], beam: [], js: [] });
let match = -1;
const search = get<HTMLInputElement>('search');

function look(): void {
  found = find(search.value, { erlang: data.erlang.rows, beam: data.beam.rows, js: data.js.rows });
  match = -1;
  showMatches();
}

function showMatches(): void {
  const { matches, parts } = found;
  const at = matches[match];
  for (const name of COLUMNS) columns[name].mark(parts[name], at?.column === name ? at.row : -1);
  get('matches').textContent =
    search.value === ''
      ? ''
      : matches.length === 0
        ? 'nothing'
        : match < 0
          ? `${plural(matches.length, 'line')}${found.isCut ? ' or more' : ''}`
          : `${count(match + 1)} of ${count(matches.length)}${found.isCut ? '+' : ''}`;
  for (const id of ['previous', 'next']) get<HTMLButtonElement>(id).disabled = matches.length === 0;
}

function goToMatch(step: number): void {
  const n = found.matches.length;
  if (n === 0) return;
  match = match < 0 ? (step > 0 ? 0 : n - 1) : (match + step + n) % n;
  const { column, row } = found.matches[match];
  showTab(column);
  showMatches();
  columns[column].show(row);
}

let typing = 0;
search.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(look, 80);
});
search.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter') return;
  clearTimeout(typing);
  if (match < 0) look();
  goToMatch(event.shiftKey ? -1 : 1);
});
get('next').addEventListener('click', () => goToMatch(1));
get('previous').addEventListener('click', () => goToMatch(-1));

// ---- light and dark

const THEME = 'turbeam-explorer-theme';

function setTheme(theme: string): void {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(THEME, theme);
  } catch {
    // A page from a file may have no storage: then the choice holds as long as the page.
  }
}
try {
  const kept = localStorage.getItem(THEME);
  if (kept === 'light' || kept === 'dark') document.documentElement.dataset.theme = kept;
} catch {
  // See above.
}
function otherTheme(): void {
  const now = document.documentElement.dataset.theme;
  const isDark = now === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : now === 'dark';
  setTheme(isDark ? 'light' : 'dark');
}
get('theme').addEventListener('click', otherTheme);

// ---- keys

const help = get<HTMLDialogElement>('help');
get('open-help').addEventListener('click', () => help.showModal());

/** Moves the pinned line by rows; without one, begins at the top of the column. */
function step(rows: number): void {
  const from = pinned?.column === active ? pinned.row : columns[active].top - rows;
  const row = Math.min(columns[active].length - 1, Math.max(0, from + rows));
  if (row >= 0) pin({ column: active, row });
}

/** Goes to the nearest column on one side that has something for the line. */
function sideways(by: number): void {
  const from = pinned ?? { column: active, row: columns[active].top };
  const linked = links.of(from.column, from.row);
  for (let i = COLUMNS.indexOf(from.column) + by; i >= 0 && i < COLUMNS.length; i += by)
    if (linked[COLUMNS[i]].size > 0) {
      moveTo(COLUMNS[i]);
      return;
    }
}

/** Goes to the function before or behind the one at hand. */
function nextFunction(by: number): void {
  const order = data.functions
    .map((f, index) => [f.beam[0], index])
    .sort((a, b) => a[0] - b[0])
    .map(([, index]) => index);
  const at = order.indexOf(chosen);
  choose(order[at < 0 ? 0 : Math.min(order.length - 1, Math.max(0, at + by))]);
}

const KEYS: Record<string, () => void> = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  j: () => step(1),
  k: () => step(-1),
  ArrowLeft: () => sideways(-1),
  ArrowRight: () => sideways(1),
  h: () => sideways(-1),
  l: () => sideways(1),
  '[': () => nextFunction(-1),
  ']': () => nextFunction(1),
  '/': () => search.select(),
  f: () => {
    openFunctions(true);
    get('filter').focus();
  },
  t: otherTheme,
  '?': () => help.showModal(),
};

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  const target = event.target as HTMLElement;
  if (event.key === 'Escape') {
    if (search.value !== '') {
      search.value = '';
      look();
    }
    target.blur?.();
    openFunctions(false);
    pin(undefined);
    return;
  }
  if (/^(INPUT|SELECT)$/.test(target.tagName)) return;
  const action = KEYS[event.key];
  if (action === undefined) return;
  event.preventDefault();
  action();
});

// ---- the beginning

showTab(active);
for (const name of COLUMNS) columns[name].draw();
const busiest = data.functions.reduce(
  (best, f, i) => (timeOf(f) > timeOf(data.functions[best]) ? i : best),
  0,
);
choose(busiest, data.run !== undefined);
light();
