// The last step of the build: makes the command's modules into few files, dist/bin/turbeam.js and its chunks. Loading some
// hundred modules takes Node longer than all else that a short program does (measured: 55 of 130 ms).
//
// Stubs stay files of their own: the translator parses their source, and bundling would rename what has the same name
// elsewhere.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const inDist = (path) => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));

const stubs = {
  name: 'stubs',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/stubs\/[\w-]+\.js$/ }, ({ path }) => ({
      path: path.replace(/^.*\/stubs\//, '../jit/stubs/'),
      external: true,
    })),
};

await build({
  entryPoints: { turbeam: inDist('cli/main.js') },
  outdir: inDist('bin'),
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  minifyWhitespace: true,
  logLevel: 'warning',
  plugins: [stubs],
});
chmodSync(inDist('bin/turbeam.js'), 0o755);

// The explorer's page: markup, style and script as one file, with a mark where the data goes.
const page = (name) => fileURLToPath(new URL(`../explore/page/${name}`, import.meta.url));
const read = (name) => readFileSync(page(name), 'utf8');
const script = await build({
  entryPoints: [page('main.ts')],
  bundle: true,
  write: false,
  format: 'iife',
  target: 'es2022',
  minifyWhitespace: true,
  logLevel: 'warning',
});
const inline = (html, tag, text) => {
  const empty = `<${tag}></${tag}>`;
  if (html.split(empty).length !== 2) throw new Error(`page.html has not one empty ${tag} element`);
  return html.replace(empty, () => `<${tag}>${text}</${tag}>`);
};
mkdirSync(inDist('explore'), { recursive: true });
writeFileSync(
  inDist('explore/page.html'),
  inline(inline(read('page.html'), 'style', read('style.css')), 'script', script.outputFiles[0].text),
);
