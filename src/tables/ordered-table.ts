// Tables of type ordered_set: AVL trees (Adelson-Velsky and Landis 1962) whose nodes are the objects. Keys that compare
// equal (==) are the same: 1 and 1.0.
import { H } from '../memory/arena.js';
import { compare, exactEqual } from '../terms/compare.js';
import { NIL, Sentinel, type Term } from '../terms/tags.js';
import {
  copyPart,
  fits,
  free,
  listOfObject,
  markOf,
  Obj,
  refill,
  setMark,
  store,
  storedSize,
  tupleOf,
  wordsOf,
} from './objects.js';
import { DROP, Table, type Visitor } from './table.js';

/** No tree that fits the arena is higher. */
const MAX_HEIGHT = 48;

/** Nodes on the way down from the root, and whether the way leads left (Obj.Left) or right (Obj.Right) from them. */
const path = new Int32Array(MAX_HEIGHT);
const turns = new Int32Array(MAX_HEIGHT);

function heightOf(node: number): number {
  return node === 0 ? 0 : markOf(node);
}

function updateHeight(node: number): void {
  setMark(node, 1 + Math.max(heightOf(H[node + Obj.Left]), heightOf(H[node + Obj.Right])));
}

/** Makes the child on that side the root of the subtree, which it gives. */
function rotate(node: number, side: number): number {
  const other = 1 - side;
  const child = H[node + side];
  H[node + side] = H[child + other];
  H[child + other] = node;
  updateHeight(node);
  updateHeight(child);
  return child;
}

/** Brings a subtree whose sides differ by two in height, or less, into balance; gives its root. */
function balance(node: number): number {
  const difference = heightOf(H[node + Obj.Left]) - heightOf(H[node + Obj.Right]);
  if (difference >= -1 && difference <= 1) {
    updateHeight(node);
    return node;
  }
  const side = difference > 0 ? Obj.Left : Obj.Right;
  const child = H[node + side];
  if (heightOf(H[child + side]) < heightOf(H[child + 1 - side])) H[node + side] = rotate(child, 1 - side);
  return rotate(node, side);
}

export class OrderedTable extends Table {
  private root = 0;

  private keyOf(node: number): Term {
    return H[node + Obj.Tuple + this.keyPosition];
  }

  find(key: Term): number {
    let node = this.root;
    while (node !== 0) {
      const order = compare(key, this.keyOf(node));
      if (order === 0) return node;
      node = H[node + (order < 0 ? Obj.Left : Obj.Right)];
    }
    return 0;
  }

  lookup(key: Term): Term {
    const node = this.find(key);
    return node === 0 ? NIL : listOfObject(node);
  }

  elements(key: Term, position: number): Term | undefined {
    const node = this.find(key);
    return H[node + Obj.Tuple] >>> 8 < position ? undefined : copyPart(H[node + Obj.Tuple + position]);
  }

  /** Notes the way to the key's node in `path`, without the node itself; gives its length. `reached` is the node, or 0. */
  private descend(key: Term): number {
    let depth = 0;
    let node = this.root;
    while (node !== 0) {
      const order = compare(key, this.keyOf(node));
      if (order === 0) break;
      const turn = order < 0 ? Obj.Left : Obj.Right;
      path[depth] = node;
      turns[depth++] = turn;
      node = H[node + turn];
    }
    this.reached = node;
    return depth;
  }
  private reached = 0;

  /** Makes `node` the child at the end of a path of that length. */
  private link(depth: number, node: number): void {
    if (depth === 0) this.root = node;
    else H[path[depth - 1] + turns[depth - 1]] = node;
  }

  /** Balances the nodes on the path, from its end upwards. */
  private balancePath(depth: number): void {
    for (let i = depth - 1; i >= 0; i--) {
      const node = path[i];
      const before = markOf(node);
      const root = balance(node);
      if (root !== node) this.link(i, root);
      else if (markOf(node) === before) return;
    }
  }

  insert(tuple: Term): void {
    const depth = this.descend(H[(tuple >>> 3) + this.keyPosition]);
    if (this.reached !== 0) {
      this.overwrite(depth, this.reached, tuple);
      return;
    }
    const node = store(tuple);
    H[node + Obj.Left] = 0;
    H[node + Obj.Right] = 0;
    setMark(node, 1);
    this.link(depth, node);
    this.size++;
    this.words += wordsOf(node);
    this.balancePath(depth);
  }

  private overwrite(depth: number, node: number, tuple: Term): void {
    const words = storedSize(tuple);
    this.words += words - wordsOf(node);
    if (fits(node, words)) refill(node, tuple, words);
    else this.exchange(depth, node, store(tuple, words));
  }

  /** Puts another object with the same key in place of one, which is freed. */
  private exchange(depth: number, node: number, other: number): void {
    H[other + Obj.Left] = H[node + Obj.Left];
    H[other + Obj.Right] = H[node + Obj.Right];
    setMark(other, markOf(node));
    this.link(depth, other);
    free(node);
  }

  replace(object: number, tuple: Term): void {
    this.overwrite(this.descend(this.keyOf(object)), object, tuple);
  }

  delete(key: Term): void {
    const depth = this.descend(key);
    if (this.reached !== 0) this.remove(depth, this.reached);
  }

  deleteObject(tuple: Term): void {
    const depth = this.descend(H[(tuple >>> 3) + this.keyPosition]);
    if (this.reached !== 0 && exactEqual(tupleOf(this.reached), tuple)) this.remove(depth, this.reached);
  }

  /** Deletes a node; the path of that length leads to it. */
  private remove(depth: number, node: number): void {
    const left = H[node + Obj.Left];
    const right = H[node + Obj.Right];
    let end = depth;
    if (left === 0 || right === 0) this.link(depth, left === 0 ? right : left);
    else {
      // The last node on the left takes its place.
      path[end] = node;
      turns[end++] = Obj.Left;
      let last = left;
      while (H[last + Obj.Right] !== 0) {
        path[end] = last;
        turns[end++] = Obj.Right;
        last = H[last + Obj.Right];
      }
      this.link(end, H[last + Obj.Left]);
      H[last + Obj.Left] = H[node + Obj.Left];
      H[last + Obj.Right] = right;
      setMark(last, markOf(node));
      this.link(depth, last);
      path[depth] = last;
    }
    this.size--;
    this.words -= wordsOf(node);
    free(node);
    this.balancePath(end);
  }

  /** The last node on that side of a subtree. */
  private outermost(side: number): number {
    let node = this.root;
    while (node !== 0 && H[node + side] !== 0) node = H[node + side];
    return node;
  }

  first(): number {
    return this.outermost(Obj.Left);
  }

  last(): number {
    return this.outermost(Obj.Right);
  }

  next(key: Term): number {
    let found = 0;
    for (let node = this.root; node !== 0; ) {
      if (compare(key, this.keyOf(node)) < 0) {
        found = node;
        node = H[node + Obj.Left];
      } else node = H[node + Obj.Right];
    }
    return found;
  }

  previous(key: Term): number {
    let found = 0;
    for (let node = this.root; node !== 0; ) {
      if (compare(key, this.keyOf(node)) > 0) {
        found = node;
        node = H[node + Obj.Right];
      } else node = H[node + Obj.Left];
    }
    return found;
  }

  slot(index: number): Term {
    if (index >= this.size) return index === this.size ? Sentinel.None : Sentinel.Unwind;
    let result: Term = NIL;
    let i = 0;
    this.walk(false, (node) => {
      if (i++ < index) return true;
      result = listOfObject(node);
      return false;
    });
    return result;
  }

  /**
   * Goes over the nodes in the order of their keys or backwards, as long as `visit` gives true. With `from` only over
   * those behind that key (in the direction of the walk). The table must not change meanwhile.
   */
  walk(backwards: boolean, visit: (node: number) => boolean, from?: Term): void {
    const near = backwards ? Obj.Right : Obj.Left;
    const stack: number[] = [];
    let node = this.root;
    if (from !== undefined) {
      while (node !== 0) {
        const order = compare(from, this.keyOf(node));
        if (backwards ? order > 0 : order < 0) {
          stack.push(node);
          node = H[node + near];
        } else node = H[node + 1 - near];
      }
    }
    for (;;) {
      while (node !== 0) {
        stack.push(node);
        node = H[node + near];
      }
      if (stack.length === 0) return;
      node = stack.pop()!;
      if (!visit(node)) return;
      node = H[node + 1 - near];
    }
  }

  visit(visitor: Visitor, reverse = false): void {
    const changes: [node: number, other: number][] = [];
    this.walk(!reverse, (node) => {
      const other = visitor(node);
      if (other !== 0) changes.push([node, other]);
      return true;
    });
    if (changes.length === this.size && changes.every(([, other]) => other === DROP)) this.clear();
    else for (const [node, other] of changes) this.change(node, other);
  }

  /**
   * The same for at most `most` objects, behind a key if one is given (in the direction of `visit`).
   * @returns what `keep` makes of the last key, before the visitor's wishes are met; 0: there are no more
   */
  visitFrom(
    visitor: Visitor,
    reverse: boolean,
    from: Term | undefined,
    most: number,
    keep: (key: Term) => number,
  ): number {
    const changes: [node: number, other: number][] = [];
    let left = most;
    let last = 0;
    const visit = (node: number): boolean => {
      const other = visitor(node);
      if (other !== 0) changes.push([node, other]);
      last = node;
      return --left > 0;
    };
    this.walk(!reverse, visit, from);
    const kept = left > 0 ? 0 : keep(this.keyOf(last));
    for (const [node, other] of changes) this.change(node, other);
    return kept;
  }

  visitKey(key: Term, visitor: Visitor): void {
    const node = this.find(key);
    if (node === 0) return;
    const other = visitor(node);
    if (other !== 0) this.change(node, other);
  }

  private change(node: number, other: number): void {
    const depth = this.descend(this.keyOf(node));
    if (other === DROP) this.remove(depth, node);
    else {
      this.words += wordsOf(other) - wordsOf(node);
      this.exchange(depth, node, other);
    }
  }

  clear(): void {
    const freeSome = this.takeAll();
    while (freeSome(Number.POSITIVE_INFINITY));
  }

  takeAll(): (objects: number) => boolean {
    const nodes: number[] = this.root === 0 ? [] : [this.root];
    this.root = this.size = this.words = 0;
    return (objects) => {
      for (let left = objects; left > 0 && nodes.length > 0; left--) {
        const node = nodes.pop()!;
        if (H[node + Obj.Left] !== 0) nodes.push(H[node + Obj.Left]);
        if (H[node + Obj.Right] !== 0) nodes.push(H[node + Obj.Right]);
        free(node);
      }
      return nodes.length > 0;
    };
  }

  get frameWords(): number {
    return 141;
  }

  released(): void {}

  destroy(): void {
    this.clear();
  }
}
