// One arena for everything: registers, code, literals, process heaps. It is reserved once, at full size;
// the operating system commits pages when they are first touched.
//
//   words            what
//   0 .. 4095        the register file: X registers, special registers, float registers
//   4096 .. 5119     Y registers of a compiled unit, for routines of the interpreter that it calls
//   5120 ..          the capture area, where frames of compiled units go when they unwind
//   CodeStart ..     code of the interpreter (continuation pointers have 26 bits of address)
//   LiteralStart ..  literals of modules; never moved or copied, everything below HeapStart is like that
//   HeapStart ..     blocks: process heaps, heap fragments
//
// The size is above 2^29 words, so that an index that comes out of a pointer (29 bits) plus a small offset is
// always inside: V8 then drops the bounds check.

export const enum Region {
  /** Where compiled code puts Y registers for a routine of the interpreter that it calls. */
  Scratch = 4096,
  Capture = 5120,
  CaptureEnd = 1 << 18,
  CodeStart = 1 << 18,
  CodeEnd = 1 << 25,
  LiteralStart = 1 << 25,
  LiteralEnd = 1 << 26,
  HeapStart = 1 << 26,
  HeapEnd = 1 << 29,
  /** Slack behind the last word a pointer can name. */
  Slack = 4096,
}

/** Register file: word indexes of the X registers and of the special registers. */
export const enum Reg {
  X = 0,
  XCount = 1024,
  /** First free word of the heap of the running process. */
  Htop = 1024,
  /** Stack top of the running process: the lowest used stack word, and so the end of its free heap. */
  E = 1025,
  /** Reductions left in this slice; below 0: unwind at the next function entry. */
  Reds = 1026,
  /** Where to go on after an unwind: a code address. */
  Pc = 1027,
  /** Why there was an unwind: see Why. */
  Reason = 1028,
  /** Number of live X registers at Pc. */
  Live = 1029,
  /** Heap words wanted, for Why.Collect. */
  Need = 1030,
  /** First free word of the capture area. */
  CaptureTop = 1031,
  /** A raised exception: class (atom), reason, raw stack trace. */
  Class = 1032,
  Value = 1033,
  Trace = 1034,
  /** Code address of the instruction that raised. */
  RaisePc = 1035,
  /** Pid of the running process. */
  Self = 1036,
  /** Toggled by --stress=gc. */
  Stress = 1037,
  /** Reductions left when the loop that runs was entered. */
  EntryReds = 1038,
  /** The first of the cells that wait for a result, in the unit that runs. */
  Cell = 1039,
  /** Scratch word of the collector. */
  Root = 1040,
  /** Two words, aligned to eight bytes, in which a 64-bit integer is taken apart; W[Wide / 2]. */
  Wide = 1042,
  /** Where a bitstring that is being built goes on: byte index in `B`, bit of that byte. */
  Byte = 1044,
  Bit = 1045,
  /** Bits of the bitstring that is being built which no field has been written to yet. */
  BitsLeft = 1046,
  /** Float registers, as doubles: word index of the first. */
  Float = 2048,
}

/** Why a compiled unit or a BIF returned Sentinel.Unwind. */
export const enum Why {
  /** Out of reductions at a function entry. */
  Yield = 0,
  /** Not enough heap: collect for Reg.Need words with Reg.Live registers, then go on at Reg.Pc. */
  Collect = 1,
  /** Go on in the interpreter at Reg.Pc (cold function, rare instruction). */
  Interpret = 2,
  /** An exception: Reg.Class, Reg.Value, Reg.Trace. */
  Raise = 3,
  /** Wait for a message: go on at Reg.Pc when one comes. */
  Wait = 4,
  /** The process has ended. */
  Exited = 5,
  /** A BIF wants Reg.Pc to be called in its place, arguments in the X registers (a trap). */
  Call = 6,
}

const buffer = new ArrayBuffer((Region.HeapEnd + Region.Slack) * 4);

/** The arena as 32-bit words. */
export const H = new Int32Array(buffer);
/** The arena as bytes; byte index = word index * 4. */
export const B = new Uint8Array(buffer);
/** The arena for doubles at any word index: `D.getFloat64(word * 4, true)`. */
export const D = new DataView(buffer);
/** The register file as 64-bit integers. */
export const W = new BigInt64Array(buffer, 0, Reg.Float / 2);
/** The arena as 64-bit integers; the word index is twice the index. */
export const I64 = new BigInt64Array(buffer);
/** The float registers. */
export const F = new Float64Array(buffer, Reg.Float * 4, 1024);
