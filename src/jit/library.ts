// What generated code calls: slow paths, the ways out of a unit, helpers of instructions. A unit names what it uses and is
// given just that; ways out are made per shape (how many X and Y registers) when first asked for.
import { bifs } from '../bifs/table.js';
import type { CodeFunction, ExportEntry } from '../code/functions.js';
import { funUnits, lambdas } from '../code/lambdas.js';
import { numberToDouble } from '../interpret/numbers.js';
import { goesOn } from '../interpret/transitions.js';
import { allocate } from '../memory/allocate.js';
import { B, D, F, H, Reg, W, Why } from '../memory/arena.js';
import { current } from '../processes/current.js';
import { caughtValue, symbolicTrace } from '../processes/exceptions.js';
import {
  bindMarker,
  cancelReceiveTimer,
  clearMarker,
  reserveMarker,
  useMarker,
} from '../processes/receive.js';
import { sendMessage } from '../processes/send.js';
import { isBinaryTerm } from '../terms/access.js';
import {
  absolute,
  add,
  bitAnd,
  bitNot,
  bitOr,
  bitXor,
  divide,
  intDivide,
  multiply,
  negate,
  remainder,
  shiftLeft,
  shiftRight,
  subtract,
} from '../terms/arithmetic.js';
import { compare, equal, exactEqual } from '../terms/compare.js';
import { makeFloat } from '../terms/float.js';
import { copyMap } from '../terms/map-update.js';
import { NIL, Sentinel, type Term } from '../terms/tags.js';
import { buildingLibrary } from './bits-building.js';
import { matchingLibrary } from './bits-matching.js';
import { findAndKeep, findMapValue, placeOfKey, putInMap, updateInMap } from './maps.js';
import { boxWide, isWide, isWithin, loadWide } from './wide.js';

/** Asks for a function to be translated when compiled code calls it; set by translate.ts. */
export const onColdCall: { translate: (fn: CodeFunction) => boolean } = { translate: () => false };

const named: Record<string, unknown> = {
  ...matchingLibrary,
  ...buildingLibrary,
  H,
  B,
  D,
  F,
  W,
  isWide,
  loadWide,
  boxWide,
  isWithin,
  slowAdd: add,
  slowSubtract: subtract,
  slowMultiply: multiply,
  slowIntDivide: intDivide,
  slowRemainder: remainder,
  slowDivide: divide,
  slowBitAnd: bitAnd,
  slowBitOr: bitOr,
  slowBitXor: bitXor,
  slowShiftLeft: shiftLeft,
  slowShiftRight: shiftRight,
  slowBitNot: bitNot,
  slowNegate: negate,
  slowAbs: absolute,
  compare,
  equal,
  exactEqual,
  isBinary: isBinaryTerm,
  goesOn,
  toDouble: numberToDouble,
  boxFloat: makeFloat,
  allocate,
  copyMap,
  findMapValue,
  findAndKeep,
  placeOfKey,
  putInMap,
  updateInMap,
  sendMessage,
  caughtValue,
  symbolicTrace,
  /** loop_rec: the message to look at, or Sentinel.None. */
  peekMessage: (): Term => {
    const m = current.current();
    return m === null ? Sentinel.None : m.term;
  },
  /** Whether there is more to look at, once it has been let in. */
  hasArrivals: (): boolean => current.arrivals !== null,
  nextMessage: (): void => {
    current.before = current.current();
  },
  removeMessage: (): void => {
    current.removeCurrent();
    cancelReceiveTimer(current);
  },
  timedOut: (): void => {
    current.before = null;
    current.timer = 0;
  },
  /** Whether a lambda has no code. */
  isUnloaded: (k: number): boolean => lambdas[k].fn.entry === 0,
  reserveMarker: (): Term => reserveMarker(current),
  bindMarker: (marker: Term, reference: Term): void => bindMarker(current, marker, reference),
  clearMarker: (t: Term): void => clearMarker(current, t),
  useMarker: (t: Term): void => useMarker(current, t),
};

const made = new Map<string, unknown>();

/** What a name in generated code stands for. */
export function resolve(name: string): unknown {
  const known = named[name];
  if (known !== undefined) return known;
  let value = made.get(name);
  if (value === undefined && name.startsWith('captureCells_')) {
    const [hole, tag] = name.split('_').slice(1);
    value = makeCellCapture(Number(hole), Number(tag));
    made.set(name, value);
  }
  if (value === undefined) {
    const shape =
      /^(interpret|collect|yieldAt|waitAt|yieldLoop|capture|cold|coldExport|coldFun)_(\d+)(?:_(\d+))?$/.exec(
        name,
      );
    if (shape === null) throw new Error(`generated code names ${name}, which the library does not have`);
    value = makeExit(shape[1], Number(shape[2]), Number(shape[3] ?? 0));
    made.set(name, value);
  }
  return value;
}

const list = (prefix: string, n: number): string[] => Array.from({ length: n }, (_, i) => prefix + i);

/** Makes one of the ways out. Their sources are so regular that they are written here as text. */
function makeExit(kind: string, nx: number, ny: number): unknown {
  const xs = list('x', nx);
  const ys = list('y', ny);
  const saveX = `${xs.map((x, i) => `H[${i}] = ${x};`).join(' ')} H[${Reg.Live}] = ${nx};`;
  const saveY =
    ny === 0
      ? ''
      : `const c = H[${Reg.CaptureTop}]; ${ys.map((y, i) => `H[c + ${i}] = ${y};`).join(' ')} H[${Reg.CaptureTop}] = c + ${ny};`;
  const out = (why: Why): string =>
    `${saveX} ${saveY} H[${Reg.Pc}] = pc; H[${Reg.Reason}] = ${why}; return ${Sentinel.Unwind};`;
  const make = (parameters: string[], body: string): unknown =>
    new Function(
      'H',
      'onColdCall',
      'lambdas',
      'funUnits',
      `'use strict'; return function (${parameters.join(', ')}) { ${body} }`,
    )(H, onColdCall, lambdas, funUnits);
  switch (kind) {
    case 'interpret':
      return make(['pc', ...xs, ...ys], out(Why.Interpret));
    case 'collect':
      return make(['pc', 'need', ...xs, ...ys], `H[${Reg.Need}] = need; ${out(Why.Collect)}`);
    case 'yieldAt':
      return make(['pc', ...xs], out(Why.Yield));
    case 'waitAt':
    case 'yieldLoop': {
      // nx is the number of Y registers here; no X register survives a wait, and a receive loop needs none.
      const frame = list('y', nx);
      const top = `const c = H[${Reg.CaptureTop}]; ${frame.map((y, i) => `H[c + ${i}] = ${y};`).join(' ')} H[${Reg.CaptureTop}] = c + ${nx};`;
      const why = kind === 'waitAt' ? Why.Wait : Why.Yield;
      return make(
        ['pc', ...frame],
        `${nx === 0 ? '' : top} H[${Reg.Live}] = 0; H[${Reg.Pc}] = pc; H[${Reg.Reason}] = ${why}; return ${Sentinel.Unwind};`,
      );
    }
    case 'capture':
      return make(
        ['cp', ...list('y', nx)],
        `const c = H[${Reg.CaptureTop}]; H[c] = cp; ${list('y', nx)
          .map((y, i) => `H[c + ${i + 1}] = ${y};`)
          .join(' ')} H[${Reg.CaptureTop}] = c + ${nx + 1}; return ${Sentinel.Unwind};`,
      );
    case 'cold':
      return make(
        ['fn', ...xs],
        `if (onColdCall.translate(fn)) return fn.call(${xs.join(', ')}); const pc = fn.entry; ${out(Why.Interpret)}`,
      );
    case 'coldExport':
      return make(
        ['e', ...xs],
        `if (e.fn !== null && onColdCall.translate(e.fn)) return e.fn.call(${xs.join(', ')}); const pc = H[e.cell]; ${out(Why.Interpret)}`,
      );
    default:
      // coldFun: the function of a closure; the last argument is the fun.
      return make(
        ['k', ...xs, 'f'],
        `const fn = lambdas[k].fn; if (onColdCall.translate(fn)) return funUnits[k](${[...xs, 'f'].join(', ')}); const p = f >>> 3; const free = (H[p] >>> 8) - 3; ${xs.map((x, i) => `H[${i}] = ${x};`).join(' ')} for (let i = 0; i < free; i++) H[${nx} + i] = H[p + 4 + i]; H[${Reg.Live}] = ${nx} + free; H[${Reg.Pc}] = fn.entry; H[${Reg.Reason}] = ${Why.Interpret}; return ${Sentinel.Unwind};`,
      );
  }
}

/**
 * Makes what turns cells that wait for their hole to be filled into a frame: the first cell, the last, and as continuation a
 * FillHole instruction.
 */
function makeCellCapture(hole: number, tag: number): unknown {
  return new Function(
    'H',
    `'use strict'; return function (first, hole, cp) {
      H[hole] = ${NIL};
      const c = H[${Reg.CaptureTop}];
      H[c] = cp;
      H[c + 1] = first;
      H[c + 2] = (hole - ${hole}) << 3 | ${tag};
      H[${Reg.CaptureTop}] = c + 3;
      return ${Sentinel.Unwind};
    }`,
  )(H);
}

/** The wrapper that calls a closure's function with the free variables of the fun. */
export function closureEntry(fn: CodeFunction, arity: number, free: number): CodeFunction['call'] {
  const xs = list('x', arity);
  const rest = Array.from({ length: free }, (_, i) => `H[p + ${4 + i}]`);
  const label = JSON.stringify(`${fn.label} (fun)`);
  return new Function(
    'H',
    'unit',
    `'use strict'; return { ${label}: function (${[...xs, 'f'].join(', ')}) { const p = f >>> 3; return unit(${[...xs, ...rest].join(', ')}); } }[${label}];`,
  )(H, fn.call);
}

/** A BIF as generated code calls it. */
export function bifOf(e: ExportEntry): unknown {
  return bifs[e.bif];
}
