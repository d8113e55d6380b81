// Patterns of random programs, and the variables that they bind.
import { atomLiteral, floatLiteral, intLiteral } from './literals.js';
import type { Scope, Variable } from './scope.js';
import { type Part, sequence, type Tree, t } from './tree.js';
import { ANY, BIN, BITS, FLOAT, INT, listOf, type T } from './types.js';

export interface Bound {
  readonly tree: Tree;
  readonly variables: Variable[];
}

/** A pattern for values of the type, which may or may not match. */
export function pattern(scope: Scope, type: T, depth = 2): Bound {
  const { r } = scope;
  if (depth === 0 || r.oneIn(3)) return r.oneIn(5) ? nothing('_') : variable(scope, type);
  if (r.oneIn(12)) {
    const inner = pattern(scope, type, depth - 1);
    const name = scope.names.fresh();
    return { tree: t('')`${name} = ${inner.tree}`, variables: [...inner.variables, { name, type }] };
  }
  // A variable that is bound already has to be equal.
  if (r.oneIn(10)) {
    const known = scope.variable(type);
    if (known !== undefined) return nothing(known.name);
  }
  switch (type.kind) {
    case 'int':
      return nothing(intLiteral(r));
    case 'float':
      return nothing(floatLiteral(r));
    case 'atom':
      return nothing(atomLiteral(r));
    case 'bool':
      return nothing(r.pick(['true', 'false']));
    case 'bin':
      return binary(scope, false);
    case 'bits':
      return binary(scope, true);
    case 'list':
      return list(scope, type.of, depth);
    case 'tuple':
      return joined(
        '{',
        type.items.map((item) => pattern(scope, item, depth - 1)),
        '}',
      );
    case 'map':
      return map(scope, type, depth);
    case 'record':
      return record(scope, depth);
    case 'any':
      return anything(scope, depth);
    case 'fun':
      return variable(scope, type);
  }
}

export function variable(scope: Scope, type: T): Bound {
  const name = scope.names.fresh();
  return { tree: t('')`${name}`, variables: [{ name, type }] };
}

const nothing = (text: string): Bound => ({ tree: t('')`${text}`, variables: [] });

function joined(open: string, bounds: Bound[], close: string): Bound {
  return {
    tree: t('')`${open}${sequence(
      bounds.map((b) => b.tree),
      ', ',
      bounds.length,
    )}${close}`,
    variables: bounds.flatMap((b) => b.variables),
  };
}

function list(scope: Scope, of: T, depth: number): Bound {
  const { r } = scope;
  if (r.oneIn(5)) return nothing('[]');
  const items = r.times(r.range(1, 3), () => pattern(scope, of, depth - 1));
  if (r.oneIn(3)) return joined('[', items, ']');
  const rest = pattern(scope, listOf(of), depth - 1);
  const start = joined('[', items, ' | ');
  return { tree: t('')`${start.tree}${rest.tree}]`, variables: [...start.variables, ...rest.variables] };
}

function map(scope: Scope, type: T & { kind: 'map' }, depth: number): Bound {
  const { r } = scope;
  const literal = {
    int: intLiteral,
    float: floatLiteral,
    atom: atomLiteral,
    bin: () => `<<"${r.pick(['', 'a', 'key'])}">>`,
  };
  const keys = new Set(r.times(r.range(1, 2), () => literal[type.key.kind as keyof typeof literal](r)));
  const bounds = [...keys].map((k) => {
    const value = pattern(scope, type.value, depth - 1);
    return { tree: t('')`${k} := ${value.tree}`, variables: value.variables };
  });
  return joined('#{', bounds, '}');
}

function record(scope: Scope, depth: number): Bound {
  const { r } = scope;
  const bounds: Bound[] = [];
  for (const [name, type] of [
    ['a', INT],
    ['b', FLOAT],
    ['c', ANY],
  ] as const) {
    if (r.oneIn(2)) continue;
    const value = pattern(scope, type, depth - 1);
    bounds.push({ tree: t('')`${name} = ${value.tree}`, variables: value.variables });
  }
  return joined('#r{', bounds, '}');
}

function anything(scope: Scope, depth: number): Bound {
  const { r } = scope;
  const types: T[] = [
    INT,
    FLOAT,
    BIN,
    { kind: 'atom' },
    listOf(ANY),
    { kind: 'tuple', items: [ANY, ANY] },
    { kind: 'record' },
  ];
  const inner = pattern(scope, r.pick(types), depth - 1);
  // What a variable inside of it is bound to, nobody knows.
  return { tree: inner.tree, variables: inner.variables.map(({ name }) => ({ name, type: ANY })) };
}

/** Segments of a binary pattern; a size may be a variable that was bound by one before. */
function binary(scope: Scope, bits: boolean): Bound {
  const { r, names } = scope;
  const segments: Tree[] = [];
  const variables: Variable[] = [];
  const bind = (type: T): string => {
    const name = names.fresh();
    variables.push({ name, type });
    return name;
  };
  const size = (): Part => {
    const known = variables.filter((v) => v.type === INT);
    return known.length > 0 && r.oneIn(3) ? `(${r.pick(known).name} band 15)` : String(r.range(0, 20));
  };
  for (let i = r.below(4); i > 0; i--) {
    switch (r.below(bits ? 8 : 7)) {
      case 0:
        segments.push(t('')`${bind(INT)}`);
        break;
      case 1: {
        // Whole bytes, unless it is for bitstrings.
        const n = bits ? r.range(1, 70) : 8 * r.range(1, 9);
        segments.push(
          t(
            '',
          )`${bind(INT)}:${n}/${r.pick(['', 'signed-', 'unsigned-'])}${r.pick(['little', 'big', 'native'])}`,
        );
        break;
      }
      case 2:
        segments.push(t('')`${bind(FLOAT)}:${r.pick(['32', '64'])}/${r.pick(['float', 'float-little'])}`);
        break;
      case 3:
        segments.push(t('')`${bind(BIN)}:${size()}/binary`);
        break;
      case 4:
        segments.push(t('')`${bind(INT)}/${r.pick(['utf8', 'utf8', 'utf16', 'utf32', 'utf16-little'])}`);
        break;
      case 5:
        segments.push(t('')`${r.pick(['1', '255', '"ab"', '16#abcd:16', '5:8'])}`);
        break;
      case 6:
        segments.push(t('')`_:${r.range(0, 3)}/binary`);
        break;
      default:
        segments.push(t('')`${bind(BITS)}:${size()}/bits`);
    }
  }
  if (r.oneIn(3))
    segments.push(
      r.oneIn(2)
        ? t('')`${bind(bits ? BITS : BIN)}/${bits ? 'bits' : 'binary'}`
        : t('')`_/${bits ? 'bits' : 'binary'}`,
    );
  return { tree: t('')`<<${sequence(segments, ', ')}>>`, variables };
}
