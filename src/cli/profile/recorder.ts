// Recording a profile: V8's sampler for what runs on the JavaScript stack, and beside it a thread that looks where the
// interpreter is, which V8 sees as one function.
import { type Profiler, Session } from 'node:inspector/promises';
import { Worker } from 'node:worker_threads';
import { M } from '../../interpret/marker.js';
import { interpret } from '../../interpret/profiled-loop.js';
import { useInterpreter } from '../../processes/scheduler.js';
import type { MarkerSamples, SamplerData } from './sampler.js';

/** Looks at the interpreter for each of V8's samples: so far apart the two are at most, give or take the system's timers. */
const LOOKS_PER_SAMPLE = 4;

/** What was recorded. Times are microseconds of one clock. */
export interface Recording {
  profile: Profiler.Profile;
  markers: MarkerSamples;
  /** Names given to functions of the engine: `scriptId:line:column` to name. */
  names: Map<string, string>;
}

export class Recorder {
  private readonly session = new Session();
  private readonly control = new Int32Array(new SharedArrayBuffer(8));
  private worker: Worker | undefined;
  /** When it began, by our clock. */
  private startedAt = 0;

  /** @param interval microseconds between two samples of V8's */
  constructor(private readonly interval: number) {}

  /** Begins; from the next slice on, the interpreter leaves its marker. */
  async begin(): Promise<void> {
    const workerData: SamplerData = {
      marker: M,
      control: this.control,
      interval: this.interval / 1000 / LOOKS_PER_SAMPLE,
    };
    this.worker = new Worker(new URL('./sampler.js', import.meta.url), { workerData });
    await new Promise<void>((resolve, reject) => {
      this.worker!.on('error', reject);
      const look = (): void => {
        if (Atomics.load(this.control, 1) === 1) resolve();
        else setTimeout(look, 1);
      };
      look();
    });
    useInterpreter(interpret);
    this.session.connect();
    await this.session.post('Profiler.enable');
    await this.session.post('Profiler.setSamplingInterval', { interval: this.interval });
    this.startedAt = Number(process.hrtime.bigint()) / 1000;
    await this.session.post('Profiler.start');
  }

  /**
   * Ends.
   * @param named functions of the engine that the profile shall be searched for, with their names
   */
  async end(named: readonly { fn: unknown; name: string }[]): Promise<Recording> {
    const { profile } = await this.session.post('Profiler.stop');
    // Both are the system's monotonic clock wherever we have looked; should they not be, the start tells how far they are apart.
    const apart = profile.startTime - this.startedAt;
    const shift = Math.abs(apart) < 1e6 ? 0 : apart;
    const markers = await new Promise<MarkerSamples>((resolve) => {
      this.worker!.once('message', resolve);
      Atomics.store(this.control, 0, 1);
      Atomics.notify(this.control, 0);
    });
    for (let i = 0; i < markers.times.length; i++) markers.times[i]! += shift;
    const names = await this.locate(named);
    this.session.disconnect();
    return { profile, markers, names };
  }

  /** Where functions stand in their scripts, as call frames name them. */
  private async locate(named: readonly { fn: unknown; name: string }[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    const key = 'turbeamProfiled';
    const host = globalThis as Record<string, unknown>;
    host[key] = named.map(({ fn }) => fn);
    const { result } = await this.session.post('Runtime.evaluate', { expression: key });
    const { result: items } = await this.session.post('Runtime.getProperties', {
      objectId: result.objectId!,
      ownProperties: true,
    });
    for (const { name: index, value } of items) {
      const one = named[Number(index)];
      if (one === undefined || value?.objectId === undefined) continue;
      const { internalProperties } = await this.session.post('Runtime.getProperties', {
        objectId: value.objectId,
        ownProperties: true,
      });
      const place = internalProperties?.find((p) => p.name === '[[FunctionLocation]]')?.value?.value as
        | { scriptId: string; lineNumber: number; columnNumber: number }
        | undefined;
      if (place === undefined) continue;
      const at = `${place.scriptId}:${place.lineNumber}:${place.columnNumber}`;
      if (!found.has(at)) found.set(at, one.name);
    }
    delete host[key];
    return found;
  }
}
