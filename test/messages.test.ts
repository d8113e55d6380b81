// What is said when something is wrong: each message is one line that tells what, where, and what to do about it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { turbeam } from './support/turbeam.js';

const scratch = mkdtempSync(join(tmpdir(), 'turbeam-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const ENDS = 'test/fixtures/cli/ends.beam';

/** A listing of a module m with f/0 and g/0, whose bodies are given. */
function listing(name: string, f: string, g = 'return.'): string {
  const path = join(scratch, `${name}.S`);
  writeFileSync(
    path,
    `{module, m}.\n{exports, [{f,0}]}.\n{attributes, []}.\n{labels, 6}.
{function, f, 0, 2}.\n{label,1}.\n{line,[{location,"m.erl",3}]}.\n{func_info,{atom,m},{atom,f},0}.\n{label,2}.\n${f}
{function, g, 0, 4}.\n{label,3}.\n{func_info,{atom,m},{atom,g},0}.\n{label,4}.\n{move,{atom,ok},{x,0}}.\n${g}\n`,
  );
  return path;
}

const call = (target: string): string =>
  `{allocate,0,0}.\n{line,[{location,"m.erl",4}]}.\n{call_ext,0,{extfunc,${target}}}.\n{deallocate,0}.\nreturn.`;

describe('a run meets something missing: a line after the report', () => {
  it.concurrent.each<[string, string[], string]>([
    [
      'a module',
      [ENDS, '--call', 'ends:missing()'],
      "no_such_module:f/1 is in a module that is not there; name the file of no_such_module on the line or its directory with -pa, or an OTP with --otp, if it is OTP's",
    ],
    [
      'a module, called from elsewhere',
      [listing('module', call('no_such_module,f,0')), '--call', 'm:f()'],
      "no_such_module:f/0, called by m:f/0 (m.erl:4), is in a module that is not there; name the file of no_such_module on the line or its directory with -pa, or an OTP with --otp, if it is OTP's",
    ],
    [
      'the module of --call',
      [ENDS, '--call', 'nowhere:f()'],
      "nowhere:f/0 is in a module that is not there; name the file of nowhere on the line or its directory with -pa, or an OTP with --otp, if it is OTP's",
    ],
    [
      'a function',
      [ENDS, '--call', 'ends:no_such_function(1)'],
      'ends:no_such_function/1 is not there; check the name, or compile the module again',
    ],
    [
      'a number of arguments',
      [ENDS, '--call', 'ends:halts()'],
      'ends:halts/0 is not there, but halts/1 is; check the number of arguments',
    ],
    [
      'one of several numbers of arguments',
      [ENDS, '--call', 'erlang:nif_error(a, b, c)'],
      'erlang:nif_error/3 is not there, but nif_error/1 and nif_error/2 are; check the number of arguments',
    ],
    [
      'an export',
      [ENDS, '--call', 'ends:fail(x)'],
      'ends:fail/1 is not exported; export it, or call a function that is',
    ],
    [
      'a built-in function of a later OTP',
      [listing('newer', call('erl_debugger,whereis,0')), '--call', 'm:f()'],
      'erl_debugger:whereis/0, called by m:f/0 (m.erl:4), is built in only after OTP 25, missing in Turbeam; do without it, or report what you need (src/COVERAGE.md lists what there is)',
    ],
  ])('%s', async (_, args, hint) => {
    const { code, stdout, stderr } = await turbeam(['run', '--otp', 'none', ...args]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^=ERROR REPORT==== .* ===\nError in process .* with exit value:\n\{undef,\[[\s\S]*\n\nturbeam: /,
    );
    expect(stderr.slice(stderr.indexOf('\nturbeam: ') + 1)).toBe(`turbeam: ${hint}\n`);
  });

  it('an instruction', async () => {
    const path = listing(
      'old',
      '{recv_mark,{f,5}}.\n{move,nil,{x,0}}.\nreturn.\n{label,5}.\n{move,nil,{x,0}}.\nreturn.',
    );
    const { code, stderr } = await turbeam(['run', path, '--call', 'm:f()']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/\n\{\{unsupported_instruction,recv_mark,150,\{m,f,0\}\},/);
    expect(stderr).toMatch(
      /\nturbeam: m:f\/0 \(m\.erl:3\) has the instruction recv_mark \(150\), which can not be run; compile the source again with OTP 24 or later\n$/,
    );
    const checked = await turbeam(['check', path]);
    expect(checked.stdout).toMatch(
      /^ {2}m:f\/0 at m\.erl:3: instruction recv_mark \(150\); compile the source again with OTP 24 or later$/m,
    );
  });

  it('is said of the file, if that does not load', async () => {
    mkdirSync(join(scratch, 'cut'));
    writeFileSync(join(scratch, 'cut/fib.beam'), readFileSync('examples/fib.beam').subarray(0, 600));
    const path = listing('cut', call('fib,default,0'));
    const { code, stderr } = await turbeam(['run', path, '-pa', join(scratch, 'cut'), '--call', 'm:f()']);
    expect(code).toBe(1);
    expect(stderr.match(/^turbeam: .*/gm)).toEqual([expect.stringContaining('the file is cut off')]);
  });

  it('is not said of what the program raises itself', async () => {
    const raising = listing(
      'raising',
      '{allocate,0,0}.\n{move,{atom,undef},{x,0}}.\n{line,[{location,"m.erl",4}]}.\n{call_ext,1,{extfunc,erlang,error,1}}.',
    );
    for (const args of [
      [ENDS, '--call', 'erlang:error({undef, nothing})'],
      [raising, '--call', 'm:f()'],
    ]) {
      const { stderr } = await turbeam(['run', ...args]);
      expect(stderr).toMatch(/with exit value:\n\{+undef,/);
      expect(stderr).not.toMatch(/^turbeam: /m);
    }
  });
});

/** Each with what, where and what to do. */
const LINES: [args: string[], code: number, message: RegExp][] = [
  [
    ['run', ENDS, '--call', 'ends:waits()'],
    1,
    /^deadlock: every process waits .* \(the call waits in ends:waits\/0, ends\.erl:\d+\); have somebody send one/,
  ],
  [
    ['run', ENDS, '--call', 'ends:grows()', '--max-heap=100000'],
    1,
    /^process <0\.\d+\.0> was ended: max heap size reached; it may have 100000 words: more with --max-heap/,
  ],
  [['run', ENDS, '--fast'], 2, /^turbeam run has no option --fast \(turbeam run --help lists them\)$/],
  [['run', ENDS, '--call'], 2, /^--call needs a value \(turbeam run --help tells which\)$/],
  [['run', ENDS, '--stats=1'], 2, /^--stats takes no value; leave out/],
  [['run', ENDS, '--jit=off', '--jit=auto'], 2, /^--jit is given twice; give it once$/],
  [['run', ENDS, '-pa', 'nowhere'], 2, /^-pa nowhere: no such directory; name one that is there$/],
  [
    ['run', ENDS, '--otp', 'nowhere'],
    2,
    /^--otp nowhere: has no OTP .*; name the directory of an installed one, or none$/,
  ],
  [['run', ENDS, '--call', 'x'], 2, /^--call: .*; write it as in --call 'lists:seq\(1, 3\)'$/],
  [
    ['run', ENDS],
    2,
    /^.*ends\.beam: ends exports no main\/1, main\/0 or start\/0; use --call 'm:f\(Args\)'$/,
  ],
];

describe('one line', () => {
  it.concurrent.each(LINES)('%j', async (args, expected, message) => {
    const { code, stdout, stderr } = await turbeam(args);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toMatch(/^turbeam: [^\n]+\n$/);
    expect(stderr.slice('turbeam: '.length, -1)).toMatch(message);
  });
});

describe('check tells of what would be missing: function, line, what to do', () => {
  it.concurrent.each<[string, string]>([
    [
      'erl_debugger,whereis,0',
      'calls erl_debugger:whereis/0, built in only after OTP 25, missing in Turbeam: the call fails with undef (in f/0 at m.erl:4); do without it, or report what you need (src/COVERAGE.md lists what there is)',
    ],
    [
      'lists,no_such,0',
      'calls lists:no_such/0, not there: the call fails with undef (in f/0 at m.erl:4); check the name and the number of arguments, or compile the module that has it again',
    ],
    ['nowhere,f,0', 'modules that are not on the path (-pa): nowhere'],
  ])('%s', async (target, line) => {
    const path = listing(`check-${target}`, call(target));
    const { code, stdout, stderr } = await turbeam(['check', '--otp', 'none', path]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toContain(`  ${line}`);
  });
});

describe('files that do not load: what, where, which module, compiled by what, what to do', () => {
  const FIB = readFileSync('examples/fib.beam');
  const code = FIB.indexOf('Code');
  /** fib.beam with one byte changed; `at` counts from its Code chunk. */
  const changed = (at: number, change: (byte: number) => number): Buffer => {
    const bytes = Buffer.from(FIB);
    bytes[code + at] = change(bytes[code + at]!);
    return bytes;
  };
  const FILES: [name: string, bytes: Buffer | undefined, message: string][] = [
    ['none.beam', undefined, 'no such file; check the path'],
    ['empty.beam', Buffer.alloc(0), 'the file is empty; copy or compile it again'],
    [
      'text.beam',
      Buffer.from('this is no beam file'),
      "not a BEAM file (it does not start with 'FOR1' and 'BEAM'); name a .beam file, a listing (.S) or a source (.erl)",
    ],
    [
      'cut.beam',
      FIB.subarray(0, 600),
      'the file is cut off: 600 bytes of 720 (module fib, compiled by OTP 25); copy or compile it again',
    ],
    [
      'newer.beam',
      changed(19, () => 250),
      'Code chunk, offset 8: the module needs instruction number 250, the highest one known is 191 (OTP 29) (module fib, compiled by OTP 25); compile the source with an older OTP',
    ],
    [
      'damaged.beam',
      changed(41, (b) => b ^ 16),
      'default/0, offset 34 of the Code chunk, instruction 6 (return): register x0 is needed but holds nothing on some path (module fib, compiled by OTP 25); compile the source again',
    ],
    // A size with its highest bit set, in the second chunk: what is known of the file comes from the first.
    [
      'size.beam',
      changed(4, (b) => b ^ 0xff),
      'chunk Code at offset 88 says 4278190245 bytes, but only 624 follow (module fib, compiled by OTP 25 or later); compile the source again',
    ],
    [
      'wrong.S',
      Buffer.from('{module, wrong}.\n{function, f, 0, 2}.\n{label,1}.\n{fly,{x,0}}.\n'),
      'line 4: there is no instruction fly; correct the listing',
    ],
  ];

  it.concurrent.each(FILES)('%s', async (name, bytes, message) => {
    const path = join(scratch, name);
    if (bytes !== undefined) writeFileSync(path, bytes);
    const { code: status, stdout, stderr } = await turbeam(['check', path]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(`turbeam: ${path}: ${message}\n`);
  });
});
