// `turbeam explore`: a module's Erlang source, listing and JavaScript side by side on a page, and what a run of it did.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { collectPage } from '../explore/collect.js';
import { renderPage } from '../explore/render.js';
import { translatorLoader } from '../interpret/transitions.js';
import { loadBytes, loadFile, settings } from '../runtime.js';
import { withTemporaryDirectory } from './interrupt.js';
import type { ExploreOptions } from './options.js';
import { complain, print } from './output.js';
import { checkOutput, writeOutput } from './output-file.js';
import { setPath } from './path.js';
import { readCall } from './run.js';
import { compileInto } from './sources.js';

/** Runs the command; gives the exit code. */
export async function explore(options: ExploreOptions): Promise<number> {
  setPath(options);
  if (options.output !== undefined) checkOutput('-o', options.output, options.files);
  return withTemporaryDirectory(async (directory) => {
    const [beam] = await compileInto(directory, options.files, options);
    return exploreFile(options, beam!);
  });
}

/** @param beam the options' file, compiled if it is a source */
async function exploreFile(options: ExploreOptions, beam: string): Promise<number> {
  const [file] = options.files;
  const call = options.run === undefined ? undefined : readCall('--run', options.run);
  settings.mapUnits = true;
  settings.tuneV8 = true;
  if (options.threshold !== undefined) settings.threshold = options.threshold;
  // With its own path, beside which the source is looked for.
  const m = beam === file ? loadFile(file) : loadBytes(readFileSync(beam), file);
  const output = options.output ?? `${m.source.name.replace(/[^\w.@-]/g, '_')}.html`;
  checkOutput('-o', output, options.files);
  const runs =
    call === undefined ? undefined : await (await import('./explore-run.js')).runCall(call, beam, options);
  await translatorLoader.load();
  const { records, translateFunction } = await import('../jit/translate.js');
  for (const f of m.functions) if (f.call === null) translateFunction(f.id, { kind: 'asked' });
  const page = collectPage(
    m,
    records.filter((r) => r.fn.module === m),
  );
  page.file = basename(file);
  runs?.addTo(page, m);
  const html = renderPage(page);
  writeOutput('-o', output, html);
  print(`${output}: ${m.functions.length} functions, ${Math.ceil(html.length / 1024)} KB\n`);
  if (page.erlang.missing !== '') complain(page.erlang.missing);
  return 0;
}
