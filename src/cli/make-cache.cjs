// Part of the build: runs the command on short programs, and then keeps what V8 has compiled of it, in the folder given.
'use strict';
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const [folder] = process.argv.slice(2);
const { load, CACHE } = require(join(folder, 'turbeam.js'));

const { script, main } = load();
const examples = join(__dirname, '../../examples');
// The command ends the process when it is done.
const exit = process.exit;
process.exit = (code) => {
  process.exit = exit;
  if (code) exit(code);
  writeFileSync(join(folder, CACHE), script.createCachedData());
  exit(0);
};
main(['run', join(examples, 'fib.beam'), '--call', 'fib:run(1)']);
