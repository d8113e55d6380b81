// The last step of the build: makes the command's modules into few files, dist/bin/turbeam.js and its chunks. Loading some
// hundred modules takes Node longer than all else that a short program does (measured: 55 of 130 ms).
//
// Stubs stay files of their own: the translator parses their source, and bundling would rename what has the same name
// elsewhere.
import { chmodSync } from 'node:fs';
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
  // The profiler's sampler is a file of its own because it runs in a thread of its own.
  entryPoints: { turbeam: inDist('cli/main.js'), sampler: inDist('cli/profile/sampler.js') },
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
