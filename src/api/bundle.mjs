// Makes dist/api/engine.bundle.js: the engine as one function, to be evaluated once for each runtime (instance.ts).
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const inDist = (path) => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));

/** Modules that engines share, by the names that instance.ts knows them by. */
const shared = {
  name: 'shared',
  setup({ onResolve }) {
    onResolve({ filter: /\/stubs\/[\w-]+\.js$/ }, ({ path }) => ({
      path: path.replace(/^.*\/(stubs\/.*)\.js$/, '$1'),
      external: true,
    }));
    onResolve({ filter: /\/values\.js$/ }, () => ({ path: 'api/values', external: true }));
    onResolve({ filter: /\/module\.js$/ }, () => ({ path: 'load/module', external: true }));
    // engine.ts imports what others load later, so these imports are never run. Bundled, they would have the engine's modules
    // evaluated by functions, and no constant of them would be one.
    onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

const { outputFiles } = await build({
  entryPoints: [inDist('api/engine.js')],
  write: false,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  minifyWhitespace: true,
  define: { 'import.meta.url': '__url' },
  logLevel: 'warning',
  plugins: [shared],
});
const text = outputFiles[0].text;
writeFileSync(
  inDist('api/engine.bundle.js'),
  `(function(require,module,exports,__url,process){"use strict";${text}\n})`,
);
