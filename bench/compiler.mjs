// Compiles the sources of OTP's stdlib and compiler with OTP's compiler, on native Erlang and on Turbeam, and compares the
// .beam files byte by byte. Prints the milliseconds of each module and of all; exit code 1 if a file differs.
//
//   node bench/compiler.mjs [--jit=off|auto|eager] [MODULE...]
//
// MODULE: only these; else all. Each engine compiles all of them in one process, one after the other. Needs an installed
// Erlang/OTP with its sources (Debian: erlang-base and erlang-src), and Turbeam built.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const args = process.argv.slice(2);
const flags = args.filter((a) => a.startsWith('--'));
const wanted = args.filter((a) => !a.startsWith('--'));

/** Sources of an application of the OTP whose erl is on the PATH. */
function sourcesOf(application) {
  const script = `io:put_chars(code:lib_dir(${application})), halt().`;
  const lib = execFileSync('erl', ['-noshell', '-eval', script], { encoding: 'utf8' });
  const src = join(lib, 'src');
  if (!existsSync(src)) throw new Error(`${src}: no sources (Debian: package erlang-src)`);
  return readdirSync(src)
    .filter((name) => name.endsWith('.erl'))
    .map((name) => join(src, name));
}

/** What compile_all printed: by module, milliseconds and size. */
function results(text) {
  const lines = text.trim().split('\n');
  return new Map(
    lines
      .map((line) => line.split(' '))
      .filter((parts) => parts.length === 3)
      .map(([name, ms, size]) => [name, { ms: Number(ms), size }]),
  );
}

function run(command, commandArgs) {
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(command, commandArgs, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, ERL_COMPILER_OPTIONS: undefined },
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr || stdout}`);
  return { all: performance.now() - begin, modules: results(stdout) };
}

const files = ['stdlib', 'compiler']
  .flatMap(sourcesOf)
  .filter((file) => wanted.length === 0 || wanted.includes(basename(file, '.erl')));
const out = mkdtempSync(join(tmpdir(), 'turbeam-'));
try {
  for (const engine of ['native', 'turbeam', 'driver']) execFileSync('mkdir', [join(out, engine)]);
  execFileSync('erlc', ['-o', join(out, 'driver'), here('compile_all.erl')]);
  const directory = (engine) => join(out, engine);
  const native = run('erl', [
    '-noshell',
    ...['-pa', directory('driver')],
    ...['-eval', 'compile_all:main(init:get_plain_arguments()), halt().'],
    ...['-extra', directory('native'), ...files],
  ]);
  const ours = run(process.execPath, [
    here('../dist/bin/turbeam.js'),
    ...['run', ...flags, join(directory('driver'), 'compile_all.beam')],
    ...['--', directory('turbeam'), ...files],
  ]);
  let same = 0;
  let different = 0;
  console.log('module                     native   Turbeam   ratio  result');
  for (const [name, { ms, size }] of native.modules) {
    const mine = ours.modules.get(name);
    const beam = (engine) => join(directory(engine), `${name}.beam`);
    let verdict = 'does not compile alone';
    if (size !== 'failed') {
      const equal =
        existsSync(beam('turbeam')) && readFileSync(beam('native')).equals(readFileSync(beam('turbeam')));
      verdict = equal ? 'identical' : 'DIFFERENT';
      if (equal) same++;
      else different++;
    } else if (mine?.size !== 'failed') different++;
    const row = [name.padEnd(24), ms.toFixed(1).padStart(8), mine?.ms.toFixed(1).padStart(9)];
    console.log(`${row.join(' ')} ${(mine?.ms / ms).toFixed(2).padStart(7)}  ${verdict}`);
  }
  const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
  console.log(`\n${same} of ${same + different} files are identical`);
  console.log(
    `native Erlang ${seconds(native.all)}, Turbeam ${seconds(ours.all)}, ratio ${(ours.all / native.all).toFixed(2)}`,
  );
  process.exitCode = different > 0 ? 1 : 0;
} finally {
  rmSync(out, { recursive: true, force: true });
}
