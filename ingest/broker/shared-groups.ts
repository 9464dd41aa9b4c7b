/**
 * The shared subscriptions that have members at this edge, and which partitions it reads for them: edges tell each other
 * what groups they have members of, and of a group each partition belongs to one of its edges, by rendezvous hashing. Where two
 * believe it for a moment, the log decides: the later one has it, and the other is told to let go.
 */
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

interface Heard {
  readonly groups: ReadonlySet<string>;
  readonly atMs: number;
}

interface Local {
  readonly group: SharedGroup;
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

  constructor(parts: SharedGroupsParts) {
    this.#parts = parts;
    this.#listening = parts.gossip.receive('shares', (data) => this.#hear(data));
    this.#timer = setInterval(() => this.#beat(), GOSSIP_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#listening.stop();
    for (const [key, { group }] of this.#groups) group.close(this.#others(key).length === 0);
    this.#groups.clear();
    this.#tell();
  }

  /** The feed runs. */
  join(
    about: { readonly tenant: string; readonly filter: string; readonly isKept: boolean },
    member: Member,
    options: MemberOptions,
  ): void {
    const { filter, isKept, tenant } = about;
    const key = keyOf(tenant, filter);
    const known = this.#groups.get(key);
    if (known !== undefined) {
      known.group.join(member, options, isKept);
      return;
    }
    const { broker, desk, logPartitions, monotonic } = this.#parts;
    const group = new SharedGroup({ tenant, filter, broker, desk, logPartitions });
    this.#groups.set(key, { group, sinceMs: monotonic(), rests: new Map() });
    group.join(member, options, isKept);
    this.#tell();
    setTimeout(() => this.#assign(key), LISTEN_MS);
  }

  leave(tenant: string, filter: string, member: Member): void {
    const key = keyOf(tenant, filter);
    const known = this.#groups.get(key);
    if (known === undefined) return;
    known.group.leave(member);
    if (known.group.size > 0) return;
    this.#groups.delete(key);
    known.group.close(this.#others(key).length === 0);
    this.#tell();
  }

  /** A member has room again. */
  goOn(tenant: string, filter: string): void {
    this.#groups.get(keyOf(tenant, filter))?.group.goOn();
  }

  /** A partition of a group as other edges see it: `s:<filter>#<partition>`. */
  find(tenant: string, session: string): LiveSession | undefined {
    const hash = session.lastIndexOf('#');
    const key = keyOf(tenant, session.slice(2, hash));
    const known = this.#groups.get(key);
    const partition = Number(session.slice(hash + 1));
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
    if (local === undefined || nowMs - local.sinceMs < LISTEN_MS) return;
    const { group, rests } = local;
    const others = this.#others(key);
    for (let partition = 0; partition < this.#parts.broker.feed.partitions; partition++) {
      const isMine = this.#isMine(key, partition, others);
      if (!isMine) group.giveUp(partition, false);
      else if ((rests.get(partition) ?? 0) <= nowMs) void group.hold(partition);
    }
  }

  #isMine(key: string, partition: number, others: readonly number[]): boolean {
    const { edgeEpoch } = this.#parts;
    const own = weightOf(key, partition, edgeEpoch);
    return others.every((edge) => {
      const weight = weightOf(key, partition, edge);
      return weight < own || (weight === own && edge < edgeEpoch);
    });
  }

  #others(key: string): readonly number[] {
    return [...this.#heard].filter(([, { groups }]) => groups.has(key)).map(([edge]) => edge);
  }

  #tell(): void {
    const { edgeEpoch, gossip } = this.#parts;
    gossip.send('shares', encodeSharesHere({ edgeEpoch, groups: [...this.#groups.keys()] }));
  }

  #hear(data: Uint8Array): void {
    const said = decodeSharesHere(data);
    const { edgeEpoch, monotonic } = this.#parts;
    if (said === undefined || said.edgeEpoch === edgeEpoch) return;
    const before = this.#heard.get(said.edgeEpoch)?.groups;
    const groups = new Set(said.groups);
    this.#heard.set(said.edgeEpoch, { groups, atMs: monotonic() });
    let isNews = false;
    for (const key of this.#groups.keys()) {
      if (before?.has(key) === groups.has(key)) continue;
      if (before === undefined && !groups.has(key)) continue;
      isNews ||= groups.has(key);
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

function weightOf(key: string, partition: number, edge: number): number {
  return fnv1a32(`${partition}.${edge}`, fnv1a32(key));
}
