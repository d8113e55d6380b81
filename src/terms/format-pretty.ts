// Terms as text on several lines: io_lib:format's ~p and ~P, with the line breaks of OTP 25. (STDLIB Reference
// Manual, io:fwrite/3, tells what the control sequences do; how lines break was found by trying.)
//
// First the term is measured: a tree of boxes, each with its text on one line. What fits in its line is written
// like that. Else lists, tuples and maps give each item that has parts a line of its own, and fill lines
// with the others. Nothing here recurses: terms may be nested as deep as memory allows.
import { H } from '../memory/arena.js';
import {
  binaryBytes,
  bytesOf,
  isBitstring,
  isMap,
  isTuple,
  mapEntries,
  tupleArity,
  tupleElement,
} from './access.js';
import {
  formatBytes,
  formatLeaf,
  formatQuoted,
  isPrintableLatin1,
  printableString,
  recordField,
  recordOpening,
} from './format.js';
import { fieldsOf, isNativeRecord, valueAt } from './native-record.js';
import { Imm, NIL, Tag, type Term } from './tags.js';

export interface PrettyOptions {
  /** Column where the text starts, from 1. Default 1. */
  column?: number;
  /** Characters in a line. Default 80. */
  lineLength?: number;
  /** How deep to go before `...` stands for the rest (~P); below 0: all the way. Default -1. */
  depth?: number;
  /** Characters above 255 in atoms as they are, UTF-8 binaries as text (~tp). Default false. */
  unicode?: boolean;
  /** Lists of printable characters as "...". Default true; false with the modifier l (~lp). */
  strings?: boolean;
}

const enum Shape {
  /** Never broken into lines. */
  Text = 0,
  List = 1,
  Tuple = 2,
  /** Its first element is an atom and there are more. */
  TaggedTuple = 3,
  Map = 4,
  /** A key and a value of a map. */
  Pair = 5,
  /** A binary shown as numbers. */
  Bytes = 6,
  /** A native record; the first item is `#module:name{`. */
  Record = 7,
  /** `name = ` and a value of a record. */
  Field = 8,
}

interface Box {
  shape: Shape;
  /** The whole of it on one line. */
  flat: string;
  /** Characters of `flat`. */
  width: number;
  items: Box[];
  /** Whether `|` and not `,` comes before the last item. */
  bar: boolean;
}

/** The term as ~p prints it, with a depth as ~P. */
export function formatPretty(t: Term, options: PrettyOptions = {}): string {
  const column = Math.max(options.column ?? 1, 1);
  const lineLength = options.lineLength ?? 80;
  const box = measure(t, options.depth ?? -1, options.unicode === true, options.strings !== false);
  if (lineLength <= 0 || box.width < lineLength - column) return box.flat;
  // Elements behind a tag line up behind it, or, if that gets too far to the right, four columns into the
  // tuple, or at last one.
  for (const tagIndent of [-1, 4]) {
    if (new Layout(lineLength, tagIndent, true).write(box, column) === undefined) continue;
    return new Layout(lineLength, tagIndent, false).write(box, column)!;
  }
  return new Layout(lineLength, 1, false).write(box, column)!;
}

function textBox(flat: string): Box {
  return { shape: Shape.Text, flat, width: characters(flat), items: [], bar: false };
}

function characters(text: string): number {
  let n = text.length;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) n--;
  return n;
}

const DOTS = textBox('...');

// --- Measuring -----------------------------------------------------------------------------------------------

/** A box whose items are being made. */
interface Open {
  box: Box;
  /** The terms of the items, with the depth of each. A pair of a map comes as its key and its value. */
  terms: Term[];
  depths: number[];
  next: number;
  dots: boolean;
  /** Of a record, the names of its fields. */
  names?: string[];
}

function measure(t: Term, depth: number, unicode: boolean, strings: boolean): Box {
  const open: Open[] = [];
  for (;;) {
    const opened = depth === 0 ? DOTS : start(t, depth, unicode, strings);
    let done: Box | undefined;
    if ('box' in opened) open.push(opened);
    else done = opened;
    for (;;) {
      const top = open[open.length - 1];
      if (done !== undefined) {
        if (top === undefined) return done;
        top.box.items.push(done);
        done = undefined;
      }
      if (top!.next < top!.terms.length) {
        t = top!.terms[top!.next]!;
        depth = top!.depths[top!.next++]!;
        break;
      }
      done = finish(top!);
      open.length--;
    }
  }
}

/** A box that is done, or one that waits for its items. */
function start(t: Term, depth: number, unicode: boolean, strings: boolean): Box | Open {
  if ((t & Tag.Mask) === Tag.Cons) {
    if (depth === 1) return finish({ ...opening(Shape.List), dots: true });
    const text = strings ? printableString(t) : undefined;
    if (text !== undefined) return textBox(formatQuoted(text, '"', unicode));
    return startList(t, depth);
  }
  if ((t & Tag.Mask) !== Tag.Boxed) return textBox(formatLeaf(t, unicode));
  if (isTuple(t)) return startTuple(t, depth);
  if (isMap(t)) return startMap(t, depth);
  if (isNativeRecord(t)) return startRecord(t, depth, unicode);
  if (isBitstring(t)) return bitstringBox(t, depth, unicode, strings);
  return textBox(formatLeaf(t, unicode));
}

function opening(shape: Shape): Open {
  const box: Box = { shape, flat: '', width: 0, items: [], bar: false };
  return { box, terms: [], depths: [], next: 0, dots: false };
}

function startList(t: Term, depth: number): Open {
  const result = opening(Shape.List);
  let d = depth - 1;
  for (;;) {
    result.terms.push(H[t >>> 3]!);
    result.depths.push(d--);
    t = H[(t >>> 3) + 1]!;
    if (t === NIL) return result;
    if (d === 0 || (t & Tag.Mask) !== Tag.Cons) {
      result.terms.push(t);
      result.depths.push(d);
      result.box.bar = true;
      return result;
    }
  }
}

function startTuple(t: Term, depth: number): Box | Open {
  const n = tupleArity(t);
  if (n === 0) return textBox('{}');
  if (depth === 1) return textBox('{...}');
  const tagged = n > 1 && (tupleElement(t, 0) & Imm.Mask) === Imm.Atom;
  const result = opening(tagged ? Shape.TaggedTuple : Shape.Tuple);
  const shown = depth < 0 ? n : Math.min(n, depth - 1);
  for (let i = 0; i < shown; i++) {
    result.terms.push(tupleElement(t, i));
    result.depths.push(depth - 1 - i);
  }
  result.dots = shown < n;
  return result;
}

function startMap(t: Term, depth: number): Box | Open {
  const entries = mapEntries(t);
  if (entries.length === 0) return textBox('#{}');
  if (depth === 1) return textBox('#{...}');
  const result = opening(Shape.Map);
  const shown = depth < 0 ? entries.length : Math.min(entries.length, depth - 1);
  for (let i = 0; i < shown; i++) {
    result.terms.push(entries[i]![0], entries[i]![1]);
    result.depths.push(depth - 1, depth - 1);
  }
  result.dots = shown < entries.length;
  return result;
}

/** As a tuple with its name as the tag. The items of the box are made of names and values in turn when they are there. */
function startRecord(t: Term, depth: number, unicode: boolean): Box | Open {
  const n = tupleArity(fieldsOf(t));
  const opening = recordOpening(t, unicode);
  if (n === 0) return textBox(`${opening}}`);
  if (depth === 1 || depth === 2) return textBox(`${opening}...}`);
  const box: Box = { shape: Shape.Record, flat: '', width: 0, items: [textBox(opening)], bar: false };
  const shown = depth < 0 ? n : Math.min(n, depth - 2);
  const result: Open = { box, terms: [], depths: [], next: 0, dots: shown < n, names: [] };
  for (let i = 0; i < shown; i++) {
    result.names!.push(recordField(t, i, unicode));
    result.terms.push(H[valueAt(t, i)]!);
    result.depths.push(depth - 2 - i);
  }
  return result;
}

/** The items of a record's box, fields instead of values. */
function fieldBoxes([opening, ...values]: Box[], names: string[]): Box[] {
  const fields = values.map((value, i) => {
    const name = textBox(names[i]!);
    const [flat, width] = [name.flat + value.flat, name.width + value.width];
    return { shape: Shape.Field, flat, width, items: [name, value], bar: false };
  });
  return [opening!, ...fields];
}

const BRACKETS: Record<number, [string, string]> = {
  [Shape.List]: ['[', ']'],
  [Shape.Tuple]: ['{', '}'],
  [Shape.TaggedTuple]: ['{', '}'],
  [Shape.Map]: ['#{', '}'],
};

const ARROW = ' => ';

function finishRecord({ box, dots, names }: Open): Box {
  box.items = fieldBoxes(box.items, names!);
  if (dots) box.items.push(DOTS);
  const [opening, ...fields] = box.items;
  box.flat = `${opening!.flat}${fields.map((field) => field.flat).join(',')}}`;
  box.width = fields.reduce((width, field) => width + field.width, opening!.width + fields.length);
  return box;
}

function finish(open: Open): Box {
  const { box, dots } = open;
  if (box.shape === Shape.Record) return finishRecord(open);
  if (box.shape === Shape.Map) {
    const pairs: Box[] = [];
    for (let i = 0; i < box.items.length; i += 2) {
      const key = box.items[i]!;
      const value = box.items[i + 1]!;
      const flat = key.flat + ARROW + value.flat;
      const width = key.width + ARROW.length + value.width;
      pairs.push({ shape: Shape.Pair, flat, width, items: [key, value], bar: false });
    }
    box.items = pairs;
  }
  if (dots) box.items.push(DOTS);
  const [left, right] = BRACKETS[box.shape]!;
  box.flat = left;
  box.width = left.length + right.length + box.items.length - 1;
  const last = box.items.length - 1;
  for (let i = 0; i <= last; i++) {
    if (i > 0) box.flat += i === last && box.bar ? '|' : ',';
    box.flat += box.items[i]!.flat;
    box.width += box.items[i]!.width;
  }
  box.flat += right;
  return box;
}

/** Characters of a binary that are shown for each level of depth. */
const CHARACTERS_PER_LEVEL = 4;

function bitstringBox(t: Term, depth: number, unicode: boolean, strings: boolean): Box {
  const { bitSize } = binaryBytes(t);
  if (bitSize > 0 && depth === 1) return textBox('<<...>>');
  if (strings && bitSize > 0 && bitSize % 8 === 0) {
    const text = binaryText(bytesOf(t), depth, unicode);
    if (text !== undefined) return textBox(`<<${text}>>`);
  }
  const content = formatBytes(t, depth);
  return { shape: Shape.Bytes, flat: `<<${content}>>`, width: content.length + 4, items: [], bar: false };
}

/** What stands between << and >> if the binary is shown as text. */
function binaryText(bytes: Uint8Array, depth: number, unicode: boolean): string | undefined {
  const points = unicode ? utf8Points(bytes) : undefined;
  const characters: ArrayLike<number> = points ?? bytes;
  const all = characters.length;
  const most = depth < 0 ? all : Math.min(all, CHARACTERS_PER_LEVEL * (depth - 1));
  let n = 0;
  while (n < most && isPrintableLatin1(characters[n]!)) n++;
  // A start that is printable will do if it shows no less than the numbers would.
  if (n < all && (depth < 0 || n < depth - 1)) return undefined;
  let text = '';
  let wide = false;
  for (let i = 0; i < n; i++) {
    text += String.fromCharCode(characters[i]!);
    if (characters[i]! > 127) wide = true;
  }
  return formatQuoted(text, '"') + (wide && points !== undefined ? '/utf8' : '') + (n < all ? '...' : '');
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8Points(bytes: Uint8Array): number[] | undefined {
  try {
    return Array.from(utf8.decode(bytes), (character) => character.codePointAt(0)!);
  } catch {
    return undefined;
  }
}

// --- Breaking into lines -------------------------------------------------------------------------------------

/** A box to be written from a column on. Behind its last line come `closing` characters, mostly brackets. */
interface Placed {
  box: Box;
  column: number;
  closing: number;
}

/** Least number of characters in a line of a binary. */
const MIN_BYTES_WIDTH = 8;

class Layout {
  /** What is still to be written, last first. */
  private readonly parts: (string | Placed)[] = [];
  private failed = false;

  constructor(
    private readonly lineLength: number,
    /** How far elements go in from the start of a tagged tuple; below 0: as far as its tag. */
    private readonly tagIndent: number,
    /** Whether it is only to be seen if tuples get too far to the right. */
    private readonly trial: boolean,
  ) {}

  /** The text, or undefined if the indentation will not do. */
  write(box: Box, column: number): string | undefined {
    let out = '';
    this.parts.push({ box, column, closing: 0 });
    while (this.parts.length > 0) {
      const part = this.parts.pop()!;
      if (typeof part === 'string') out += part;
      else {
        const from = this.parts.length;
        this.expand(part);
        reverseFrom(this.parts, from);
        if (this.failed) return undefined;
      }
    }
    return out;
  }

  private fits(width: number, column: number, closing: number): boolean {
    return width < this.lineLength - column - closing;
  }

  private expand({ box, column, closing }: Placed): void {
    const { parts } = this;
    if (box.shape === Shape.Text || this.fits(box.width, column, closing)) {
      parts.push(box.flat);
      return;
    }
    switch (box.shape) {
      case Shape.List:
      case Shape.Tuple:
        parts.push(box.shape === Shape.List ? '[' : '{');
        this.items(box.items, 0, column + 1, closing, box.bar);
        parts.push(box.shape === Shape.List ? ']' : '}');
        break;
      case Shape.TaggedTuple:
        this.taggedTuple(box, column, closing);
        break;
      case Shape.Map:
        parts.push('#{');
        this.items(box.items, 0, column + 2, closing, false);
        parts.push('}');
        break;
      case Shape.Pair: {
        const indent = this.tagIndent > 0 ? this.tagIndent : 4;
        parts.push({ box: box.items[0]!, column, closing });
        parts.push(` =>\n${' '.repeat(column - 1 + indent)}`);
        parts.push({ box: box.items[1]!, column: column + indent, closing });
        break;
      }
      case Shape.Record:
        this.record(box, column, closing);
        break;
      case Shape.Field: {
        const [name, value] = box.items as [Box, Box];
        const breaks = this.tagIndent > 0 && name.width > this.tagIndent;
        parts.push(breaks ? name.flat.trimEnd() : name.flat);
        const at = this.behind(name.width, column);
        parts.push({ box: value, column: at, closing });
        break;
      }
      case Shape.Bytes:
        parts.push(this.bytes(box.flat.slice(2, -2), column + 2, closing));
        break;
    }
  }

  private taggedTuple(box: Box, column: number, closing: number): void {
    const tag = box.items[0]!;
    const tagWidth = tag.width + 2;
    const half = Math.floor(this.lineLength / 2);
    this.parts.push(`{${tag.flat}`);
    if (this.tagIndent > 0 && tagWidth > this.tagIndent) {
      const inner = column + this.tagIndent;
      if (this.trial && inner > half) this.failed = true;
      this.rest(box.items, 1, inner, column + tagWidth, closing, false);
    } else {
      if (this.trial && column + tagWidth >= half) this.failed = true;
      this.parts.push(',');
      this.items(box.items, 1, column + tagWidth, closing, false);
    }
    this.parts.push('}');
  }

  private record(box: Box, column: number, closing: number): void {
    const opening = box.items[0]!;
    this.parts.push(opening.flat);
    this.items(box.items, 1, this.behind(opening.width, column), closing, false);
    this.parts.push('}');
  }

  /**
   * The column for what comes behind the name of a record or field: in the same line, or if that is far to the right, in a
   * new one.
   */
  private behind(width: number, column: number): number {
    const half = Math.floor(this.lineLength / 2);
    if (this.tagIndent > 0 && width > this.tagIndent) {
      const inner = column + this.tagIndent;
      if (this.trial && inner > half) this.failed = true;
      this.parts.push(`\n${' '.repeat(inner - 1)}`);
      return inner;
    }
    if (this.trial && column + width >= half) this.failed = true;
    return column + width;
  }

  /** Items from number `from` on, the first one at the column. */
  private items(items: Box[], from: number, column: number, closing: number, bar: boolean): void {
    const first = items[from]!;
    const only = from >= items.length - 1 - tailItems(items, bar);
    this.parts.push({ box: first, column, closing: only ? closing + 1 : 0 });
    this.rest(items, from + 1, column, this.end(first, column), closing, bar);
  }

  /** Items with a separator before each. Lines start at column `start`; the text before ends at column `at`. */
  private rest(items: Box[], from: number, start: number, at: number, closing: number, bar: boolean): void {
    const { parts } = this;
    const last = items.length - 1;
    const final = last - tailItems(items, bar);
    for (let i = from; i <= last; i++) {
      const item = items[i]!;
      const after = i >= final ? closing + 1 : 0;
      const separator = i === last && bar ? '|' : ',';
      if (item === DOTS) {
        parts.push(`${separator}...`);
        break;
      }
      // A separator follows if nothing else does.
      const fits = this.fits(1 + item.width + (after > 0 ? 0 : 1), at, after);
      if (fits && isSimple(item)) {
        parts.push(separator + item.flat);
        at += 1 + item.width;
      } else {
        parts.push(`${separator}\n${' '.repeat(start - 1)}`);
        // Where native tries an indentation, it takes the tail of an improper list to go on in the same line.
        parts.push({ box: item, column: this.trial && separator === '|' ? at : start, closing: after });
        at = this.end(item, start);
      }
    }
  }

  /** The column behind a box: a box with parts fills its line. */
  private end(box: Box, column: number): number {
    return isSimple(box) ? column + box.width : this.lineLength;
  }

  /** The numbers of a binary, on as many lines as it takes. */
  private bytes(content: string, column: number, closing: number): string {
    const width = Math.max(this.lineLength - column - closing, MIN_BYTES_WIDTH);
    const indent = `\n${' '.repeat(column - 1)}`;
    let out = '<<';
    let used = 0;
    const items = content.split(',');
    for (let i = 0; i < items.length; i++) {
      const text = i === items.length - 1 ? items[i]! : `${items[i]!},`;
      if (used > 0 && used + text.length > width) {
        out += indent;
        used = 0;
      }
      out += text;
      used += text.length;
    }
    return `${out}>>`;
  }
}

function reverseFrom(parts: (string | Placed)[], from: number): void {
  for (let i = from, j = parts.length - 1; i < j; i++, j--) {
    const part = parts[i]!;
    parts[i] = parts[j]!;
    parts[j] = part;
  }
}

/** How many items stand behind the one that counts as last: the tail of an improper list, or dots. */
function tailItems(items: Box[], bar: boolean): number {
  return items.length > 1 && (bar || items[items.length - 1] === DOTS) ? 1 : 0;
}

/** Whether the box may share a line with its neighbours. */
function isSimple(box: Box): boolean {
  if (box.shape === Shape.Pair || box.shape === Shape.Field)
    return isSimple(box.items[0]!) && isSimple(box.items[1]!);
  return box.shape === Shape.Text;
}
