// Random programs: a module of functions that call each other, and tests t0, t1, … without arguments.
import { expression, guard } from './expressions.js';
import { pattern, variable } from './patterns.js';
import { Random } from './random.js';
import { type Callee, Names, Scope } from './scope.js';
import { print, sequence, type Tree, t } from './tree.js';
import { BIN, BITS, FLOAT, INT, key, listOf, randomData, randomType, type T } from './types.js';

export interface Program {
  readonly name: string;
  /** Functions and tests; every one can be left out if nothing else needs it. */
  readonly tree: Tree;
  readonly tests: string[];
}

/** Functions that every module has. lim/1 keeps values that grow in loops small. */
const HELPERS = `
id(X) -> X.

kind(X) when is_integer(X), X > 1 bsl 40 -> large;
kind(X) when is_integer(X) -> int;
kind(X) when is_float(X) -> float;
kind(X) when is_boolean(X) -> bool;
kind(X) when is_atom(X) -> X;
kind([]) -> nil;
kind([_ | _]) -> list;
kind(X) when is_binary(X), byte_size(X) > 3 -> long;
kind(<<_:3, _/bits>>) -> bits;
kind(#r{}) -> record;
kind(X) when tuple_size(X) =:= 2 -> pair;
kind(X) when is_tuple(X) -> tuple;
kind(X) when map_size(X) > 0 -> map;
kind(X) when is_function(X, 1) -> fun1;
kind(_) -> other.

lim(X) when is_integer(X), X > 1 bsl 130 -> X rem ((1 bsl 61) - 1);
lim(X) when is_integer(X), X < -(1 bsl 130) -> -(X band 16#ffffffffff);
lim(X) when is_list(X) -> lists:sublist(X, 12);
lim(X) when is_bitstring(X), bit_size(X) > 400 -> <<Y:333/bits, _/bits>> = X, Y;
lim({A, B}) -> {lim(A), lim(B)};
lim(X) -> X.
`;

/** What loops carry along. */
const ACCUMULATORS: T[] = [
  INT,
  INT,
  INT,
  FLOAT,
  FLOAT,
  listOf(INT),
  BITS,
  { kind: 'tuple', items: [INT, INT] },
  { kind: 'tuple', items: [FLOAT, INT] },
];

const MASKS = ['16#ff', '16#ffff', '16#3fffffff', '16#ffffffff', '16#ffffffffffff', '16#ffffffffffffffff'];

/** A value of an accumulator that does not grow. */
function limited(r: Random, type: T, value: Tree): Tree {
  if (type === INT && r.oneIn(2)) return t('int')`(${value} band ${r.pick(MASKS)})`;
  if (type === INT && r.oneIn(3))
    return t('int')`(${value} rem ${r.pick(['1000', '1000003', '4294967291', '-77'])})`;
  if (type === FLOAT) return value;
  return t(key(type))`lim(${value})`;
}

class Maker {
  private readonly names = new Names();
  private readonly callees: Callee[] = [];
  private readonly functions: Tree[] = [];

  constructor(private readonly r: Random) {}

  private scope(depth: number): Scope {
    return new Scope(this.r, this.names, this.callees, [], depth);
  }

  private add(callee: Callee, ...functions: Tree[]): void {
    this.functions.unshift(...functions);
    this.callees.push(callee);
  }

  make(count: number, tests: number): Tree[] {
    for (let i = 0; i < count; i++) {
      const name = `f${i}`;
      const make = this.r.weighted([
        [6, () => this.plain(name)],
        [4, () => this.countdown(name)],
        [2, () => this.bodyRecursion(name)],
        [3, () => this.listTraversal(name)],
        [2, () => this.binaryTraversal(name)],
        [1, () => this.mutual(name)],
        [1, () => this.server(name)],
      ]);
      make();
    }
    const bodies = this.r.times(
      tests,
      (i) => t('')`\nt${i}() -> ${this.r.oneIn(3) ? this.test() : this.tests()}.\n`,
    );
    return [...bodies, ...this.functions];
  }

  private test(): Tree {
    return expression(this.scope(5), randomType(this.r));
  }

  /** Some expressions, none of which keeps the others from being looked at. */
  private tests(): Tree {
    const items = this.r.times(
      this.r.range(2, 4),
      () => t('any')`(try ${this.test()} catch C:R -> {C, R} end)`,
    );
    return t('')`[${sequence(items, ',\n  ')}]`;
  }

  /** Clauses with patterns and guards. */
  private plain(name: string): void {
    const { r } = this;
    const args = r.times(r.range(0, 4), () => randomType(r));
    const result = randomType(r);
    const scope = this.scope(4);
    const count = args.length === 0 ? 1 : r.range(1, 3);
    const clauses = r.times(count, (i) => {
      const last = i === count - 1 && !r.oneIn(30);
      const bounds = args.map((arg) => (last ? variable(scope, arg) : pattern(scope, arg)));
      const inside = scope.with(...bounds.flatMap((b) => b.variables));
      const list = sequence(
        bounds.map((b) => b.tree),
        ', ',
        args.length,
      );
      return t('')`${name}(${list})${last ? t('')`` : guard(inside, 2)} -> ${expression(inside, result)}`;
    });
    const loops = this.callees.some((c) => c.loops);
    this.add({ name, args, result, loops }, t('')`\n${sequence(clauses, ';\n', 1)}.\n`);
  }

  /** A tail recursive loop that counts down and carries accumulators. */
  private countdown(name: string): void {
    const { r } = this;
    const types = r.times(r.range(1, 3), () => r.pick(ACCUMULATORS));
    const result = randomData(r, 1);
    const n = this.names.fresh();
    const scope = this.scope(3).inLoop();
    const vars = types.map((type) => variable(scope, type).variables[0]);
    const params = vars.map((v) => v.name).join(', ');
    const inside = scope.with({ name: n, type: INT }, ...vars);
    const step = () =>
      sequence(
        types.map((type) => limited(r, type, expression(inside, type))),
        ', ',
        types.length,
      );
    const clauses: Tree[] = [
      t(
        '',
      )`${name}(${n}, ${params}) when ${n} ${r.pick(['=<', '<', '=:='])} 0 -> ${expression(scope.with(...vars), result)}`,
    ];
    if (r.oneIn(3))
      clauses.push(t('')`${name}(${n}, ${params})${guard(inside, 1)} -> ${name}(${n} - 1, ${step()})`);
    clauses.push(t('')`${name}(${n}, ${params}) -> ${name}(${n} - 1, ${step()})`);
    const times = r.weighted([
      [3, '7'],
      [2, '40'],
      [1, '300'],
    ]);
    const wrapper = `${name}_run`;
    this.add(
      { name: wrapper, args: types, result, loops: true },
      t('')`\n${sequence(clauses, ';\n', 2)}.\n`,
      t('')`\n${wrapper}(${params}) -> ${name}(${times}, ${params}).\n`,
    );
  }

  /** Recursion whose result is worked on afterwards. */
  private bodyRecursion(name: string): void {
    const { r } = this;
    const type = r.pick(ACCUMULATORS);
    const extra = randomData(r, 1);
    const n = this.names.fresh();
    const x = this.names.fresh();
    const v = this.names.fresh();
    const scope = this.scope(3).inLoop().with({ name: x, type: extra });
    const below = scope.with({ name: n, type: INT }, { name: v, type });
    const wrapper = `${name}_run`;
    this.add(
      { name: wrapper, args: [extra], result: type, loops: true },
      t(
        '',
      )`\n${name}(${n}, ${x}) when ${n} < 1 -> ${expression(scope, type)};\n${name}(${n}, ${x}) -> ${v} = ${name}(${n} - 1, ${x}), ${limited(r, type, expression(below, type))}.\n`,
      t('')`\n${wrapper}(${x}) -> ${name}(${r.pick(['5', '30', '200'])}, ${x}).\n`,
    );
  }

  private listTraversal(name: string): void {
    const { r } = this;
    const of = randomData(r, 1);
    const type = r.pick(ACCUMULATORS);
    const scope = this.scope(3).inLoop();
    const a = variable(scope, type).variables[0];
    const clauses = [t('')`${name}([], ${a.name}) -> ${expression(scope.with(a), type)}`];
    const steps = r.range(1, 2);
    for (let i = 0; i < steps; i++) {
      const item = i === steps - 1 ? variable(scope, of) : pattern(scope, of);
      const rest = this.names.fresh();
      const inside = scope.with(a, ...item.variables);
      const next = limited(r, type, expression(inside, type));
      clauses.push(
        t(
          '',
        )`${name}([${item.tree} | ${rest}], ${a.name})${i === steps - 1 ? t('')`` : guard(inside, 2)} -> ${name}(${rest}, ${next})`,
      );
    }
    this.add(
      { name, args: [listOf(of), type], result: type, loops: true },
      t('')`\n${sequence(clauses, ';\n', 1)}.\n`,
    );
  }

  private binaryTraversal(name: string): void {
    const { r } = this;
    const type = r.pick(ACCUMULATORS);
    const scope = this.scope(3).inLoop();
    const a = variable(scope, type).variables[0];
    const rest = this.names.fresh();
    const clauses: Tree[] = [];
    for (let i = r.range(1, 3); i > 0; i--) {
      const v = variable(scope, r.oneIn(6) ? FLOAT : INT).variables[0];
      const segment =
        v.type === FLOAT
          ? `${v.name}/float`
          : r.pick([
              `${v.name}`,
              `${v.name}:16`,
              `${v.name}:5`,
              `${v.name}:8/signed`,
              `${v.name}:24/little`,
              `${v.name}/utf8`,
              `1:1, ${v.name}:7`,
              `${v.name}:33`,
            ]);
      const inside = scope.with(a, v);
      clauses.push(
        t(
          '',
        )`${name}(<<${segment}, ${rest}/bits>>, ${a.name})${guard(inside, 3)} -> ${name}(${rest}, ${limited(r, type, expression(inside, type))})`,
      );
    }
    clauses.push(t('')`${name}(_, ${a.name}) -> ${expression(scope.with(a), type)}`);
    this.add(
      { name, args: [r.oneIn(3) ? BITS : BIN, type], result: type, loops: true },
      t('')`\n${sequence(clauses, ';\n', 1)}.\n`,
    );
  }

  private mutual(name: string): void {
    const { r } = this;
    const type = r.pick(ACCUMULATORS);
    const n = this.names.fresh();
    const a = this.names.fresh();
    const inside = this.scope(2).inLoop().with({ name: n, type: INT }, { name: a, type });
    const one = (self: string, other: string) =>
      t(
        '',
      )`\n${self}(0, ${a}) -> ${a};\n${self}(${n}, ${a}) -> ${other}(${n} - 1, ${limited(r, type, expression(inside, type))}).\n`;
    this.add(
      { name: `${name}_run`, args: [type], result: type, loops: true },
      one(`${name}_a`, `${name}_b`),
      one(`${name}_b`, `${name}_a`),
      t('')`\n${name}_run(${a}) -> ${name}_${r.pick(['a', 'b'])}(${r.range(3, 50)}, ${a}).\n`,
    );
  }

  /** A process that keeps a state, and what asks it some questions. */
  private server(name: string): void {
    const { r } = this;
    const state = r.pick(ACCUMULATORS);
    const question = randomData(r, 1);
    const [s, q, from, pid, result] = r.times(5, () => this.names.fresh());
    const scope = this.scope(2).inLoop();
    const asked = scope.with({ name: s, type: state }, { name: q, type: question });
    const questions = sequence(
      r.times(r.range(1, 4), () => expression(scope, question)),
      ', ',
    );
    this.add(
      { name: `${name}_run`, args: [state], result: listOf(state), loops: true },
      t(
        '',
      )`\n${name}(${s}) -> receive {ask, ${from}, ${q}} -> ${from} ! {self(), ${s}}, ${name}(${limited(r, state, expression(asked, state))}); stop -> ${s} end.\n`,
      t(
        '',
      )`\n${name}_run(${s}) -> ${pid} = spawn(fun() -> ${name}(${s}) end), ${result} = [begin ${pid} ! {ask, self(), ${q}}, receive {${pid}, R} -> R after 100 -> ${s} end end || ${q} <- [${questions}]], ${pid} ! stop, ${result}.\n`,
    );
  }
}

/** The program of a seed. */
export function makeProgram(name: string, seed: number): Program {
  const r = new Random(seed);
  const tests = 4;
  const functions = new Maker(r).make(r.range(2, 6), tests);
  return { name, tree: t('')`${sequence(functions, '', 1)}`, tests: r.times(tests, (i) => `t${i}`) };
}

/** The program as source text. */
export function source({ name, tree }: Program): string {
  return `%% A random program (test/random).
-module(${name}).
-compile([export_all, nowarn_export_all]).
-compile({no_auto_import, [id/1]}).
-record(r, {a = 0, b = 0.0, c}).
${HELPERS}${print(tree)}`;
}
