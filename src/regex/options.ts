// Options of patterns and matches, as the module re has them.

/** What counts as a newline. */
export const enum Newline {
  Lf = 0,
  Cr = 1,
  CrLf = 2,
  AnyCrLf = 3,
  Any = 4,
}

export interface CompileOptions {
  unicode: boolean;
  ucp: boolean;
  anchored: boolean;
  caseless: boolean;
  dollarEndOnly: boolean;
  dotall: boolean;
  extended: boolean;
  firstline: boolean;
  multiline: boolean;
  noAutoCapture: boolean;
  dupnames: boolean;
  ungreedy: boolean;
  neverUtf: boolean;
  /** Nothing is skipped to find a start. */
  noStartOptimize: boolean;
  newline: Newline;
  /** \R matches CR, LF and CRLF only. */
  bsrAnyCrLf: boolean;
}

export interface MatchOptions {
  anchored: boolean;
  notbol: boolean;
  noteol: boolean;
  notempty: boolean;
  notemptyAtStart: boolean;
  /** What overrides the pattern's own choice. */
  newline?: Newline;
  /** How many steps a match may take before it is given up. */
  matchLimit: number;
}

export const DEFAULT_OPTIONS: CompileOptions = {
  unicode: false,
  ucp: false,
  anchored: false,
  caseless: false,
  dollarEndOnly: false,
  dotall: false,
  extended: false,
  firstline: false,
  multiline: false,
  noAutoCapture: false,
  dupnames: false,
  ungreedy: false,
  neverUtf: false,
  noStartOptimize: false,
  newline: Newline.Lf,
  bsrAnyCrLf: false,
};
