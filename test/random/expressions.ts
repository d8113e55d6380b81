// Expressions of random programs, by type. Each is well typed in what it is made of, but may raise.
import { atomLiteral, floatLiteral, intLiteral, stringLiteral } from './literals.js';
import { pattern, variable } from './patterns.js';
import type { Scope } from './scope.js';
import { sequence, type Tree, t } from './tree.js';
import {
  ANY,
  ATOM,
  BIN,
  BITS,
  BOOL,
  FIELDS,
  FLOAT,
  INT,
  key,
  listOf,
  RECORD,
  randomData,
  randomType,
  type T,
} from './types.js';

type Make = () => Tree;
type Choice = readonly [weight: number, make: Make];

/** An expression of the type. */
export function expression(scope: Scope, type: T): Tree {
  const { r } = scope;
  const known = scope.variable(type);
  if (scope.depth <= 0)
    return known !== undefined && !r.oneIn(4) ? named(known.name, type) : leaf(scope, type);
  if (known !== undefined && r.oneIn(4)) return named(known.name, type);
  if (r.oneIn(6)) return leaf(scope, type);
  const inner = scope.inner();
  if (scope.guard) return r.weighted(guardChoices(inner, type))();
  const general = generalChoices(inner, type);
  return r.weighted([...specialChoices(inner, type), ...general])();
}

const named = (name: string, type: T): Tree => t(key(type))`${name}`;

/** The simplest expressions of a type: literals, constructors without much in them. */
function leaf(scope: Scope, type: T): Tree {
  const { r } = scope;
  const name = key(type);
  switch (type.kind) {
    case 'int':
      return t(name)`${intLiteral(r)}`;
    case 'float':
      return t(name)`${floatLiteral(r)}`;
    case 'atom':
      return t(name)`${atomLiteral(r)}`;
    case 'bool':
      return t(name)`${r.pick(['true', 'false'])}`;
    case 'bin':
      return t(
        name,
      )`${r.pick(['<<>>', `<<"${stringLiteral(r)}"/utf8>>`, `<<${r.below(300)},${r.below(256)}>>`])}`;
    case 'bits':
      return t(name)`<<${r.below(1000)}:${r.below(20)}>>`;
    case 'list':
      if (key(type.of) === 'int' && r.oneIn(4)) return t(name)`"${stringLiteral(r)}"`;
      return r.oneIn(2) ? t(name)`[]` : t(name)`[${leaf(scope, type.of)}]`;
    case 'tuple':
      return t(name)`{${sequence(
        type.items.map((item) => expression(scope.withDepth(0), item)),
        ', ',
        type.items.length,
      )}}`;
    case 'map':
      return r.oneIn(2) || scope.guard
        ? t(name)`#{}`
        : t(name)`#{${leaf(scope, type.key)} => ${leaf(scope, type.value)}}`;
    case 'record':
      return t(name)`#r{}`;
    case 'any':
      return t(name)`${leaf(scope, randomData(r, 1))}`;
    case 'fun':
      return scope.guard ? t(name)`ok` : closure(scope, type);
  }
}

/** A fun expression; a variable of the same type may be in it. */
function closure(scope: Scope, type: T & { kind: 'fun' }): Tree {
  const { r } = scope;
  const self = scope.names.fresh();
  const callee = scope.callees.find(
    (c) => !c.loops && key({ kind: 'fun', args: c.args, result: c.result }) === key(type),
  );
  if (callee !== undefined && r.oneIn(2)) return t(key(type))`fun ${callee.name}/${callee.args.length}`;
  const clauses = r.times(type.args.length > 0 && r.oneIn(4) ? 2 : 1, (i) => {
    const last = i === 1 || !r.oneIn(10);
    const params = type.args.map((arg) => (last ? variable(scope, arg) : pattern(scope, arg)));
    const inside = scope.inLoop().with(...params.flatMap((p) => p.variables));
    const list = sequence(
      params.map((p) => p.tree),
      ', ',
      params.length,
    );
    return t('')`(${list})${guard(inside, 4)} -> ${expression(inside.inner(), type.result)}`;
  });
  const head = r.oneIn(6) ? `fun ${self}` : 'fun ';
  const [first, ...rest] = clauses;
  const all = rest.length === 0 ? [first] : [first, t('')`${head === 'fun ' ? '' : self}${rest[0]}`];
  return t(key(type))`${head}${sequence(all, '; ', 1)} end`;
}

/** ` when …`, once in n times. */
export function guard(scope: Scope, n: number): Tree {
  if (!scope.r.oneIn(n)) return t('')``;
  const inside = scope.inGuard();
  const tests = scope.r.times(scope.r.range(1, 2), () => expression(inside, BOOL));
  return t('')` when ${sequence(tests, scope.r.pick([', ', '; ']), 1)}`;
}

/** What is possible for every type. */
function generalChoices(scope: Scope, type: T): Choice[] {
  const { r } = scope;
  const name = key(type);
  const of = (wanted: T) => expression(scope, wanted);
  const data = () => {
    const known = scope.variableWhere((v) => v.kind !== 'fun');
    return known !== undefined && r.oneIn(2) ? known.type : randomData(r);
  };
  const choices: Choice[] = [
    [4, () => branches(scope, type, data())],
    [1, () => t(name)`if ${expression(scope.inGuard(), BOOL)} -> ${of(type)}; true -> ${of(type)} end`],
    [1, () => t(name)`case ${of(BOOL)} of true -> ${of(type)}; false -> ${of(type)} end`],
    [3, () => block(scope, type)],
    [2, () => tried(scope, type)],
    [1, () => call(scope, { kind: 'fun', args: r.times(r.below(3), () => randomData(r, 1)), result: type })],
    [1, () => t(name)`hd([${of(type)} | ${of(listOf(type))}])`],
    [1, () => t(name)`element(${t('')`1`}, {${of(type)}, ${of(randomData(r, 1))}})`],
    [1, () => t(name)`lists:nth(${r.range(1, 3)}, [${of(type)}, ${of(type)} | ${of(listOf(type))}])`],
    [1, () => t(name)`lists:last([${of(type)} | ${of(listOf(type))}])`],
    [1, () => t(name)`maps:get(${of(ATOM)}, #{a => ${of(type)}, ok => ${of(type)}}, ${of(type)})`],
    ...(r.oneIn(4) ? [[1, () => raising(scope, type)] as const] : []),
    [1, () => messages(scope, type)],
  ];
  const fitting = scope.callees.filter((c) => key(c.result) === name && (scope.loop === 0 || !c.loops));
  if (fitting.length > 0) {
    const c = r.pick(fitting);
    choices.push([
      scope.loop > 1 ? 1 : 6,
      () => t(name)`${c.name}(${sequence(c.args.map(of), ', ', c.args.length)})`,
    ]);
  }
  const fun = scope.variableWhere((v) => v.kind === 'fun' && key(v.result) === name);
  if (fun !== undefined && fun.type.kind === 'fun') {
    const args = fun.type.args;
    choices.push([6, () => t(name)`${fun.name}(${sequence(args.map(of), ', ', args.length)})`]);
  }
  return choices;
}

/** The call of a fun expression. */
function call(scope: Scope, type: T & { kind: 'fun' }): Tree {
  const args = sequence(
    type.args.map((arg) => expression(scope, arg)),
    ', ',
    type.args.length,
  );
  const f = closure(scope, type);
  return scope.r.oneIn(3)
    ? t(key(type.result))`apply(${f}, [${args}])`
    : t(key(type.result))`(${f})(${args})`;
}

/** case, with patterns and guards; the last clause nearly always matches. */
function branches(scope: Scope, type: T, on: T): Tree {
  const { r } = scope;
  const subject = expression(scope, on);
  const clauses = r.times(r.range(1, 3), () => {
    const bound = pattern(scope, on);
    const inside = scope.with(...bound.variables);
    return t('')`${bound.tree}${guard(inside, 3)} -> ${expression(inside, type)}`;
  });
  if (!r.oneIn(30)) clauses.push(t('')`_ -> ${expression(scope, type)}`);
  return t(key(type))`case ${subject} of ${sequence(clauses, '; ', 1)} end`;
}

/** Some matches, then an expression that uses their variables. */
function block(scope: Scope, type: T): Tree {
  const { r } = scope;
  let inside = scope;
  const steps = r.times(r.range(1, 3), () => {
    const of = randomType(r);
    const bound = r.oneIn(4) ? pattern(inside, of) : variable(inside, of);
    const step = t('')`${bound.tree} = ${expression(inside, of)}`;
    inside = inside.with(...bound.variables);
    return step;
  });
  return t(
    key(type),
  )`begin ${sequence(steps, ', ', 0)}${steps.length > 0 ? ', ' : ''}${expression(inside, type)} end`;
}

/** try and catch in their forms. */
function tried(scope: Scope, type: T): Tree {
  const { r } = scope;
  const name = key(type);
  const of = (wanted: T) => expression(scope, wanted);
  const body = r.oneIn(3) ? raising(scope, type) : of(type);
  const reason = scope.names.fresh();
  const cls = scope.names.fresh();
  const stack = scope.names.fresh();
  const seen = scope.with({ name: reason, type: ANY });
  const handler = () => expression(seen, type);
  switch (r.below(7)) {
    case 0:
      return t(name)`try ${body} catch _:${reason} -> ${handler()} end`;
    case 1:
      return t(name)`try ${body} catch error:${reason} -> ${handler()}; throw:_ -> ${of(type)} end`;
    case 2: {
      const result = variable(scope, type);
      const inside = scope.with(...result.variables);
      return t(
        name,
      )`try ${body} of ${result.tree} -> ${expression(inside, type)} catch ${cls}:${reason} when ${cls} =/= exit -> ${handler()} end`;
    }
    case 3:
      return t(name)`try ${body} after ${of(randomData(r, 1))} end`;
    case 4:
      return t(
        name,
      )`try ${body} catch ${cls}:${reason}:${stack} -> put(trace, [{M, F} || {M, F, _, _} <- ${stack}]), ${handler()} end`;
    case 5:
      return t(
        name,
      )`try try ${body} catch ${cls}:${reason}:${stack} -> erlang:raise(${cls}, ${reason}, ${stack}) end catch _:_ -> ${of(type)} end`;
    default:
      return t(name)`case catch ${body} of {'EXIT', ${reason}} -> ${handler()}; _ -> ${of(type)} end`;
  }
}

/** An expression that raises, of any type that is wanted. */
function raising(scope: Scope, type: T): Tree {
  const name = key(type);
  const { r } = scope;
  const value = () => expression(scope, randomData(r, 1));
  switch (r.below(8)) {
    case 0:
      return t(name)`throw(${value()})`;
    case 1:
      return t(name)`error(${value()})`;
    case 2:
      return t(name)`exit(${value()})`;
    case 3:
      return t(name)`error(${value()}, [${value()}])`;
    case 4:
      return t(name)`hd(${expression(scope, listOf(type))})`;
    case 5:
      return t(name)`id(${value()})`;
    case 6:
      return t(name)`map_get(${expression(scope, ATOM)}, #{${atomLiteral(r)} => ${expression(scope, type)}})`;
    default:
      return t(name)`begin ${pattern(scope, type).tree} = ${expression(scope, type)} end`;
  }
}

/** Messages: to oneself, and to a process that is spawned for it. */
function messages(scope: Scope, type: T): Tree {
  const { r, names } = scope;
  const name = key(type);
  const v = variable(scope, type);
  const pid = names.fresh();
  const ref = names.fresh();
  const reason = names.fresh();
  const parent = names.fresh();
  const alone = scope.inLoop();
  const inside = scope.with(...v.variables);
  switch (r.below(4)) {
    case 0:
      return t(
        name,
      )`begin self() ! {m, ${expression(scope, type)}}, receive {m, ${v.tree}}${guard(inside, 3)} -> ${expression(inside, type)} after 0 -> ${expression(scope, type)} end end`;
    case 1: {
      const other = randomData(r, 1);
      return t(
        name,
      )`begin self() ! ${expression(scope, other)}, self() ! ${expression(scope, type)}, receive ${v.tree}${guard(inside, 2)} -> ${expression(scope, type)} after ${r.pick(['0', '1'])} -> ${expression(scope, type)} end end`;
    }
    case 2:
      return t(
        name,
      )`begin {${pid}, ${ref}} = spawn_monitor(fun() -> exit({value, ${expression(alone, type)}}) end), receive {'DOWN', ${ref}, process, ${pid}, {value, ${v.tree}}} -> ${expression(inside, type)}; {'DOWN', ${ref}, process, ${pid}, ${reason}} -> ${expression(scope.with({ name: reason, type: ANY }), type)} end end`;
    default:
      return t(
        name,
      )`begin ${parent} = self(), ${pid} = spawn(fun() -> receive {ask, ${parent}, ${ref}} -> ${parent} ! {answer, self(), catch ${expression(alone.with({ name: ref, type: ANY }), type)}} end end), ${pid} ! {ask, self(), ${expression(scope, ANY)}}, receive {answer, ${pid}, {'EXIT', ${reason}}} -> ${expression(scope.with({ name: reason, type: ANY }), type)}; {answer, ${pid}, ${v.tree}} -> ${expression(inside, type)} end end`;
  }
}

/** A small number of a loop or a size. */
const few = (scope: Scope): Tree => t('')`(${expression(scope, INT)} band ${scope.r.pick(['3', '7'])})`;

/** What only expressions of this type can be. */
function specialChoices(scope: Scope, type: T): Choice[] {
  switch (type.kind) {
    case 'int':
      return intChoices(scope);
    case 'float':
      return floatChoices(scope);
    case 'atom':
      return atomChoices(scope);
    case 'bool':
      return boolChoices(scope);
    case 'bin':
      return binChoices(scope);
    case 'bits':
      return bitsChoices(scope);
    case 'list':
      return listChoices(scope, type);
    case 'tuple':
      return tupleChoices(scope, type);
    case 'map':
      return mapChoices(scope, type);
    case 'fun':
      return [[12, () => closure(scope, type)]];
    case 'record':
      return recordChoices(scope);
    case 'any':
      return [[8, () => t('any')`${expression(scope, randomData(scope.r))}`]];
  }
}

function intChoices(scope: Scope): Choice[] {
  const { r } = scope;
  const int = () => expression(scope, INT);
  const of = (wanted: T) => expression(scope, wanted);
  return [
    [8, () => t('int')`(${int()} ${r.pick(['+', '-', '*', '+', '-'])} ${int()})`],
    [
      3,
      () =>
        t(
          'int',
        )`(${int()} ${r.pick(['div', 'rem'])} ${r.oneIn(4) ? int() : t('')`${r.pick(['2', '3', '7', '10', '-3', '16', '1000003'])}`})`,
    ],
    [4, () => t('int')`(${int()} ${r.pick(['band', 'bor', 'bxor'])} ${int()})`],
    [
      3,
      () =>
        t(
          'int',
        )`((${int()} ${r.pick(['+', '*', '-', 'bxor'])} ${int()}) band ${r.pick(['16#ff', '16#ffff', '16#3fffffff', '16#7fffffff', '16#ffffffff', '16#ffffffffffff', '16#ffffffffffffffff'])})`,
    ],
    [
      2,
      () =>
        t(
          'int',
        )`(${int()} ${r.pick(['bsl', 'bsr'])} ${r.oneIn(2) ? t('')`${r.range(-40, 70)}` : t('')`(${int()} band 31)`})`,
    ],
    [1, () => t('int')`(${r.pick(['-', 'bnot', '+'])} ${int()})`],
    [1, () => t('int')`${r.pick(['abs', 'id'])}(${int()})`],
    [2, () => t('int')`${r.pick(['max', 'min'])}(${int()}, ${int()})`],
    [1, () => t('int')`length(${of(listOf(randomData(r, 1)))})`],
    [1, () => t('int')`${r.pick(['byte_size', 'bit_size'])}(${of(r.pick([BIN, BITS]))})`],
    [1, () => t('int')`tuple_size(${of({ kind: 'tuple', items: [INT, FLOAT] })})`],
    [1, () => t('int')`map_size(${of({ kind: 'map', key: ATOM, value: INT })})`],
    [3, () => t('int')`${r.pick(['round', 'trunc', 'floor', 'ceil'])}(${of(FLOAT)})`],
    [2, () => t('int')`lists:sum(${of(listOf(INT))})`],
    [2, () => fold(scope, INT)],
    [1, () => t('int')`binary:at(${of(BIN)}, ${few(scope)})`],
    [1, () => t('int')`(${of(RECORD)})#r.a`],
    [1, () => t('int')`erlang:phash2(${of(randomData(r))})`],
    [1, () => t('int')`list_to_integer(integer_to_list(${int()}))`],
    [
      1,
      () =>
        t(
          'int',
        )`binary_to_integer(integer_to_binary(${int()}, ${r.pick(['2', '16', '36'])}), ${r.pick(['16', '36'])})`,
    ],
    [1, () => t('int')`erlang:crc32(${of(BIN)})`],
  ];
}

/** lists:foldl or foldr with a fun whose accumulator has the type. */
function fold(scope: Scope, type: T): Tree {
  const of = randomData(scope.r, 1);
  const f = closure(scope.inLoop(), { kind: 'fun', args: [of, type], result: type });
  return t(
    key(type),
  )`lists:${scope.r.pick(['foldl', 'foldr'])}(${f}, ${expression(scope, type)}, ${expression(scope, listOf(of))})`;
}

function floatChoices(scope: Scope): Choice[] {
  const { r } = scope;
  const float = () => expression(scope, FLOAT);
  const number = () => expression(scope, r.pick([FLOAT, FLOAT, INT]));
  return [
    [8, () => t('float')`(${float()} ${r.pick(['+', '-', '*', '/'])} ${number()})`],
    [3, () => t('float')`(${number()} ${r.pick(['+', '-', '*', '/'])} ${float()})`],
    [2, () => t('float')`(${expression(scope, INT)} / ${expression(scope, INT)})`],
    [1, () => t('float')`(0.5 - ${float()})`],
    [2, () => t('float')`${r.pick(['abs', 'id', 'float'])}(${float()})`],
    [2, () => t('float')`float(${expression(scope, INT)})`],
    [1, () => t('float')`math:sqrt(abs(${number()}))`],
    [1, () => t('float')`${r.pick(['max', 'min'])}(${float()}, ${float()})`],
    [
      1,
      () =>
        t(
          'float',
        )`list_to_float(float_to_list(${float()}${r.pick(['', ', [{decimals, 4}]', ', [{scientific, 10}]', ', [short]'])}))`,
    ],
    [1, () => fold(scope, FLOAT)],
    [1, () => t('float')`(${expression(scope, RECORD)})#r.b`],
    [1, () => t('float')`math:${r.pick(['floor', 'ceil'])}(${float()})`],
  ];
}

function atomChoices(scope: Scope): Choice[] {
  const of = (wanted: T) => expression(scope, wanted);
  return [
    [1, () => t('atom')`element(1, ${of({ kind: 'tuple', items: [ATOM, INT] })})`],
    [1, () => t('atom')`list_to_atom(atom_to_list(${of(ATOM)}))`],
    [1, () => t('atom')`binary_to_atom(atom_to_binary(${of(ATOM)}))`],
    [1, () => t('atom')`element(1, ${of(RECORD)})`],
    [2, () => t('atom')`kind(${of(scope.r.oneIn(2) ? ANY : randomType(scope.r))})`],
  ];
}

function boolChoices(scope: Scope): Choice[] {
  const { r } = scope;
  const of = (wanted: T) => expression(scope, wanted);
  const bool = () => of(BOOL);
  return [
    [6, () => comparison(scope)],
    [2, () => t('bool')`(${bool()} ${r.pick(['andalso', 'orelse', 'and', 'or', 'xor'])} ${bool()})`],
    [1, () => t('bool')`(not ${bool()})`],
    [2, () => typeTest(scope)],
    [1, () => t('bool')`lists:member(${of(INT)}, ${of(listOf(INT))})`],
    [1, () => t('bool')`is_map_key(${of(ATOM)}, ${of({ kind: 'map', key: ATOM, value: INT })})`],
    [
      1,
      () =>
        t(
          'bool',
        )`lists:${r.pick(['any', 'all'])}(${closure(scope.inLoop(), { kind: 'fun', args: [INT], result: BOOL })}, ${of(listOf(INT))})`,
    ],
  ];
}

const COMPARISONS = ['=:=', '=/=', '==', '/=', '<', '>', '=<', '>='];

function comparison(scope: Scope): Tree {
  const { r } = scope;
  const type = r.weighted<T>([
    [5, INT],
    [2, FLOAT],
    [1, ANY],
    [1, BIN],
    [1, ATOM],
    [1, listOf(INT)],
    [1, { kind: 'tuple', items: [ATOM, INT] }],
    [1, { kind: 'map', key: ATOM, value: INT }],
  ]);
  const other = type === INT && r.oneIn(4) ? FLOAT : type;
  return t('bool')`(${expression(scope, type)} ${r.pick(COMPARISONS)} ${expression(scope, other)})`;
}

function typeTest(scope: Scope): Tree {
  const { r } = scope;
  const subject = expression(scope, r.oneIn(2) ? ANY : randomData(r));
  if (r.oneIn(8)) return t('bool')`is_function(${subject}, ${r.below(3)})`;
  if (r.oneIn(8)) return t('bool')`is_record(${subject}, r)`;
  const test = r.pick([
    'atom',
    'binary',
    'bitstring',
    'boolean',
    'float',
    'function',
    'integer',
    'list',
    'map',
    'number',
    'pid',
    'reference',
    'tuple',
  ]);
  return t('bool')`is_${test}(${subject})`;
}

/** Guard expressions. */
function guardChoices(scope: Scope, type: T): Choice[] {
  const { r } = scope;
  const of = (wanted: T) => expression(scope, wanted);
  const simple: Choice[] = [[2, () => leaf(scope, type)]];
  switch (type.kind) {
    case 'bool':
      return [
        [6, () => comparison(scope)],
        [2, () => typeTest(scope)],
        [2, () => t('bool')`(${of(BOOL)} ${r.pick(['andalso', 'orelse', 'and', 'or', 'xor'])} ${of(BOOL)})`],
        [1, () => t('bool')`(not ${of(BOOL)})`],
        [1, () => t('bool')`is_map_key(${of(ATOM)}, ${of({ kind: 'map', key: ATOM, value: INT })})`],
      ];
    case 'int':
      return [
        [
          4,
          () =>
            t('int')`(${of(INT)} ${r.pick(['+', '-', '*', 'band', 'bor', 'bxor', 'div', 'rem'])} ${of(INT)})`,
        ],
        [1, () => t('int')`${r.pick(['abs', '-', 'bnot'])}(${of(INT)})`],
        [1, () => t('int')`length(${of(listOf(INT))})`],
        [1, () => t('int')`${r.pick(['byte_size', 'bit_size', 'size'])}(${of(BIN)})`],
        [1, () => t('int')`tuple_size(${of({ kind: 'tuple', items: [INT, INT] })})`],
        [1, () => t('int')`${r.pick(['round', 'trunc', 'floor', 'ceil'])}(${of(FLOAT)})`],
        [1, () => t('int')`element(2, ${of({ kind: 'tuple', items: [ATOM, INT] })})`],
        [1, () => t('int')`hd(${of(listOf(INT))})`],
        [1, () => t('int')`map_get(${of(ATOM)}, ${of({ kind: 'map', key: ATOM, value: INT })})`],
        ...simple,
      ];
    case 'float':
      return [
        [2, () => t('float')`(${of(FLOAT)} ${r.pick(['+', '-', '*', '/'])} ${of(r.pick([FLOAT, INT]))})`],
        ...simple,
      ];
    default:
      return simple;
  }
}

function binChoices(scope: Scope): Choice[] {
  const { r } = scope;
  const of = (wanted: T) => expression(scope, wanted);
  return [
    [6, () => construction(scope, false)],
    [1, () => t('bin')`iolist_to_binary([${of(BIN)}, ${r.below(256)}, ${of(BIN)}])`],
    [1, () => t('bin')`integer_to_binary(${of(INT)}${r.pick(['', ', 16', ', 7'])})`],
    [1, () => t('bin')`atom_to_binary(${of(ATOM)})`],
    [1, () => t('bin')`term_to_binary(${of(randomData(r))})`],
    [1, () => t('bin')`unicode:characters_to_binary(${of(listOf(INT))})`],
    [
      1,
      () =>
        t(
          'bin',
        )`float_to_binary(${of(FLOAT)}${r.pick(['', ', [short]', ', [{decimals, 3}, compact]', ', [{scientific, 5}]'])})`,
    ],
    [1, () => t('bin')`binary:part(${of(BIN)}, ${few(scope)}, ${r.range(-2, 4)})`],
    [
      2,
      () =>
        comprehension(
          scope,
          BIN,
          '<< ',
          (inside) =>
            t(
              '',
            )`<<(${expression(inside.inner(), INT)}):${r.pick(['8', '16', '32', '40'])}${r.pick(['', '/little', '/signed'])}>>`,
          ' >>',
        ),
    ],
  ];
}

/** A list or binary comprehension: `open element || generators close`. */
function comprehension(
  scope: Scope,
  type: T,
  open: string,
  element: (inside: Scope) => Tree,
  close: string,
): Tree {
  const { r } = scope;
  let inside = scope.inLoop();
  const steps = r.times(
    r.weighted([
      [6, 1],
      [2, 2],
      [1, 3],
    ]),
    (i) => {
      if (i > 0 && r.oneIn(2)) return t('')`${expression(inside.inner(), BOOL)}`;
      const from = inside.inner();
      if (r.oneIn(4)) {
        const v = variable(inside, INT);
        const segment = r.pick(['8', '16', '3', '8/signed', '32/little', '12']);
        const step = t(
          '',
        )`<<${v.tree}:${segment}>> <= ${expression(from, segment === '3' || segment === '12' ? BITS : BIN)}`;
        inside = inside.with(...v.variables);
        return step;
      }
      const of = randomData(r, 1);
      const bound = r.oneIn(3) ? pattern(inside, of, 1) : variable(inside, of);
      const source = expression(from, listOf(of));
      inside = inside.with(...bound.variables);
      return t('')`${bound.tree} <- ${source}`;
    },
  );
  return t(key(type))`${open}${element(inside)} || ${sequence(steps, ', ', 1)}${close}`;
}

/** <<…>> of segments. */
function construction(scope: Scope, bits: boolean): Tree {
  const { r } = scope;
  const of = (wanted: T) => expression(scope, wanted);
  const size = (): Tree => (r.oneIn(3) ? few(scope) : t('')`${r.pick(['0', '1', '2', '4'])}`);
  const segments = r.times(r.below(5), () => {
    switch (r.below(bits ? 8 : 7)) {
      case 0:
        return t('')`(${of(INT)})`;
      case 1: {
        const n = bits ? r.range(0, 70) : 8 * r.range(0, 10);
        return t('')`(${of(INT)}):${n}${r.pick(['', '/little', '/signed', '/native'])}`;
      }
      case 2:
        return t(
          '',
        )`(${of(r.oneIn(4) ? INT : FLOAT)}):${r.pick(['64', '32'])}/float${r.pick(['', '-little'])}`;
      case 3:
        return t('')`(${of(BIN)})/binary`;
      case 4:
        return t('')`(${of(BIN)}):${size()}/binary`;
      case 5:
        return t('')`(${of(INT)})/${r.pick(['utf8', 'utf16', 'utf32', 'utf16-little'])}`;
      case 6:
        return t('')`"${stringLiteral(r)}"/utf8`;
      default:
        return r.oneIn(2) ? t('')`(${of(BITS)})/bits` : t('')`(${of(INT)}):${few(scope)}`;
    }
  });
  return t(bits ? 'bits' : 'bin')`<<${sequence(segments, ', ')}>>`;
}

function bitsChoices(scope: Scope): Choice[] {
  const { r } = scope;
  return [
    [6, () => construction(scope, true)],
    [1, () => t('bits')`${expression(scope, BIN)}`],
    [
      2,
      () =>
        comprehension(
          scope,
          BITS,
          '<< ',
          (inside) => t('')`<<(${expression(inside.inner(), INT)}):${r.pick(['1', '3', '7', '8', '12'])}>>`,
          ' >>',
        ),
    ],
    [1, () => t('bits')`list_to_bitstring([${expression(scope, BITS)}, ${expression(scope, BITS)}])`],
  ];
}

function listChoices(scope: Scope, type: T & { kind: 'list' }): Choice[] {
  const { r } = scope;
  const name = key(type);
  const of = (wanted: T) => expression(scope, wanted);
  const f = (args: T[], result: T) => closure(scope.inLoop(), { kind: 'fun', args, result });
  const from = randomData(r, 1);
  const choices: Choice[] = [
    [
      3,
      () =>
        t(name)`[${sequence(
          r.times(r.below(4), () => of(type.of)),
          ', ',
        )}]`,
    ],
    [2, () => t(name)`[${of(type.of)} | ${of(type)}]`],
    [2, () => t(name)`(${of(type)} ${r.pick(['++', '++', '--'])} ${of(type)})`],
    [4, () => comprehension(scope, type, '[', (inside) => expression(inside.inner(), type.of), ']')],
    [2, () => t(name)`lists:map(${f([from], type.of)}, ${of(listOf(from))})`],
    [2, () => t(name)`lists:filter(${f([type.of], BOOL)}, ${of(type)})`],
    [1, () => t(name)`lists:${r.pick(['reverse', 'sort', 'usort', 'droplast'])}(${of(type)})`],
    [1, () => t(name)`lists:sort(fun(A, B) -> A >= B end, ${of(type)})`],
    [1, () => t(name)`lists:sublist(${of(type)}, ${few(scope)})`],
    [1, () => t(name)`tl(${of(type)})`],
    [1, () => t(name)`lists:duplicate(${few(scope)}, ${of(type.of)})`],
    [1, () => t(name)`lists:append([${of(type)}, ${of(type)}])`],
    [1, () => t(name)`lists:flatmap(${f([from], type)}, ${of(listOf(from))})`],
    [1, () => t(name)`lists:takewhile(${f([type.of], BOOL)}, ${of(type)})`],
    [1, () => t(name)`tuple_to_list({${of(type.of)}, ${of(type.of)}})`],
    [1, () => t(name)`lists:sort(maps:values(${of({ kind: 'map', key: ATOM, value: type.of })}))`],
    [2, () => fold(scope, type)],
  ];
  if (type.of.kind === 'int') {
    choices.push(
      [3, () => t(name)`lists:seq(${r.range(-3, 3)}, ${r.range(0, 9)})`],
      [1, () => t(name)`integer_to_list(${of(INT)})`],
      [1, () => t(name)`binary_to_list(${of(BIN)})`],
      [1, () => t(name)`atom_to_list(${of(ATOM)})`],
      [1, () => t(name)`float_to_list(${of(FLOAT)}${r.pick(['', ', [short]', ', [{decimals, 2}]'])})`],
      [1, () => t(name)`unicode:characters_to_list(${of(BIN)})`],
    );
  }
  if (type.of.kind === 'tuple' && type.of.items.length === 2) {
    const [a, b] = type.of.items;
    choices.push(
      [
        2,
        () =>
          t(
            name,
          )`lists:zip(lists:sublist(${of(listOf(a))} ++ lists:duplicate(3, ${of(a)}), 3), lists:duplicate(3, ${of(b)}))`,
      ],
      [1, () => t(name)`lists:keysort(${r.pick(['1', '2'])}, ${of(type)})`],
      [1, () => t(name)`lists:keydelete(${of(a)}, 1, ${of(type)})`],
      [1, () => t(name)`lists:keystore(${of(a)}, 1, ${of(type)}, {${of(a)}, ${of(b)}})`],
    );
    if (a.kind === 'atom' || a.kind === 'int' || a.kind === 'bin' || a.kind === 'float') {
      choices.push([2, () => t(name)`lists:sort(maps:to_list(${of({ kind: 'map', key: a, value: b })}))`]);
    }
  }
  if (type.of.kind === 'atom' || type.of.kind === 'float') {
    choices.push([1, () => t(name)`lists:sort(maps:keys(${of({ kind: 'map', key: type.of, value: INT })}))`]);
  }
  return choices;
}

function tupleChoices(scope: Scope, type: T & { kind: 'tuple' }): Choice[] {
  const { r } = scope;
  const of = (wanted: T) => expression(scope, wanted);
  const position = r.below(type.items.length);
  return [
    [6, () => t(key(type))`{${sequence(type.items.map(of), ', ', type.items.length)}}`],
    [2, () => t(key(type))`setelement(${position + 1}, ${of(type)}, ${of(type.items[position])})`],
    [1, () => t(key(type))`list_to_tuple([${sequence(type.items.map(of), ', ', type.items.length)}])`],
    [1, () => fold(scope, type)],
  ];
}

function mapChoices(scope: Scope, type: T & { kind: 'map' }): Choice[] {
  const { r } = scope;
  const name = key(type);
  const of = (wanted: T) => expression(scope, wanted);
  const pair = () => t('')`${of(type.key)} => ${of(type.value)}`;
  return [
    [5, () => t(name)`#{${sequence(r.times(r.below(4), pair), ', ')}}`],
    [3, () => t(name)`(${of(type)})#{${sequence(r.times(r.range(1, 2), pair), ', ')}}`],
    [1, () => t(name)`(${of(type)})#{${of(type.key)} := ${of(type.value)}}`],
    [1, () => t(name)`maps:put(${of(type.key)}, ${of(type.value)}, ${of(type)})`],
    [1, () => t(name)`maps:remove(${of(type.key)}, ${of(type)})`],
    [1, () => t(name)`maps:merge(${of(type)}, ${of(type)})`],
    [
      1,
      () =>
        t(name)`maps:from_list([${sequence(
          r.times(r.below(4), () => t('')`{${of(type.key)}, ${of(type.value)}}`),
          ', ',
        )}])`,
    ],
    [
      1,
      () =>
        t(
          name,
        )`maps:map(${closure(scope.inLoop(), { kind: 'fun', args: [type.key, type.value], result: type.value })}, ${of(type)})`,
    ],
    [
      1,
      () =>
        t(
          name,
        )`maps:filter(${closure(scope.inLoop(), { kind: 'fun', args: [type.key, type.value], result: BOOL })}, ${of(type)})`,
    ],
    [1, () => t(name)`maps:from_keys(${of(listOf(type.key))}, ${of(type.value)})`],
    [1, () => fold(scope, type)],
  ];
}

function recordChoices(scope: Scope): Choice[] {
  const { r } = scope;
  const fields = () =>
    sequence(
      Object.entries(FIELDS)
        .filter(() => r.oneIn(2))
        .map(([name, type]) => t('')`${name} = ${expression(scope, type)}`),
      ', ',
    );
  return [
    [4, () => t('record')`#r{${fields()}}`],
    [3, () => t('record')`(${expression(scope, RECORD)})#r{${fields()}}`],
    [1, () => t('record')`setelement(2, ${expression(scope, RECORD)}, ${expression(scope, INT)})`],
  ];
}
