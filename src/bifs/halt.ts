// halt/0,1,2
import { H, Reg, Why } from '../memory/arena.js';
import { atom } from '../terms/atoms.js';
import { isSmall, Sentinel, type Term } from '../terms/tags.js';
import { defineBifs } from './table.js';

function halt(status: number): Term {
  haltHook.halt(status);
  H[Reg.Reason] = Why.Exited;
  return Sentinel.Unwind;
}

/** Ends the host process, or whatever the embedder makes of halt/1. */
export const haltHook: { halt: (status: number) => void } = { halt: (status) => process.exit(status) };

defineBifs('erlang', {
  'halt/0': () => halt(0),
  'halt/1': (status) => halt(isSmall(status) ? status >> 1 : status === atom('abort') ? 134 : 1),
  'halt/2': (status) => halt(isSmall(status) ? status >> 1 : 1),
});
