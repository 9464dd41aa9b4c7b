/**
 * Devices that were erased, as a partition remembers them: for a while after it, whatever still comes of such a device is
 * rejected, because it was on its way when the credentials died; and longer, so that an owner that takes the partition
 * finds what must be gone elsewhere as well. A device that is registered again later begins with nothing.
 */
import type { Erasure } from '../kernel/erasure.ts';
import type { DeviceKey } from './twin-store.ts';

/** Of log time. Sessions of a device whose credentials died are closed within five seconds. */
export const ERASURE_GRACE_MS = 10_000;
/** By then rows and snapshots have long been erased, or somebody has looked why not. */
const REMEMBERED_MS = 90 * 24 * 3_600_000;
/** Of one partition; each costs some two hundred bytes. */
export const ERASURES_MAX = 10_000;

export class Erasures {
  readonly #byDevice = new Map<string, Erasure>();
  #graceUntilMs = 0;

  get count(): number {
    return this.#byDevice.size;
  }

  /** Whether another device can be remembered at this log time. */
  hasRoom(key: DeviceKey): boolean {
    return this.#byDevice.size < ERASURES_MAX || this.#byDevice.has(nameOf(key));
  }

  note(key: DeviceKey, place: { readonly seq: number; readonly index: number; readonly logMs: number }): void {
    for (const [name, erasure] of this.#byDevice) if (erasure.logMs + REMEMBERED_MS < place.logMs) this.#byDevice.delete(name);
    const name = nameOf(key);
    const [tenant = '', device = ''] = name.split('/');
    this.#set(name, { tenant, device, seq: place.seq, index: place.index, logMs: place.logMs });
  }

  /** Whether the device was erased, and that is still remembered. */
  has(key: DeviceKey): boolean {
    return this.#byDevice.size > 0 && this.#byDevice.has(nameOf(key));
  }

  /** Whether what comes of the device at this log time was on its way when it was erased. Costs a comparison, nearly always. */
  covers(key: DeviceKey, logMs: number): boolean {
    if (logMs > this.#graceUntilMs) return false;
    const erasure = this.#byDevice.get(nameOf(key));
    return erasure !== undefined && logMs <= erasure.logMs + ERASURE_GRACE_MS;
  }

  /** In an order that depends on who is there and nothing else. */
  list(): readonly Erasure[] {
    return [...this.#byDevice.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, erasure]) => erasure);
  }

  restore(erasure: Erasure): void {
    this.#set(`${erasure.tenant}/${erasure.device}`, erasure);
  }

  #set(name: string, erasure: Erasure): void {
    this.#byDevice.set(name, erasure);
    this.#graceUntilMs = Math.max(this.#graceUntilMs, erasure.logMs + ERASURE_GRACE_MS);
  }
}

/** Ids are ASCII and hold no slash. */
function nameOf(key: DeviceKey): string {
  let name = '';
  for (let i = key.tenantStart; i < key.tenantEnd; i++) name += String.fromCharCode(key.bytes[i] as number);
  name += '/';
  for (let i = key.deviceStart; i < key.deviceEnd; i++) name += String.fromCharCode(key.bytes[i] as number);
  return name;
}
