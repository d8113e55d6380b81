// The command `turbeam`. What a command needs is imported when it is used, so that a short run starts fast.
import { type Options, parseOptions } from './options.js';
import { complain, print } from './output.js';
import { UsageError } from './usage-error.js';

/** Exit code of an error of ours (sysexits.h: EX_SOFTWARE). */
const INTERNAL_ERROR = 70;

async function dispatch(options: Options): Promise<number> {
  switch (options.command) {
    case 'run':
      return (await import('./run.js')).run(options);
    case 'check':
      return (await import('./check.js')).check(options);
    case 'profile':
      return (await import('./profile/command.js')).profile(options);
    case 'bench':
      return (await import('./bench.js')).bench(options);
    case 'explore':
      return (await import('./explore.js')).explore(options);
    case 'observe':
      return (await import('./observe.js')).observed(options);
    case 'measure':
      return (await import('./measure.js')).measure(options);
    case 'compile':
      return (await import('./compile.js')).compile(options);
    case 'help':
      print((await import('./help.js')).helpText(options.topic));
      return 0;
    case 'version': {
      const { readFileSync } = await import('node:fs');
      const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
      print(`turbeam ${(JSON.parse(text) as { version: string }).version}\n`);
      return 0;
    }
  }
}

/** Tells the user of an error: in one line, whatever it is. Gives the exit code. */
function explain(error: unknown): number {
  if (error instanceof UsageError || (error instanceof Error && error.name === 'LoadError')) {
    complain(error.message);
    return 2;
  }
  // What there is to say has been printed.
  if (error instanceof Error && error.name === 'SourceError') return 1;
  // Only the standard streams are written to without a message of their own.
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (syscall === 'write') {
    complain(`what there is to print can not be written (${code}); make room for it, or send it elsewhere`);
    return 1;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (process.env.TURBEAM_DEBUG === '1') console.error(stack);
  else complain(`internal error: ${message.split('\n')[0]} (a bug in turbeam; TURBEAM_DEBUG=1 shows where)`);
  return INTERNAL_ERROR;
}

/** Runs a command line, without the program's name, and ends the process. */
export async function main(args: string[]): Promise<void> {
  let status: number;
  try {
    status = await dispatch(parseOptions(args));
  } catch (error) {
    status = explain(error);
  }
  // exit, because timers and readers of the program may still be there.
  process.exit(status);
}
