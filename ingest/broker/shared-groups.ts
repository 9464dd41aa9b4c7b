/**
 * The shared subscriptions that have members at this edge, and which partitions it reads for them: edges tell each other
 * what groups they have members of, and of a group each partition belongs to one of its edges, by rendezvous hashing. Where two
 * believe it for a moment, the log decides: the later one has it, and the other is told to let go.
 */
import { hash } from 'node:crypto';
import { SESSION_EXPIRY_S_MAX } from '../../engine/kernel/limits.ts';
import { fnv1a32 } from '../../engine/kernel/partition.ts';
import type { EdgeGossip } from '../../engine/ports/edge-gossip.ts';
import type { LiveSession } from '../downlink/downlink-desk.ts';
import type { Broker } from './broker.ts';
import type { SessionDesk } from './session-desk.ts';
import type { Begun } from './session-gossip.ts';
import { GOSSIP_MS, GROUPS_MAX, ShareGossip, type GroupHere } from './share-gossip.ts';
import { SharedGroup, type Member, type MemberOptions } from './shared-group.ts';

export interface SharedGroupsParts {
  readonly broker: Broker;
  readonly desk: SessionDesk;
  readonly gossip: EdgeGossip;
  readonly edgeEpoch: number;
  readonly logPartitions: number;
  readonly monotonic: () => number;
}

/** How long a new group waits to hear who has members of it too. */
const LISTEN_MS = 150;
/** After a partition was taken away, before it is looked at again: whoever took it is heard of by then. */
const REST_MS = 2_500;
/** A new member's subscription is answered then at the latest. */
const READY_MS_MAX = 2_000;
/** Each is a session of the log a partition, and is told to every edge every second. */
const GROUPS_TENANT_MAX = 512;
/** Of base64url: 132 bits, so that no two groups ever meet. */
const DIGEST_CHARS = 22;

interface Local {
  readonly group: SharedGroup;
  readonly tenant: string;
  readonly digest: string;
  sinceMs: number;
  /** Whether no other edge had members when partitions were divided first; undefined: they were not yet. */
  beganAlone: boolean | undefined;
  /** By partition: until when it isn't taken back. */
  readonly rests: Map<number, number>;
}

export class SharedGroups {
  readonly #parts: SharedGroupsParts;
  readonly #groups = new Map<string, Local>();
  readonly #gossip: ShareGossip;
  readonly #timer: NodeJS.Timeout;
  #startedMs: number;
  /** Groups of each tenant. */
  readonly #counts = new Map<string, number>();

  constructor(parts: SharedGroupsParts) {
    this.#parts = parts;
    this.#startedMs = parts.monotonic();
    const { edgeEpoch, gossip, monotonic } = parts;
    this.#gossip = new ShareGossip({
      gossip,
      edgeEpoch,
      monotonic,
      here: () => this.#here(),
      changed: (has) => this.#changed(has),
      missed: () => this.#beginAgain(),
    });
    this.#timer = setInterval(() => this.#beat(), GOSSIP_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const local of this.#groups.values()) {
      if (local.group.hasKept) this.#gossip.await(local.digest, SESSION_EXPIRY_S_MAX);
      local.group.close(this.#isOver(local));
    }
    this.#groups.clear();
    this.#counts.clear();
    this.#gossip.stop();
  }

  /** The feed runs. */
  join(
    about: { readonly tenant: string; readonly filter: string; readonly expiryS: number },
    member: Member,
    options: MemberOptions,
  ): void {
    const { expiryS, filter, tenant } = about;
    const key = keyOf(tenant, filter);
    const known = this.#groups.get(key);
    if (known !== undefined) {
      const hadKept = known.group.hasKept;
      known.group.join(member, options, expiryS);
      if (known.group.hasKept !== hadKept) this.#gossip.tell();
      return;
    }
    const { broker, desk, logPartitions, monotonic } = this.#parts;
    const onResumed = (): void => this.#onResumed(key);
    const group = new SharedGroup({ tenant, filter, broker, desk, logPartitions, onResumed });
    const sinceMs = monotonic();
    this.#groups.set(key, { group, tenant, digest: digestOf(key), sinceMs, beganAlone: undefined, rests: new Map() });
    this.#counts.set(tenant, (this.#counts.get(tenant) ?? 0) + 1);
    group.join(member, options, expiryS);
    this.#gossip.tell();
    if (this.#isNew(monotonic())) setTimeout(() => this.#assign(key), LISTEN_MS);
    else this.#assign(key);
  }

  /** Whether there is place for one more group, or the group is here. */
  hasPlace(tenant: string, filter: string): boolean {
    if (this.#groups.has(keyOf(tenant, filter))) return true;
    return (this.#counts.get(tenant) ?? 0) < GROUPS_TENANT_MAX && this.#groups.size < GROUPS_MAX;
  }

  /** Whoever has members of a group says so every second: after a while nothing has to be waited for. */
  #isNew(nowMs: number): boolean {
    return nowMs - this.#startedMs < GOSSIP_MS * 2;
  }

  /** Resolves when messages for the group are given out, by whichever edge; undefined: they are. */
  whenReady(tenant: string, filter: string): Promise<void> | undefined {
    const group = this.#groups.get(keyOf(tenant, filter))?.group;
    if (group === undefined || group.isReady) return undefined;
    return group.whenReady(READY_MS_MAX);
  }

  /** `awaitedS`: so long its session may take to come back; 0: it has unsubscribed. */
  leave(about: { readonly tenant: string; readonly filter: string }, member: Member, awaitedS: number): void {
    const key = keyOf(about.tenant, about.filter);
    const known = this.#groups.get(key);
    if (known === undefined) return;
    if (awaitedS > 0) this.#gossip.await(known.digest, awaitedS);
    known.group.leave(member);
    if (known.group.size > 0) return;
    this.#groups.delete(key);
    this.#uncount(known.tenant);
    known.group.close(this.#isOver(known));
    this.#gossip.tell();
  }

  /** Whether what comes from now on is nobody's. */
  #isOver({ digest, group }: Local): boolean {
    return this.#gossip.others(digest).length === 0 && !group.hasKept && !this.#gossip.isAwaited(digest);
  }

  /** Nobody had members, and yet it was not over: somebody is away. */
  #onResumed(key: string): void {
    const local = this.#groups.get(key);
    if (local?.beganAlone === true) this.#gossip.await(local.digest, SESSION_EXPIRY_S_MAX);
  }

  /** A member has room again. */
  goOn(tenant: string, filter: string): void {
    this.#groups.get(keyOf(tenant, filter))?.group.goOn();
  }

  *open(): Generator<Begun> {
    for (const { group, tenant } of this.#groups.values()) {
      for (const { connection, session } of group.open()) yield { tenant, session, connection };
    }
  }

  /** A partition of a group as other edges see it: `s:<filter>#<partition>`. */
  find(tenant: string, session: string): (LiveSession & { readonly isOpen: boolean }) | undefined {
    const end = session.lastIndexOf('#');
    const key = keyOf(tenant, session.slice(2, end));
    const known = this.#groups.get(key);
    const partition = Number(session.slice(end + 1));
    if (known?.group.holds(partition) !== true) return undefined;
    const { group, rests } = known;
    return {
      connection: group.connectionIn(partition),
      isOpen: group.isReading(partition),
      publish: () => Promise.reject(new Error('a group has no connection to publish to')),
      takeOver: () => {
        rests.set(partition, this.#parts.monotonic() + REST_MS);
        return Promise.resolve(group.letGo(partition));
      },
      close: () => void group.letGo(partition),
    };
  }

  #beat(): void {
    this.#gossip.beat();
    for (const [key, { group }] of this.#groups) {
      this.#assign(key);
      group.say();
    }
  }

  /** Others may read what was read here: the log says how far whom. */
  #beginAgain(): void {
    const nowMs = this.#parts.monotonic();
    this.#startedMs = nowMs;
    for (const local of this.#groups.values()) {
      local.sinceMs = nowMs;
      for (let partition = 0; partition < this.#parts.broker.feed.partitions; partition++) local.group.giveUp(partition, false);
    }
    this.#gossip.tell();
    setTimeout(() => {
      for (const key of this.#groups.keys()) this.#assign(key);
    }, LISTEN_MS);
  }

  #assign(key: string): void {
    const local = this.#groups.get(key);
    const nowMs = this.#parts.monotonic();
    if (local === undefined || !this.#gossip.isHeard || (this.#isNew(nowMs) && nowMs - local.sinceMs < LISTEN_MS)) return;
    const { digest, group, rests } = local;
    const others = this.#gossip.others(digest);
    const isFirst = local.beganAlone === undefined;
    local.beganAlone ??= others.length === 0;
    for (let partition = 0; partition < this.#parts.broker.feed.partitions; partition++) {
      const isMine = this.#isMine(digest, partition, others);
      if (!isMine) group.giveUp(partition, false);
      else if ((rests.get(partition) ?? 0) <= nowMs) void group.hold(partition, isFirst);
    }
    group.assigned();
  }

  #isMine(digest: string, partition: number, others: readonly number[]): boolean {
    const { edgeEpoch } = this.#parts;
    const own = weightOf(digest, partition, edgeEpoch);
    return others.every((edge) => {
      const weight = weightOf(digest, partition, edge);
      return weight < own || (weight === own && edge < edgeEpoch);
    });
  }

  *#here(): Generator<GroupHere> {
    for (const { digest, group } of this.#groups.values()) yield { digest, hasKept: group.hasKept };
  }

  #uncount(tenant: string): void {
    const left = (this.#counts.get(tenant) ?? 0) - 1;
    if (left > 0) this.#counts.set(tenant, left);
    else this.#counts.delete(tenant);
  }

  #changed(has: (digest: string) => 'got' | 'lost' | undefined): void {
    let isNews = false;
    for (const [key, { digest }] of this.#groups) {
      const change = has(digest);
      if (change === undefined) continue;
      isNews ||= change === 'got';
      this.#assign(key);
    }
    // Who has just begun should know of us at once.
    if (isNews) this.#gossip.tell();
  }
}

/** Tenants have no slash in them. */
function keyOf(tenant: string, filter: string): string {
  return `${tenant}/${filter}`;
}

function digestOf(key: string): string {
  return hash('sha256', key, 'base64url').slice(0, DIGEST_CHARS);
}

function weightOf(digest: string, partition: number, edge: number): number {
  return fnv1a32(`${partition}.${edge}`, fnv1a32(digest));
}
