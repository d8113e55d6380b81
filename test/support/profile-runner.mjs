// Runs a call under the Profiler domain of the inspector protocol, which is what Chrome DevTools talks to, and prints as JSON the
// call frames that it has seen, with the number of samples each was on top of the stack: name, script, samples.
//   node profile-runner.mjs FILE CALL SETTINGS(JSON)
import { Session } from 'node:inspector/promises';
import { parseCall } from '../../dist/load/erlang-term.js';
import { callFunction, codeServer, loadFile, settings } from '../../dist/runtime.js';
import { formatTerm } from '../../dist/terms/format.js';

const [file, text, chosen] = process.argv.slice(2);
Object.assign(settings, JSON.parse(chosen));
codeServer.path = [];
loadFile(file);
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.setSamplingInterval', { interval: 200 });
await session.post('Profiler.start');
const call = parseCall(text);
const end = await callFunction(call.module, call.name, call.args, formatTerm);
const { profile } = await session.post('Profiler.stop');
const frames = profile.nodes.map(({ callFrame, hitCount }) => [
  callFrame.functionName,
  callFrame.url,
  hitCount,
]);
process.stdout.write(JSON.stringify({ value: end.text, frames }));
process.exit(0);
