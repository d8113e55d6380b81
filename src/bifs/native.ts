// Which functions are built in on native OTP: what erlang:is_builtin/3 answers, and what coverage is measured by.
import { NATIVE_BUILTINS, PRELOADED_CODE } from './native-builtins.js';
import { NEWER_BUILTINS, NEWER_PRELOADED_CODE } from './newer-builtins.js';

const sets = new Map<string, Set<string>>();

function namesIn(table: Record<string, string>, kind: string, module: string): Set<string> {
  const key = `${kind} ${module}`;
  let names = sets.get(key);
  if (names === undefined) {
    names = new Set(Object.hasOwn(table, module) ? table[module].split(' ') : []);
    sets.set(key, names);
  }
  return names;
}

/** Whether erlang:is_builtin/3 is true of a function in OTP 25. */
export function isNativeBuiltin(module: string, name: string, arity: number): boolean {
  return namesIn(NATIVE_BUILTINS, 'built in', module).has(`${name}/${arity}`);
}

/** Whether OTP 25 has the function in a module that is in its emulator from the start, written in Erlang. */
export function isPreloadedCode(module: string, name: string, arity: number): boolean {
  return namesIn(PRELOADED_CODE, 'preloaded', module).has(`${name}/${arity}`);
}

/** Whether OTP 29 has the function built in or in its emulator, but not OTP 25. */
export function isNewerBuiltin(module: string, name: string, arity: number): boolean {
  const f = `${name}/${arity}`;
  return (
    namesIn(NEWER_BUILTINS, 'newer', module).has(f) ||
    namesIn(NEWER_PRELOADED_CODE, 'newer preloaded', module).has(f)
  );
}
