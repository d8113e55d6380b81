// The last step of the build: makes the command's modules into one script, dist/bin/main.js, with what V8 has compiled of it
// beside it. dist/bin/turbeam.js loads the two. Loading some hundred modules, or compiling one script of their size, takes
// longer than all else that a short program does.
//
// Stubs are kept as text: the translator parses their source, and bundling would rename what has the same name elsewhere.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const inDist = (path) => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const stubs = {
  name: 'stubs',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/stubs\/[\w-]+\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      if (/^import /m.test(source)) throw new Error(`${path}: a stub must not import anything`);
      const names = [...source.matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
      const body = `${source.replace(/^export /gm, '')}\nreturn { ${names.join(', ')} };`;
      return {
        contents: `export const { ${names.join(', ')} } = new Function(${JSON.stringify(body)})();`,
        loader: 'js',
      };
    }),
};

mkdirSync(inDist('bin'), { recursive: true });
const { outputFiles } = await build({
  entryPoints: [inDist('cli/main.js')],
  bundle: true,
  write: false,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  minifyWhitespace: true,
  // With other characters the script would take two bytes for each in memory.
  charset: 'ascii',
  logLevel: 'warning',
  // A script that is loaded by hand has require only.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'scriptUrl' },
  plugins: [stubs],
});
const text = outputFiles[0].text.replace(/^#!.*\n/, '');
writeFileSync(inDist('bin/main.js'), `(function(require,module,scriptUrl){${text}\n})`);
// The package as a whole is made of ECMAScript modules, which Node takes longer to start.
writeFileSync(inDist('bin/package.json'), '{ "type": "commonjs" }\n');
copyFileSync(here('start.cjs'), inDist('bin/turbeam.js'));
// The profiler's sampler runs in a thread of its own, and so is a file of its own.
await build({
  entryPoints: [inDist('cli/profile/sampler.js')],
  outfile: inDist('bin/sampler.js'),
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
});
chmodSync(inDist('bin/turbeam.js'), 0o755);

// Runs short programs, so that what V8 compiles for these is in the cache.
const { status, stderr } = spawnSync(process.execPath, [here('make-cache.cjs'), inDist('bin')], {
  stdio: ['ignore', 'ignore', 'pipe'],
});
if (status !== 0) throw new Error(`no code cache: ${stderr}`);

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
