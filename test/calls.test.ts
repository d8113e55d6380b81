// Random calls of built-in functions, called by name in a process: value, or class, reason and top entry of the
// stack trace, as native Erlang gave them (test/golden/calls.escript).
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { callFunction, loadFile } from '../dist/runtime.js';
import { listToArray, tupleToArray } from '../dist/terms/build.js';
import { decodeTerm } from '../dist/terms/external.js';
import { encodeTerm } from '../dist/terms/external.js';
import { formatWrite } from '../dist/terms/format.js';
import { base64, golden, useHeap } from './support/terms.js';
