// `turbeam profile`: runs a call as `run` does and tells which Erlang functions the time went to.
import { translatorLoader } from '../../interpret/transitions.js';
import { settings } from '../../settings.js';
import type { ProfileOptions } from '../options.js';
import { print, printError } from '../output.js';
import { checkOutput, writeOutput } from '../output-file.js';
import { run } from '../run.js';
import { UsageError } from '../usage-error.js';
import { attribute } from './attribute.js';
import { Frames, namedFunctions } from './frames.js';
import { Recorder, type Recording } from './recorder.js';
import { reportText } from './report.js';

/** Runs the command; gives the exit code. */
export async function profile(options: ProfileOptions): Promise<number> {
  const { output, interval, top } = options;
  // A long run should not end with nowhere to put what it was for.
  if (output !== undefined) checkOutput('-o', output, options.files);
  settings.mapUnits = true;
  const recorder = new Recorder(interval);
  let recording: Recording | undefined;
  const status = await run(options, {
    begin: () => recorder.begin(),
    end: async () => {
      // So that its functions can be named.
      await translatorLoader.load();
      recording = await recorder.end(namedFunctions());
    },
  });
  if (recording === undefined) throw new UsageError('there is nothing to profile: name a call with --call');
  const result = attribute(recording, new Frames(recording.names));
  print(`\n${reportText(result, interval, top)}`);
  if (output !== undefined) {
    writeOutput('-o', output, JSON.stringify(result.cpuProfile));
    printError(`${output}: open it in Chrome (DevTools, Performance, load profile) or VS Code\n`);
  }
  return status;
}
