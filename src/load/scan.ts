// The Code chunk, looked over once: where functions begin and end, and which labels are in them. Nothing is made of the
// instructions yet: code.ts does that, function by function, when one is first wanted, as most of a library never is.
import { type ChunkReader, CompactTag, ExtendedTag } from './compact.js';
import { MAX_OPCODE, OPCODES, Op } from './opcodes.js';
import { MAX_ARITY } from './tables.js';

/** Where a function is in the Code chunk. */
export interface FunctionPlace {
  /** Atom index of its name. */
  name: number;
  arity: number;
  /** Label of the entry, behind func_info. */
  entry: number;
  /** Bytes [start, end) of the chunk: from the label before func_info to the end of the last instruction. */
  start: number;
  end: number;
}

/** What the Code chunk holds. */
export interface CodeMap {
  functions: FunctionPlace[];
  /** Atom index of the module's name, as func_info has it; 0: there is no function. */
  module: number;
  /** Labels are 1..labelCount-1. */
  labelCount: number;
  /** By label: 1 + index of the function that it is in; 0: there is no such label. */
  labelOwners: Int32Array;
  /** How many instructions there are. */
  instructions: number;
  /** Index of the function with the on_load instruction, -1: none. */
  onLoad: number;
}

const ARITIES = Uint8Array.from(OPCODES, (info) => info?.arity ?? 0);
/** Instructions that may stand between the label before func_info and func_info. */
const LOCATIONS = Uint8Array.from(OPCODES, ({ number: op }) =>
  op === Op.line || op === Op.executable_line || op === Op.debug_line ? 1 : 0,
);

/**
 * Looks over the Code chunk up to its int_code_end.
 *
 * @throws LoadError if it is cut off, is not in the shape of functions, or needs instructions that are not known
 */
export function scanCode(reader: ChunkReader): CodeMap {
  const { labelCount, functionCount } = readHeader(reader);
  const scanner = new Scanner(reader, labelCount);
  scanner.run();
  const { functions, module, labelOwners, instructions, onLoad } = scanner;
  if (functions.length !== functionCount)
    reader.fail(`says ${functionCount} functions, but has ${functions.length}`, 16);
  return { functions, module, labelCount, labelOwners, instructions, onLoad };
}

function readHeader(reader: ChunkReader): { labelCount: number; functionCount: number } {
  const headerSize = reader.u32();
  const bodyStart = 4 + headerSize;
  if (headerSize < 16 || bodyStart > reader.bytes.length)
    reader.fail(`a header of ${headerSize} bytes is not possible`, 0);
  const set = reader.u32();
  if (set !== 0) reader.fail(`instruction set ${set} is not known (only 0 is)`, 4);
  const highest = reader.u32();
  if (highest > MAX_OPCODE)
    reader.fail(
      `the module needs instruction number ${highest}, the highest one known is ${MAX_OPCODE} (OTP 29)`,
      8,
      'compile the source with an older OTP',
    );
  const labelCount = reader.u32();
  const functionCount = reader.u32();
  if (labelCount > reader.bytes.length || functionCount > reader.bytes.length)
    reader.fail(
      `${labelCount} labels and ${functionCount} functions cannot fit into ${reader.bytes.length} bytes`,
      12,
    );
  reader.position = bodyStart;
  return { labelCount, functionCount };
}

class Scanner {
  readonly functions: FunctionPlace[] = [];
  module = 0;
  readonly labelOwners: Int32Array;
  instructions = 0;
  onLoad = -1;

  constructor(
    private readonly reader: ChunkReader,
    private readonly labelCount: number,
  ) {
    this.labelOwners = new Int32Array(labelCount);
  }

  run(): void {
    const { reader, functions } = this;
    const { bytes } = reader;
    const start = reader.position;
    let p = start;
    /** A label with nothing but locations behind it so far: where it is and its number; a function may begin there. */
    let labelAt = -1;
    let label = 0;
    for (;;) {
      const at = p;
      if (p >= bytes.length) reader.fail('the code does not end with int_code_end; it is cut off');
      const op = bytes[p++]!;
      switch (op) {
        case Op.label:
          reader.position = p;
          label = this.label(at);
          p = reader.position;
          labelAt = at;
          break;
        case Op.func_info:
          reader.position = p;
          this.funcInfo(at, labelAt, label, start);
          p = reader.position;
          labelAt = -1;
          break;
        case Op.int_code_end: {
          reader.position = p;
          if (reader.left > 0) reader.fail(`${reader.left} bytes follow int_code_end`);
          const last = functions.at(-1);
          if (last !== undefined) last.end = at;
          else if (at > start) reader.fail('the code has instructions but no function', start);
          return;
        }
        default: {
          if (op === 0 || op > MAX_OPCODE) reader.fail(`there is no instruction number ${op}`, at);
          if (op === Op.on_load && this.onLoad < 0) this.onLoad = functions.length - 1;
          if (LOCATIONS[op] === 0) labelAt = -1;
          const end = afterOperands(bytes, p, ARITIES[op]!);
          p = end >= 0 ? end : this.afterAnyOperands(p, ARITIES[op]!);
        }
      }
      this.instructions++;
    }
  }

  private label(at: number): number {
    const { reader, labelOwners } = this;
    const n = reader.compact();
    if (reader.tag !== CompactTag.Unsigned || typeof n !== 'number' || n < 1 || n >= this.labelCount)
      return reader.fail(`a label must be a number from 1 to ${this.labelCount - 1}`, at);
    if (labelOwners[n] !== 0) reader.fail(`label ${n} is defined twice`, at);
    labelOwners[n] = this.functions.length;
    return n;
  }

  /** A function begins with the label before func_info, and is entered at the one behind it. */
  private funcInfo(at: number, labelAt: number, label: number, codeStart: number): void {
    const { reader, functions } = this;
    const [module, name, arity] = [this.operand(), this.operand(), this.operand()];
    if (module.tag !== CompactTag.Atom || name.tag !== CompactTag.Atom || arity.tag !== CompactTag.Unsigned)
      reader.fail(`function ${functions.length + 1}: func_info needs a module, a name and an arity`, at);
    if (arity.n > MAX_ARITY)
      reader.fail(`a function with ${arity.n} arguments; the limit is ${MAX_ARITY}`, at);
    const entryAt = reader.position;
    if (labelAt < 0 || reader.left === 0 || reader.u8() !== Op.label)
      reader.fail(`function ${functions.length + 1}: func_info must stand between two labels`, at);
    if (functions.length === 0 && labelAt > codeStart)
      reader.fail('instructions stand before the first function', codeStart);
    const last = functions.at(-1);
    if (last !== undefined) last.end = labelAt;
    this.module = module.n;
    const place = { name: name.n, arity: arity.n, entry: 0, start: labelAt, end: 0 };
    functions.push(place);
    this.labelOwners[label] = functions.length;
    place.entry = this.label(entryAt);
    this.instructions++;
  }

  private operand(): { tag: CompactTag; n: number } {
    const { reader } = this;
    const n = reader.compact();
    return { tag: reader.tag, n: typeof n === 'number' && n >= 0 ? n : 0 };
  }

  /** What afterOperands gives, for operands of any size; says what is wrong with them. */
  private afterAnyOperands(start: number, count: number): number {
    const { reader } = this;
    const { bytes } = reader;
    reader.position = start;
    for (let left = count; left > 0; left--) {
      const at = reader.position;
      const kind = reader.compact();
      if (reader.tag !== CompactTag.Extended) continue;
      if ((bytes[at]! & 8) !== 0) reader.fail('an extended operand of unknown kind', at);
      switch (kind) {
        case ExtendedTag.List:
          left += this.size(at, 1);
          break;
        case ExtendedTag.AllocationList:
          left += this.size(at, 2) * 2;
          break;
        case ExtendedTag.FloatRegister:
        case ExtendedTag.Literal:
          left += 1;
          break;
        case ExtendedTag.TypedRegister:
          left += 2;
          break;
        default:
          reader.fail(`an extended operand of unknown kind ${kind}`, at);
      }
    }
    return reader.position;
  }

  /** The size of a list whose items take so many bytes at least. */
  private size(at: number, bytes: number): number {
    const { reader } = this;
    const size = reader.unsigned();
    if (size * bytes > reader.left)
      reader.fail(`a list of ${size} operands cannot fit into ${reader.left} bytes`, at);
    return size;
  }
}

/**
 * The place behind `left` operands at `p`, if they are of ordinary sizes, else -1. A function of its own without anything
 * but numbers, so that V8 optimises it while the first module is loaded.
 */
function afterOperands(bytes: Uint8Array, start: number, count: number): number {
  let p = start;
  for (let left = count; left > 0; left--) {
    const first = bytes[p]!;
    if ((first & 8) !== 0) {
      if ((first & 7) === CompactTag.Extended || first >= 0xf8) return -1;
      p += (first & 16) === 0 ? 2 : 3 + (first >> 5);
    } else {
      p++;
      if ((first & 7) === CompactTag.Extended) {
        const kind = first >> 4;
        if (kind === ExtendedTag.List || kind === ExtendedTag.AllocationList) {
          const size = bytes[p]!;
          if ((size & 15) === 0) {
            left += (size >> 4) * (kind === ExtendedTag.List ? 1 : 2);
            p++;
          } else if ((size & 31) === 8) {
            left += (((size & 0xe0) << 3) | bytes[p + 1]!) * (kind === ExtendedTag.List ? 1 : 2);
            p += 2;
          } else return -1;
        } else if (kind === ExtendedTag.TypedRegister) left += 2;
        else if (kind === ExtendedTag.FloatRegister || kind === ExtendedTag.Literal) left++;
        else return -1;
      }
    }
    if (p > bytes.length) return -1;
  }
  return p;
}
