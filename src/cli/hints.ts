// What to do about an exception that comes from something missing: a module that is not on the path, a function that is not
// there, a built-in function or an instruction that Turbeam does not have.
import { isNativeBuiltin, isNewerBuiltin, isPreloadedCode } from '../bifs/native.js';
import { exportsOf, isDefined, modules } from '../code/functions.js';
import { elixirUsed, otpInUse } from '../code/path.js';
import { codeServer } from '../code/server.js';
import { OPCODES } from '../load/opcodes.js';
import { isTuple, listToArray, tupleArity, tupleElement } from '../terms/access.js';
import { am, atomName, existingAtom } from '../terms/atoms.js';
import { isAtom, isSmall, smallValue, type Term } from '../terms/tags.js';
import { absence, advice, instead } from './gaps.js';

/** A function in a stack trace. */
interface Entry {
  module: Term;
  name: Term;
  arity: number;
  /** `m.erl:3`; empty if the trace does not say. */
  place: string;
}

/**
 * A line about the reason that a process ended with, `{undef, StackTrace}` or that of an instruction that can not be run;
 * undefined: it is about nothing that is missing. The process's heap has to be there still.
 */
export function hintOf(reason: Term): string | undefined {
  if (!isTuple(reason) || tupleArity(reason) !== 2) return undefined;
  const what = tupleElement(reason, 0);
  const trace = listToArray(tupleElement(reason, 1))?.map(entryOf);
  const [top, caller] = trace ?? [];
  // A function that was called and is not there has no place; one that raises undef itself mostly has.
  if (what === am.undef)
    return top === undefined || top.place !== '' ? undefined : undefinedHint(top, caller);
  if (
    isTuple(what) &&
    tupleArity(what) === 4 &&
    tupleElement(what, 0) === existingAtom('unsupported_instruction')
  )
    return instructionHint(what, top);
  return undefined;
}

function undefinedHint(top: Entry, caller: Entry | undefined): string | undefined {
  const module = atomName(top.module);
  const name = atomName(top.name);
  const shown = `${module}:${name}/${top.arity}`;
  const by = caller === undefined ? '' : `, called by ${entryText(caller)},`;
  if (
    isNativeBuiltin(module, name, top.arity) ||
    isPreloadedCode(module, name, top.arity) ||
    isNewerBuiltin(module, name, top.arity)
  )
    return `${shown}${by} is ${absence(module, name, top.arity)}; ${instead(module, name, top.arity)}`;
  const exported = exportsOf(top.module).filter(isDefined);
  if (!modules.has(top.module) && exported.length === 0) {
    // Its file does not load, which has been said.
    if (codeServer.fileOf(top.module) !== undefined) return undefined;
    let otp = otpInUse() === undefined ? ", or an OTP with --otp, if it is OTP's" : '';
    if (module.startsWith('Elixir.') && elixirUsed() === undefined)
      otp = ", or, if it is Elixir's, an installed Elixir with --elixir (and its OTP)";
    return `${shown}${by} is in a module that is not there; name the file of ${module} on the line or its directory with -pa${otp}`;
  }
  // Its code is damaged, which has been said; or it was called while it was not there.
  if (exported.some((e) => e.name === top.name && e.arity === top.arity)) return undefined;
  const arities = exported.filter((e) => e.name === top.name).map((e) => `${name}/${e.arity}`);
  const isLocal = modules
    .get(top.module)
    ?.functions.some((f) => f.name === top.name && f.arity === top.arity);
  if (isLocal) return `${shown}${by} is not exported; export it, or call a function that is`;
  return arities.length > 0
    ? `${shown}${by} is not there, but ${arities.join(' and ')} ${arities.length > 1 ? 'are' : 'is'}; check the number of arguments`
    : `${shown}${by} is not there; check the name, or compile the module again`;
}

function instructionHint(what: Term, top: Entry | undefined): string {
  const number = tupleElement(what, 2);
  const op = isSmall(number) ? smallValue(number) : 0;
  const name = OPCODES[op]?.name ?? 'unknown';
  const where = top === undefined ? 'a function' : entryText(top);
  const otp = top === undefined ? undefined : modules.get(top.module)?.source.otp;
  const by = otp === undefined ? '' : ` (compiled by OTP ${otp})`;
  return `${where}${by} has the instruction ${name} (${op}), which can not be run; ${advice(op)}`;
}

function entryText({ module, name, arity, place }: Entry): string {
  return `${atomName(module)}:${atomName(name)}/${arity}${place === '' ? '' : ` (${place})`}`;
}

/** An entry of a stack trace: {M, F, arity or arguments, [{file, ...}, {line, ...}]}. */
function entryOf(t: Term): Entry | undefined {
  if (!isTuple(t) || tupleArity(t) !== 4) return undefined;
  const [module, name, args, info] = [0, 1, 2, 3].map((i) => tupleElement(t, i)) as [Term, Term, Term, Term];
  if (!isAtom(module) || !isAtom(name)) return undefined;
  const arity = isSmall(args) ? smallValue(args) : listToArray(args)?.length;
  if (arity === undefined) return undefined;
  let file = '';
  let line = '';
  for (const item of listToArray(info) ?? []) {
    if (!isTuple(item) || tupleArity(item) !== 2) continue;
    const value = tupleElement(item, 1);
    const key = tupleElement(item, 0);
    if (key === existingAtom('file'))
      file = (listToArray(value) ?? [])
        .map((c) => (isSmall(c) ? String.fromCodePoint(smallValue(c)) : ''))
        .join('');
    else if (key === existingAtom('line') && isSmall(value)) line = String(smallValue(value));
  }
  return { module, name, arity, place: file === '' ? '' : `${file}:${line}` };
}
