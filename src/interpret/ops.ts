// The interpreter's instructions: specific forms of generic BEAM instructions, with their operands resolved.
//
// An instruction is its number and then one word for each operand:
//   S  source: >= 0: word address of the value (X register, constant of the module); < 0: Y register, ~n
//   D  destination: >= 0: X register; < 0: Y register, ~n
//   L  code address; 0 in a fail position: raise an exception
//   #  a number, an immediate term, an index into a table
// The comment behind each says its operands; the assembler and the loop must agree on them.

export const enum I {
  Halt = 0, // the process returns from its first function
  Entry, // #function #arity #calls: function entry; counts for the translator
  EntryUnit, // #function #arity #unused: the function is translated
  EntryPlain, // #function #arity: without translator
  Resume, // #site #live #count: a place where translated code may take over
  FillHole, // #hole #pc: what a call that only constructs returns to; see jit/emit/constructors.ts
  ResumeUnit, // #site #live #unit
  FuncInfo, // #module #name #arity: function_clause
  Undefined, // #export: code of an export's cell without function
  BifCode, // #bif #arity: code of an export's cell with a BIF, returns

  Jump, // L
  Call, // L
  CallLast, // L #words
  CallExt, // #cell
  CallExtLast, // #cell #words
  CallExtOnly, // #cell
  CallBif, // #bif #arity
  CallBifLast, // #bif #arity #words
  Return,
  DeallocateReturn, // #words
  Allocate, // #words #heap #live
  AllocateInit, // #words #heap #live: and nil in all
  TestHeap, // #heap #live
  Deallocate, // #words (also trim)
  Init1, // #y
  InitYregs, // #count D...

  MoveXX, // S D
  MoveXY, // S #y
  MoveYX, // #y D
  MoveConstX, // #term D
  MoveConstY, // #term #y
  Move, // S D
  Swap, // D D
  MoveCall, // S(x or const) L: move to x0 and call
  GetList, // S D D
  GetListXXX, // x x x
  GetHead, // S D
  GetTail, // S D
  GetElement, // S #index D
  GetElementXX, // x #index x
  PutList, // S S D
  PutTuple, // D #n S...
  SetElement, // S S #index
  UpdateRecord, // S D #size #n (#index S)...

  IsNonemptyList, // L S
  IsNonemptyListGetListXXX, // L x x x: with get_list
  IsNil, // L S
  IsList, // L S
  IsInteger, // L S
  IsFloat, // L S
  IsNumber, // L S
  IsAtom, // L S
  IsPid, // L S
  IsPort, // L S
  IsReference, // L S
  IsTuple, // L S
  IsBoolean, // L S
  IsFunction, // L S
  IsFunction2, // L S S
  IsBinary, // L S
  IsBitstring, // L S
  IsMap, // L S
  TestArity, // L S #header
  IsTaggedTuple, // L S #header #atom
  IsTupleArity, // L S #header: is_tuple with test_arity
  IsEqExact, // L S S
  IsEqExactImm, // L S #term
  IsNeExact, // L S S
  IsNeExactImm, // L S #term
  IsEq, // L S S
  IsNe, // L S S
  IsLt, // L S S
  IsGe, // L S S
  IsLtXC, // L x #small
  IsGeXC, // L x #small
  IsLtCX, // L #small x
  IsGeCX, // L #small x
  SelectVal, // S L #n (#term L)...: immediates
  SelectSorted, // S L #n (#term)... (L)...: immediates in ascending order, binary search
  SelectBoxed, // S L #n (S L)...: with bignums or floats
  SelectArity, // S L #n (#header L)...

  Add, // L S S D
  AddXC, // L x #small D
  AddXX, // L x x D
  Subtract, // L S S D
  Multiply,
  IntDiv,
  Rem,
  BitAnd,
  BitOr,
  BitXor,
  ShiftLeft,
  ShiftRight,
  BitNot, // L S D
  Negate, // L S D
  Divide, // L S S D

  Bif0, // #bif D
  Bif1, // L #bif S D
  Bif2, // L #bif S S D
  Bif3, // L #bif S S S D
  Self, // D

  MakeFun, // #lambda D #n S...
  CallFun, // #arity: fun in x[arity]
  CallFun2, // S #arity
  CallFunLast, // S #arity #words: in tail position, which no generic instruction says
  Apply, // #arity: module in x[arity], function in x[arity + 1]
  ApplyLast, // #arity #words

  TryCase, // D
  CatchEnd, // D
  Raise, // S(trace) S(value)
  RawRaise,
  BuildStacktrace,
  BadMatch, // S
  CaseEnd, // S
  IfEnd,
  TryCaseEnd, // S
  BadRecord, // S

  Send,
  LoopRec, // L D
  RemoveMessage,
  LoopRecEnd, // L
  Wait, // L
  WaitTimeout, // L S
  Timeout,

  FMoveIn, // S #fr: box or integer? always a float
  FMoveOut, // #fr D
  FConv, // S #fr
  FAdd, // #fr #fr #fr
  FSub,
  FMul,
  FDiv,
  FNeg, // #fr #fr

  Slow, // #routine ...: an instruction of slow.ts
  Unsupported, // #opcode

  Count,
}
