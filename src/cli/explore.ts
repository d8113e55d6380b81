// `turbeam explore`: a module's Erlang source, listing and JavaScript side by side on a page, and what a run of it did.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { collectPage } from '../explore/collect.js';
import { renderPage } from '../explore/render.js';
import { translatorLoader } from '../interpret/transitions.js';
import { loadFile, settings } from '../runtime.js';
import type { ExploreOptions } from './options.js';
import { complain, print } from './output.js';
import { checkOutput, writeOutput } from './output-file.js';
import { setPath } from './path.js';
import { readCall } from './run.js';
import { UsageError } from './usage-error.js';

/** Runs the command; gives the exit code. */
export async function explore(options: ExploreOptions): Promise<number> {
  const [file] = options.files;
  const call = options.run === undefined ? undefined : readCall('--run', options.run);
  setPath(options);
  settings.mapUnits = true;
  settings.tuneV8 = true;
  if (options.threshold !== undefined) settings.threshold = options.threshold;
  if (options.output !== undefined) checkOutput('-o', options.output);
  const compiled = extname(file) === '.erl' ? compile(file) : undefined;
  try {
    const m = loadFile(compiled?.beam ?? file);
    const runs =
      call === undefined
        ? undefined
        : await (await import('./explore-run.js')).runCall(call, compiled?.beam ?? file, options);
    await translatorLoader.load();
    const { records, translateFunction } = await import('../jit/translate.js');
    for (const f of m.functions) if (f.call === null) translateFunction(f.id, { kind: 'asked' });
    const page = collectPage(
      m,
      records.filter((r) => r.fn.module === m),
    );
    page.file = basename(file);
    runs?.addTo(page, m);
    const output = options.output ?? `${m.source.name.replace(/[^\w.@-]/g, '_')}.html`;
    const html = renderPage(page);
    writeOutput('-o', output, html);
    print(`${output}: ${m.functions.length} functions, ${Math.ceil(html.length / 1024)} KB\n`);
    if (page.erlang.missing !== '') complain(page.erlang.missing);
    return 0;
  } finally {
    if (compiled !== undefined) rmSync(compiled.folder, { recursive: true, force: true });
  }
}

/** Compiles an Erlang source with erlc, into a folder of its own. */
function compile(file: string): { folder: string; beam: string } {
  if (!existsSync(file)) throw new UsageError(`${file}: no such file; check the path`);
  const folder = mkdtempSync(join(tmpdir(), 'turbeam-explore-'));
  const { status, stdout, stderr, error } = spawnSync('erlc', ['+debug_info', '-o', folder, file], {
    encoding: 'utf8',
  });
  const beam = readdirSync(folder).find((name) => extname(name) === '.beam');
  if (beam !== undefined && status === 0) return { folder, beam: join(folder, beam) };
  rmSync(folder, { recursive: true, force: true });
  if (error !== undefined)
    throw new UsageError(
      `${file}: erlc is needed to compile it, and is not on the PATH; give its .beam file instead`,
    );
  const lines = `${stdout}\n${stderr}`.split('\n').map((l) => l.trim());
  const first = lines.find((l) => /:\d+:(\d+:)? (?!Warning)/.test(l)) ?? lines.find((l) => l !== '');
  throw new UsageError(`${first ?? `${file}: erlc made no .beam file of it`}`);
}
