// What --help prints.
import type { CommandName } from './options.js';

const TEXTS: Record<CommandName | 'all', string> = {
  all: `Usage: turbeam COMMAND [options] FILE...

Runs Erlang modules: .beam files, sources (.erl), or listings that erlc -S makes.

  turbeam run [options] FILE... [-- ARG...]   run a function of a module
  turbeam check [options] FILE...             load files and tell what can not be run
  turbeam explore [options] FILE              a page with source, listing and JavaScript
  turbeam profile [options] FILE... [-- ARG...]  run it and tell which functions the time goes to
  turbeam bench [options] FILE...             measure programs: interpreter, JIT, native Erlang
  turbeam COMMAND --help                      options of a command
  turbeam --version
`,
  run: `Usage: turbeam run [options] FILE... [-- ARG...]

Loads the files and calls main/1 with the ARGs as strings, or main/0, or start/0 of the first file's module. A module
of Elixir's gets binaries, and its exceptions are printed as elixir prints them.

  --call 'm:f(Args)'        call that instead, with literal Erlang terms, and print the value
  -pa DIR                   look here for modules that are called and not named on the line (repeatable)
  --otp DIR                 use the OTP in DIR, not the one whose erl is on the PATH; or look for modules in the
                            libraries DIR/*/ebin, too (repeatable); --otp none: no OTP
  --elixir DIR              use the Elixir in DIR, not the one whose elixir is on the PATH; --elixir none: no Elixir
  -I DIR                    look here for include files of sources (repeatable)
  --no-cache                compile sources even if that has been done before
  --jit=auto|eager|off      translate what is hot, everything at its first call, or nothing (default: auto)
  --jit-threshold=N         calls after which a function is hot, and translated however short the run
  --dump-js[=M[:F[/A]]]     print the JavaScript that functions became, before the value
  --dump-dir=DIR            write it to files instead, with source maps
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
  --elixir DIR              the Elixir to look in, or none
  -I DIR                    look here for include files of sources (repeatable)
  --no-cache                compile sources even if that has been done before

Exit code: 1 if a file does not load or a source has errors, else 0.
`,
  explore: `Usage: turbeam explore [options] FILE

Writes a page, one file without links to anything, that shows a module's Erlang source, its listing and the JavaScript
that its functions become side by side. FILE is a .beam file, a listing (.S), or a source (.erl) if erlc is on the PATH.

  -o PAGE                   name of the page (default: the module's name and .html)
  --run 'm:f(Args)'         run that, and show what it did: calls, time, where units were left and why, what V8
                            deoptimised. It is run three times, twice of them without output
  --jit-threshold=N         calls after which a function is hot, and translated however short the run
  -pa DIR                   look here for modules that are called and not named on the line (repeatable)

Exit code: 0, whatever became of the run; 2 if the command line or the file is wrong.
`,
  profile: `Usage: turbeam profile [options] FILE... [-- ARG...]

Runs as turbeam run does, with all its options, and then prints the functions that the time went to, by the time in
themselves: translated, interpreted and built-in ones, and the parts of the engine in parentheses. Percentages are of
the time in which something ran.

  -o, --output FILE         write a profile for Chrome's DevTools or VS Code (FILE.cpuprofile), with Erlang's names,
                            files and lines
  --top=N                   functions to print (default: 20)
  --interval=MICROSECONDS   between two samples (default: 500)
  --call 'm:f(Args)', -pa DIR, --jit=..., ...
                            as turbeam run has them (turbeam run --help)

Exit code: as that of turbeam run.
`,
  bench: `Usage: turbeam bench [options] FILE...

Measures each module that exports run/1, default/0 and small/0, which give its sizes, on several engines in
alternation: the interpreter, the JIT, the JIT without inlined stubs and, if erl is on the PATH, native Erlang.
Files without these functions are left out. Shown are medians of the steady state, which begins after a warm-up of
0.3 s, with their confidence intervals; and for the JIT the first run of a fresh process.

  --size=small|default      size of the problem (default: default)
  --runs=N                  timed runs for each engine, three in a process (default: 6)
  --engines=LIST            some of interpreter, jit, no-stubs, no-unboxed, no-direct, plain (none of the three),
                            native (default: interpreter,jit,no-stubs,native)
  --json FILE               keep the results
  --html FILE               write a page with charts
  --compare OLD.json        tell what got slower and faster since those results: where the intervals do not overlap
  --progress                tell on stderr how far it is (on a terminal it does so anyway)
  --without=stubs,unboxed,direct
                            optimisations that every JIT engine does without
  -pa DIR                   look here for modules that are not named on the line (repeatable)
  --otp DIR                 the OTP that Turbeam takes library modules from, or none
  -I DIR                    look here for include files of sources (repeatable)
  --no-cache                compile sources even if that has been done before

Exit code: 1 if the engines do not agree on a value or one fails; else 3 if --compare found something of Turbeam
slower; else 0; 2 if the command line or a file is wrong.
`,
};

/** The help text of a command, or of turbeam as a whole. */
export function helpText(topic: CommandName | undefined): string {
  return TEXTS[topic ?? 'all'];
}
