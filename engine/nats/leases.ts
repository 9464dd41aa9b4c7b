/**
 * Members and leases in a KV bucket with a time to live, in memory: after a restart of the server everybody announces
 * itself anew within a beat, and nothing that matters depends on it.
 */
import { StorageType } from '@nats-io/jetstream';
import { Kvm, type KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { TwinfoldError } from '../kernel/errors.ts';
import type { LeaseHold, Leases, Member } from '../ports/leases.ts';
import { LIVE_BUCKET } from './names.ts';

/** A node that is silent for this long is gone; takeover of its partitions begins then. */
const TTL_MS = 4_000;
const MEMBER_PREFIX = 'm.';

export class NatsLeases implements Leases {
  readonly ttlMs = TTL_MS;
  readonly #connection: NatsConnection;
  readonly #replicas: number;
  #kv: KV | undefined;

  constructor(connection: NatsConnection, replicas: number) {
    this.#connection = connection;
    this.#replicas = replicas;
  }

  async beat(member: Member): Promise<void> {
    await this.#with((kv) => kv.put(MEMBER_PREFIX + member.node, member.instance));
  }

  async nodes(): Promise<readonly string[]> {
    return this.#with(async (kv) => {
      const nodes: string[] = [];
      for await (const key of await kv.keys(`${MEMBER_PREFIX}*`)) nodes.push(key.slice(MEMBER_PREFIX.length));
      return nodes.toSorted();
    });
  }

  async take(partition: number, member: Member): Promise<LeaseHold | undefined> {
    const value = JSON.stringify(member);
    return this.#with(async (kv) => {
      const entry = await kv.get(leaseKey(partition));
      if (entry !== null && entry.operation === 'PUT') {
        if (entry.json<Member>().node !== member.node) return undefined;
        return { partition, revision: await kv.update(leaseKey(partition), value, entry.revision) };
      }
      const revision = await kv.create(leaseKey(partition), value).catch(() => undefined);
      return revision === undefined ? undefined : { partition, revision };
    });
  }

  async renew(hold: LeaseHold, member: Member): Promise<LeaseHold> {
    return this.#with(async (kv) => {
      const entry = await kv.get(leaseKey(hold.partition));
      if (entry !== null && entry.revision !== hold.revision && entry.json<Member>().instance !== member.instance) {
        throw new TwinfoldError('fenced', `partition ${hold.partition} is leased to ${entry.json<Member>().node}`, {
          domain: 'internal',
          retryable: true,
        });
      }
      const value = JSON.stringify(member);
      const key = leaseKey(hold.partition);
      const revision = entry === null ? await kv.create(key, value) : await kv.update(key, value, entry.revision);
      return { partition: hold.partition, revision };
    });
  }

  async release(hold: LeaseHold): Promise<void> {
    await this.#with((kv) => kv.delete(leaseKey(hold.partition), { previousSeq: hold.revision }));
  }

  async leave(member: Member): Promise<void> {
    await this.#with((kv) => kv.delete(MEMBER_PREFIX + member.node));
  }

  async #with<T>(call: (kv: KV) => Promise<T>): Promise<T> {
    this.#kv ??= await new Kvm(this.#connection).create(LIVE_BUCKET, {
      ttl: TTL_MS,
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

function leaseKey(partition: number): string {
  return `p.${partition}`;
}
