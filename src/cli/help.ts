// What --help prints.
import type { CommandName } from './options.js';

const TEXTS: Record<CommandName | 'all', string> = {
  all: `Usage: turbeam COMMAND [options] FILE...

Runs Erlang modules: .beam files, sources (.erl), or listings that erlc -S makes.

  turbeam run [options] FILE... [-- ARG...]   run a function of a module
  turbeam check [options] FILE...             load files and tell what can not be run
  turbeam explore [options] FILE              a page with source, listing and JavaScript
  turbeam bench [options] FILE...             measure programs: interpreter, JIT, native Erlang
  turbeam COMMAND --help                      options of a command
  turbeam --version
`,
  run: `Usage: turbeam run [options] FILE... [-- ARG...]

Loads the files and calls main/1 with the ARGs as strings, or main/0, or start/0 of the first file's module.

  --call 'm:f(Args)'        call that instead, with literal Erlang terms, and print the value
  -pa DIR                   look here for modules that are called and not named on the line (repeatable)
  --otp DIR                 use the OTP in DIR, not the one whose erl is on the PATH; or look for modules in the
                            libraries DIR/*/ebin, too (repeatable); --otp none: no OTP
  -I DIR                    look here for include files of sources (repeatable)
  --no-cache                compile sources even if that has been done before
  --jit=auto|eager|off      translate what is hot, everything at its first call, or nothing (default: auto)
  --jit-threshold=N         calls after which a function is hot
  --dump-js[=M[:F[/A]]]     print the JavaScript that functions became, before the value
  --dump-dir=DIR            write it to files instead
  --stats                   print what the run took, on stderr
  --stress=gc,unwind        collect garbage at every chance, give up the JavaScript stack at every call
  --max-heap=WORDS          most words (of 4 bytes) that a process may have
  --without=stubs,unboxed,direct
                            leave optimisations out: inlined stubs, unboxed numbers, direct calls inside a module

Sources are compiled by OTP's compiler, which says what it has to say on stderr, with options in ERL_COMPILER_OPTIONS as
erlc knows them. The results are kept in $XDG_CACHE_HOME/turbeam or ~/.cache/turbeam.

Exit code: 0; 1 if an exception is not caught, all processes wait for ever, or a source has errors; 2 if the command line or a file
is wrong; what halt/1 says.
`,
  check: `Usage: turbeam check [options] FILE...

Loads each file and tells which of its instructions and calls can not be run.

  -pa DIR                   look here for modules that the files call (repeatable)
  --otp DIR                 the OTP to look in, or none
  -I DIR                    look here for include files of sources (repeatable)
  --no-cache                compile sources even if that has been done before

Exit code: 1 if a file does not load or a source has errors, else 0.
`,
  explore: `Usage: turbeam explore [options] FILE

Writes a page, one file without links to anything, that shows a module's Erlang source, its listing and the JavaScript
that its functions become side by side. FILE is a .beam file, a listing (.S), or a source (.erl) if erlc is on the PATH.

  -o PAGE                   name of the page (default: the module's name and .html)
  --run 'm:f(Args)'         run that, and show what it did: calls, time, where units were left and why, what V8
                            deoptimised. It is run twice: once more, without output, to count calls
  --jit-threshold=N         calls after which a function is hot
  -pa DIR                   look here for modules that are called and not named on the line (repeatable)

Exit code: 0, whatever became of the run; 2 if the command line or the file is wrong.
`,
  bench: `Usage: turbeam bench [options] FILE...

Measures each module that exports run/1, default/0 and small/0, which give its sizes: in the interpreter, with the
JIT and, if erl is on the PATH, in native Erlang, in alternation. Files without these functions are left out.

  --size=small|default      size of the problem (default: default)
  --runs=N                  timed runs for each engine (default: 5)
  --json FILE               keep the results
  --without=stubs,unboxed,direct
                            optimisations that the JIT does without
  -pa DIR                   look here for modules that are not named on the line (repeatable)
  --otp DIR                 the OTP that Turbeam takes library modules from, or none
  -I DIR                    look here for include files of sources (repeatable)
  --no-cache                compile sources even if that has been done before

Exit code: 1 if the engines do not agree on a value, else 0.
`,
};

/** The help text of a command, or of turbeam as a whole. */
export function helpText(topic: CommandName | undefined): string {
  return TEXTS[topic ?? 'all'];
}
