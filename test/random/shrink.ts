// Makes a failing program small: takes away, or puts simpler things of the same type in place, as long as it still fails.
import { isSequence, isTree, type Part, type Tree } from './tree.js';

/** The simplest expressions of some types. */
const SIMPLEST: Record<string, string[]> = {
  int: ['0', '1'],
  float: ['0.0', '1.0'],
  atom: ['a'],
  bool: ['true', 'false'],
  bin: ['<<>>', '<<1>>'],
  bits: ['<<>>', '<<1:1>>'],
  any: ['0'],
  record: ['#r{}'],
};

function simplest(type: string): string[] {
  if (type in SIMPLEST) return SIMPLEST[type];
  if (type.startsWith('[')) return ['[]'];
  if (type.startsWith('#{')) return ['#{}'];
  return [];
}

/** All nodes of that type inside, the outermost first. */
function descendants(tree: Tree, type: string): Tree[] {
  const found: Tree[] = [];
  const queue: Part[] = [...tree.parts];
  while (queue.length > 0) {
    const part = queue.shift()!;
    if (typeof part === 'string') continue;
    const children = isSequence(part) ? part.items : part.parts;
    if (isTree(part) && part.type === type) found.push(part);
    queue.push(...children);
  }
  return found;
}

const size = (part: Part): number =>
  typeof part === 'string'
    ? part.length
    : (isSequence(part) ? part.items : part.parts).reduce((n: number, p: Part) => n + size(p), 0);

/** Smaller versions of a tree, with one change each; the ones that take away most come first. */
function* smaller(tree: Tree): Generator<Tree> {
  if (tree.type !== '') {
    for (const text of simplest(tree.type))
      if (size(tree) > text.length) yield { type: tree.type, parts: [text] };
    yield* descendants(tree, tree.type);
  }
  for (let i = 0; i < tree.parts.length; i++) {
    const part = tree.parts[i];
    if (typeof part === 'string') continue;
    const put = (changed: Part): Tree => ({
      ...tree,
      parts: tree.parts.map((p, j) => (j === i ? changed : p)),
    });
    if (isTree(part)) {
      for (const changed of smaller(part)) yield put(changed);
    } else {
      const { items, least } = part;
      // Halves first, then one by one.
      if (items.length - Math.ceil(items.length / 2) >= least && items.length > 3) {
        yield put({ ...part, items: items.slice(0, Math.floor(items.length / 2)) });
        yield put({ ...part, items: items.slice(Math.floor(items.length / 2)) });
      }
      if (items.length > least) {
        for (let k = 0; k < items.length; k++) yield put({ ...part, items: items.filter((_, j) => j !== k) });
      }
      for (let k = 0; k < items.length; k++) {
        for (const changed of smaller(items[k]))
          yield put({ ...part, items: items.map((item, j) => (j === k ? changed : item)) });
      }
    }
  }
}

/**
 * The smallest version found that still fails.
 * @param fails tells whether a version fails as the first one did
 * @param tries how many versions to look at
 */
export async function shrink(
  tree: Tree,
  fails: (tree: Tree) => Promise<boolean>,
  tries = 600,
): Promise<Tree> {
  let best = tree;
  for (let left = tries; left > 0; ) {
    let found = false;
    for (const candidate of smaller(best)) {
      if (left-- <= 0) break;
      if (size(candidate) < size(best) && (await fails(candidate))) {
        best = candidate;
        found = true;
        break;
      }
    }
    if (!found) break;
  }
  return best;
}
