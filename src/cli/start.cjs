#!/usr/bin/env node
// What the build makes dist/bin/turbeam.js of: loads the command, with what V8 compiled of it when it was built. V8 takes that
// only if it is of the same version and runs with the same flags; else it compiles the script again, which takes a moment.
'use strict';
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { Script } = require('node:vm');

/** Name of the file with the compiled code, by what it depends on. */
const CACHE = 'main.cache';

function load() {
  const filename = join(__dirname, 'main.js');
  let cachedData;
  try {
    cachedData = readFileSync(join(__dirname, CACHE));
  } catch {
    // It is an optimisation, and may be missing.
  }
  const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
  const loaded = { exports: {} };
  script.runInThisContext()(require, loaded, pathToFileURL(filename).href);
  return { script, main: loaded.exports.main };
}

if (require.main === module) load().main(process.argv.slice(2));
else module.exports = { load, CACHE };
