/** Members and leases in memory, with a clock that the test moves: the reference. */
import { TwinfoldError } from '../kernel/errors.ts';
import type { LeaseHold, Leases, Member } from '../ports/leases.ts';

interface Lease extends Member {
  readonly revision: number;
  readonly untilMs: number;
}

export class MemoryLeases implements Leases {
  readonly ttlMs: number;
  readonly #now: () => number;
  readonly #members = new Map<string, number>();
  readonly #leases = new Map<number, Lease>();
  #revision = 0;

  constructor(ttlMs: number, now: () => number) {
    this.ttlMs = ttlMs;
    this.#now = now;
  }

  async beat(member: Member): Promise<void> {
    this.#members.set(member.node, this.#now() + this.ttlMs);
  }

  async nodes(): Promise<readonly string[]> {
    return [...this.#members]
      .filter(([, untilMs]) => untilMs > this.#now())
      .map(([node]) => node)
      .toSorted();
  }

  async take(partition: number, member: Member): Promise<LeaseHold | undefined> {
    const lease = this.#live(partition);
    if (lease !== undefined && lease.node !== member.node) return undefined;
    return this.#grant(partition, member);
  }

  async renew(hold: LeaseHold, member: Member): Promise<LeaseHold> {
    const lease = this.#live(hold.partition);
    if (lease !== undefined && lease.instance !== member.instance) {
      throw new TwinfoldError('fenced', `partition ${hold.partition} is leased to ${lease.node}`, { domain: 'internal', retryable: true });
    }
    return this.#grant(hold.partition, member);
  }

  async release(hold: LeaseHold): Promise<void> {
    if (this.#leases.get(hold.partition)?.revision === hold.revision) this.#leases.delete(hold.partition);
  }

  async leave(member: Member): Promise<void> {
    this.#members.delete(member.node);
  }

  #live(partition: number): Lease | undefined {
    const lease = this.#leases.get(partition);
    return lease !== undefined && lease.untilMs > this.#now() ? lease : undefined;
  }

  #grant(partition: number, member: Member): LeaseHold {
    const revision = ++this.#revision;
    this.#leases.set(partition, { ...member, revision, untilMs: this.#now() + this.ttlMs });
    return { partition, revision };
  }
}
