// Tag bytes of the external term format (ERTS User's Guide, External Term Format).

export const enum Ext {
  Version = 131,
  /** Native records, from OTP 29 on. */
  Record = 67,
  NewFloat = 70,
  BitBinary = 77,
  Compressed = 80,
  NewPid = 88,
  NewPort = 89,
  NewerReference = 90,
  SmallInteger = 97,
  Integer = 98,
  Float = 99,
  Atom = 100,
  Reference = 101,
  Port = 102,
  Pid = 103,
  SmallTuple = 104,
  LargeTuple = 105,
  Nil = 106,
  String = 107,
  List = 108,
  Binary = 109,
  SmallBig = 110,
  LargeBig = 111,
  NewFun = 112,
  Export = 113,
  NewReference = 114,
  SmallAtom = 115,
  Map = 116,
  AtomUtf8 = 118,
  SmallAtomUtf8 = 119,
  V4Port = 120,
}

/** Name of the node that local pids, ports and references belong to; its creation is 0. */
export const LOCAL_NODE_NAME = 'nonode@nohost';

/** Most words of a reference that other nodes may send. */
export const MAX_REFERENCE_WORDS = 5;
