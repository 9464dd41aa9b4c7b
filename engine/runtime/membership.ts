/**
 * Who should own what: announces this node, follows who else is alive, and takes, renews and gives back leases so that
 * each partition is where rendezvous hashing puts it. Starting an owner is cheap to get wrong: two owners at once are
 * stopped by the control log's fence, none at all by the next beat.
 */
import { fnv1a32 } from '../kernel/partition.ts';
import { hasCode, messageOf } from '../kernel/errors.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../observability/log.ts';
import type { LeaseHold, Leases, Member } from '../ports/leases.ts';
import { Wakeup, type Service } from './service.ts';

const BEAT_MS = 1_000;
/** Questions are answered only while the lease has this long left. */
const LEASE_MARGIN_MS = 1_000;
/** After a failure an owner starts over at once, then ever more slowly while it keeps failing. */
const RETRY_FIRST_MS = 50;
const RETRY_MS_MAX = 5_000;
const STEADY_MS = 10_000;

export interface OwnedPartition extends Service {
  breakOff(reason: unknown): void;
}

export interface MembershipParts {
  readonly member: Member;
  readonly partitions: number;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly log: Log;
  /** A new owner, not yet running. `leaseFresh` says whether it may answer. */
  readonly own: (partition: number, leaseFresh: () => boolean) => OwnedPartition;
  readonly onFailed: (partition: number, error: unknown) => void;
}

interface Held {
  hold: LeaseHold;
  freshUntilMs: number;
  owner: OwnedPartition | undefined;
  startedMs: number;
  retryMs: number;
  /** Its owner failed a moment ago. */
  resting: boolean;
  /** Given back, or lost, to another node: when the owner has ended, the lease goes. */
  leaving: boolean;
  /** Another instance has the lease: it is not asked for again before the owner has ended. */
  lost: boolean;
}

export class Membership implements Service {
  readonly #parts: MembershipParts;
  readonly #held = new Map<number, Held>();
  readonly #wake = new Wakeup();
  #nodes: readonly string[] = [];
  #stopping = false;

  constructor(parts: MembershipParts) {
    this.#parts = parts;
  }

  async run(): Promise<void> {
    for (;;) {
      await this.#beat().catch((error: unknown) => this.#parts.log.warn('beat-failed', { error: messageOf(error) }));
      if (this.#stopping && this.#held.size === 0) break;
      await this.#wake.wait(BEAT_MS);
    }
    await this.#parts.leases.leave(this.#parts.member).catch(() => undefined);
  }

  /** Ends all owners, each after what it has read is committed, and gives the leases back. */
  stop(): void {
    this.#stopping = true;
    for (const held of this.#held.values()) held.owner?.stop();
    this.#wake.raise();
  }

  /** Partitions held, whether or not their owner is up yet. */
  held(): readonly number[] {
    return [...this.#held.keys()].toSorted((a, b) => a - b);
  }

  async #beat(): Promise<void> {
    const { leases, member, partitions } = this.#parts;
    if (!this.#stopping) {
      await leases.beat(member);
      this.#nodes = await leases.nodes();
    }
    const desired = desiredOwners(partitions, this.#nodes);
    await Promise.all(desired.map(async (node, partition) => this.#attend(partition, !this.#stopping && node === member.node)));
  }

  async #attend(partition: number, mine: boolean): Promise<void> {
    const held = this.#held.get(partition);
    if (held === undefined) {
      if (mine) await this.#take(partition);
      return;
    }
    if (!mine) held.leaving = true;
    if (held.leaving && held.owner === undefined) {
      this.#held.delete(partition);
      await this.#parts.leases.release(held.hold).catch(() => undefined);
      return;
    }
    if (held.leaving) held.owner?.stop();
    if (held.lost) return;
    await this.#renew(held);
    if (held.owner === undefined && !held.leaving && !held.resting) this.#start(partition, held);
  }

  async #take(partition: number): Promise<void> {
    const askedMs = this.#parts.clock.monotonic();
    const hold = await this.#parts.leases.take(partition, this.#parts.member);
    if (hold === undefined) return;
    const held: Held = {
      hold,
      freshUntilMs: askedMs + this.#parts.leases.ttlMs,
      owner: undefined,
      startedMs: 0,
      retryMs: RETRY_FIRST_MS,
      resting: false,
      leaving: false,
      lost: false,
    };
    this.#held.set(partition, held);
    this.#start(partition, held);
  }

  async #renew(held: Held): Promise<void> {
    const askedMs = this.#parts.clock.monotonic();
    try {
      held.hold = await this.#parts.leases.renew(held.hold, this.#parts.member);
      held.freshUntilMs = askedMs + this.#parts.leases.ttlMs;
    } catch (error) {
      if (!hasCode(error, 'fenced')) throw error;
      // Kept until its owner has ended: two owners of one process would share a worker's state and the sink.
      held.leaving = true;
      held.lost = true;
      held.freshUntilMs = 0;
      held.owner?.breakOff(error);
    }
  }

  #start(partition: number, held: Held): void {
    const owner = this.#parts.own(partition, () => this.#parts.clock.monotonic() < held.freshUntilMs - LEASE_MARGIN_MS);
    held.owner = owner;
    held.startedMs = this.#parts.clock.monotonic();
    owner.run().then(
      () => this.#ended(held),
      (error: unknown) => {
        this.#parts.onFailed(partition, error);
        this.#parts.log.warn('owner-failed', { partition, error: messageOf(error), retryInMs: held.retryMs });
        this.#ended(held);
      },
    );
  }

  #ended(held: Held): void {
    const nowMs = this.#parts.clock.monotonic();
    if (nowMs - held.startedMs > STEADY_MS) held.retryMs = RETRY_FIRST_MS;
    held.owner = undefined;
    held.resting = true;
    setTimeout(() => {
      held.resting = false;
      this.#wake.raise();
    }, held.retryMs);
    held.retryMs = Math.min(held.retryMs * 2, RETRY_MS_MAX);
  }
}

/**
 * Rendezvous hashing with a bound: each partition goes to the live node with the highest weight that has not its share
 * yet. With few partitions plain rendezvous hashing often leaves a node with nothing; the bound costs a few more moves
 * when nodes come and go. Every node computes the same from the same list.
 */
export function desiredOwners(partitions: number, nodes: readonly string[]): readonly (string | undefined)[] {
  const share = Math.ceil(partitions / Math.max(1, nodes.length));
  const load = new Map<string, number>();
  return Array.from({ length: partitions }, (_, partition) => {
    const ranked = nodes.toSorted((x, y) => weight(partition, y) - weight(partition, x) || (x < y ? -1 : 1));
    const owner = ranked.find((node) => (load.get(node) ?? 0) < share);
    if (owner !== undefined) load.set(owner, (load.get(owner) ?? 0) + 1);
    return owner;
  });
}

function weight(partition: number, node: string): number {
  return mix(fnv1a32(`${partition}`, fnv1a32(node)));
}

/** FNV's low entropy in the last bytes would give one node nearly everything; this spreads it. */
function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
