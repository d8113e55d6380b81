// What all kinds of tables have in common: who owns them, who may use them, and the operations that the kinds implement.
import { monotonicNanoseconds } from '../bifs/clock.js';
import { H } from '../memory/arena.js';
import { Atom } from '../terms/atoms.js';
import type { Term } from '../terms/tags.js';
import { copyPart, Obj } from './objects.js';

export const enum TableType {
  Set,
  OrderedSet,
  Bag,
  DuplicateBag,
}

export const enum Protection {
  Private,
  Protected,
  Public,
}

/** What `next` and `previous` give when there is no such key; no object has this index. */
export const NO_KEY = -1;

/** What a visitor wants done with an object: 0: nothing, Drop: delete it, else the object that takes its place. */
export const DROP = -1;
/** Gets an object and says what becomes of it. */
export type Visitor = (object: number) => number;

export interface TableOptions {
  type: TableType;
  protection: Protection;
  named: boolean;
  /** Position of the key, from 1. */
  keyPosition: number;
  compressed: boolean;
  /** As they were given; they change nothing here. */
  writeConcurrency: Term;
  readConcurrency: Term;
  decentralizedCounters: boolean;
}

/** Who gets a table when its owner ends. */
export interface Heir {
  pid: Term;
  /** Object whose tuple {Data} is what the heir is told. */
  data: number;
}

export abstract class Table {
  /** Number of the reference that names the table. */
  readonly id: number;
  name: Term;
  /** Pid. */
  owner: Term = 0;
  heir: Heir | undefined;
  /** Processes that have fixed the table, and how often. */
  readonly fixes = new Map<Term, number>();
  /** When the table was fixed, in nanoseconds of monotonic time. */
  fixedAt = 0;
  /** Number of objects. */
  size = 0;
  /** Words that the objects take. */
  words = 0;
  readonly keyPosition: number;
  readonly type: TableType;

  constructor(
    id: number,
    name: Term,
    readonly options: TableOptions,
  ) {
    this.id = id;
    this.name = name;
    this.type = options.type;
    this.keyPosition = options.keyPosition;
  }

  get isFixed(): boolean {
    return this.fixes.size > 0;
  }

  get isBag(): boolean {
    return this.type === TableType.Bag || this.type === TableType.DuplicateBag;
  }

  /** Whether a process may read the table. */
  readableBy(pid: Term): boolean {
    return this.options.protection !== Protection.Private || pid === this.owner;
  }

  /** Whether a process may write into the table. */
  writableBy(pid: Term): boolean {
    return this.options.protection === Protection.Public || pid === this.owner;
  }

  /** The object with that key (the newest one if there are several), 0: none. */
  abstract find(key: Term): number;
  /** Inserts a copy of a tuple that has a key. */
  abstract insert(tuple: Term): void;
  /** Inserts a new tuple in place of an object that has the same key. */
  abstract replace(object: number, tuple: Term): void;
  /** The objects with that key as a list of copies in order of insertion. */
  abstract lookup(key: Term): Term;
  /** The elements at a position of the objects with that key; undefined: one of them has none there. */
  abstract elements(key: Term, position: number): Term | undefined;
  /** A copy of an element of an object. */
  copyElement(object: number, position: number): Term {
    return copyPart(H[object + Obj.Tuple + position]);
  }
  /** Deletes all objects with that key. */
  abstract delete(key: Term): void;
  /** Deletes all objects that are equal to the tuple. */
  abstract deleteObject(tuple: Term): void;
  /** The first object in the order of the table, 0: none. */
  abstract first(): number;
  abstract last(): number;
  /** The first object with another key behind that key; 0: none, NO_KEY: the key itself is not there. */
  abstract next(key: Term): number;
  abstract previous(key: Term): number;
  /** The objects of a slot (ets:slot/2) as a list of copies; None: behind the last slot; Unwind: there is no such slot. */
  abstract slot(index: number): Term;
  /**
   * Hands all objects to the visitor in an order in which a list that grows at its head is in the order of the table, or
   * in the reverse order if it has one.
   */
  abstract visit(visitor: Visitor, reverse?: boolean): void;
  /** Hands the objects with that key to the visitor. */
  abstract visitKey(key: Term, visitor: Visitor): void;
  /** Deletes all objects. */
  abstract clear(): void;
  /** A process fixes the table that nobody has fixed yet. */
  fixed(): void {
    this.fixedAt = monotonicNanoseconds();
  }
  /** No process has fixed the table any more. */
  abstract released(): void;
  /** Gives back all memory; the table is not used afterwards. */
  abstract destroy(): void;
  /**
   * Takes all objects out of a table that is not fixed. Calling what it gives frees about so many of them; it gives
   * whether there are more.
   */
  abstract takeAll(): (objects: number) => boolean;
  /** Words of eight bytes that the table takes, near to what native Erlang would say. */
  get memoryWords(): number {
    return this.frameWords + Math.ceil((this.words + this.size * Obj.Tuple) / 2);
  }
  /** What memoryWords counts for an empty table. */
  abstract get frameWords(): number;
  /** What ets:info(Table, stats) gives; false: nothing. */
  stats(): Term {
    return Atom.False;
  }
}
