/** Members and leases, in the bucket of those who are alive. A node that is silent loses its partitions to others. */
import type { KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { TwinfoldError } from '../kernel/errors.ts';
import type { LeaseHold, Leases, Member } from '../ports/leases.ts';
import { LIVE_TTL_MS, LiveBucket } from './live-bucket.ts';

const MEMBER_PREFIX = 'm.';

export class NatsLeases implements Leases {
  /** Takeover of a silent node's partitions begins then. */
  readonly ttlMs = LIVE_TTL_MS;
  readonly #bucket: LiveBucket;

  constructor(connection: NatsConnection, replicas: number) {
    this.#bucket = new LiveBucket(connection, replicas);
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
    return this.#bucket.with(call);
  }
}

function leaseKey(partition: number): string {
  return `p.${partition}`;
}
