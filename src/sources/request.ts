// What the command asks of the process that compiles, and what that answers: files in a directory of their own.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Compiled, Dependency } from './cache.js';

/** How a source was compiled: what it gave, or only what the compiler said of its errors. */
export type Answer = Compiled | { output: string };

interface AnswerHead {
  output: string;
  module?: string;
  dependencies?: Dependency[];
}

/** The .beam file of a module in that directory, where sources that are compiled later find it. */
export function beamIn(directory: string, module: string): string {
  return join(directory, `${module}.beam`);
}

const headIn = (directory: string, index: number): string => join(directory, `${index}.json`);

/** Writes the answer for one source. */
export function writeAnswer(directory: string, index: number, answer: Answer): void {
  let head: AnswerHead = answer;
  if ('beam' in answer) {
    const { beam, ...rest } = answer;
    writeFileSync(beamIn(directory, answer.module), beam);
    head = rest;
  }
  writeFileSync(headIn(directory, index), JSON.stringify(head));
}

/** Reads it; undefined: there is none. */
export function readAnswer(directory: string, index: number): Answer | undefined {
  try {
    const { module, output, dependencies } = JSON.parse(
      readFileSync(headIn(directory, index), 'utf8'),
    ) as AnswerHead;
    if (module === undefined || dependencies === undefined) return { output };
    return { module, output, dependencies, beam: readFileSync(beamIn(directory, module)) };
  } catch {
    return undefined;
  }
}
