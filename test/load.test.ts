import { readFileSync } from 'node:fs';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readBeam } from '../dist/load/beam.js';
import { encodeTerm, parseTerm } from '../dist/load/erlang-term.js';
import { type FunctionCode, LoadError } from '../dist/load/module.js';
import { OPCODES, opcodeByName } from '../dist/load/opcodes.js';
import { verifyModule } from '../dist/load/verify.js';
import {
  beamsUnder,
  type Chunks,
  chunksOf,
  fileOf,
  fixture,
  OTP_LIBRARIES,
  u32,
} from './fixtures/beam-file.js';

interface Golden {
  file: string;
  module: string;
  md5: string;
  exports: string[];
  imports: string[];
  labels: number[];
}

const golden = readFileSync(new URL('golden/load.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Golden);

describe('the instruction table', () => {
  it('has the opcodes in order', () => {
    expect(OPCODES.length).toBe(192);
    expect(OPCODES.map((info) => info.number)).toEqual(Array.from({ length: 192 }, (_, i) => i));
    expect(opcodeByName.get('move')).toEqual({
      number: 64,
      name: 'move',
      arity: 2,
      since: 0,
      obsolete: false,
    });
    expect(opcodeByName.get('bs_match')).toMatchObject({ number: 182, arity: 3, since: 26 });
    expect(opcodeByName.get('get_record_field')).toMatchObject({ number: 191, arity: 5, since: 29 });
    expect(opcodeByName.get('m_plus')?.obsolete).toBe(true);
  });
});

describe('readBeam', () => {
  it.each(golden)('$file is what OTP says', ({ file, module, md5, exports, imports, labels }) => {
    const m = readBeam(fixture(file), file);
    expect(m.name).toBe(module);
    expect(Buffer.from(m.md5).toString('hex')).toBe(md5);
    const byName = m.exports
      .map((e) => ({ key: `${e.name}/${e.arity}`, ...e }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    expect(byName.map((e) => e.key)).toEqual(exports);
    expect(byName.map((e) => e.label)).toEqual(labels);
    expect(m.imports.map((i) => `${i.module}:${i.name}/${i.arity}`).sort()).toEqual(imports);
    expect(`otp${m.otp}`).toBe(file.split('/')[0]);
    expect(m.attributes?.[0]).toBe(131);
    expect(m.onLoad).toEqual(module === 'loads' ? { name: 'init', arity: 0 } : undefined);
    verifyModule(m);
  });

  it('splits the code into functions', () => {
    const m = readBeam(fixture('otp25/tiny.beam'), 'tiny.beam');
    expect(m.functions.map((f) => `${f.name}/${f.arity}`)).toEqual([
      'run/1',
      'module_info/0',
      'module_info/1',
    ]);
    const [run] = m.functions;
    expect(run!.entry).toBe(2);
    expect(run!.code.map((i) => OPCODES[i.op]!.name)).toEqual(
      'label line func_info label is_lt gc_bif2 call_only label move return'.split(' '),
    );
    expect(run!.code[4]!.args).toEqual([
      { kind: 'label', n: 3 },
      { kind: 'integer', value: 0 },
      { kind: 'x', n: 0 },
    ]);
    expect(m.literals).toEqual([encodeTerm(parseTerm('{done,"text",1.5}'))]);
    expect(m.locations).toEqual([
      { file: '', line: 0 },
      { file: 'tiny.erl', line: 4 },
    ]);
  });

  it.each(['25', '27', '29'])('reads the types of OTP %s', (release) => {
    const m = readBeam(fixture(`otp${release}/tiny.beam`), 'tiny.beam');
    const subtraction = m.functions[0]!.code.find((i) => OPCODES[i.op]!.name === 'gc_bif2')!;
    const register = subtraction.args[3] as { kind: string; n: number; type: number };
    // The guard N > 0 says nothing on the kind of term: OTP 25 leaves it at that.
    if (release === '25') expect(register).toEqual({ kind: 'x', n: 0 });
    else expect(m.types[register.type]).toBeDefined();
  });

  it('reads native records', () => {
    const m = readBeam(fixture('otp29/native_records.beam'), 'native_records.beam');
    expect(m.records).toEqual([
      {
        name: 'point',
        exported: true,
        fields: [
          { name: 'x' },
          { name: 'y', value: { kind: 'literal', n: 0 } },
          { name: 'a b', value: { kind: 'atom', name: 'none' } },
        ],
      },
      {
        name: 'hidden',
        exported: false,
        fields: [
          { name: 'q', value: { kind: 'literal', n: 1 } },
          { name: 'n', value: { kind: 'integer', value: 300 } },
        ],
      },
    ]);
  });

  it('reads integers of any size', () => {
    const m = readBeam(fixture('otp25/flow.beam'), 'flow.beam');
    const items = m.functions
      .flatMap((f) => f.code)
      .flatMap((i) => i.args)
      .flatMap((a) => (a.kind === 'list' ? a.items : a));
    expect(items).toContainEqual({ kind: 'integer', value: 100000000000000000000n });
  });

  it('reads what is compressed with gzip', () => {
    const file = fixture('otp25/flow.beam');
    expect(readBeam(gzipSync(file), 'flow.beam')).toEqual(readBeam(file, 'flow.beam'));
  });

  it('reads the old Atom chunk, and literals that are not compressed', () => {
    const file = fixture('otp25/tiny.beam');
    const chunks = chunksOf(file);
    const old: Chunks = new Map([['Atom', chunks.get('AtU8')!], ...chunks]);
    old.delete('AtU8');
    const literal = encodeTerm(parseTerm('{done,"text",1.5}'));
    old.set('LitT', Buffer.concat([u32(0, 1, literal.length), literal]));
    const { md5, functions, ...rest } = readBeam(fileOf(old), 'tiny.beam');
    const { md5: same, functions: expectedFunctions, ...expected } = readBeam(file, 'tiny.beam');
    expect(rest).toEqual(expected);
    const parts = (f: FunctionCode) => [f.name, f.arity, f.entry, f.code];
    expect(functions.map(parts)).toEqual(expectedFunctions.map(parts));
    expect(md5).not.toEqual(same);
  });

  it('does without optional chunks', () => {
    const chunks = chunksOf(fixture('otp27/tiny.beam'));
    for (const name of ['Line', 'Type', 'Attr', 'CInf', 'LocT', 'Dbgi', 'Meta']) chunks.delete(name);
    const m = readBeam(fileOf(chunks), 'tiny.beam');
    expect(m.locations).toEqual([{ file: '', line: 0 }]);
    expect(m.types).toEqual([]);
    expect([m.attributes, m.compileInfo, m.otp]).toEqual([undefined, undefined, undefined]);
    const operands = m.functions.flatMap((f) => f.code).flatMap((i) => i.args);
    expect(operands.some((a) => 'type' in a)).toBe(false);
  });

  it('takes an unknown version of types or lines for none', () => {
    const chunks = chunksOf(fixture('otp27/tiny.beam'));
    chunks.get('Type')!.writeUInt32BE(99, 0);
    chunks.get('Line')!.writeUInt32BE(99, 0);
    const m = readBeam(fileOf(chunks), 'tiny.beam');
    expect([m.types, m.locations]).toEqual([[], [{ file: '', line: 0 }]]);
  });
});

/** A damage to the tiny module, and what the reader says of it. */
const damages: [string, (chunks: Chunks) => void, RegExp][] = [
  ['no Code', (c) => c.delete('Code'), /^tiny\.beam: the Code chunk is missing/],
  ['no atoms', (c) => c.delete('AtU8'), /the Atom chunk is missing/],
  ['no ImpT', (c) => c.delete('ImpT'), /the ImpT chunk is missing/],
  ['no ExpT', (c) => c.delete('ExpT'), /the ExpT chunk is missing/],
  [
    'too new',
    (c) => c.get('Code')!.writeUInt32BE(192, 8),
    /needs instruction number 192, the highest one known is 191/,
  ],
  ['instruction set', (c) => c.get('Code')!.writeUInt32BE(1, 4), /instruction set 1 is not known/],
  [
    'header size',
    (c) => c.get('Code')!.writeUInt32BE(0xffffffff, 0),
    /a header of 4294967295 bytes is not possible/,
  ],
  ['function count', (c) => c.get('Code')!.writeUInt32BE(7, 16), /says 7 functions, but has 3/],
  ['label count', (c) => c.get('Code')!.writeUInt32BE(3, 12), /(there is no label|a label must be)/],
  ['many labels', (c) => c.get('Code')!.writeUInt32BE(0x7fffffff, 12), /cannot fit/],
  ['no int_code_end', (c) => c.set('Code', c.get('Code')!.subarray(0, -1)), /does not end with int_code_end/],
  ['more code', (c) => c.set('Code', Buffer.concat([c.get('Code')!, u32(0)])), /4 bytes follow int_code_end/],
  ['many atoms', (c) => c.get('AtU8')!.writeUInt32BE(0x7fffffff, 0), /2147483647 atoms cannot fit/],
  ['no atom', (c) => c.set('AtU8', u32(0)), /there is no atom, not even the module name/],
  ['bad UTF-8', (c) => c.get('AtU8')!.fill(0xff, 5, 9), /not valid UTF-8/],
  ['many imports', (c) => c.get('ImpT')!.writeUInt32BE(0xffffffff, 0), /4294967295 entries cannot fit/],
  [
    'import of no atom',
    (c) => c.get('ImpT')!.writeUInt32BE(99, 4),
    /ImpT chunk, offset 4: there is no atom 99/,
  ],
  ['import arity', (c) => c.get('ImpT')!.writeUInt32BE(256, 12), /a function with 256 arguments/],
  ['many exports', (c) => c.get('ExpT')!.writeUInt32BE(0x10000000, 0), /cannot fit/],
  ['export label', (c) => c.get('ExpT')!.writeUInt32BE(99, 12), /the export .* label 99 is not the entry/],
  [
    'export of another',
    (c) => c.get('ExpT')!.writeUInt32BE(2, 12),
    /the export .* label 2 is the entry of run\/1/,
  ],
  [
    'literals not zlib',
    (c) => c.get('LitT')!.fill(7, 4),
    /LitT chunk, offset 4: cannot be unpacked into the \d+ bytes/,
  ],
  ['bomb', (c) => c.set('LitT', bomb(100)), /LitT chunk, offset 4: cannot be unpacked into the 100 bytes/],
  [
    'huge bomb',
    (c) => c.set('LitT', bomb(0xfffffff0)),
    /says that the literals take 4294967280 bytes; the limit is/,
  ],
  [
    'short literals',
    (c) => c.set('LitT', Buffer.concat([u32(9), deflateSync('1234')])),
    /unpacks to 4 bytes, not to the 9/,
  ],
  ['many literals', (c) => c.set('LitT', u32(0, 0xffffffff)), /4294967295 entries cannot fit/],
  ['no literals', (c) => c.delete('LitT'), /there is no literal 0/],
  ['literal format', (c) => c.set('LitT', u32(0, 1, 4, 0)), /literal 0 is not in external term format/],
  ['many lines', (c) => c.get('Line')!.writeUInt32BE(0xffffffff, 12), /cannot fit/],
  ['line table too short', (c) => c.set('Line', u32(0, 0, 0, 0, 0)), /outside the line table/],
  ['lambda', (c) => c.set('FunT', u32(1, 1, 300, 2, 0, 0, 0)), /a function with 300 arguments/],
  [
    'lambda label',
    (c) => c.set('FunT', u32(1, 1, 1, 3, 0, 0, 0)),
    /the fun tiny\/1: label 3 is not the entry/,
  ],
  ['lambda free', (c) => c.set('FunT', u32(1, 1, 1, 2, 0, 2, 0)), /2 free variables but only 1 arguments/],
];

function bomb(says: number): Buffer {
  return Buffer.concat([u32(says), deflateSync(Buffer.alloc(5_000_000))]);
}

describe('damaged files', () => {
  it.each(damages)('%s', (_, damage, message) => {
    const chunks = chunksOf(fixture('otp25/tiny.beam'));
    damage(chunks);
    const error = failure(fileOf(chunks));
    expect(error).toBeInstanceOf(LoadError);
    expect(error!.message).toMatch(message);
    expect(error!.message).not.toContain('\n');
  });

  it.each([
    ['empty', Buffer.alloc(0), /the file is empty/],
    ['text', Buffer.from('-module(x).\n'.repeat(3)), /not a BEAM file/],
    [
      'FOR1 of another kind',
      Buffer.concat([Buffer.from('FOR1'), u32(4), Buffer.from('AIFF')]),
      /not a BEAM file/,
    ],
    ['not really gzip', Buffer.from([0x1f, 0x8b, 1, 2, 3]), /starts like gzip data but cannot be unpacked/],
    ['cut off', fixture('otp25/tiny.beam').subarray(0, 200), /the file is cut off: 200 bytes of \d+/],
  ])('%s', (_, bytes, message) => {
    expect(failure(bytes)?.message).toMatch(message);
  });

  it.each(['otp25/tiny.beam', 'otp27/loads.beam', 'otp29/native_records.beam'])(
    '%s cut off or changed anywhere gives a module or a LoadError',
    (name) => {
      const file = fixture(name);
      const started = performance.now();
      for (let size = 0; size < file.length; size++) expect(failure(file.subarray(0, size))).toBeDefined();
      const changed = Buffer.from(file);
      for (let at = 0; at < file.length; at++) {
        for (const bits of [0xff, 0x01, 0x80, 0x10]) {
          changed[at] = file[at]! ^ bits;
          failure(changed);
        }
        changed[at] = file[at]!;
      }
      expect(performance.now() - started).toBeLessThan(5000);
    },
  );
});

/** What the reader or the verifier throws; anything but a LoadError fails the test. */
function failure(bytes: Buffer): LoadError | undefined {
  try {
    verifyModule(readBeam(bytes, 'tiny.beam'));
    return undefined;
  } catch (error) {
    if (error instanceof LoadError) return error;
    throw error;
  }
}

describe.runIf(OTP_LIBRARIES.length > 0)('the libraries of OTP', () => {
  it.each(OTP_LIBRARIES)('all of %s loads and passes the verifier', (root) => {
    for (const path of beamsUnder(root)) verifyModule(readBeam(readFileSync(path), path));
  });
});

describe('LoadError', () => {
  it('is one line, whatever names the file has', () => {
    expect(new LoadError('a.beam', 'function a\nb/1\u0000').message).toBe(
      'a.beam: function a?b/1?; compile the source again',
    );
  });
});
