// Terms are tagged 32-bit words: this file is the one place that says how.
//
//   ...............0   small integer, 31 bits (value << 1)
//   ............p001   cons pointer      (word index << 3 | 1)
//   ............p011   boxed pointer     (word index << 3 | 3)
//   .............101   immediate, three more bits say which (see below)
//   .............111   header: only as the first word of a boxed object
//
// Node without pointer compression keeps every int32 as a Smi, so a term travels through JavaScript
// variables, parameters and results without boxing. All offsets and sizes are in words of 32 bits.

/** A term: a tagged int32. The alias is documentation, the type checker sees a number. */
export type Term = number;

/** The low three bits of a term. */
export const enum Tag {
  Mask = 7,
  Cons = 1,
  Boxed = 3,
  Immediate = 5,
  Header = 7,
}

/** Immediates: the low six bits. What the upper 26 bits hold is said behind each. */
export const enum Imm {
  Mask = 63,
  Nil = 5, // 0: there is one nil
  Atom = 13, // atom number, see atoms.ts
  Pid = 21, // number of a local process
  Port = 29, // number of a local port
  Catch = 37, // code address of the handler; stack only
  Continuation = 45, // code address to return to (continuation pointer); stack only
  Special = 53, // values no program sees, e.g. NONE
}

export const NIL: Term = Imm.Nil;

/** What compiled units and BIFs return when they must be left: see interpret/README in src/README.md. */
export const enum Sentinel {
  Unwind = 7,
  /** "No such thing" where a term is expected (empty slot, no message). */
  None = 53,
}

export const enum Small {
  Max = 0x3fffffff,
  Min = -0x40000000,
}

/**
 * Boxed objects start with a header: payload size in words << 8 | kind. Bit 7 of the kind says that the
 * payload is raw bits; otherwise every payload word is a term and the collector reads it.
 */
export const enum Kind {
  Mask = 0xff,
  SizeShift = 8,
  Raw = 0x80,

  // Payload of terms.
  Tuple = 0x0f, // elements
  Fun = 0x17, // lambda number, arity (both small), creator pid, free variables
  ExportFun = 0x1f, // export number, arity (both small)
  FlatMap = 0x27, // tuple of keys in map key order, values
  HashMap = 0x2f, // root of a hash array mapped trie (large maps)
  HashNode = 0x37, // inner node of one
  SubBinary = 0x3f, // underlying binary, byte offset, byte size, bit offset | extra bits << 3 (all small)
  MatchContext = 0x47, // underlying binary, position: bytes, bits, end: bytes, bits (all small)
  Record = 0x4f, // native record (OTP 29)

  // Raw payload.
  Float = 0x87, // IEEE double, low word first
  PositiveBig = 0x8f, // magnitude, 32-bit limbs, least significant first, highest limb not 0
  NegativeBig = 0x97, // same, the integer is negative
  HeapBinary = 0x9f, // size in bytes, then the bytes
  RefcBinary = 0xa7, // size in bytes, address and handle of a shared block
  Reference = 0xaf, // three words, as #Ref<0.W2.W1.W0> prints them; four more if it holds a resource (memory/resources.ts)
  ExternalPid = 0xb7, // node (atom), number, serial, creation
  ExternalPort = 0xbf, // node (atom), number low, number high, creation
  ExternalReference = 0xc7, // node (atom), creation, words
}

/** Most elements a tuple can have, as in OTP. */
export const MAX_TUPLE_ARITY = 0xffffff;

/** Local pids print their upper bits as a serial number, `<0.number.serial>`, as OTP's do. */
export const enum LocalPid {
  NumberBits = 15,
  NumberMask = 0x7fff,
  /** The 26 bits of an immediate leave so many for the serial number. */
  MaxSerial = 0x7ff,
}

export function makeSmall(n: number): Term {
  return n << 1;
}
/** The value of a small integer. */
export function smallValue(t: Term): number {
  return t >> 1;
}
/** Whether the number is an integer that fits a small. */
export function fitsSmall(n: number): boolean {
  return n <= Small.Max && n >= Small.Min && Number.isInteger(n);
}
export function isSmall(t: Term): boolean {
  return (t & 1) === 0;
}
export function isCons(t: Term): boolean {
  return (t & Tag.Mask) === Tag.Cons;
}
export function isBoxed(t: Term): boolean {
  return (t & Tag.Mask) === Tag.Boxed;
}
export function isAtom(t: Term): boolean {
  return (t & Imm.Mask) === Imm.Atom;
}
/** Whether it is the pid of a process of this node. */
export function isLocalPid(t: Term): boolean {
  return (t & Imm.Mask) === Imm.Pid;
}
/** The word index a cons or boxed pointer points to. */
export function address(t: Term): number {
  return t >>> 3;
}
export function consAt(index: number): Term {
  return (index << 3) | Tag.Cons;
}
export function boxedAt(index: number): Term {
  return (index << 3) | Tag.Boxed;
}
export function header(kind: Kind, size: number): number {
  return (size << Kind.SizeShift) | kind;
}
/** The number behind an immediate (atom number, pid number, code address). */
export function immediateIndex(t: Term): number {
  return t >>> 6;
}
export function makeImmediate(kind: Imm, index: number): Term {
  return (index << 6) | kind;
}
