/**
 * The KV bucket of those who are alive: keys with a time to live, in memory. After a restart of the server everybody
 * announces itself anew within a beat, and nothing that matters depends on it.
 */
import { StorageType } from '@nats-io/jetstream';
import { Kvm, type KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { TwinfoldError } from '../kernel/errors.ts';
import { LIVE_BUCKET } from './names.ts';

/** Whoever is silent for this long is gone. */
export const LIVE_TTL_MS = 4_000;

export class LiveBucket {
  readonly #connection: NatsConnection;
  readonly #replicas: number;
  #kv: KV | undefined;

  constructor(connection: NatsConnection, replicas: number) {
    this.#connection = connection;
    this.#replicas = replicas;
  }

  async with<T>(call: (kv: KV) => Promise<T>): Promise<T> {
    this.#kv ??= await new Kvm(this.#connection).create(LIVE_BUCKET, {
      ttl: LIVE_TTL_MS,
      history: 1,
      storage: StorageType.Memory,
      replicas: this.#replicas,
    });
    try {
      return await call(this.#kv);
    } catch (error) {
      // The bucket may be gone with a restarted server: make it again next time.
      if (!(error instanceof TwinfoldError)) this.#kv = undefined;
      throw error;
    }
  }
}
