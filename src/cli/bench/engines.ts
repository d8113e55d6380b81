// What `bench` compares: ways to run the same file.
import type { Jit, Optimisation } from '../options.js';

/** The engines, in the order of columns and of a round. */
export const ENGINES = [
  'interpreter',
  'jit',
  'no-stubs',
  'no-unboxed',
  'no-direct',
  'plain',
  'native',
] as const;
export type Engine = (typeof ENGINES)[number];

/** Those that are measured if the command line names none. */
export const USUAL_ENGINES: readonly Engine[] = ['interpreter', 'jit', 'no-stubs', 'native'];

export interface EngineInfo {
  /** Heading of its column. */
  title: string;
  /** For a legend, in a few words. */
  meaning: string;
  jit: Jit;
  /** Optimisations of the translator that are left out. */
  without: Optimisation[];
}

/** What each engine of ours is; native Erlang is none of ours. */
export const ENGINE_INFO: Record<Engine, EngineInfo> = {
  interpreter: { title: 'interpreter', meaning: 'Turbeam, nothing translated', jit: 'off', without: [] },
  jit: { title: 'JIT', meaning: 'Turbeam, hot functions translated', jit: 'auto', without: [] },
  'no-stubs': {
    title: 'no stubs',
    meaning: 'JIT without inlined stubs',
    jit: 'auto',
    without: ['stubs'],
  },
  'no-unboxed': {
    title: 'no unboxed',
    meaning: 'JIT without unboxed numbers',
    jit: 'auto',
    without: ['unboxed'],
  },
  'no-direct': {
    title: 'no direct',
    meaning: 'JIT without direct calls inside a module',
    jit: 'auto',
    without: ['direct'],
  },
  plain: {
    title: 'plain',
    meaning: 'JIT without all three',
    jit: 'auto',
    without: ['stubs', 'unboxed', 'direct'],
  },
  native: { title: 'native', meaning: 'native Erlang', jit: 'off', without: [] },
};
