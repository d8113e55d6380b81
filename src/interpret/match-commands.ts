// bs_match (OTP 26 and later): several steps of matching a bitstring in one instruction. Each command becomes a number
// with its operands; the sizes are checked by ensure commands, so the others only take what is there.
import type { Operand } from '../load/module.js';
import { LoadError } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { numberOf } from '../load/operands.js';
import { H } from '../memory/arena.js';
import { bitsAt } from '../terms/bit-read.js';
import {
  advance,
  bitsLeft,
  currentBit,
  currentByte,
  restOf,
  takeBitstring,
  takeByte,
  takeInteger,
} from '../terms/match-context.js';
import { Sentinel, type Term } from '../terms/tags.js';
import type { Assembler } from './assemble.js';
import { addRoutine, flagsOf } from './bit-operands.js';
import { emitters } from './emitters.js';
import { I } from './ops.js';
import { sourceAt, storeAt } from './slow.js';

const enum Command {
  End, //
  AtLeast, // #bits #unit
  Exactly, // #bits
  Byte, // D
  Integer, // #bits #flags D
  Binary, // #bits D
  Skip, // #bits
  Tail, // D
  Equal, // #bits #value: 1 to 32 bits
}

// L S command...
const match = addRoutine((pc, e) => {
  const c = sourceAt(pc + 3, e) >>> 3;
  // Positions are two words; a match that fails puts them back.
  const byte = H[c + 2];
  const bit = H[c + 3];
  let at = pc + 4;
  let value: Term;
  for (;;) {
    switch (H[at]) {
      case Command.End:
        return at + 1;
      case Command.AtLeast: {
        const left = bitsLeft(c) - H[at + 1];
        if (left < 0 || (H[at + 2] !== 1 && left % H[at + 2] !== 0)) break;
        at += 3;
        continue;
      }
      case Command.Exactly:
        if (bitsLeft(c) !== H[at + 1]) break;
        at += 2;
        continue;
      case Command.Byte:
        value = takeByte(c);
        if (value === Sentinel.None) break;
        storeAt(at + 1, e, value);
        at += 2;
        continue;
      case Command.Integer:
        value = takeInteger(c, H[at + 1], H[at + 2]);
        if (value === Sentinel.None) break;
        storeAt(at + 3, e, value);
        at += 4;
        continue;
      case Command.Binary:
        value = takeBitstring(c, H[at + 1]);
        if (value === Sentinel.None) break;
        storeAt(at + 2, e, value);
        at += 3;
        continue;
      case Command.Skip:
        if (H[at + 1] > bitsLeft(c)) break;
        advance(c, H[at + 1]);
        at += 2;
        continue;
      case Command.Tail:
        storeAt(at + 1, e, restOf(c));
        at += 2;
        continue;
      default: {
        const n = H[at + 1];
        if (n > bitsLeft(c) || bitsAt(currentByte(c), currentBit(c), n) !== H[at + 2]) break;
        advance(c, n);
        at += 3;
        continue;
      }
    }
    H[c + 2] = byte;
    H[c + 3] = bit;
    return H[pc + 2];
  }
});

emitters[Op.bs_match] = (a, [fail, context, list]) => {
  a.emit(I.Slow, match);
  a.label(fail);
  a.source(context);
  const items = (list as { items: Operand[] }).items;
  for (let i = 0; i < items.length; ) i += command(a, items, i);
  a.emit(Command.End);
};

/** Emits the command whose name is item `i`; gives how many items it has. */
function command(a: Assembler, items: Operand[], i: number): number {
  const name = (items[i] as { name: string }).name;
  const n = (k: number): number => numberOf(items[i + k]);
  switch (name) {
    case 'ensure_at_least':
      a.emit(Command.AtLeast, n(1), n(2));
      return 3;
    case 'ensure_exactly':
      a.emit(Command.Exactly, n(1));
      return 2;
    case 'integer': {
      const flags = flagsOf(a, items[i + 2]);
      const bits = n(3) * n(4);
      if (bits === 8 && (flags & 4) === 0) a.emit(Command.Byte);
      else a.emit(Command.Integer, bits, flags);
      a.destination(items[i + 5]);
      return 6;
    }
    case 'binary':
      a.emit(Command.Binary, n(3) * n(4));
      a.destination(items[i + 5]);
      return 6;
    case 'skip':
      a.emit(Command.Skip, n(1));
      return 2;
    case 'get_tail':
      a.emit(Command.Tail);
      a.destination(items[i + 3]);
      return 4;
    case '=:=': {
      equal(a, n(2), items[i + 3]);
      return 4;
    }
    default:
      throw new LoadError(
        a.module.path,
        `bs_match has a command ${name} that is not known`,
        'compile the source with an older OTP',
      );
  }
}

/** A value of more than 32 bits is compared in pieces. */
function equal(a: Assembler, bits: number, value: Operand): void {
  const v = BigInt(value.kind === 'integer' ? value.value : (value as { n: number }).n);
  for (let left = bits; left > 0; ) {
    const n = left % 32 === 0 ? 32 : left % 32;
    left -= n;
    a.emit(
      Command.Equal,
      n,
      Number(BigInt.asIntN(n === 32 ? 32 : 33, (v >> BigInt(left)) & ((1n << BigInt(n)) - 1n))),
    );
  }
}
