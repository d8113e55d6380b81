// BIFs on code: modules, exported functions, funs, and what the runtime says of itself.

import {
  exportOf,
  exports,
  exportsOf,
  findExport,
  isDefined,
  type LoadedModule,
  modules,
  NOT_LOADED,
} from '../code/functions.js';
import { lambdas } from '../code/lambdas.js';
import { loadFailures } from '../code/load-failures.js';
import { isPreloaded, preloadedModules } from '../code/preloaded.js';
import { oldModules } from '../code/versions.js';
import { LoadError } from '../load/module.js';
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { badarg } from '../processes/raise.js';
import { Atom, am, atom, atomName } from '../terms/atoms.js';
import { binary, list, tuple } from '../terms/build.js';
import { decodeTerm } from '../terms/external.js';
import { integerFromNumber } from '../terms/integer.js';
import { boxedAt, header, isAtom, isSmall, Kind, NIL, type Term } from '../terms/tags.js';
import { isNativeBuiltin } from './native.js';
import { defineBifs } from './table.js';

const bool = (b: boolean): Term => (b ? Atom.True : Atom.False);

/** The term of a chunk in external term format; [] if there is none, or if it is damaged. */
function chunk(read: () => Uint8Array | undefined): Term {
  try {
    const bytes = read();
    return bytes === undefined ? NIL : decodeTerm(bytes).term;
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    loadFailures.report(error.message);
    return NIL;
  }
}

/** An item of module_info/1; undefined: no such item. */
function moduleInfo(m: LoadedModule, item: Term): Term | undefined {
  switch (item) {
    case am.module:
      return m.name;
    case atom('exports'):
      return list(
        exportsOf(m.name)
          .filter(isDefined)
          .map((e) => tuple(e.name, e.arity << 1)),
      );
    case atom('functions'):
      return list(m.functions.map((f) => tuple(f.name, f.arity << 1)));
    case atom('attributes'):
      return chunk(() => m.source.attributes);
    case atom('compile'):
      return chunk(() => m.source.compileInfo);
    case atom('md5'):
      return binary(m.source.md5);
    case atom('native'):
      return Atom.False;
    case atom('nifs'):
    case atom('native_addresses'):
      return NIL;
    default:
      return undefined;
  }
}

const ALL = ['module', 'exports', 'attributes', 'compile', 'md5'];

/** What fun_info/1 tells, in its order. */
const OF_EXTERNAL_FUN = ['module', 'name', 'arity', 'env', 'type'];
const OF_LOCAL_FUN = [
  'pid',
  'module',
  'new_index',
  'new_uniq',
  'index',
  'uniq',
  'name',
  'arity',
  'env',
  'type',
];

/** An item of fun_info/2; undefined: no such item. */
function funInfo(fun: Term, item: Term): Term | undefined {
  const p = fun >>> 3;
  const isExport = (H[p] & Kind.Mask) === Kind.ExportFun;
  const e = isExport ? exports[H[p + 1] >> 1] : undefined;
  const l = isExport ? undefined : lambdas[H[p + 1] >> 1];
  switch (item) {
    case am.module:
      return e?.module ?? l!.module;
    case atom('name'):
      return e?.name ?? (l!.fn === NOT_LOADED ? NIL : l!.fn.name);
    case atom('arity'):
      return H[p + 2];
    case atom('type'):
      return isExport ? atom('external') : atom('local');
    case atom('env'): {
      const env: Term[] = [];
      if (l !== undefined) for (let i = 0; i < l.free; i++) env.push(H[p + 4 + i]);
      return list(env);
    }
    case atom('pid'):
      return isExport ? Atom.Undefined : H[p + 3];
    case atom('index'):
    case atom('new_index'):
      return isExport ? Atom.Undefined : l!.index << 1;
    case atom('uniq'):
      return isExport ? Atom.Undefined : integerFromNumber(l!.uniq);
    case atom('new_uniq'):
      return isExport ? Atom.Undefined : binary(l!.source.md5);
    default:
      return undefined;
  }
}

function isFun(t: Term): boolean {
  const kind = (t & 7) === 3 ? H[t >>> 3] & Kind.Mask : 0;
  return kind === Kind.Fun || kind === Kind.ExportFun;
}

/** fun module:name/arity */
function exportFun(module: Term, name: Term, arity: number): Term {
  const at = allocate(3);
  H[at] = header(Kind.ExportFun, 2);
  H[at + 1] = exportOf(module, name, arity).id << 1;
  H[at + 2] = arity << 1;
  return boxedAt(at);
}

defineBifs('erlang', {
  'get_module_info/1': (name) => {
    const m = modules.get(name);
    return m === undefined ? badarg() : list(ALL.map((k) => tuple(atom(k), moduleInfo(m, atom(k))!)));
  },
  'get_module_info/2': (name, item) => {
    const m = modules.get(name);
    return (m && moduleInfo(m, item)) ?? badarg();
  },
  'module_loaded/1': (m) => (isAtom(m) ? bool(modules.has(m) || isPreloaded(m)) : badarg()),
  'loaded/0': () => list([...new Set([...preloadedModules(), ...modules.keys(), ...oldModules.keys()])]),
  'pre_loaded/0': () => list(preloadedModules()),
  'function_exported/3': (m, f, a) => {
    if (!isAtom(m) || !isAtom(f) || !isSmall(a) || a < 0) return badarg();
    const e = findExport(m, f, a >> 1);
    return bool(e !== undefined && isDefined(e));
  },
  'is_builtin/3': (m, f, a) => {
    if (!isAtom(m) || !isAtom(f) || !isSmall(a)) return badarg();
    const e = a < 0 ? undefined : findExport(m, f, a >> 1);
    return bool(e !== undefined && e.bif >= 0 && isNativeBuiltin(atomName(m), atomName(f), a >> 1));
  },
  'make_fun/3': (m, f, a) =>
    isAtom(m) && isAtom(f) && isSmall(a) && a >= 0 && a >> 1 <= 255 ? exportFun(m, f, a >> 1) : badarg(),
  'fun_info_mfa/1': (f) =>
    isFun(f)
      ? tuple(funInfo(f, am.module)!, funInfo(f, atom('name'))!, funInfo(f, atom('arity'))!)
      : badarg(),
  'fun_info/1': (f) =>
    isFun(f)
      ? list(
          (funInfo(f, atom('type')) === atom('local') ? OF_LOCAL_FUN : OF_EXTERNAL_FUN).map((k) =>
            tuple(atom(k), funInfo(f, atom(k))!),
          ),
        )
      : badarg(),
  'fun_info/2': (f, item) => {
    const value = isFun(f) ? funInfo(f, item) : undefined;
    return value === undefined ? badarg() : tuple(item, value);
  },
});
