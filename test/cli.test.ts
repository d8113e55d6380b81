// The command line: options, exit codes, messages, dumps, and what is said of exceptions that nobody catches.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'acorn';
import { afterAll, describe, expect, it } from 'vitest';
import { otpOnPath } from '../dist/code/otp.js';
import { golden } from './support/terms.js';
import { command, hasGoldenErlang, type Outcome, turbeam } from './support/turbeam.js';

const CLI = 'test/fixtures/cli';
const FIB = 'examples/fib.beam';
const scratch = mkdtempSync(join(tmpdir(), 'turbeam-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
writeFileSync(join(scratch, 'text.beam'), 'this is no beam file');
writeFileSync(join(scratch, 'cut.beam'), readFileSync(FIB).subarray(0, 200));
writeFileSync(join(scratch, 'bad.S'), '{module, bad}.\n{function, f, 0, 2}.\n{nonsense');

// One line on stderr, nothing on stdout, exit code 2.
const WRONG: [args: string[], message: RegExp][] = [
  [[], /a command is missing: run, check, /],
  [['fly'], /there is no command "fly"/],
  [['--call', 'x:y()'], /the command comes before --call/],
  [['run'], /turbeam run needs at least one file/],
  [['run', '--', 'x'], /needs at least one file/],
  [['check'], /turbeam check needs at least one file/],
  [['bench'], /turbeam bench needs at least one file/],
  [['run', FIB, '--fast'], /turbeam run has no option --fast/],
  [['run', FIB, '-x'], /turbeam run has no option -x/],
  [['check', FIB, '--stats'], /turbeam check has no option --stats/],
  [['run', FIB, '--stats=yes'], /--stats takes no value/],
  [['run', FIB, '--call'], /--call needs a value/],
  [['run', FIB, '--call', '--stats'], /--call needs a value/],
  [['run', FIB, '--call', ''], /--call needs a value/],
  [['run', ''], /a file's name is empty/],
  [['help', 'fly'], /there is no command "fly"/],
  [['run', FIB, '--call', 'fib:run(1)', '--call', 'fib:run(2)'], /--call is given twice/],
  [['run', FIB, '--call', 'fib:run(1)', '--', 'x'], /put them into the call/],
  [['run', FIB, '--call', 'fib:run('], /--call: .*column/],
  [['run', FIB, '--call', 'fib'], /--call: /],
  [['run', FIB, '-pa'], /-pa needs a value/],
  [['run', FIB, '-pa', 'no/such/dir', '--call', 'fib:run(1)'], /-pa no\/such\/dir: no such directory/],
  [['run', FIB, '--jit=fast'], /--jit is one of auto, eager, off, not "fast"/],
  [['run', FIB, '--jit-threshold=0'], /--jit-threshold is a whole number from 1/],
  [['run', FIB, '--jit-threshold=x'], /--jit-threshold is a whole number from 1/],
  [['run', FIB, '--stress=heat'], /--stress is one of gc, unwind, not "heat"/],
  [['run', FIB, '--max-heap=-1'], /--max-heap is a whole number/],
  [['run', FIB, '--dump-js=:'], /--dump-js takes M, M:F or M:F\/A/],
  [['run', FIB, '--dump-js=fib:fob'], /--dump-js=fib:fob: fib has no such function/],
  [['run', FIB, '--dump-js=fib:fib/2'], /--dump-js=fib:fib\/2: fib has no such function/],
  [['run', FIB, '--dump-dir=/dev/null/x'], /--dump-dir=\/dev\/null\/x: can not be made/],
  [['run', FIB], /examples\/fib\.beam: fib exports no main\/1, main\/0 or start\/0/],
  [['run', 'no_such_file.beam'], /no_such_file\.beam: no such file/],
  [['run', 'examples'], /examples: cannot be read/],
  [['run', join(scratch, 'text.beam')], /text\.beam: /],
  [['run', join(scratch, 'cut.beam')], /cut\.beam: /],
  [['run', join(scratch, 'bad.S')], /bad\.S: line 3/],
  [['bench', 'examples/hello.beam'], /none of these modules exports run\/1, default\/0 and small\/0/],
  [['bench', '--size=huge', FIB], /--size is one of small, default/],
  [['bench', '--runs=0', FIB], /--runs is a whole number from 1/],
  [['bench', '--engines=jit,fast', FIB], /--engines is one of interpreter, jit, .*, not "fast"/],
  [['bench', '--json', 'no/such/dir/x.json', FIB], /--json no\/such\/dir\/x\.json: can not be written/],
  [['bench', '--html', 'examples', FIB], /--html examples: can not be written/],
  [['bench', '--json', FIB, FIB], /--json examples\/fib\.beam: would be written over examples\/fib\.beam/],
  [['profile', FIB, '-o', `./${FIB}`], /-o \.\/examples\/fib\.beam: would be written over/],
  [['explore', FIB, '-o', FIB], /-o examples\/fib\.beam: would be written over/],
  [['bench', '--json', 'x', '--html', 'x', FIB], /--json and --html name one file, x/],
  [['bench', '--compare', 'no_such.json', FIB], /--compare no_such\.json: can not be read/],
  [['bench', '--compare', 'README.md', FIB], /--compare README\.md: is not JSON/],
  [['bench', '--compare', 'package.json', FIB], /--compare package\.json: has no results/],
];

describe('wrong command lines', () => {
  it.concurrent.each(WRONG)('%j', async (args, message) => {
    const { code, stdout, stderr } = await turbeam(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^turbeam: [^\n]+\n$/);
    expect(stderr).toMatch(message);
  });
});

const ends = (call: string): string[] => ['run', `${CLI}/ends.beam`, '--call', call];

const LIMIT_REPORT = new RegExp(
  [
    '^=ERROR REPORT==== .* ===',
    '     Process:            <0\\.\\d+\\.0> ',
    '     Context:            maximum heap size reached',
    '     Max Heap Size:      5000',
    '     Total Heap Size:    \\d+',
    '     Kill:               true',
    '     Error Logger:       true',
    '     Message Queue Len:  0',
    '     GC Info:            \\[{old_heap_block_size,\\d+},',
    '                          {heap_block_size,\\d+},',
    '[\\s\\S]*',
    '                          {bin_old_vheap_block_size,\\d+}\\]',
    '',
    'killed',
    '$',
  ].join('\n'),
);

// Exit code, stdout, and stderr, if anything.
const ENDS: [args: string[], code: number, stdout: string | RegExp, stderr?: RegExp][] = [
  [ends('ends:value()'), 0, '{ok,[1.5,"text",<<"bin">>,\'an atom\',#{key => value}]}\n'],
  [ends('ends:prints()'), 0, 'first\nsecond\nthird\n'],
  [ends('ends:halts(0)'), 0, 'before'],
  [ends('ends:halts(3)'), 3, 'before'],
  [[...ends('ends:halts(3)'), '--jit=eager', '--stats'], 3, 'before', /^start-up/],
  [ends('ends:sleeps()'), 0, 'slept\n'],
  [ends('ends:loops(100000)'), 0, 'done\n'],
  [ends('ends:waits()'), 1, '', /^turbeam: deadlock: [^\n]+\n$/],
  [ends('ends:all_wait()'), 1, '', /^turbeam: deadlock: [^\n]+\n$/],
  [
    [...ends('ends:grows()'), '--max-heap=100000'],
    1,
    '',
    /^turbeam: process <0\.\d+\.0> was ended: [^\n]+\n$/,
  ],
  [
    ends('ends:child(error)'),
    0,
    /^=ERROR REPORT==== .* ===\nError in process <0\.\d+\.0> with exit value:\n\{child_failed,\[\{ends,fail,1,[\s\S]*\nparent_goes_on\n$/,
  ],
  [ends('ends:child(throw)'), 0, /\n\{\{nocatch,child_failed\},\[\{ends,fail,1,[\s\S]*\n\nparent_goes_on\n$/],
  [ends('ends:limited(5000)'), 0, LIMIT_REPORT],
  [ends('ends:limited(#{size => 5000, kill => false})'), 0, /Kill: {15}false[\s\S]*\nnormal\n$/],
  [ends('ends:limited(#{size => 5000, error_logger => false})'), 0, 'killed\n'],
  [ends('ends:child(exit)'), 0, 'parent_goes_on\n'],
  [ends('ends:child(normal)'), 0, 'parent_goes_on\n'],
  [ends('ends:linked()'), 1, '', /with exit value:\nchild_failed\n\n$/],
  [
    ends('ends:missing()'),
    1,
    '',
    /with exit value:\n\{undef,\[\{no_such_module,f,\[1\],\[\]\}\]\}\n\nturbeam: [^\n]+\n$/,
  ],
  [
    ends('ends:no_such_function(1)'),
    1,
    '',
    /with exit value:\n\{undef,\[\{ends,no_such_function,\[1\],\[\]\}/,
  ],
  [['run', `${CLI}/ends.beam`, '--call', 'nowhere:f()'], 1, '', /\n\{undef,\[\{nowhere,f,\[\],\[\]\}/],
  [['run', `${CLI}/main_args.beam`], 0, '[]\n'],
  [['run', `${CLI}/main_args.beam`, '--'], 0, '[]\n'],
  [['run', `${CLI}/main_args.beam`, '--', 'a b', '--stats', 'x'], 0, '["a b","--stats","x"]\n'],
  [['run', `${CLI}/main_none.beam`], 0, 'main\n'],
  [['run', `${CLI}/starter.beam`, '-pa', CLI], 0, 'start\n'],
  [['run', `${CLI}/starter.beam`, '-pa', 'examples', '-pa', CLI], 0, 'start\n'],
  [['run', `${CLI}/starter.beam`, `${CLI}/main_none.beam`], 0, 'start\n'],
  [['run', `${CLI}/starter.beam`], 1, '', /\n\{undef,\[\{main_none,start,\[\],\[\]\}/],
  [['run', FIB, '--call', 'fib:run(30).'], 0, '832040\n'],
  [['--version'], 0, `turbeam ${JSON.parse(readFileSync('package.json', 'utf8')).version}\n`],
  [['run', '--version'], 0, `turbeam ${JSON.parse(readFileSync('package.json', 'utf8')).version}\n`],
];

describe('ways to end', () => {
  it.concurrent.each(ENDS)('%j', async (args, code, stdout, stderr) => {
    const outcome = await turbeam(args);
    expect(outcome.code).toBe(code);
    if (typeof stdout === 'string') expect(outcome.stdout).toBe(stdout);
    else expect(outcome.stdout).toMatch(stdout);
    if (stderr === undefined) expect(outcome.stderr).toBe('');
    else expect(outcome.stderr).toMatch(stderr);
  });

  it.each([
    [['--help'], /Usage: turbeam COMMAND/],
    [['help', 'run'], /--jit-threshold/],
    [['run', '--help'], /--jit-threshold/],
    [['check', '--help'], /Usage: turbeam check/],
    [['bench', FIB, '--help'], /--json FILE/],
  ])('%j', async (args, text) => {
    const { code, stdout, stderr } = await turbeam(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(text);
  });
});

/** A report without what differs from run to run: date, pid. */
function normalised(report: string): string {
  // Behind OTP's report there may be a hint of ours.
  return report
    .replace(/^turbeam: .*\n/m, '')
    .replace(/==== .* ===/, '==== DATE ===')
    .replace(/<0\.\d+\.0>/, 'PID');
}

describe('exceptions that nobody catches', () => {
  for (const mode of ['--jit=auto', '--jit=eager']) {
    it.concurrent.each(golden<{ function: string; reason: string }>('crash.jsonl'))(
      `crash:$function() ${mode}`,
      async (c) => {
        const outcome = await turbeam([
          'run',
          mode,
          `${CLI}/crash.beam`,
          '--call',
          `crash:'${c.function}'()`,
        ]);
        const stderr = `=ERROR REPORT==== DATE ===\nError in process PID with exit value:\n${c.reason}\n\n`;
        expect({ ...outcome, stderr: normalised(outcome.stderr) }).toEqual({ code: 1, stdout: '', stderr });
      },
    );
  }

  it.runIf(hasGoldenErlang)('native Erlang still gives the recorded reasons', async () => {
    const { stdout } = await command('escript', ['test/golden/crash.escript']);
    expect(stdout).toBe(readFileSync('test/golden/crash.jsonl', 'utf8'));
  });

  it.runIf(hasGoldenErlang).each(['bif', 'long', 'throws'])(
    'the report of crash:%s() is the native one',
    async (name) => {
      // Nothing tells when the report has been printed; a machine that is busy takes longer.
      let native = { stdout: '' };
      for (const wait of [300, 3000, 10000]) {
        if (native.stdout !== '') break;
        const script = `spawn(crash, ${name}, []), timer:sleep(${wait}), halt().`;
        native = await command('erl', ['-noshell', '-pa', CLI, '-eval', script]);
      }
      const ours = await turbeam(['run', `${CLI}/crash.beam`, '--call', `crash:${name}()`]);
      expect(normalised(ours.stderr)).toBe(normalised(native.stdout));
      expect(ours.stderr.match(/==== (.*) ===/)![1]).toMatch(
        /^\d{1,2}-[A-Z][a-z]{2}-\d{4}::\d\d:\d\d:\d\d\.\d{6}$/,
      );
    },
  );
});

describe('--dump-js', () => {
  const dump = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await turbeam(['run', ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  /** The units of a dump: each begins with a comment that names it. */
  const unitsOf = (text: string): string[] =>
    [...text.matchAll(/^\/\/ (\w+:\S+\/\d+\S*)(?: |$)/gm)].map((m) => m[1]!);

  it('shows a function without running anything', async () => {
    const text = await dump(FIB, '--dump-js=fib:fib/1');
    expect(unitsOf(text)).toEqual(['fib:fib/1']);
    expect(text).toMatch(/^\/\/ fib:fib\/1 +fib\.erl:\d+\n/);
    expect(text).toMatch(/^\/\/ stubs inlined: .*\breduce\b/m);
    expect(text).toMatch(/ {4}\/\/ is_lt /);
    parse(`(function () {${text}})`, { ecmaVersion: 2022 });
  });

  it('shows a module, in the same order each time, before the value', async () => {
    const args = ['examples/tak.beam', '--call', 'tak:run(1)', '--dump-js=tak'];
    const text = await dump(...args);
    expect(unitsOf(text).filter((u) => !u.includes('+'))).toEqual([
      'tak:default/0',
      'tak:module_info/0',
      'tak:module_info/1',
      'tak:repeat/2',
      'tak:run/1',
      'tak:small/0',
      'tak:tak/3',
    ]);
    expect(text.endsWith('\n7\n')).toBe(true);
    expect(await dump(...args)).toBe(text);
  });

  it('shows what became hot', async () => {
    const text = await dump('examples/tak.beam', '--call', 'tak:run(1)', '--dump-js');
    expect(unitsOf(text)).toContain('tak:tak/3');
    expect(unitsOf(text)).not.toContain('tak:small/0');
  });

  it('does float arithmetic in place', async () => {
    const text = await dump('examples/calculator.beam', '--dump-js=calculator:horner/1');
    expect(text).toMatch(/\* f\d+|f\d+ \*/);
    const uses = /^\/\/ shared code used: (.*)$/m.exec(text)![1]!;
    expect(uses).not.toMatch(/slow|mul|add/i);
  });

  it('writes files', async () => {
    const directory = join(scratch, 'dump');
    await dump(FIB, '--call', 'fib:run(20)', `--dump-dir=${directory}`, '--dump-js=fib');
    expect(readdirSync(directory)).toContain('fib.fib-1.js');
    expect(readFileSync(join(directory, 'fib.fib-1.js'), 'utf8')).toMatch(/^\/\/ fib:fib\/1 /);
  });
});

it('--stats tells what the run took', async () => {
  const { code, stdout, stderr } = await turbeam(['run', FIB, '--call', 'fib:run(25)', '--stats']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '75025\n' });
  const names = stderr
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  expect(names).toEqual([
    'start-up',
    'run',
    'reductions',
    'processes',
    'collections',
    'translated',
    'unwinds',
    'atoms',
    'heap',
    'OTP',
  ]);
  expect(Number(/^reductions +([\d,]+)$/m.exec(stderr)![1]!.replaceAll(',', ''))).toBeGreaterThan(100_000);
});

it('--jit=off translates nothing, --jit-threshold says when', async () => {
  const translated = async (...args: string[]): Promise<string> => {
    const { stderr } = await turbeam(['run', FIB, '--call', 'fib:run(12)', '--stats', ...args]);
    return /^translated +(.*)$/m.exec(stderr)![1]!;
  };
  expect(await translated('--jit=off')).toBe('nothing');
  expect(await translated('--jit-threshold=1000000')).toBe('nothing');
  expect(await translated('--jit=eager')).toMatch(/^[1-9]/);
});

describe('check', () => {
  const check = (...args: string[]): Promise<Outcome> => turbeam(['check', ...args]);

  it('has nothing to say of files that run', async () => {
    const { code, stdout, stderr } = await check(FIB, 'examples/primer.S');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')[0]).toBe('examples/fib.beam: module fib, 6 functions, OTP 25: ok');
  });

  it('names files that do not load, and goes on', async () => {
    const { code, stdout, stderr } = await check(join(scratch, 'cut.beam'), 'missing.beam', FIB);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^examples\/fib\.beam: .*: ok\n$/);
    expect(stderr).toMatch(
      /^turbeam: .*cut\.beam: [^\n]+\nturbeam: missing\.beam: no such file; check the path\n$/,
    );
  });

  it('names what can not be run, and modules that are not there', async () => {
    const path = join(scratch, 'gaps.S');
    writeFileSync(
      path,
      `{module, gaps}.\n{exports, [{f,0}]}.\n{attributes, []}.\n{labels, 3}.\n{function, f, 0, 2}.\n{label,1}.\n{func_info,{atom,gaps},{atom,f},0}.
{label,2}.\n{allocate,0,0}.\n{call_ext,0,{extfunc,erlang,no_such_bif,0}}.\n{call_ext,0,{extfunc,erl_debugger,whereis,0}}.\n{call_ext_last,0,{extfunc,no_such_module,f,0},0}.\n`,
    );
    const { code, stdout } = await check(path);
    expect(code).toBe(0);
    expect(stdout).toContain(
      '  calls erlang:no_such_bif/0, not there: the call fails with undef (in f/0); check the name and the number of arguments, or compile the module that has it again\n',
    );
    expect(stdout).toContain(
      '  calls erl_debugger:whereis/0, built in only after OTP 25, missing in Turbeam: the call fails with undef (in f/0); do without it, or report what you need (src/COVERAGE.md lists what there is)\n',
    );
    expect(stdout).toContain('  modules that are not on the path (-pa): no_such_module\n');
  });
});

it.skipIf(otpOnPath() === undefined)('an application that stops is reported by its controller', async () => {
  const { code, stdout, stderr } = await turbeam(['run', `${CLI}/stopped_app.beam`]);
  expect(stdout.replace(/==== .* ===/, '==== TIME ===')).toBe(
    '{ok,1}\nok\n=INFO REPORT==== TIME ===\n    application: stopped_app\n    exited: stopped\n    type: temporary\n\n',
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
