/** What the demonstration fleet measures: plausible rooms and machines, the same again when an event is sent again. */
import type { SimulatedEvent } from '../simulator/payload.ts';
import { mix } from '../simulator/random.ts';

/** Events of a device whose time of measurement is remembered: more than a device keeps unacknowledged. */
const REMEMBERED = 1_024;
const DAY_MS = 86_400_000;

export class Measurements {
  readonly #boot: number;
  readonly #times: readonly Float64Array[];

  constructor(boot: number, devices: number) {
    this.#boot = boot;
    this.#times = Array.from({ length: devices }, () => new Float64Array(REMEMBERED));
  }

  /** Notes when n was measured. */
  measuredAt(device: number, n: number, nowMs: number): void {
    const times = this.#times[device];
    if (times !== undefined) times[n % REMEMBERED] = nowMs;
  }

  /** When n was measured, undefined when that is forgotten. */
  timeOf(device: number, n: number): number | undefined {
    const time = this.#times[device]?.[n % REMEMBERED] ?? 0;
    return time === 0 ? undefined : time;
  }

  readonly measure = (device: number, n: number): SimulatedEvent => {
    const times = this.#times[device];
    const known = times?.[n % REMEMBERED] ?? 0;
    const tsMs = known === 0 ? Date.now() : known;
    if (times !== undefined) times[n % REMEMBERED] = tsMs;
    const phase = (tsMs % DAY_MS) / DAY_MS;
    const noise = (mix(7, device, n) % 100) / 100;
    const metrics = {
      t: Math.round((20 + (device % 5) + 4 * Math.sin(2 * Math.PI * phase) + noise) * 10) / 10,
      humidity: 40 + (device % 20) + Math.round(noise * 5),
      battery: Math.max(5, 100 - Math.floor(n / 3_600)),
      on: mix(11, device, Math.floor(n / 30)) % 2 === 0,
    };
    return { n, boot: this.#boot, tsMs, metrics };
  };
}
