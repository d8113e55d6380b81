// What is known of a function: what it took, how its units came about, what they call and where they are left.
import type { FunctionData, PageData, UnitData } from '../data.js';
import { escapeText } from './colours.js';
import { linesOf } from './functions.js';
import { count, duration, plural } from './numbers.js';

const STOPS: Record<string, string> = {
  yield: 'reductions are used up',
  collect: 'the heap is full',
  wait: 'no message matches',
};

/** The details of a function as HTML. Elements with data-instruction or data-js lead to rows. */
export function detailsOf(f: FunctionData, data: PageData): string {
  const facts = f.facts;
  const parts = [
    `<h2>${escapeText(f.name)}</h2>`,
    `<p class="sizes">${plural(f.end - f.first, 'instruction')}, ${plural(f.units.length, 'unit')}, ${plural(linesOf(f), 'line')} of JavaScript${f.exported ? '' : ', not exported'}</p>`,
  ];
  if (f.note !== undefined) parts.push(`<p>${escapeText(f.note)}</p>`);
  if (facts !== undefined) {
    const rows: [string, string][] = [
      ['ran', facts.tier],
      ['calls', facts.calls === undefined ? `not counted: ${data.run!.uncounted}` : count(facts.calls)],
      [
        'own time',
        [
          ...(facts.milliseconds > 0 ? [`${duration(facts.milliseconds)} translated`] : []),
          ...(facts.interpreted > 0 ? [`${duration(facts.interpreted)} interpreted`] : []),
        ].join(', ') || 'no sample fell on it',
      ],
    ];
    parts.push(`<dl>${rows.map(([k, v]) => `<dt>${k}</dt><dd>${escapeText(v)}</dd>`).join('')}</dl>`);
    parts.push(table('Stack given up', facts.unwinds));
    parts.push(
      data.run!.untraced === ''
        ? table(
            'Deoptimised by V8',
            facts.deoptimisations.map(([reason, n]) => [reason, n]),
            facts.deoptimisations.map(([, , i]) => (i < 0 ? '' : place(i, data))),
          )
        : `<p>V8’s deoptimisations are not known: ${escapeText(data.run!.untraced)}</p>`,
    );
  }
  for (const u of f.units) parts.push(unit(u, data));
  return parts.join('');
}

/** @param links HTML behind the text of each row */
function table(title: string, rows: [string, number][], links: string[] = []): string {
  if (rows.length === 0) return '';
  return `<h3>${title}</h3><table>${rows.map(([what, n], i) => `<tr><td>${escapeText(what)} ${links[i] ?? ''}</td><td>${count(n)}×</td></tr>`).join('')}</table>`;
}

function unit(u: UnitData, data: PageData): string {
  const lines = `${plural(u.rows[1] - u.rows[0], 'line')}, ${duration(u.milliseconds)} to make`;
  const stops = [...new Set(u.stops.map(([, kind]) => kind))].map((kind) => {
    const places = u.stops.filter((s) => s[1] === kind).map(([instruction]) => place(instruction, data));
    return `<li>${STOPS[kind]} ${places.join(' ')}</li>`;
  });
  return (
    `<details open><summary><button type="button" data-js="${u.rows[0]}">${escapeText(u.name)}</button></summary>` +
    `<p>${escapeText(u.cause)}. <span class="muted">${lines}.</span></p>` +
    chips('Inlines', u.inlined) +
    chips('Calls', u.calls) +
    chips('Is given', u.library) +
    (u.leaves.length === 0
      ? ''
      : `<h3>Goes to the interpreter</h3><ul>${u.leaves.map(([i, reason]) => `<li>${escapeText(reason)} ${place(i, data)}</li>`).join('')}</ul>`) +
    (stops.length === 0 ? '' : `<h3>Stops when</h3><ul>${stops.join('')}</ul>`) +
    `</details>`
  );
}

function chips(title: string, names: string[]): string {
  if (names.length === 0) return '';
  return `<h3>${title}</h3><p class="chips">${names.map((n) => `<code>${escapeText(n)}</code>`).join(' ')}</p>`;
}

/** A link to an instruction, by its number in its function. */
function place(instruction: number, data: PageData): string {
  const f = data.functions.find((x) => instruction >= x.first && instruction < x.end);
  return `<button type="button" class="place" data-instruction="${instruction}">at ${instruction - (f?.first ?? 0)}</button>`;
}
