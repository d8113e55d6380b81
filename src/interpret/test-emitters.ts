// What tests, comparisons and selections become for the interpreter (see emitters.ts).
import type { Operand } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { isRegister, itemsOf, num } from '../load/operands.js';
import { isBoxed, Kind } from '../terms/tags.js';
import type { Assembler } from './assemble.js';
import { type Emitter, emitters } from './emitters.js';
import { I } from './ops.js';

const isX = (o: Operand): boolean => o.kind === 'x';

function test(op: I): Emitter {
  return (a, [fail, src]) => {
    a.emit(op);
    a.label(fail);
    a.source(src);
  };
}

function compareTest(op: I): Emitter {
  return (a, [fail, x, y]) => {
    const cx = a.constant(x);
    const cy = a.constant(y);
    const xIsSmall = cx !== undefined && (cx & 1) === 0;
    const yIsSmall = cy !== undefined && (cy & 1) === 0;
    if (isX(x) && yIsSmall) {
      a.emit(op === I.IsLt ? I.IsLtXC : I.IsGeXC);
      a.label(fail);
      a.emit(num(x), cy);
    } else if (xIsSmall && isX(y)) {
      a.emit(op === I.IsLt ? I.IsLtCX : I.IsGeCX);
      a.label(fail);
      a.emit(cx, num(y));
    } else {
      a.emit(op);
      a.label(fail);
      a.source(x);
      a.source(y);
    }
  };
}

function equalTest(op: I, immediateOp: I): Emitter {
  return (a, [fail, x, y]) => {
    let src = x;
    let constant = a.constant(y);
    if (constant === undefined) {
      constant = a.constant(x);
      if (constant !== undefined) src = y;
    }
    if (constant !== undefined && (constant & 7) !== 1 && (constant & 7) !== 3 && isRegister(src)) {
      a.emit(immediateOp);
      a.label(fail);
      a.source(src);
      a.emit(constant);
    } else {
      a.emit(op);
      a.label(fail);
      a.source(x);
      a.source(y);
    }
  };
}

function select(a: Assembler, src: Operand, fail: Operand, items: Operand[]): void {
  const pairs: { value: number; label: Operand }[] = [];
  let boxed = false;
  for (let i = 0; i < items.length; i += 2) {
    const value = a.constant(items[i])!;
    if (isBoxed(value)) boxed = true;
    pairs.push({ value, label: items[i + 1] });
  }
  if (boxed) {
    a.emit(I.SelectBoxed);
    a.source(src);
    a.label(fail);
    a.emit(pairs.length);
    for (const p of pairs) {
      a.poolWord(p.value);
      a.label(p.label);
    }
  } else if (pairs.length <= 6) {
    a.emit(I.SelectVal);
    a.source(src);
    a.label(fail);
    a.emit(pairs.length);
    for (const p of pairs) {
      a.emit(p.value);
      a.label(p.label);
    }
  } else {
    pairs.sort((p, q) => p.value - q.value);
    a.emit(I.SelectSorted);
    a.source(src);
    a.label(fail);
    a.emit(pairs.length);
    for (const p of pairs) a.emit(p.value);
    for (const p of pairs) a.label(p.label);
  }
}

Object.assign(emitters, {
  [Op.is_nonempty_list]: (a, [fail, s]) => {
    const next = a.next();
    if (next?.op === Op.get_list && isX(s) && num(next.args[0]) === num(s) && next.args.every(isX)) {
      a.emit(I.IsNonemptyListGetListXXX);
      a.label(fail);
      a.emit(num(s), num(next.args[1]), num(next.args[2]));
      return 2;
    }
    a.emit(I.IsNonemptyList);
    a.label(fail);
    a.source(s);
  },
  [Op.is_nil]: test(I.IsNil),
  [Op.is_list]: test(I.IsList),
  [Op.is_integer]: test(I.IsInteger),
  [Op.is_float]: test(I.IsFloat),
  [Op.is_number]: test(I.IsNumber),
  [Op.is_atom]: test(I.IsAtom),
  [Op.is_pid]: test(I.IsPid),
  [Op.is_port]: test(I.IsPort),
  [Op.is_reference]: test(I.IsReference),
  [Op.is_boolean]: test(I.IsBoolean),
  [Op.is_function]: test(I.IsFunction),
  [Op.is_binary]: test(I.IsBinary),
  [Op.is_bitstr]: test(I.IsBitstring),
  [Op.is_map]: test(I.IsMap),
  [Op.is_function2]: (a, [fail, f, n]) => {
    a.emit(I.IsFunction2);
    a.label(fail);
    a.source(f);
    a.source(n);
  },
  [Op.is_tuple]: (a, [fail, s]) => {
    const next = a.next();
    if (
      next?.op === Op.test_arity &&
      isRegister(s) &&
      next.args[1].kind === s.kind &&
      num(next.args[1]) === num(s) &&
      num(next.args[0]) === num(fail)
    ) {
      a.emit(I.IsTupleArity);
      a.label(fail);
      a.source(s);
      a.emit((num(next.args[2]) << Kind.SizeShift) | Kind.Tuple);
      return 2;
    }
    a.emit(I.IsTuple);
    a.label(fail);
    a.source(s);
  },
  [Op.test_arity]: (a, [fail, s, n]) => {
    a.emit(I.TestArity);
    a.label(fail);
    a.source(s);
    a.emit((num(n) << Kind.SizeShift) | Kind.Tuple);
  },
  [Op.is_tagged_tuple]: (a, [fail, s, n, tag]) => {
    a.emit(I.IsTaggedTuple);
    a.label(fail);
    a.source(s);
    a.emit((num(n) << Kind.SizeShift) | Kind.Tuple, a.constant(tag)!);
  },
  [Op.is_eq_exact]: equalTest(I.IsEqExact, I.IsEqExactImm),
  [Op.is_ne_exact]: equalTest(I.IsNeExact, I.IsNeExactImm),
  [Op.is_eq]: (a, [fail, x, y]) => {
    a.emit(I.IsEq);
    a.label(fail);
    a.source(x);
    a.source(y);
  },
  [Op.is_ne]: (a, [fail, x, y]) => {
    a.emit(I.IsNe);
    a.label(fail);
    a.source(x);
    a.source(y);
  },
  [Op.is_lt]: compareTest(I.IsLt),
  [Op.is_ge]: compareTest(I.IsGe),
  [Op.select_val]: (a, [s, fail, l]) => select(a, s, fail, itemsOf(l)),
  [Op.select_tuple_arity]: (a, [s, fail, l]) => {
    const items = itemsOf(l);
    a.emit(I.SelectArity);
    a.source(s);
    a.label(fail);
    a.emit(items.length / 2);
    for (let i = 0; i < items.length; i += 2) {
      a.emit((num(items[i]) << Kind.SizeShift) | Kind.Tuple);
      a.label(items[i + 1]);
    }
  },
} satisfies typeof emitters);
