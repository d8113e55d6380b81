// What a program that embeds Turbeam imports.
export type { CallOptions } from './api/engine.js';
export type { HostFunction } from './api/functions.js';
export type { Limits } from './api/limits.js';
export { Mailbox, type ReceiveOptions } from './api/mailbox.js';
export {
  type Crash,
  type Down,
  type InputOption,
  type OutputOption,
  Turbeam,
  type TurbeamOptions,
} from './api/turbeam.js';
export {
  type Argument,
  atom,
  Bitstring,
  Charlist,
  charlist,
  ErlangError,
  erlangFun,
  Float,
  type Fun,
  float,
  ImproperList,
  LimitError,
  Opaque,
  Pid,
  Port,
  Reference,
  type StackEntry,
  Tuple,
  TurbeamError,
  text,
  tuple,
  type Value,
} from './api/values.js';
export { LoadError } from './load/module.js';
