// What the explorer's page is given: everything it shows, as one JSON object. Made by collect.ts, read by page/.

/** The page's data. Rows are lines of a column, from 0; instructions are numbered through the module. */
export interface PageData {
  module: string;
  /** File name, and what else is known of it: OTP release, size. */
  file: string;
  about: string;
  erlang: {
    /** What the column shows; heads name files if there are several. */
    rows: string[];
    /** For each row the line in its file, 0: a head. */
    lines: number[];
    /** Why there is no text; '' if there is. */
    missing: string;
    /** What one must know of the text: that it is not what somebody wrote; '' if it is. */
    note: string;
  };
  beam: {
    rows: string[];
    /** For each row its instruction, -1: none. */
    instructions: number[];
  };
  js: {
    rows: string[];
    instructions: number[];
    /** Further instructions that have text in a row: row, instruction, ... */
    more: number[];
  };
  /** For each instruction the row of the Erlang column that it comes from, -1: none. */
  erlangRows: number[];
  functions: FunctionData[];
  run?: RunData;
}

export interface FunctionData {
  name: string;
  exported: boolean;
  /** Instructions [first, end). */
  first: number;
  end: number;
  /** Rows of the BEAM column [from, to), and the first row of the Erlang column, -1: none. */
  beam: [number, number];
  erlang: number;
  units: UnitData[];
  /** Why there is no unit. */
  note?: string;
  facts?: FunctionFacts;
}

export interface UnitData {
  /** As in `fib:fib/1+13`. */
  name: string;
  /** Rows of the JavaScript column [from, to). */
  rows: [number, number];
  cause: string;
  milliseconds: number;
  inlined: string[];
  calls: string[];
  library: string[];
  /** Where it is left for the interpreter: instruction and reason. */
  leaves: [number, string][];
  /** Where it stops for reductions, memory and messages. */
  stops: [number, string][];
}

/** What a run did in one function. */
export interface FunctionFacts {
  /** undefined: it was not counted. */
  calls?: number;
  /** Own time in units, with the routines of the engine that they call, in milliseconds; and in the interpreter. */
  milliseconds: number;
  interpreted: number;
  /** Where it ran at the end. */
  tier: 'translated' | 'interpreted' | 'not run';
  /** How often its units gave up the JavaScript stack, by reason. */
  unwinds: [reason: string, count: number][];
  /** V8's deoptimisations of its units: reason, how often, at which instruction (-1: not known). */
  deoptimisations: [reason: string, count: number, instruction: number][];
}

export interface RunData {
  /** As the user wrote it. */
  call: string;
  /** The value, or what happened instead; shortened. */
  result: string;
  failed: boolean;
  milliseconds: number;
  /** Where the time went: units, interpreter, collector... */
  times: [what: string, milliseconds: number][];
  /** Why there are no counts of calls; '' if there are. */
  uncounted: string;
  /** Why there are no deoptimisations; '' if there are. */
  untraced: string;
  /** Samples of the profiler that fell on an instruction of a unit: instruction, count, ... */
  samples: number[];
  /** The same, and of interpreted code, by row of the Erlang column: row, count, ... */
  lineSamples: number[];
}
