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

export function newSite(fn: number, instruction: number, live: number): number {
  return sites.push({ fn, instruction, live }) - 1;
}
