/**
 * Snapshots in JetStream's object store: `<partition>/<record sequence>/<log sequence>`, checked by digest on reading.
 *
 * Written with the library; listed, read and removed with single requests of our own. The library does each of these with
 * a push consumer that the server forgets only minutes later, or never while it keeps restarting, until it makes no more of
 * them; and it leaves a tombstone for every object that was deleted.
 */
import { createHash } from 'node:crypto';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { Objm, setSha256Backend, type ObjectStore } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import type { SnapshotName, Snapshots } from '../ports/snapshots.ts';
import { SNAPSHOT_BUCKET } from './names.ts';

/** Fewer, larger messages: a chunk costs an fsync where the server syncs always. */
const CHUNK_BYTES = 512 * 1024;
const NAME = /^(\d+)\/(\d+)\/(\d+)$/;
/** The layout of an object store (NATS ADR-20): its stream, an object's information, an object's chunks. */
const STREAM = `OBJ_${SNAPSHOT_BUCKET}`;
const META = `$O.${SNAPSHOT_BUCKET}.M.`;
const CHUNKS = `$O.${SNAPSHOT_BUCKET}.C.`;

export class NatsSnapshots implements Snapshots {
  readonly #manager: JetStreamManager;
  readonly #store: ObjectStore;

  private constructor(manager: JetStreamManager, store: ObjectStore) {
    this.#manager = manager;
    this.#store = store;
  }

  static async on(connection: NatsConnection, replicas: number): Promise<NatsSnapshots> {
    setSha256Backend('native');
    const store = await new Objm(connection).create(SNAPSHOT_BUCKET, { replicas });
    return new NatsSnapshots(await jetstreamManager(connection), store);
  }

  async put(name: SnapshotName, bytes: Uint8Array): Promise<void> {
    await this.#store.putBlob({ name: textOf(name), options: { max_chunk_size: CHUNK_BYTES } }, bytes);
  }

  async list(partition: number): Promise<readonly SnapshotName[]> {
    const { state } = await this.#manager.streams.info(STREAM, { subjects_filter: `${META}>` });
    const names: SnapshotName[] = [];
    for (const subject of Object.keys(state.subjects ?? {})) {
      const match = NAME.exec(Buffer.from(subject.slice(META.length), 'base64url').toString());
      if (match === null || Number(match[1]) !== partition) continue;
      names.push({ partition, recordSeq: Number(match[2]), logSeq: Number(match[3]) });
    }
    return names.toSorted((a, b) => a.recordSeq - b.recordSeq);
  }

  async get(name: SnapshotName): Promise<Uint8Array | undefined> {
    const info = await this.#store.info(textOf(name));
    if (info === null || info.deleted) return undefined;
    const chunks: Uint8Array[] = [];
    const digest = createHash('sha256');
    let seq = 1;
    for (let i = 0; i < info.chunks; i++) {
      const chunk = await this.#chunk(`${CHUNKS}${info.nuid}`, seq);
      if (chunk === undefined) return undefined;
      digest.update(chunk.data);
      chunks.push(chunk.data);
      seq = chunk.seq + 1;
    }
    // The library pads what it encodes.
    const [, expected = ''] = /^SHA-256=([\w-]+)=*$/i.exec(info.digest) ?? [];
    return digest.digest('base64url') === expected ? Buffer.concat(chunks) : undefined;
  }

  async remove(name: SnapshotName): Promise<void> {
    const info = await this.#store.info(textOf(name));
    if (info === null) return;
    // The name last: while it is there, the snapshot is found and removed again.
    await this.#manager.streams.purge(STREAM, { filter: `${CHUNKS}${info.nuid}` });
    await this.#manager.streams.purge(STREAM, { filter: `${META}${metaToken(name)}` });
  }

  /** The first message on the subject from a sequence on: from any server that has the stream, or else from its leader. */
  async #chunk(subject: string, seq: number): Promise<{ readonly seq: number; readonly data: Uint8Array } | undefined> {
    const query = { seq, next_by_subj: subject };
    const stored = await this.#manager.direct.getMessage(STREAM, query);
    return stored ?? (await this.#manager.streams.getMessage(STREAM, query)) ?? undefined;
  }
}

function textOf(name: SnapshotName): string {
  return `${name.partition}/${name.recordSeq}/${name.logSeq}`;
}

/** As the library encodes names: base64url with padding. */
function metaToken(name: SnapshotName): string {
  const token = Buffer.from(textOf(name)).toString('base64url');
  return token.padEnd(Math.ceil(token.length / 4) * 4, '=');
}
