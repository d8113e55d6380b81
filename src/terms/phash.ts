// erlang:phash/2: the portable hash of before phash2, kept for data that was stored with it, with the values that native
// Erlang has. It goes over the term in order: times a prime, plus what comes next.
import { H } from '../memory/arena.js';
import { bitSizeOf, bytesOf, tupleToArray } from './access.js';
import { externalHooks } from './fun-hooks.js';
import { atomHash, phash2 } from './hash.js';
import { Imm, Kind, LocalPid, Tag, type Term } from './tags.js';

const P1 = 268440163;
const P2 = 268439161;
const P3 = 268435459;
const P4 = 268436141;
const P5 = 268438633;
const P6 = 268437017;
const P8 = 268437511;
const P9 = 268439627;
const P10 = 268440479;
const P11 = 268440577;
const P12 = 268440581;
const P13 = 268440593;
const P14 = 268440611;

/** The hash of a term: an unsigned number of 32 bits. */
export function phash(t: Term): number {
  let hash = 0;

  const add = (prime: number, value: number) => {
    hash = (Math.imul(hash, prime) + value) | 0;
  };
  const addWord = (prime: number, word: number) => {
    for (let shift = 0; shift < 32; shift += 8) add(prime, (word >>> shift) & 0xff);
  };

  function integer(magnitude: Iterable<number>, negative: boolean): void {
    for (const word of magnitude) addWord(P2, word);
    hash = Math.imul(hash, negative ? P4 : P3);
  }

  function leaf(u: Term): void {
    const at = u >>> 3;
    const size = H[at] >>> Kind.SizeShift;
    const kind = H[at] & Kind.Mask;
    switch (kind) {
      case Kind.Float:
        add(P6, H[at + 1] ^ H[at + 2]);
        break;
      case Kind.PositiveBig:
      case Kind.NegativeBig: {
        integer(H.subarray(at + 1, at + 1 + size), kind === Kind.NegativeBig);
        break;
      }
      case Kind.HeapBinary:
      case Kind.RefcBinary:
      case Kind.SubBinary: {
        const bits = bitSizeOf(u) & 7;
        const bytes = bytesOf(u);
        const whole = bits === 0 ? bytes.length : bytes.length - 1;
        for (let i = 0; i < whole; i++) add(P1, bytes[i]);
        if (bits !== 0) {
          add(P1, bytes[whole] >> (8 - bits));
          add(P12, bits);
        }
        add(P4, whole);
        break;
      }
      case Kind.Reference:
        addWord(P9, H[at + 1]);
        hash = Math.imul(hash, P10);
        break;
      case Kind.ExternalReference:
        addWord(P9, H[at + 3]);
        hash = Math.imul(hash, P10);
        break;
      case Kind.ExternalPid:
        addWord(P5, H[at + 2]);
        hash = Math.imul(hash, P6);
        break;
      case Kind.ExternalPort:
        addWord(P9, H[at + 2]);
        hash = Math.imul(hash, P10);
        break;
      case Kind.ExportFun: {
        const { module, name, arity } = externalHooks.exportMfa(H[at + 1] >> 1);
        add(P11, arity);
        add(P1, atomHash(module));
        add(P1, atomHash(name));
        break;
      }
      case Kind.FlatMap:
      case Kind.HashMap:
        add(P13, P14 + phash2(u, 2 ** 32));
        break;
    }
  }

  function immediate(u: Term): void {
    if ((u & 1) === 0) {
      const n = u >> 1;
      integer([Math.abs(n)], n < 0);
      return;
    }
    switch (u & Imm.Mask) {
      case Imm.Atom:
        add(P1, atomHash(u));
        break;
      case Imm.Pid:
        addWord(P5, (u >>> 6) & LocalPid.NumberMask);
        hash = Math.imul(hash, P6);
        break;
      case Imm.Port:
        addWord(P9, u >>> 6);
        hash = Math.imul(hash, P10);
        break;
      default:
        add(P3, 1);
    }
  }

  // What is still to come, last first: a term, or a step that joins what went before.
  const rest: (Term | (() => void))[] = [t];
  while (rest.length > 0) {
    const item = rest.pop()!;
    if (typeof item === 'function') item();
    else if ((item & Tag.Mask) === Tag.Cons) {
      let u = item;
      // Bytes at the head of a list are joined directly.
      while ((u & Tag.Mask) === Tag.Cons && (H[u >>> 3] & ~0x1fe) === 0) {
        add(P2, H[u >>> 3] >> 1);
        u = H[(u >>> 3) + 1];
      }
      const last = () => {
        hash = Math.imul(hash, P8);
      };
      if ((u & Tag.Mask) !== Tag.Cons) rest.push(last, u);
      else {
        const next = H[(u >>> 3) + 1];
        if ((next & Tag.Mask) === Tag.Cons) rest.push(next, H[u >>> 3]);
        else rest.push(last, next, H[u >>> 3]);
      }
    } else if ((item & Tag.Mask) === Tag.Boxed && (H[item >>> 3] & Kind.Mask) === Kind.Tuple) {
      const elements = tupleToArray(item);
      rest.push(() => add(P9, elements.length));
      for (let i = elements.length - 1; i >= 0; i--) rest.push(elements[i]);
    } else if ((item & Tag.Mask) === Tag.Boxed && (H[item >>> 3] & Kind.Mask) === Kind.Fun) {
      const at = item >>> 3;
      const free = (H[at] >>> Kind.SizeShift) - 3;
      const { module, oldIndex, oldUniq } = externalHooks.lambdaOf(H[at + 1] >> 1);
      add(P10, free);
      add(P1, atomHash(module));
      add(P2, oldIndex);
      add(P2, oldUniq);
      for (let i = free; i > 0; i--) rest.push(H[at + 3 + i]);
    } else if ((item & Tag.Mask) === Tag.Boxed) leaf(item);
    else immediate(item);
  }
  return hash >>> 0;
}
