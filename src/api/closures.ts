// JavaScript functions as Erlang funs: what a function becomes that is an argument or part of one. The fun's code is in
// src/lib/turbeam_js.erl; its free variable is a binary off the heap that names the function. Erlang counts the references to such a
// binary, so that it can be seen when no fun is left and the function may be forgotten.
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { defineBif } from '../bifs/table.js';
import { exportOf, type LoadedModule, modules } from '../code/functions.js';
import { lambdas } from '../code/lambdas.js';
import { loadFile } from '../code/server.js';
import { I } from '../interpret/ops.js';
import { H, Reg } from '../memory/arena.js';
import { freeBlock } from '../memory/blocks.js';
import { allocateShared, makeReference, NOT_GROWING, REFERENCE_WORDS, Shared } from '../memory/off-heap.js';
import { codeSpace } from '../memory/spaces.js';
import { badarg } from '../processes/raise.js';
import { atom } from '../terms/atoms.js';
import type { Allocate } from '../terms/build.js';
import { bytesOf, isBinaryTerm, listToArray } from '../terms/build.js';
import { boxedAt, header, Kind, type Term } from '../terms/tags.js';
import { callFromOutside, type HostFunction } from './functions.js';
import { arityOf } from './values.js';

/** Bytes of a name: enough for the binary to be off the heap. Half of it can not be guessed. */
const NAME_BYTES = 80;
const SECRET = randomBytes(NAME_BYTES / 2);
/** Words of a shared binary before its bytes. */
const PREFIX = 4;

const MAX_ARITY = 8;

interface Closure {
  readonly fn: HostFunction;
  /** Word index of the name's bytes, of which one reference is ours. */
  readonly bytes: number;
}

const byNumber = new Map<number, Closure>();
const numberOf = new WeakMap<HostFunction, number>();
let next = 1;
let sweepAt = 64;

/** Lambda numbers by arity. */
let code: number[] | undefined;

function load(): number[] {
  const path = fileURLToPath(new URL('../lib/ebin/turbeam_js.beam', import.meta.url));
  const module: LoadedModule = modules.get(atom('turbeam_js')) ?? loadFile(path);
  const byArity: number[] = [];
  for (const n of module.lambdas) byArity[lambdas[n]!.arity] = n;
  return byArity;
}

/** The fun of a function, for the running process. */
export function closureTerm(fn: HostFunction, room: Allocate): Term {
  const arity = arityOf(fn);
  if (arity > MAX_ARITY)
    throw new RangeError(`a JavaScript function as a fun has at most ${MAX_ARITY} arguments`);
  code ??= load();
  const { bytes } = closureOf(fn);
  const name = makeReference(bytes, NAME_BYTES, room(REFERENCE_WORDS));
  const at = room(5);
  H[at] = header(Kind.Fun, 4);
  H[at + 1] = code[arity]! << 1;
  H[at + 2] = arity << 1;
  H[at + 3] = H[Reg.Self]!;
  H[at + 4] = name;
  return boxedAt(at);
}

function closureOf(fn: HostFunction): Closure {
  const known = byNumber.get(numberOf.get(fn) ?? 0);
  if (known !== undefined) return known;
  if (byNumber.size >= sweepAt) sweep();
  const n = next++;
  const bytes = allocateShared(NAME_BYTES, NOT_GROWING);
  H[bytes + Shared.References] = 1;
  const name = Buffer.alloc(NAME_BYTES);
  name.writeDoubleLE(n);
  SECRET.copy(name, NAME_BYTES / 2);
  new Uint8Array(H.buffer, bytes * 4, NAME_BYTES).set(name);
  const closure = { fn, bytes };
  byNumber.set(n, closure);
  numberOf.set(fn, n);
  return closure;
}

/** Forgets the functions that no fun names any more. */
function sweep(): void {
  for (const [n, { bytes }] of byNumber) {
    if (H[bytes + Shared.References] !== 1) continue;
    freeBlock(bytes - PREFIX);
    byNumber.delete(n);
  }
  sweepAt = Math.max(64, byNumber.size * 2);
}

/** The function behind a name. */
function closureNamed(name: Term): HostFunction | undefined {
  if (!isBinaryTerm(name)) return undefined;
  const bytes = Buffer.from(bytesOf(name));
  if (bytes.length !== NAME_BYTES || !bytes.subarray(NAME_BYTES / 2).equals(SECRET)) return undefined;
  return byNumber.get(bytes.readDoubleLE())?.fn;
}

/** The JavaScript function that a fun is; undefined: it is Erlang's own. */
export function functionOfFun(fun: Term): HostFunction | undefined {
  const at = fun >>> 3;
  if (code === undefined || (H[at]! & Kind.Mask) !== Kind.Fun || H[at + 1]! >> 1 !== code[H[at + 2]! >> 1])
    return undefined;
  return closureNamed(H[at + 4]!);
}

/** How many functions are kept for Erlang. */
export function closureCount(): number {
  sweep();
  return byNumber.size;
}

const HOST = 'turbeam_host';
const wait = codeSpace.allocate(2);
/** turbeam_host:call(Name, Args) */
defineBif(
  HOST,
  'call',
  2,
  (name, args) =>
    callFromOutside(() => {
      const fn = closureNamed(name!);
      const values = fn && listToArray(args!);
      return values && { fn: fn!, args: values };
    }, wait) ?? badarg(),
);
H[wait] = I.Wait;
H[wait + 1] = H[exportOf(atom(HOST), atom('call'), 2).cell]!;
