// The order of terms (Erlang Reference Manual, Expressions, Term Comparisons): number < atom < reference < fun <
// port < pid < tuple < map < nil < list < bitstring. What is nested goes to a stack of our own, so that no
// term, however deep, overflows the JavaScript stack.
import { B, D, H } from '../memory/arena.js';
import { binaryBytes, mapSize } from './access.js';
import { am, atomName } from './atoms.js';
import { floatValue, isFloat } from './float.js';
import { externalHooks } from './fun-hooks.js';
import { compareKeys } from './hamt-compare.js';
import { compareNumbers } from './number-compare.js';
import { Imm, Kind, LocalPid, Tag, type Term } from './tags.js';

const enum Rank {
  Number = 0,
  Atom = 1,
  Reference = 2,
  Fun = 3,
  Port = 4,
  Pid = 5,
  Tuple = 6,
  Record = 7,
  Map = 8,
  Nil = 9,
  List = 10,
  Bitstring = 11,
}

const boxedRanks = new Uint8Array(256);
for (const [kind, rank] of [
  [Kind.Float, Rank.Number],
  [Kind.PositiveBig, Rank.Number],
  [Kind.NegativeBig, Rank.Number],
  [Kind.Reference, Rank.Reference],
  [Kind.ExternalReference, Rank.Reference],
  [Kind.Fun, Rank.Fun],
  [Kind.ExportFun, Rank.Fun],
  [Kind.ExternalPort, Rank.Port],
  [Kind.ExternalPid, Rank.Pid],
  [Kind.Tuple, Rank.Tuple],
  [Kind.Record, Rank.Record],
  [Kind.FlatMap, Rank.Map],
  [Kind.HashMap, Rank.Map],
  [Kind.HeapBinary, Rank.Bitstring],
  [Kind.RefcBinary, Rank.Bitstring],
  [Kind.SubBinary, Rank.Bitstring],
]) {
  boxedRanks[kind!] = rank!;
}

function rankOf(t: Term): Rank {
  if ((t & 1) === 0) return Rank.Number;
  switch (t & Tag.Mask) {
    case Tag.Cons:
      return Rank.List;
    case Tag.Boxed:
      return boxedRanks[H[t >>> 3]! & Kind.Mask]!;
  }
  switch (t & Imm.Mask) {
    case Imm.Atom:
      return Rank.Atom;
    case Imm.Pid:
      return Rank.Pid;
    case Imm.Port:
      return Rank.Port;
  }
  return Rank.Nil;
}

/** The value of a number that a double holds exactly: small, one limb, or a float. NaN for every other term. */
function simpleNumber(t: Term): number {
  if ((t & 1) === 0) return t >> 1;
  if ((t & Tag.Mask) !== Tag.Boxed) return Number.NaN;
  const at = t >>> 3;
  switch (H[at]) {
    case (1 << Kind.SizeShift) | Kind.PositiveBig:
      return H[at + 1] >>> 0;
    case (1 << Kind.SizeShift) | Kind.NegativeBig:
      return -(H[at + 1] >>> 0);
    case (2 << Kind.SizeShift) | Kind.Float:
      return D.getFloat64((at + 1) * 4, true);
    default:
      return Number.NaN;
  }
}

/** The order of two terms: below 0, 0 or above 0. 1 and 1.0 are equal. */
export function compare(a: Term, b: Term): number {
  if (a === b) return 0;
  if (((a | b) & 1) === 0) return a < b ? -1 : 1;
  const x = simpleNumber(a);
  if (x === x) {
    const y = simpleNumber(b);
    if (y === y) return x - y;
  }
  return compareDeep(a, b, false);
}

/** The order of map keys: as `compare`, but every integer comes before every float, nested ones too. */
export function compareExact(a: Term, b: Term): number {
  if (a === b) return 0;
  if (((a | b) & 1) === 0) return a < b ? -1 : 1;
  return compareDeep(a, b, true);
}

/** `a == b`. */
export function equal(a: Term, b: Term): boolean {
  if (a === b) return true;
  if (((a | b) & 1) === 0) return false;
  return equalDeep(a, b, false);
}

/** `a =:= b`. */
export function exactEqual(a: Term, b: Term): boolean {
  if (a === b) return true;
  const tag = a & Tag.Mask;
  // Small integers and immediates are equal only to themselves, and so are terms with different tags.
  if (tag !== (b & Tag.Mask) || tag === Tag.Immediate || (a & 1) === 0) return false;
  return equalDeep(a, b, true);
}

// Pairs that are still to be compared, four words each: two word indexes, how many pairs follow each other
// there, and whether numbers compare exactly. A count of TERMS says that the first two are a pair of terms.
let stack = new Int32Array(4096);
const TERMS = -1;
const KEPT_STACK = 1 << 20;

function growStack(): void {
  const larger = new Int32Array(stack.length * 2);
  larger.set(stack);
  stack = larger;
}

/** Where the stack begins for a comparison that is part of another one. */
let floor = 0;

function releaseStack(): void {
  if (floor === 0 && stack.length > KEPT_STACK) stack = new Int32Array(4096);
}

function compareDeep(a: Term, b: Term, exact: boolean): number {
  const bottom = floor;
  let top = bottom;
  for (;;) {
    if (a !== b) {
      const tag = a & Tag.Mask;
      let order = 0;
      if (tag === Tag.Cons && (b & Tag.Mask) === Tag.Cons) {
        const tailA = H[(a >>> 3) + 1]!;
        const tailB = H[(b >>> 3) + 1]!;
        a = H[a >>> 3]!;
        b = H[b >>> 3]!;
        if (a === b) {
          a = tailA;
          b = tailB;
          continue;
        }
        if (((a | b) & 1) === 0) order = a < b ? -1 : 1;
        else {
          if (tailA !== tailB) {
            if (top + 8 > stack.length) growStack();
            stack[top] = tailA;
            stack[top + 1] = tailB;
            stack[top + 2] = TERMS;
            stack[top + 3] = exact ? 1 : 0;
            top += 4;
          }
          continue;
        }
      } else if (tag === Tag.Boxed && (b & Tag.Mask) === Tag.Boxed) {
        const atA = a >>> 3;
        const atB = b >>> 3;
        const headerA = H[atA]!;
        const headerB = H[atB]!;
        const kind = headerA & Kind.Mask;
        if (kind !== (headerB & Kind.Mask) || (kind & Kind.Raw) !== 0) order = compareLeaves(a, b, exact);
        else {
          const n = headerA >>> Kind.SizeShift;
          if (top + 16 > stack.length) growStack();
          switch (kind) {
            case Kind.Tuple:
              order = n - (headerB >>> Kind.SizeShift);
              top = push(top, atA + 1, atB + 1, n, exact);
              break;
            case Kind.Record:
              // Those with different numbers of fields have different definitions, which come first.
              top = push(top, atA + 1, atB + 1, n, exact);
              break;
            case Kind.FlatMap:
              order = n - (headerB >>> Kind.SizeShift);
              top = push(top, atA + 2, atB + 2, n - 1, exact);
              top = push(top, (H[atA + 1]! >>> 3) + 1, (H[atB + 1]! >>> 3) + 1, n - 1, true);
              break;
            case Kind.HashMap:
              order = H[atA + 1]! - H[atB + 1]!;
              if (order === 0) {
                floor = top;
                const keys = compareKeys(a, b);
                floor = bottom;
                if (typeof keys === 'number') order = keys;
                else top = pushValues(top, keys, exact);
              }
              break;
            case Kind.Fun:
              order = compareLambdas(H[atA + 1]! >> 1, H[atB + 1]! >> 1);
              if (order === 0) order = n - (headerB >>> Kind.SizeShift);
              top = push(top, atA + 4, atB + 4, n - 3, exact);
              break;
            default:
              order = compareLeaves(a, b, exact);
          }
        }
      } else {
        order = compareLeaves(a, b, exact);
      }
      if (order !== 0) {
        releaseStack();
        return order;
      }
    }
    for (;;) {
      if (top === bottom) {
        releaseStack();
        return 0;
      }
      const frame = top - 4;
      const count = stack[frame + 2]!;
      exact = stack[frame + 3] === 1;
      a = stack[frame]!;
      b = stack[frame + 1]!;
      if (count <= 1) {
        top = frame;
        if (count === TERMS) break;
        if (count === 0) continue;
      } else {
        stack[frame] = a + 1;
        stack[frame + 1] = b + 1;
        stack[frame + 2] = count - 1;
      }
      a = H[a]!;
      b = H[b]!;
      if (a !== b) break;
    }
  }
}

function push(top: number, a: number, b: number, count: number, exact: boolean): number {
  stack[top] = a;
  stack[top + 1] = b;
  stack[top + 2] = count;
  stack[top + 3] = exact ? 1 : 0;
  return top + 4;
}

/** Pushes the values of leaves, of one map and the other in turn, so that the first pair is on top. */
function pushValues(top: number, leaves: Term[], exact: boolean): number {
  while (top + 2 * leaves.length + 16 > stack.length) growStack();
  for (let i = leaves.length - 2; i >= 0; i -= 2) {
    top = push(top, H[(leaves[i]! >>> 3) + 1]!, H[(leaves[i + 1]! >>> 3) + 1]!, TERMS, exact);
  }
  return top;
}

/**
 * Pushes what has to be equal for two nodes of large maps to be equal: keys exactly, values as asked for.
 * @param a, b word indexes of the first child of each
 * @param collisions the leaves have equal hashes and come in any order
 * @returns the new top, or -1 if the nodes differ already
 */
function pushChildren(
  top: number,
  a: number,
  b: number,
  count: number,
  collisions: boolean,
  exact: boolean,
): number {
  while (top + 8 * count + 16 > stack.length) growStack();
  for (let i = 0; i < count; i++) {
    const x = H[a + i]!;
    let y = H[b + i]!;
    if (x === y) continue;
    if ((x & Tag.Mask) !== (y & Tag.Mask)) return -1;
    if ((x & Tag.Mask) !== Tag.Cons) {
      top = push(top, x, y, TERMS, exact);
      continue;
    }
    if (collisions) {
      const bottom = floor;
      floor = top;
      let k = 0;
      while (k < count && !exactEqual(H[x >>> 3]!, H[H[b + k]! >>> 3]!)) k++;
      floor = bottom;
      if (k === count) return -1;
      y = H[b + k]!;
    }
    top = push(top, H[(x >>> 3) + 1]!, H[(y >>> 3) + 1]!, TERMS, exact);
    top = push(top, H[x >>> 3]!, H[y >>> 3]!, TERMS, true);
  }
  return top;
}

function equalDeep(a: Term, b: Term, exact: boolean): boolean {
  const bottom = floor;
  let top = bottom;
  for (;;) {
    if (a !== b) {
      const tag = a & Tag.Mask;
      let same = false;
      if (tag === Tag.Cons && (b & Tag.Mask) === Tag.Cons) {
        const tailA = H[(a >>> 3) + 1]!;
        const tailB = H[(b >>> 3) + 1]!;
        a = H[a >>> 3]!;
        b = H[b >>> 3]!;
        if (a === b) {
          a = tailA;
          b = tailB;
          continue;
        }
        if (((a | b) & 1) !== 0) {
          if (tailA !== tailB) {
            if (top + 8 > stack.length) growStack();
            top = push(top, tailA, tailB, TERMS, exact);
          }
          continue;
        }
      } else if (tag === Tag.Boxed && (b & Tag.Mask) === Tag.Boxed) {
        const atA = a >>> 3;
        const atB = b >>> 3;
        const headerA = H[atA]!;
        const headerB = H[atB]!;
        const kind = headerA & Kind.Mask;
        if (kind !== (headerB & Kind.Mask) || (kind & Kind.Raw) !== 0)
          same = compareLeaves(a, b, exact) === 0;
        else {
          const n = headerA >>> Kind.SizeShift;
          if (top + 16 > stack.length) growStack();
          switch (kind) {
            case Kind.Tuple:
            case Kind.Record:
              same = headerA === headerB;
              top = push(top, atA + 1, atB + 1, n, exact);
              break;
            case Kind.FlatMap:
              same = headerA === headerB;
              top = push(top, atA + 2, atB + 2, n - 1, exact);
              if (H[atA + 1] !== H[atB + 1]) {
                top = push(top, (H[atA + 1]! >>> 3) + 1, (H[atB + 1]! >>> 3) + 1, n - 1, true);
              }
              break;
            case Kind.HashMap:
            case Kind.HashNode: {
              // The bitmap of a root is behind the number of keys.
              const skip = kind === Kind.HashMap ? 2 : 1;
              const next =
                headerA === headerB && H[atA + 1] === H[atB + 1] && H[atA + skip] === H[atB + skip]
                  ? pushChildren(top, atA + skip + 1, atB + skip + 1, n - skip, H[atA + skip] === 0, exact)
                  : -1;
              same = next >= 0;
              top = next;
              break;
            }
            case Kind.Fun:
              same = headerA === headerB && compareLambdas(H[atA + 1]! >> 1, H[atB + 1]! >> 1) === 0;
              top = push(top, atA + 4, atB + 4, n - 3, exact);
              break;
            default:
              same = compareLeaves(a, b, exact) === 0;
          }
        }
      } else if (!exact) {
        // Only numbers can be equal with different tags.
        same = compareLeaves(a, b, false) === 0;
      }
      if (!same) {
        releaseStack();
        return false;
      }
    }
    for (;;) {
      if (top === bottom) {
        releaseStack();
        return true;
      }
      const frame = top - 4;
      const count = stack[frame + 2]!;
      exact = stack[frame + 3] === 1;
      a = stack[frame]!;
      b = stack[frame + 1]!;
      if (count <= 1) {
        top = frame;
        if (count === TERMS) break;
        if (count === 0) continue;
      } else {
        stack[frame] = a + 1;
        stack[frame + 1] = b + 1;
        stack[frame + 2] = count - 1;
      }
      a = H[a]!;
      b = H[b]!;
      if (a !== b) break;
    }
  }
}

/** Two terms of which at least one holds no other terms, or which are of different types. */
function compareLeaves(a: Term, b: Term, exact: boolean): number {
  const rank = rankOf(a);
  const other = rankOf(b);
  if (rank !== other) return rank - other;
  switch (rank) {
    case Rank.Number: {
      const floatA = isFloat(a);
      const floatB = isFloat(b);
      if (floatA && floatB) {
        const x = floatValue(a);
        const y = floatValue(b);
        return x < y ? -1 : x > y ? 1 : 0;
      }
      if (exact && floatA !== floatB) return floatA ? 1 : -1;
      return compareNumbers(a, b);
    }
    case Rank.Atom:
      return compareAtoms(a, b);
    case Rank.Reference:
      return compareReferences(a, b);
    case Rank.Fun:
      return compareFuns(a, b);
    case Rank.Port:
      return comparePorts(a, b);
    case Rank.Pid:
      return comparePids(a, b);
    case Rank.Bitstring:
      return compareBitstrings(a, b);
  }
  // Maps of different sizes: one is flat, the other is not.
  if (rank === Rank.Map) return mapSize(a) - mapSize(b);
  return 0;
}

/** The order of two atoms, which is that of their names by code points. */
export function compareAtoms(a: Term, b: Term): number {
  return a === b ? 0 : comparePoints(atomName(a), atomName(b));
}

/** Strings by code points: what JavaScript's `<` does not do for surrogate pairs. */
function comparePoints(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    // Half a pair is worth more than any single unit.
    if (x !== y) return (isSurrogate(x) ? x + 0x10000 : x) - (isSurrogate(y) ? y + 0x10000 : y);
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return (unit & 0xf800) === 0xd800;
}

function compareWords(a: number, b: number): number {
  return (a >>> 0) - (b >>> 0);
}

function compareNodes(nodeA: Term, creationA: number, nodeB: Term, creationB: number): number {
  return compareAtoms(nodeA, nodeB) || compareWords(creationA, creationB);
}

const LOCAL_NODE = am['nonode@nohost'];

function compareReferences(a: Term, b: Term): number {
  const atA = a >>> 3;
  const atB = b >>> 3;
  const localA = (H[atA]! & Kind.Mask) === Kind.Reference;
  const localB = (H[atB]! & Kind.Mask) === Kind.Reference;
  const order = compareNodes(
    localA ? LOCAL_NODE : H[atA + 1]!,
    localA ? 0 : H[atA + 2]!,
    localB ? LOCAL_NODE : H[atB + 1]!,
    localB ? 0 : H[atB + 2]!,
  );
  if (order !== 0) return order;
  const firstA = localA ? atA + 1 : atA + 3;
  const firstB = localB ? atB + 1 : atB + 3;
  // What holds a resource has words behind the three that identify it.
  const countA = localA ? 3 : (H[atA]! >>> Kind.SizeShift) - 2;
  const countB = localB ? 3 : (H[atB]! >>> Kind.SizeShift) - 2;
  for (let i = Math.max(countA, countB) - 1; i >= 0; i--) {
    const word = compareWords(i < countA ? H[firstA + i]! : 0, i < countB ? H[firstB + i]! : 0);
    if (word !== 0) return word;
  }
  return 0;
}

function comparePids(a: Term, b: Term): number {
  const boxedA = (a & Tag.Mask) === Tag.Boxed;
  const boxedB = (b & Tag.Mask) === Tag.Boxed;
  if (!boxedA && !boxedB) return (a >>> 6) - (b >>> 6);
  const atA = a >>> 3;
  const atB = b >>> 3;
  return (
    compareWords(
      boxedA ? H[atA + 3]! : a >>> (6 + LocalPid.NumberBits),
      boxedB ? H[atB + 3]! : b >>> (6 + LocalPid.NumberBits),
    ) ||
    compareWords(
      boxedA ? H[atA + 2]! : (a >>> 6) & LocalPid.NumberMask,
      boxedB ? H[atB + 2]! : (b >>> 6) & LocalPid.NumberMask,
    ) ||
    compareNodes(
      boxedA ? H[atA + 1]! : LOCAL_NODE,
      boxedA ? H[atA + 4]! : 0,
      boxedB ? H[atB + 1]! : LOCAL_NODE,
      boxedB ? H[atB + 4]! : 0,
    )
  );
}

/** Ports, unlike pids, go by their node first. */
function comparePorts(a: Term, b: Term): number {
  const boxedA = (a & Tag.Mask) === Tag.Boxed;
  const boxedB = (b & Tag.Mask) === Tag.Boxed;
  if (!boxedA && !boxedB) return (a >>> 6) - (b >>> 6);
  const atA = a >>> 3;
  const atB = b >>> 3;
  return (
    compareNodes(
      boxedA ? H[atA + 1]! : LOCAL_NODE,
      boxedA ? H[atA + 4]! : 0,
      boxedB ? H[atB + 1]! : LOCAL_NODE,
      boxedB ? H[atB + 4]! : 0,
    ) ||
    compareWords(boxedA ? H[atA + 3]! : 0, boxedB ? H[atB + 3]! : 0) ||
    compareWords(boxedA ? H[atA + 2]! : a >>> 6, boxedB ? H[atB + 2]! : b >>> 6)
  );
}

function compareLambdas(a: number, b: number): number {
  if (a === b) return 0;
  const x = externalHooks.lambdaOf(a);
  const y = externalHooks.lambdaOf(b);
  return (
    compareAtoms(x.module, y.module) || x.oldIndex - y.oldIndex || x.oldUniq - y.oldUniq || x.free - y.free
  );
}

/** Funs of which at least one is external: closures come before external funs. */
function compareFuns(a: Term, b: Term): number {
  const externalA = (H[a >>> 3]! & Kind.Mask) === Kind.ExportFun;
  const externalB = (H[b >>> 3]! & Kind.Mask) === Kind.ExportFun;
  if (externalA !== externalB) return externalA ? 1 : -1;
  const x = externalHooks.exportMfa(H[(a >>> 3) + 1]! >> 1);
  const y = externalHooks.exportMfa(H[(b >>> 3) + 1]! >> 1);
  return compareAtoms(x.module, y.module) || compareAtoms(x.name, y.name) || x.arity - y.arity;
}

function compareBitstrings(a: Term, b: Term): number {
  const x = binaryBytes(a);
  const y = binaryBytes(b);
  const bits = Math.min(x.bitSize, y.bitSize);
  const whole = Math.floor(bits / 8);
  if (x.bitOffset === 0 && y.bitOffset === 0) {
    let i = 0;
    // What is equal is gone over four bytes at a time.
    while (i + 4 <= whole && D.getInt32(x.byteOffset + i) === D.getInt32(y.byteOffset + i)) i += 4;
    for (; i < whole; i++) {
      const order = B[x.byteOffset + i]! - B[y.byteOffset + i]!;
      if (order !== 0) return order;
    }
  } else {
    for (let i = 0; i < whole; i++) {
      const order = byteAt(x.byteOffset + i, x.bitOffset) - byteAt(y.byteOffset + i, y.bitOffset);
      if (order !== 0) return order;
    }
  }
  const rest = bits & 7;
  if (rest !== 0) {
    const order =
      (byteAt(x.byteOffset + whole, x.bitOffset) >> (8 - rest)) -
      (byteAt(y.byteOffset + whole, y.bitOffset) >> (8 - rest));
    if (order !== 0) return order;
  }
  return x.bitSize - y.bitSize;
}

function byteAt(offset: number, bit: number): number {
  const byte = B[offset]!;
  return bit === 0 ? byte : ((byte << bit) | (B[offset + 1]! >> (8 - bit))) & 0xff;
}
