// Resume sites: places other than function entries where translated code may take over from the interpreter.

export interface Site {
  /** CodeFunction number. */
  fn: number;
  /** Index of the instruction in FunctionCode.code where it begins. */
  instruction: number;
  /** Live X registers there. */
  live: number;
}

export const sites: Site[] = [];
const free: number[] = [];

export function newSite(fn: number, instruction: number, live: number): number {
  const n = free.pop() ?? sites.length;
  sites[n] = { fn, instruction, live };
  return n;
}

/** The number is free again: the code is gone. */
export function giveSite(n: number): void {
  free.push(n);
}
