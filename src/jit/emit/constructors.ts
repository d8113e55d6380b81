// Tail recursion modulo a constructor: a call of the function to itself whose result only goes into a list cell or a
// tuple that is then returned, as in [X | f(Xs)]. The cell is built before the call, with a hole where the result belongs,
// and the call becomes the next round of the loop: no JavaScript frame, and nothing left to do on the way back. (Known from
// Lisp and OCaml as "tail modulo cons".) Should the unit be left in between, one frame stands for all cells: it holds the
// first, which is the result, and the last, whose hole is open.
import type * as E from 'estree';
import type { Operand } from '../../load/module.js';
import { Op } from '../../load/opcodes.js';
import { num } from '../../load/operands.js';
import { H, Reg } from '../../memory/arena.js';
import { settings } from '../../settings.js';
import { Imm, Kind, makeImmediate, Sentinel, Tag } from '../../terms/tags.js';
import { assign, bin, block, either, expression, id, labeled, lit, ret, set, when, word } from '../ast.js';
import * as calls from '../stubs/calls.js';
import type { Unit } from '../unit.js';

/** A call that can be such a loop, and what is built from its result. */
export interface Construction {
  /** Instructions: the call, and the return at the end. */
  call: number;
  end: number;
  /** The words of the cell, first to last: what goes there, or a pointer to the word with that number. */
  words: (Operand | { kind: 'cons'; n: number } | { kind: 'header'; size: number })[];
  /** Which of them waits for the result. */
  hole: number;
  /** The same within the object that has it: of several list cells the last. */
  offset: number;
  /** Low bits of a pointer to the cell. */
  tag: number;
  /** Sites with equal shapes can be in one chain. */
  shape: string;
}

/** The constructions of a function that are like the first one. */
export function constructionsOf(u: Unit): Map<number, Construction> {
  const found = new Map<number, Construction>();
  let shape: string | undefined;
  for (let i = 0; i < u.fn.code.length; i++) {
    const { op, args } = u.fn.code[i];
    if (op !== Op.call || num(args[1]) !== u.fn.entry) continue;
    const c = constructionAt(u, i);
    if (c === undefined || (shape !== undefined && shape !== c.shape)) continue;
    shape = c.shape;
    found.set(i, c);
  }
  return found;
}

function constructionAt(u: Unit, call: number): Construction | undefined {
  const code = u.fn.code;
  let i = call + 1;
  if (code[i].op !== Op.test_heap || code[i].args[0].kind === 'alloc') return undefined;
  i++;
  const heads: Operand[] = [];
  let words: Construction['words'] = [];
  let hole = -1;
  if (code[i].op === Op.put_list) {
    for (; code[i].op === Op.put_list; i++) {
      const [head, tail, to] = code[i].args;
      if (!isX0(tail) || !isX0(to) || !isKept(head)) return undefined;
      heads.unshift(head);
    }
    words = heads.flatMap((head, k) => [head, { kind: 'cons', n: 2 * (k + 1) } as const]);
    hole = words.length - 1;
  } else if (code[i].op === Op.put_tuple2) {
    const items = (code[i].args[1] as { items: Operand[] }).items;
    if (!isX0(code[i].args[0]) || items.filter(isX0).length !== 1) return undefined;
    if (!items.every((o) => isX0(o) || isKept(o))) return undefined;
    words = [{ kind: 'header', size: items.length }, ...items];
    hole = 1 + items.findIndex(isX0);
    i++;
  } else return undefined;
  if (code[i].op !== Op.deallocate || code[i + 1].op !== Op.return) return undefined;
  const [offset, tag] = words[0].kind === 'header' ? [hole, Tag.Boxed] : [1, Tag.Cons];
  return {
    call,
    end: i + 1,
    words,
    hole,
    offset,
    tag,
    shape: `${offset}_${tag}`,
  };
}

const isX0 = (o: Operand): boolean => o.kind === 'x' && o.n === 0;
/** What is still there after the call. */
const isKept = (o: Operand): boolean =>
  o.kind === 'y' || o.kind === 'atom' || o.kind === 'nil' || o.kind === 'integer' || o.kind === 'literal';

/**
 * Builds the cell and hangs it into the one before: `hole` is the word that waits for it. Leaves the unit at the call if the
 * heap is full. Where the first cell is stands in a register of the arena, which costs less than a variable, unless
 * units that are called on the way use that register, too.
 */
export function emitCell(u: Unit, c: Construction, arity: number): void {
  const values = c.words.map((o, i) =>
    o.kind === 'header'
      ? lit((o.size << 8) | Kind.Tuple)
      : i === c.hole || o.kind === 'cons'
        ? undefined
        : u.source(o as Operand),
  );
  u.flushHeap();
  u.use('H');
  for (const name of ['h', 'hole']) u.locals.add(name);
  const h = id('h');
  const at = (n: number): E.Expression => (n === 0 ? h : bin(h, '+', lit(n)));
  const pointer = (n: number, tag: number): E.Expression => bin(bin(at(n), '<<', lit(3)), '|', lit(tag));
  const size = c.words.length;
  u.inline(
    settings.stressGc ? calls.testHeapStressed : calls.testHeap,
    { h, words: lit(size) },
    collectInCallee(u, size, arity),
  );
  for (const [i, o] of c.words.entries()) {
    if (values[i] !== undefined) u.emit(assign(word(at(i)), values[i]));
    else if (i !== c.hole) u.emit(assign(word(at(i)), pointer((o as { n: number }).n, Tag.Cons)));
  }
  u.emit(assign(word(lit(Reg.Htop)), at(size)));
  if (u.nests) {
    u.locals.add('first');
    u.emit(
      either(
        bin(id('hole'), '===', lit(0)),
        [set('first', pointer(0, c.tag))],
        [assign(word(id('hole')), pointer(0, c.tag))],
      ),
    );
  } else u.emit(assign(word(id('hole')), pointer(0, c.tag)));
  u.emit(set('hole', bin(at(c.hole), '|', lit(0))));
  if (u.constructions!.size > 1) {
    u.locals.add('site');
    u.emit(set('site', returnTo(u, c)));
  }
}

/** The heap is full: leaves the unit as if the call had been made and the function had asked for a collection at its entry. */
function collectInCallee(u: Unit, words: number, arity: number): E.Statement[] {
  const xs = Array.from({ length: arity }, (_, n) => u.termOf(`x${n}`));
  u.exits.push({ instruction: u.at, kind: 'collect', reason: '' });
  const entry = u.addressWord(u.flow.blocks[0].start);
  return [expression(u.callLibrary(`collect_${arity}_0`, entry, lit(words), ...xs)), ...u.capture()];
}

/** What `hole` is while there is no cell. */
const noHole = (u: Unit): E.Expression => lit(u.nests ? 0 : Reg.Cell);

/** What has to be done before the loop. */
export function beforeConstructions(u: Unit): E.Statement[] {
  return u.nests ? [] : [set('hole', noHole(u))];
}

/** The continuation of the frame that stands for cells of a call: its FillHole instruction. */
function returnTo(u: Unit, c: Construction): E.Expression {
  const at = u.module.fillAddresses[u.target.index]!.get(c.call)!;
  H[at + 1] = c.offset;
  H[at + 2] = u.returnAddress(c.call);
  return u.constantWord(makeImmediate(Imm.Continuation, at), () => [
    `fill_${c.call}`,
    `a frame that stands for the cells of instruction ${c.call}`,
  ]);
}

/** Whether the loop can go on with this construction: the cells that wait are of the same call, or there are none. */
export function sameSite(u: Unit, c: Construction): E.Expression | undefined {
  if (u.constructions!.size === 1) return undefined;
  u.locals.add('site');
  u.locals.add('hole');
  return {
    type: 'LogicalExpression',
    operator: '||',
    left: bin(id('hole'), '===', noHole(u)),
    right: bin(id('site'), '===', returnTo(u, c)),
  };
}

/** What stands around a body with constructions: results fill the last hole, an unwind makes the frames. */
export function aroundConstructions(u: Unit, body: E.Statement[]): E.Statement[] {
  const [c] = u.constructions!.values();
  u.locals.add('result');
  const site = u.constructions!.size > 1 ? id('site') : returnTo(u, c);
  const first = u.nests ? id('first') : word(lit(Reg.Cell));
  return [
    labeled('out', block(body)),
    when(bin(id('hole'), '===', noHole(u)), [ret(id('result'))]),
    when(bin(id('result'), '===', lit(Sentinel.Unwind)), [
      ret(u.callLibrary(`captureCells_${c.shape}`, first, id('hole'), site)),
    ]),
    assign(word(id('hole')), id('result')),
    ret(first),
  ];
}
