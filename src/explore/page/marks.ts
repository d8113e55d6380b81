// What a run left in the margin of a line: how much time was spent there, and what V8 deoptimised.
import type { PageData } from '../data.js';
import type { Links } from './links.js';
import { count } from './numbers.js';

/** By row, for the columns that have margins. */
type ByColumn<T> = Record<'erlang' | 'beam', Map<number, T>>;

export interface Marks {
  /** Share of the samples, 0 to 1. */
  heat: ByColumn<number>;
  /** A line for each reason. */
  deoptimised: ByColumn<string>;
}

export function marksOf(data: PageData, links: Links): Marks {
  return { heat: heatOf(data, links), deoptimised: deoptimisedOf(data, links) };
}

function heatOf({ run }: PageData, links: Links): Marks['heat'] {
  const heat: Marks['heat'] = { erlang: new Map(), beam: new Map() };
  const share = (samples: readonly number[], to: Map<number, number>, rowOf: (n: number) => number): void => {
    let total = 0;
    for (let i = 1; i < samples.length; i += 2) total += samples[i];
    for (let i = 0; i < samples.length; i += 2) {
      const row = rowOf(samples[i]);
      if (row >= 0) to.set(row, (to.get(row) ?? 0) + samples[i + 1] / total);
    }
  };
  share(run?.lineSamples ?? [], heat.erlang, (row) => row);
  share(run?.samples ?? [], heat.beam, (instruction) => links.rowOf(instruction));
  return heat;
}

function deoptimisedOf(data: PageData, links: Links): Marks['deoptimised'] {
  const deoptimised: Marks['deoptimised'] = { erlang: new Map(), beam: new Map() };
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
  return deoptimised;
}
