// Part of the build: runs the command on short programs, and then keeps what V8 has compiled of it, in the folder given.
'use strict';
const { renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const [folder] = process.argv.slice(2);
const { load, CACHE } = require(join(folder, 'turbeam.js'));

/** What they call between them is about what a short program of any kind needs. */
const CALLS = ['exceptions:run(10)', 'strbuild:run(3)', 'maps_bench:run(3)', 'pingpong:run(3)', 'fib:run(1)'];

async function run() {
  const { script, main } = load();
  const { exit } = process;
  // The command ends the process when it is done.
  process.exit = (code) => {
    if (code) exit(code);
  };
  for (const call of CALLS) {
    const file = join(__dirname, `../../examples/${call.slice(0, call.indexOf(':'))}.beam`);
    // The translator changes flags of V8, and a cache is good for the flags only that it was made with.
    await main(['run', file, '--call', call, '--jit=off']);
  }
  // In one step: V8 believes what is in the file.
  writeFileSync(join(folder, `${CACHE}.tmp`), script.createCachedData());
  renameSync(join(folder, `${CACHE}.tmp`), join(folder, CACHE));
  exit(0);
}
run();
