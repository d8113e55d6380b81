// Damaged files do no harm: a clear load error, or a program that fails as Erlang programs fail. Here is the part of
// support/damage-all.ts that every run can afford: small files at every byte, the others at some.
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DamageJob, damage } from './support/damage.js';
import { PROGRAMS } from './support/damage-programs.js';
import { ROOT } from './support/turbeam.js';

/** How many positions of a file are looked at, most of a small one. Translated code takes longer and has less to itself. */
const POSITIONS = { off: 420, eager: 180 };

describe.each(['off', 'eager'] as const)('--jit=%s', (jit) => {
  it.concurrent.each(PROGRAMS.map((p) => [basename(p.file), p] as const))(
    '%s',
    async (_, { file, calls }) => {
      const step = Math.ceil(statSync(ROOT + file).size / POSITIONS[jit]);
      const kinds: DamageJob['kinds'] = jit === 'off' ? ['cut', 'rotating'] : ['rotating'];
      const job = {
        file,
        calls,
        settings: { jit },
        from: jit === 'off' ? 0 : step >> 1,
        step,
        kinds,
        whole: true,
      };
      const outcome = await damage(job, 30_000);
      expect(outcome.host).toEqual([]);
      // The file as it is runs; what is damaged is mostly refused.
      expect(outcome.values).toBeGreaterThan(0);
      expect(outcome.refused).toBeGreaterThan(outcome.variants / 3);
    },
  );
});
