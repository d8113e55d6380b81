/** Exit code (or signal) and normalised output of a run. */
export interface ElixirOutcome {
  code: number | string;
  stdout: string;
  stderr: string;
}
export const FOLDER: string;
export const PROGRAMS: string[];
export const RUNS: [name: string, module: string, args: string[], input: string][];
export function outcome(command: string, args: string[], input: string): Promise<ElixirOutcome>;
export function native(module: string, args: string[], input: string): Promise<ElixirOutcome>;
export function sections(stdout: string): Record<string, string>;
