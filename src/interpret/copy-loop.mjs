// A step of the build: makes dist/interpret/profiled-loop.js, a copy of loop.js that tells a profiler in another thread where it
// is. M[0] (marker.ts) is the code address at which it last went on after a call, return or jump; minus that of the instruction,
// while something else that this calls has the word: a unit, a BIF, the collector. So the function is exact, and the line that
// of the last such place. A note at every instruction made the interpreter slower by 40 %; and the loop that is not profiled
// pays nothing.
import { readFileSync, writeFileSync } from 'node:fs';

const inDist = (name) => new URL(`../../dist/interpret/${name}`, import.meta.url);
let text = readFileSync(inDist('loop.js'), 'utf8');

/** Replaces all of a pattern; fails unless there are so many at least, because the loop is then not what it was. */
function note(pattern, replacement, least) {
  let found = 0;
  text = text.replace(pattern, (...match) => {
    found++;
    return typeof replacement === 'string' ? match[0].replace(pattern, replacement) : replacement(...match);
  });
  if (found < least) throw new Error(`loop.js has ${found} of ${pattern}, which were ${least} or more`);
}

// It goes on there: every assignment but those of tests (with a ?), which stay in their function.
note(/^(\s*)pc = ([^?\n]*);$/gm, (_, indent, where) => `${indent}M[0] = pc = ${where};`, 20);
note(/^\s*let pc = start;$/gm, (all) => `${all}\n    M[0] = pc;`, 1);
// Something else has the word: before it is called, the stack top is written back. What comes back is a result, or a stack
// top that may have changed.
const stackTop = String.raw`H\[1025 /\* Reg\.E \*/\]`;
note(new RegExp(`^\\s*${stackTop} = e;$`, 'gm'), (all) => `${all} M[0] = -pc;`, 40);
note(new RegExp(`^\\s*e = ${stackTop};$`, 'gm'), (all) => `${all} M[0] = pc;`, 10);
note(/^(\s*)if \(r === 7 /gm, (_, indent) => `${indent}M[0] = pc;\n${indent}if (r === 7 `, 20);

writeFileSync(inDist('profiled-loop.js'), `import { M } from './marker.js';\n${text}`);
