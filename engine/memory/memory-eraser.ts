/** The reference of erasing in the analytics store: what was asked for and what is done, without rows. */
import type { AnalyticsEraser, ErasedDevice } from '../ports/analytics-eraser.ts';

export class MemoryEraser implements AnalyticsEraser {
  /** Devices that were asked for, in order. */
  readonly asked: ErasedDevice[] = [];
  /** How often `erase` says that rows are left. */
  passesLeft = 0;
  readonly #finished = new Map<number, Set<number>>();

  async erase(device: ErasedDevice): Promise<boolean> {
    this.asked.push(device);
    if (this.passesLeft === 0) return true;
    this.passesLeft -= 1;
    return false;
  }

  async finish({ partition, seq }: { readonly partition: number; readonly seq: number }): Promise<void> {
    this.#finished.set(partition, new Set([...(this.#finished.get(partition) ?? []), seq]));
  }

  async finished(partition: number): Promise<ReadonlySet<number>> {
    return this.#finished.get(partition) ?? new Set();
  }
}
