/** Snapshots in memory: the reference. */
import type { SnapshotName, Snapshots } from '../ports/snapshots.ts';

export class MemorySnapshots implements Snapshots {
  readonly #kept = new Map<string, { readonly name: SnapshotName; readonly bytes: Uint8Array }>();

  async put(name: SnapshotName, bytes: Uint8Array): Promise<void> {
    this.#kept.set(key(name), { name, bytes: new Uint8Array(bytes) });
  }

  async list(partition: number): Promise<readonly SnapshotName[]> {
    const names = [...this.#kept.values()].map(({ name }) => name).filter((name) => name.partition === partition);
    return names.toSorted((a, b) => a.recordSeq - b.recordSeq);
  }

  async get(name: SnapshotName): Promise<Uint8Array | undefined> {
    const kept = this.#kept.get(key(name));
    return kept === undefined ? undefined : new Uint8Array(kept.bytes);
  }

  async remove(name: SnapshotName): Promise<void> {
    this.#kept.delete(key(name));
  }
}

function key(name: SnapshotName): string {
  return `${name.partition}/${name.recordSeq}/${name.logSeq}`;
}
