// Tables of type set, bag and duplicate_bag: linear hashing, one bucket more or less at a time (Litwin 1980; Larson, CACM
// 1988). Buckets grow and shrink when those of native Erlang do, so that a table without atoms in compound keys is gone
// over in the same order.
import { H } from '../memory/arena.js';
import { cons, tuple } from '../terms/build.js';
import { exactEqual } from '../terms/compare.js';
import { makeFloat } from '../terms/float.js';
import { integerFromNumber } from '../terms/integer.js';
import { internalHash } from '../terms/internal-hash.js';
import { NIL, Sentinel, type Term } from '../terms/tags.js';
import {
  consObject,
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
import { DROP, NO_KEY, Table, TableType, type Visitor } from './table.js';

/** Buckets of an empty table, and how many more native allocates at a time: it does not shrink below two such segments. */
const FIRST_SEGMENT = 256;
const SEGMENT = 2048;
/** At most so many buckets are split or joined in one operation. */
const STEPS = 5;

export class HashTable extends Table {
  /** First objects of the buckets, 0: empty. */
  private buckets = new Int32Array(FIRST_SEGMENT);
  /** Buckets in use. */
  private active = FIRST_SEGMENT;
  /** All ones: the bucket is hash & mask if that one is in use, else without the highest bit. */
  private mask = FIRST_SEGMENT - 1;
  /** Buckets that native would have memory for. */
  private allocated = FIRST_SEGMENT;
  /** Buckets with objects that were deleted while the table was fixed. */
  private readonly dirty = new Set<number>();

  private bucketOf(hash: number): number {
    const i = hash & this.mask;
    return i >= this.active ? i & (this.mask >>> 1) : i;
  }

  private hasKey(object: number, key: Term, hash: number): boolean {
    if (H[object + Obj.Hash] !== hash) return false;
    const other = H[object + Obj.Tuple + this.keyPosition];
    return other === key || exactEqual(other, key);
  }

  /** The first object with that key, deleted or not; 0: none. */
  private seek(key: Term, hash: number): number {
    let at = this.buckets[this.bucketOf(hash)];
    while (at !== 0 && !this.hasKey(at, key, hash)) at = H[at + Obj.Next];
    return at;
  }

  /** The last object of the bucket before the first with that key (or before the end); 0: that one is the first. */
  private seekPrevious(bucket: number, key: Term, hash: number): number {
    let previous = 0;
    for (let at = this.buckets[bucket]; at !== 0 && !this.hasKey(at, key, hash); at = H[at + Obj.Next])
      previous = at;
    return previous;
  }

  private behind(bucket: number, previous: number): number {
    return previous === 0 ? this.buckets[bucket] : H[previous + Obj.Next];
  }

  find(key: Term): number {
    const hash = internalHash(key);
    let at = this.seek(key, hash);
    while (at !== 0 && markOf(at) !== 0) {
      at = H[at + Obj.Next];
      if (at !== 0 && !this.hasKey(at, key, hash)) return 0;
    }
    return at;
  }

  lookup(key: Term): Term {
    const hash = internalHash(key);
    let at = this.seek(key, hash);
    if (at === 0) return NIL;
    if (this.type === TableType.Set) return markOf(at) === 0 ? listOfObject(at) : NIL;
    let list: Term = NIL;
    for (; at !== 0 && this.hasKey(at, key, hash); at = H[at + Obj.Next])
      if (markOf(at) === 0) list = consObject(at, list);
    return list;
  }

  elements(key: Term, position: number): Term | undefined {
    const hash = internalHash(key);
    let at = this.find(key);
    if (this.type === TableType.Set)
      return H[at + Obj.Tuple] >>> 8 < position ? undefined : copyPart(H[at + Obj.Tuple + position]);
    let list: Term = NIL;
    for (; at !== 0 && this.hasKey(at, key, hash); at = H[at + Obj.Next]) {
      if (markOf(at) !== 0) continue;
      if (H[at + Obj.Tuple] >>> 8 < position) return undefined;
      list = cons(copyPart(H[at + Obj.Tuple + position]), list);
    }
    return list;
  }

  insert(tuple: Term): void {
    const key = H[(tuple >>> 3) + this.keyPosition];
    const hash = internalHash(key);
    const bucket = this.bucketOf(hash);
    const previous = this.seekPrevious(bucket, key, hash);
    const at = this.behind(bucket, previous);
    if (at !== 0 && this.type === TableType.Set) {
      if (markOf(at) !== 0) {
        setMark(at, 0);
        this.size++;
      }
      this.overwrite(bucket, previous, at, tuple);
      return;
    }
    if (at !== 0 && this.type === TableType.Bag && this.isPresent(bucket, previous, at, tuple, key, hash))
      return;
    const object = store(tuple);
    H[object + Obj.Hash] = hash;
    setMark(object, 0);
    // The objects of a key stand together, the newest first; a new key goes to the end of the bucket.
    H[object + Obj.Next] = at;
    this.link(bucket, previous, object);
    this.words += wordsOf(object);
    this.size++;
    if (this.size > this.active && !this.isFixed) this.grow();
  }

  /**
   * Whether a bag has that object already; `first` is the first object with its key. One that was deleted while the table
   * is fixed comes back as the newest of its key.
   */
  private isPresent(
    bucket: number,
    previous: number,
    first: number,
    tuple: Term,
    key: Term,
    hash: number,
  ): boolean {
    let before = previous;
    for (let at = first; at !== 0 && this.hasKey(at, key, hash); before = at, at = H[at + Obj.Next]) {
      if (!exactEqual(tupleOf(at), tuple)) continue;
      if (markOf(at) !== 0) {
        setMark(at, 0);
        this.size++;
        if (at !== first) {
          H[before + Obj.Next] = H[at + Obj.Next];
          H[at + Obj.Next] = first;
          this.link(bucket, previous, at);
        }
      }
      return true;
    }
    return false;
  }

  /** Makes `object` what comes behind `previous` in the bucket (0: the first). */
  private link(bucket: number, previous: number, object: number): void {
    if (previous === 0) this.buckets[bucket] = object;
    else H[previous + Obj.Next] = object;
  }

  /** Gives the object another tuple; in a new block if there is no room in its own. */
  private overwrite(bucket: number, previous: number, object: number, tuple: Term): void {
    const words = storedSize(tuple);
    this.words += words - wordsOf(object);
    if (fits(object, words)) {
      refill(object, tuple, words);
      return;
    }
    const other = store(tuple, words);
    this.exchange(bucket, previous, object, other);
  }

  /** Puts another object with the same key in place of one, which is freed. */
  private exchange(bucket: number, previous: number, object: number, other: number): void {
    H[other + Obj.Next] = H[object + Obj.Next];
    H[other + Obj.Hash] = H[object + Obj.Hash];
    setMark(other, 0);
    this.link(bucket, previous, other);
    free(object);
  }

  replace(object: number, tuple: Term): void {
    const bucket = this.bucketOf(H[object + Obj.Hash]);
    let previous = 0;
    for (let at = this.buckets[bucket]; at !== object; at = H[at + Obj.Next]) previous = at;
    this.overwrite(bucket, previous, object, tuple);
  }

  /** Takes the object behind `previous` out of the bucket, or marks it if the table is fixed; gives the last one that stays. */
  private drop(bucket: number, previous: number, object: number): number {
    this.size--;
    if (this.isFixed) {
      setMark(object, 1);
      this.dirty.add(bucket);
      return object;
    }
    this.unlink(bucket, previous, object);
    return previous;
  }

  private unlink(bucket: number, previous: number, object: number): void {
    this.link(bucket, previous, H[object + Obj.Next]);
    this.words -= wordsOf(object);
    free(object);
  }

  delete(key: Term): void {
    const hash = internalHash(key);
    const bucket = this.bucketOf(hash);
    let previous = this.seekPrevious(bucket, key, hash);
    let at = this.behind(bucket, previous);
    while (at !== 0 && this.hasKey(at, key, hash)) {
      const next = H[at + Obj.Next];
      previous = markOf(at) !== 0 ? at : this.drop(bucket, previous, at);
      if (this.type === TableType.Set) break;
      at = next;
    }
    this.shrink();
  }

  deleteObject(tuple: Term): void {
    const key = H[(tuple >>> 3) + this.keyPosition];
    const hash = internalHash(key);
    const bucket = this.bucketOf(hash);
    let previous = this.seekPrevious(bucket, key, hash);
    let at = this.behind(bucket, previous);
    while (at !== 0 && this.hasKey(at, key, hash)) {
      const next = H[at + Obj.Next];
      if (markOf(at) === 0 && exactEqual(tupleOf(at), tuple)) {
        previous = this.drop(bucket, previous, at);
        if (this.type !== TableType.DuplicateBag) break;
      } else previous = at;
      at = next;
    }
    this.shrink();
  }

  /** The first object from that bucket on. */
  private firstFrom(bucket: number): number {
    for (let i = bucket; i < this.active; i++) {
      for (let at = this.buckets[i]; at !== 0; at = H[at + Obj.Next]) if (markOf(at) === 0) return at;
    }
    return 0;
  }

  first(): number {
    return this.firstFrom(0);
  }

  last(): number {
    return this.firstFrom(0);
  }

  next(key: Term): number {
    const hash = internalHash(key);
    let at = this.seek(key, hash);
    if (at === 0) return NO_KEY;
    for (at = H[at + Obj.Next]; at !== 0; at = H[at + Obj.Next])
      if (markOf(at) === 0 && !this.hasKey(at, key, hash)) return at;
    return this.firstFrom(this.bucketOf(hash) + 1);
  }

  previous(key: Term): number {
    return this.next(key);
  }

  slot(index: number): Term {
    if (index >= this.active) return index === this.active ? Sentinel.None : Sentinel.Unwind;
    let list: Term = NIL;
    for (let at = this.buckets[index]; at !== 0; at = H[at + Obj.Next])
      if (markOf(at) === 0) list = consObject(at, list);
    return list;
  }

  /** Hands the objects of a bucket to the visitor, if they have that key or there is no hash given. */
  private visitBucket(bucket: number, visitor: Visitor, key: Term, hash: number | undefined): void {
    let previous = 0;
    let at = this.buckets[bucket];
    while (at !== 0) {
      const next = H[at + Obj.Next];
      if (markOf(at) === 0 && (hash === undefined || this.hasKey(at, key, hash))) {
        const other = visitor(at);
        if (other === DROP) {
          previous = this.drop(bucket, previous, at);
          at = next;
          continue;
        }
        if (other !== 0) {
          this.words += wordsOf(other) - wordsOf(at);
          this.exchange(bucket, previous, at, other);
          at = other;
        }
      }
      previous = at;
      at = next;
    }
  }

  visit(visitor: Visitor): void {
    for (let i = 0; i < this.active; i++)
      if (this.buckets[i] !== 0) this.visitBucket(i, visitor, NIL, undefined);
    this.shrink();
  }

  visitKey(key: Term, visitor: Visitor): void {
    const hash = internalHash(key);
    this.visitBucket(this.bucketOf(hash), visitor, key, hash);
    this.shrink();
  }

  /**
   * Hands the objects of whole buckets to the visitor until it has enough, from a bucket on.
   * Gives the bucket to go on with, -1: there are no more.
   */
  visitFrom(bucket: number, visitor: Visitor, enough: () => boolean): number {
    for (let i = bucket; i < this.active; i++) {
      if (this.buckets[i] === 0) continue;
      this.visitBucket(i, visitor, NIL, undefined);
      if (enough()) return i + 1 < this.active ? i + 1 : -1;
    }
    return -1;
  }

  /** Splits buckets until there are as many as objects. */
  private grow(): void {
    for (let step = 0; step < STEPS && this.size > this.active; step++) {
      if (this.active > this.mask) this.mask = (this.mask << 1) | 1;
      if (this.active === this.allocated) this.allocated += SEGMENT;
      if (this.active === this.buckets.length) {
        const larger = new Int32Array(this.buckets.length * 2);
        larger.set(this.buckets);
        this.buckets = larger;
      }
      const to = this.active++;
      const from = to & (this.mask >>> 1);
      let kept = 0;
      let moved = 0;
      for (let at = this.buckets[from]; at !== 0; at = H[at + Obj.Next]) {
        if ((H[at + Obj.Hash] & this.mask) === from) {
          this.link(from, kept, at);
          kept = at;
        } else {
          this.link(to, moved, at);
          moved = at;
        }
      }
      this.link(from, kept, 0);
      this.link(to, moved, 0);
    }
  }

  /** Joins buckets if there are far more than objects. */
  private shrink(): void {
    if (this.allocated < FIRST_SEGMENT + 2 * SEGMENT || this.isFixed) return;
    for (let step = 0; step < STEPS; step++) {
      if (this.allocated < FIRST_SEGMENT + 2 * SEGMENT || this.size >= (this.allocated - SEGMENT) / 2) return;
      const from = --this.active;
      const to = from & (this.mask >>> 1);
      const first = this.buckets[from];
      if (first !== 0) {
        let last = first;
        while (H[last + Obj.Next] !== 0) last = H[last + Obj.Next];
        H[last + Obj.Next] = this.buckets[to];
        this.buckets[to] = first;
        this.buckets[from] = 0;
      }
      if (to === 0) this.mask >>>= 1;
      if (this.allocated - this.active >= SEGMENT) {
        this.allocated -= SEGMENT;
        if (this.active * 4 <= this.buckets.length)
          this.buckets = this.buckets.slice(0, this.buckets.length / 2);
      }
    }
  }

  clear(): void {
    if (this.isFixed) {
      this.visit(() => DROP);
      return;
    }
    const freeSome = this.takeAll();
    while (freeSome(Number.POSITIVE_INFINITY));
  }

  takeAll(): (objects: number) => boolean {
    const { buckets, active } = this;
    this.buckets = new Int32Array(FIRST_SEGMENT);
    this.active = this.allocated = FIRST_SEGMENT;
    this.mask = FIRST_SEGMENT - 1;
    this.size = this.words = 0;
    this.dirty.clear();
    let bucket = 0;
    return (objects) => {
      let left = objects;
      for (; bucket < active && left > 0; bucket++) {
        for (let at = buckets[bucket]; at !== 0; left--) {
          const next = H[at + Obj.Next];
          free(at);
          at = next;
        }
      }
      return bucket < active;
    };
  }

  released(): void {
    for (const bucket of this.dirty) {
      let previous = 0;
      let at = this.buckets[bucket];
      while (at !== 0) {
        const next = H[at + Obj.Next];
        if (markOf(at) !== 0) this.unlink(bucket, previous, at);
        else previous = at;
        at = next;
      }
    }
    this.dirty.clear();
  }

  destroy(): void {
    const freeSome = this.takeAll();
    while (freeSome(Number.POSITIVE_INFINITY));
  }

  get frameWords(): number {
    return 49 + this.active;
  }

  /** {Buckets, Objects per bucket, their deviation, what it should be, fewest, most, 0, 1}. */
  override stats(): Term {
    let sum = 0;
    let squares = 0;
    let fewest = Number.MAX_SAFE_INTEGER;
    let most = 0;
    for (let i = 0; i < this.active; i++) {
      let n = 0;
      for (let at = this.buckets[i]; at !== 0; at = H[at + Obj.Next]) n++;
      sum += n;
      squares += n * n;
      fewest = Math.min(fewest, n);
      most = Math.max(most, n);
    }
    const mean = sum / this.active;
    const deviation = Math.sqrt((squares - mean * sum) / this.active);
    const expected = Math.sqrt(mean * (1 - 1 / this.active));
    const float = (x: number) => makeFloat(Math.fround(x));
    return tuple(
      integerFromNumber(this.active),
      float(mean),
      float(deviation),
      float(expected),
      integerFromNumber(fewest),
      integerFromNumber(most),
      0,
      1 << 1,
    );
  }
}
