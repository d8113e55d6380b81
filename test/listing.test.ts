import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBeam } from '../dist/load/beam.js';
import { readListing } from '../dist/load/listing.js';
import { LoadError } from '../dist/load/module.js';
import { OPCODES } from '../dist/load/opcodes.js';
import { verifyModule } from '../dist/load/verify.js';
import { FIXTURES, fixture, OTP_LIBRARIES } from './fixtures/beam-file.js';
import { normalise } from './fixtures/normalise.js';

const fixtures = readdirSync(FIXTURES, { recursive: true })
  .map(String)
  // The compiler makes other instructions of some in engine_old.S.
  .filter((name) => name.endsWith('.S') && !name.endsWith('engine_old.S'))
  .map((name) => name.slice(0, -2));

/** A listing without any header, as one pastes it. */
const PASTED = `
%% sum/2, entry label is 2
{function, sum, 2, 2}.
  {label,1}.
    {func_info,{atom,pasted},{atom,sum},2}.
  {label,2}.

    {test,is_nonempty_list,{f,3},[{x,0}]}. % go on
    {get_list,{x,0},{x,2},{x,0}}.
    {gc_bif,'+',{f,0},3,[{x,2},{x,1}],{x,1}}.
    {call_only,2,{f,2}}. % sum/2
  {label,3}.
    {test,is_nil,{f,1},[{x,0}]}.
    {move,{x,1},{x,0}}.
    return.

{function, twice, 1, 5}.
{label,4}.
{func_info,{atom,pasted},{atom,twice},1}.
{label,5}.
{allocate,1,1}.
{move,{x,0},{y,0}}.
{call,1,{f,7}}.
{move,{y,0},{x,0}}.
{call_last,1,{f,7},1}.
`;

describe('readListing', () => {
  it.each(fixtures)('%s.S is the same as the .beam file', (name) => {
    const beam = readBeam(fixture(`${name}.beam`), `${name}.beam`);
    const text = fixture(`${name}.S`).toString('utf8');
    const listing = readListing(text, `${name}.S`);
    expect(normalise(listing)).toEqual(normalise(beam));
    expect(listing.name).toBe(beam.name);
    expect(listing.records?.map((r) => r.name)).toEqual(beam.records?.map((r) => r.name));
    expect(listing.md5).toEqual(new Uint8Array(createHash('md5').update(text).digest()));
    verifyModule(listing);
  });

  it('needs no header', () => {
    const m = readListing(PASTED, 'pasted.S');
    expect(m.name).toBe('pasted');
    expect(m.exports).toEqual([
      { name: 'sum', arity: 2, label: 2 },
      { name: 'twice', arity: 1, label: 5 },
    ]);
    expect(m.imports[0]).toEqual({ module: 'erlang', name: '+', arity: 2 });
    verifyModule(m);
  });

  it('lets calls to labels that are not there fail as undef', () => {
    const { functions, imports } = readListing(PASTED, 'pasted.S');
    const calls = functions[1]!.code
      .slice(-3)
      .map((i) => [OPCODES[i.op]!.name, ...i.args.map((a) => 'n' in a && a.n)]);
    expect(imports[1]).toEqual({ module: 'pasted', name: 'label 7', arity: 1 });
    expect(calls).toEqual([
      ['call_ext', 1, 1],
      ['move', 0, 0],
      ['call_ext_last', 1, 1, 1],
    ]);
  });

  it('calls what is there', () => {
    const whole = `${PASTED}{function,id,1,7}. {label,6}. {func_info,{atom,pasted},{atom,id},1}. {label,7}. return.`;
    const m = readListing(whole, 'pasted.S');
    expect(m.imports.length).toBe(1);
    expect(m.functions[2]).toMatchObject({ name: 'id', arity: 1, entry: 7 });
  });

  it.each([
    ['', 'x.S: there is no function in this listing'],
    ['-module(x).', 'x.S: line 1, column 2: a number must follow the sign; found "module"'],
    ['{label,1}.\n{label,2', "x.S: line 2, column 9: '}' is missing or a comma; the text ends here"],
    ['"text".', 'x.S: line 1: neither an instruction nor a part of a listing'],
    ['{label,1}. {frobnicate,1}.', 'x.S: line 1: there is no instruction frobnicate'],
    ['{move,{x,0}}.', 'x.S: line 1: move takes 2 operands, not 1'],
    ['{move,{x,1024},{x,0}}.', 'x.S: line 1: there is no register {x,1024}; they go to 1022'],
    ['{move,{z,0},{x,0}}.', 'x.S: line 1: {z,...} is not an operand'],
    ['{jump,{f,9}}.', 'x.S: line 1: label 9 is not in this listing'],
    ['{label,99999999}.', 'x.S: line 1: label 99999999 is out of range'],
    ['{label,-1}.', 'x.S: line 1: a number that is not negative was expected'],
    ['{label,1}. return.', 'x.S: the code has instructions but no function'],
    ['{func_info,{atom,x},{atom,f},0}.', 'x.S: function f/0: func_info must stand between two labels'],
    [
      `${head('f', 0)} {move,{f,2},{x,0}}.`,
      'x.S: f/0, line 1, instruction 4 (move): operand 1 cannot be label 2',
    ],
    [`${head('f', 0)} {label,2}.`, 'x.S: f/0, line 1, instruction 4 (label): label 2 is defined twice'],
    [
      `${head('f', 0)} {call,1,{f,2}}.`,
      'x.S: f/0, line 1, instruction 4 (call): a call to f/0 with another number of arguments',
    ],
    [`{function,g,0,2}. ${head('f', 0)} return.`, 'x.S: line 1: function g/0 has no func_info'],
    [
      `{function,f,0,1}. ${head('f', 0)} return.`,
      'x.S: line 1: function f/0 says entry label 1, but label 2 follows func_info',
    ],
    [`{module,y}. ${head('f', 0)} return.`, 'x.S: {module, y} has functions of the module x'],
    [`{exports,[{g,0}]}. ${head('f', 0)} return.`, 'x.S: the exported function g/0 is not there'],
    [
      `${head('f', 0)} {make_fun3,{f,9},0,0,{x,0},{list,[]}}.`,
      'x.S: line 1: label 9 is not the entry of a function',
    ],
    [`${head('f', 0)} {gc_bif,'+',{f,0},0,[],{x,0}}.`, 'x.S: line 1: there is no instruction gc_bif0'],
    [
      `${head('f', 0)} {m_plus,{f,0},{x,0},{x,0},{x,0}}.`,
      /instruction number 27 is of OTP 22 or older and not supported/,
    ],
  ])('%j is refused', (text, message) => {
    expect(() => readListing(text, 'x.S')).toThrow(LoadError);
    expect(() => readListing(text, 'x.S')).toThrow(message);
  });

  it('survives being cut off anywhere', () => {
    const text = fixture('otp27/tiny.S').toString('utf8') + PASTED;
    for (let size = 0; size < text.length; size++) {
      try {
        verifyModule(readListing(text.slice(0, size), 'x.S'));
      } catch (error) {
        expect(error).toBeInstanceOf(LoadError);
      }
    }
  });
});

function head(name: string, arity: number): string {
  return `{label,1}. {func_info,{atom,x},{atom,${name}},${arity}}. {label,2}.`;
}

// Modules of stdlib that need no header files of other applications.
const MODULES = 'base64 calendar gb_sets lists maps proplists queue sofs string unicode uri_string'.split(
  ' ',
);
const sources = OTP_LIBRARIES.flatMap((root) =>
  readdirSync(root)
    .filter((app) => app.startsWith('stdlib-'))
    .map((app) => `${root}/${app}/src`),
).filter((folder) => existsSync(`${folder}/lists.erl`));

describe.runIf(sources.length > 0 && commandExists('erlc'))('listings of stdlib', () => {
  it('are the same as the .beam files', { timeout: 120_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'listing-'));
    try {
      const files = MODULES.map((name) => `${sources[0]}/${name}.erl`).filter(existsSync);
      execFileSync('erlc', ['-o', folder, ...files], { stdio: 'ignore' });
      execFileSync('erlc', ['-o', folder, '-S', ...files], { stdio: 'ignore' });
      const names = readdirSync(folder).filter((name) => name.endsWith('.S'));
      expect(names.length).toBe(files.length);
      for (const name of names) {
        const beam = readBeam(readFileSync(join(folder, name.replace(/S$/, 'beam'))), name);
        expect(normalise(readListing(readFileSync(join(folder, name), 'utf8'), name))).toEqual(
          normalise(beam),
        );
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function commandExists(command: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, command)));
}
