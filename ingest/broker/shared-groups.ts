/**
 * The shared subscriptions that have members at this edge, and which partitions it reads for them: edges tell each other
 * what groups they have members of, and of a group each partition belongs to one of its edges, by rendezvous hashing. Where two
 * believe it for a moment, the log decides: the later one has it, and the other is told to let go.
 */
import { hash } from 'node:crypto';
import { decodeSharesHere, encodeSharesHere } from '../../schemas/gen/lean.ts';
import { fnv1a32 } from '../../engine/kernel/partition.ts';
import type { EdgeGossip } from '../../engine/ports/edge-gossip.ts';
import type { LiveSession } from '../downlink/downlink-desk.ts';
import type { Broker } from './broker.ts';
import type { SessionDesk } from './session-desk.ts';
import { SharedGroup, type Member, type MemberOptions } from './shared-group.ts';

export interface SharedGroupsParts {
  readonly broker: Broker;
  readonly desk: SessionDesk;
  readonly gossip: EdgeGossip;
  readonly edgeEpoch: number;
  readonly logPartitions: number;
  readonly monotonic: () => number;
}

const GOSSIP_MS = 1_000;
/** An edge that is silent for so long has no members any more. */
const SILENT_MS_MAX = 4_000;
/** How long a new group waits to hear who has members of it too. */
const LISTEN_MS = 150;
/** After a partition was taken away, before it is looked at again: whoever took it is heard of by then. */
const REST_MS = 2_500;
/** A new member's subscription is answered then at the latest. */
const READY_MS_MAX = 2_000;
/** Each is a session of the log a partition, and is told to every edge every second. */
const GROUPS_TENANT_MAX = 512;
/** What one message of gossip holds. */
const GROUPS_MAX = 32_768;
/** Of base64url: 132 bits, so that no two groups ever meet. */
const DIGEST_CHARS = 22;

interface Heard {
  readonly groups: ReadonlySet<string>;
  readonly atMs: number;
}

interface Local {
  readonly group: SharedGroup;
  readonly tenant: string;
  /** What edges call it: names of groups are long. */
  readonly digest: string;
  readonly sinceMs: number;
  /** By partition: until when it isn't taken back. */
  readonly rests: Map<number, number>;
}

export class SharedGroups {
  readonly #parts: SharedGroupsParts;
  readonly #groups = new Map<string, Local>();
  readonly #heard = new Map<number, Heard>();
  readonly #listening: { stop(): void };
  readonly #timer: NodeJS.Timeout;
  readonly #startedMs: number;
  /** Groups of each tenant. */
  readonly #counts = new Map<string, number>();
  #isTelling = false;

  constructor(parts: SharedGroupsParts) {
    this.#parts = parts;
    this.#startedMs = parts.monotonic();
    this.#listening = parts.gossip.receive('shares', (data) => this.#hear(data));
    this.#timer = setInterval(() => this.#beat(), GOSSIP_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#listening.stop();
    for (const { digest, group } of this.#groups.values()) group.close(this.#others(digest).length === 0);
    this.#groups.clear();
    this.#counts.clear();
    this.#say();
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
      known.group.join(member, options, expiryS);
      return;
    }
    const { broker, desk, logPartitions, monotonic } = this.#parts;
    const group = new SharedGroup({ tenant, filter, broker, desk, logPartitions });
    this.#groups.set(key, { group, tenant, digest: digestOf(key), sinceMs: monotonic(), rests: new Map() });
    this.#counts.set(tenant, (this.#counts.get(tenant) ?? 0) + 1);
    group.join(member, options, expiryS);
    this.#tell();
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
    known.group.leave(member, awaitedS);
    if (known.group.size > 0) return;
    this.#groups.delete(key);
    this.#uncount(known.tenant);
    known.group.close(this.#others(known.digest).length === 0);
    this.#tell();
  }

  /** A member has room again. */
  goOn(tenant: string, filter: string): void {
    this.#groups.get(keyOf(tenant, filter))?.group.goOn();
  }

  /** A partition of a group as other edges see it: `s:<filter>#<partition>`. */
  find(tenant: string, session: string): LiveSession | undefined {
    const end = session.lastIndexOf('#');
    const key = keyOf(tenant, session.slice(2, end));
    const known = this.#groups.get(key);
    const partition = Number(session.slice(end + 1));
    if (known?.group.holds(partition) !== true) return undefined;
    const { group, rests } = known;
    return {
      connection: group.connectionIn(partition),
      publish: () => Promise.reject(new Error('a group has no connection to publish to')),
      takeOver: () => {
        rests.set(partition, this.#parts.monotonic() + REST_MS);
        return Promise.resolve(group.letGo(partition));
      },
      close: () => void group.letGo(partition),
    };
  }

  #beat(): void {
    const nowMs = this.#parts.monotonic();
    for (const [edge, { atMs }] of this.#heard) if (nowMs - atMs > SILENT_MS_MAX) this.#heard.delete(edge);
    for (const [key, { group }] of this.#groups) {
      this.#assign(key);
      group.say();
    }
    if (this.#groups.size > 0) this.#tell();
  }

  #assign(key: string): void {
    const local = this.#groups.get(key);
    const nowMs = this.#parts.monotonic();
    if (local === undefined || (this.#isNew(nowMs) && nowMs - local.sinceMs < LISTEN_MS)) return;
    const { digest, group, rests } = local;
    const others = this.#others(digest);
    for (let partition = 0; partition < this.#parts.broker.feed.partitions; partition++) {
      const isMine = this.#isMine(digest, partition, others);
      if (!isMine) group.giveUp(partition, false);
      else if ((rests.get(partition) ?? 0) <= nowMs) void group.hold(partition);
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

  #others(digest: string): readonly number[] {
    return [...this.#heard].filter(([, { groups }]) => groups.has(digest)).map(([edge]) => edge);
  }

  /** Once a turn, however many groups come or go in it. */
  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    setImmediate(() => {
      this.#isTelling = false;
      this.#say();
    });
  }

  #say(): void {
    const { edgeEpoch, gossip } = this.#parts;
    const groups = Array.from(this.#groups.values(), ({ digest }) => digest);
    gossip.send('shares', encodeSharesHere({ edgeEpoch, groups: groups.slice(0, GROUPS_MAX) }));
  }

  #uncount(tenant: string): void {
    const left = (this.#counts.get(tenant) ?? 0) - 1;
    if (left > 0) this.#counts.set(tenant, left);
    else this.#counts.delete(tenant);
  }

  #hear(data: Uint8Array): void {
    const said = decodeSharesHere(data);
    const { edgeEpoch, monotonic } = this.#parts;
    if (said === undefined || said.edgeEpoch === edgeEpoch) return;
    const before = this.#heard.get(said.edgeEpoch)?.groups;
    const groups = new Set(said.groups);
    this.#heard.set(said.edgeEpoch, { groups, atMs: monotonic() });
    let isNews = false;
    for (const [key, { digest }] of this.#groups) {
      const isThere = groups.has(digest);
      if ((before?.has(digest) ?? false) === isThere) continue;
      isNews ||= isThere;
      this.#assign(key);
    }
    // Who has just begun should know of us at once.
    if (isNews) this.#tell();
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
