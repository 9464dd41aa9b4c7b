/** Snapshots in JetStream's object store: `<partition>/<record sequence>/<log sequence>`, checked by digest on reading. */
import { Objm, setSha256Backend, type ObjectStore } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import type { SnapshotName, Snapshots } from '../ports/snapshots.ts';
import { SNAPSHOT_BUCKET } from './names.ts';

/** Fewer, larger messages: a chunk costs an fsync where the server syncs always. */
const CHUNK_BYTES = 512 * 1024;
const NAME = /^(\d+)\/(\d+)\/(\d+)$/;

export class NatsSnapshots implements Snapshots {
  readonly #store: ObjectStore;

  private constructor(store: ObjectStore) {
    this.#store = store;
  }

  static async on(connection: NatsConnection, replicas: number): Promise<NatsSnapshots> {
    setSha256Backend('native');
    return new NatsSnapshots(await new Objm(connection).create(SNAPSHOT_BUCKET, { replicas }));
  }

  async put(name: SnapshotName, bytes: Uint8Array): Promise<void> {
    await this.#store.putBlob({ name: textOf(name), options: { max_chunk_size: CHUNK_BYTES } }, bytes);
  }

  async list(partition: number): Promise<readonly SnapshotName[]> {
    const names: SnapshotName[] = [];
    for (const info of await this.#store.list()) {
      const match = NAME.exec(info.name);
      if (match === null || info.deleted || Number(match[1]) !== partition) continue;
      names.push({ partition, recordSeq: Number(match[2]), logSeq: Number(match[3]) });
    }
    return names.toSorted((a, b) => a.recordSeq - b.recordSeq);
  }

  async get(name: SnapshotName): Promise<Uint8Array | undefined> {
    return (await this.#store.getBlob(textOf(name)).catch(() => null)) ?? undefined;
  }

  async remove(name: SnapshotName): Promise<void> {
    await this.#store.delete(textOf(name));
  }
}

function textOf(name: SnapshotName): string {
  return `${name.partition}/${name.recordSeq}/${name.logSeq}`;
}
