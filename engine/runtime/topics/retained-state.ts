/**
 * The retained messages of a topic partition, by tenant: what is last of each topic, and which of that has yet to be written
 * beside the log. Small events are held; of large ones only the topic is, and they are fetched when asked for.
 */
import { hash } from 'node:crypto';
import { decodeRetainedMessage, EventReader } from '../../../schemas/gen/lean.ts';
import { RetainedTopics, type RetainedLeaf, type RetainedSearch } from '../../domain/retained-topics.ts';
import { placeOf } from '../../kernel/position.ts';

/** Events up to this stay in memory whole: a tenant's 100,000 are at most this times as many bytes. */
const HELD_BYTES_MAX = 2_048;
const NAME_DIGITS = 32;

/** The last of a topic, not written yet. Without an event: there is none any more. */
export interface RetainedChange {
  readonly id: string;
  readonly place: number;
  readonly event: Uint8Array | undefined;
}

export interface RetainedMessageFacts {
  /** Tenant and topic in UTF-8, read as latin1. */
  readonly tenant: string;
  readonly topic: string;
  readonly place: number;
  readonly expiresMs: number;
  /** Empty payload: the topic shall have none. */
  readonly isEmpty: boolean;
}

/** The name of a topic's entry in the store; 128 bits, so that no two topics ever meet. */
export function retainedName(id: string): string {
  return hash('sha256', Buffer.from(id, 'latin1'), 'hex').slice(0, NAME_DIGITS);
}

/** No tenant has a slash in it. */
export function retainedId(tenant: string, topic: string): string {
  return `${tenant}/${topic}`;
}

export class RetainedState {
  readonly #tenants = new Map<string, RetainedTopics>();
  readonly #perTenantMax: number;
  #changes = new Map<string, RetainedChange>();
  /** On their way to the store. */
  #flying = new Map<string, RetainedChange>();
  #changedBytes = 0;
  #refused = 0;
  readonly #reader = new EventReader();

  constructor(perTenantMax: number) {
    this.#perTenantMax = perTenantMax;
  }

  get count(): number {
    let count = 0;
    for (const topics of this.#tenants.values()) count += topics.count;
    return count;
  }

  /** Messages that were not retained, because their tenant had too many. */
  get refused(): number {
    return this.#refused;
  }

  get changed(): number {
    return this.#changes.size;
  }

  get changedBytes(): number {
    return this.#changedBytes;
  }

  /** What the store has of a topic; false when these bytes are no such entry. */
  load(data: Uint8Array): boolean {
    const stored = decodeRetainedMessage(data);
    if (stored === undefined) return false;
    const { event, index, seq } = stored;
    if (event.length === 0) return true;
    const r = this.#reader;
    if (!r.read(event, 0, event.length)) return false;
    const bytes = Buffer.from(event.buffer, event.byteOffset, event.length);
    const tenant = bytes.toString('latin1', r.tenantStart, r.tenantEnd);
    const topic = bytes.toString('latin1', r.topicStart, r.topicEnd);
    const leaf = this.#leafOf({ topic, place: placeOf(seq, index), expiresMs: r.expiresMs }, bytes);
    this.#topicsOf(tenant).set(topic, leaf);
    return true;
  }

  /** A message with the retain flag, in the order of the log. `event` may be reused afterwards. */
  apply(facts: RetainedMessageFacts, event: Uint8Array, nowMs: number): void {
    const { place, tenant, topic } = facts;
    const topics = this.#topicsOf(tenant);
    const before = topics.get(topic);
    if (before !== undefined && before.place >= place) return;
    if (facts.isEmpty) {
      if (before === undefined) return;
      topics.delete(topic);
      this.#change({ id: retainedId(tenant, topic), place, event: undefined });
      return;
    }
    if (before === undefined && topics.count >= this.#perTenantMax) {
      this.#expireTenant(tenant, topics, nowMs);
      if (topics.count >= this.#perTenantMax) {
        this.#refused++;
        return;
      }
    }
    const bytes = Buffer.from(event);
    topics.set(topic, this.#leafOf(facts, bytes));
    this.#change({ id: retainedId(tenant, topic), place, event: bytes });
  }

  /** What the device published before that place is retained no more. Looks at all that the tenant has: devices are seldom erased. */
  forget({ device, place, tenant }: { readonly tenant: string; readonly device: string; readonly place: number }): void {
    const topics = this.#tenants.get(tenant);
    if (topics === undefined) return;
    const gone: string[] = [];
    for (const leaf of topics.all()) if (leaf.place < place && this.#publisherOf(leaf) === device) gone.push(this.#topicOf(leaf));
    for (const topic of gone) {
      topics.delete(topic);
      this.#change({ id: retainedId(tenant, topic), place, event: undefined });
    }
  }

  expire(nowMs: number): void {
    for (const [tenant, topics] of this.#tenants) {
      this.#expireTenant(tenant, topics, nowMs);
      if (topics.count === 0) this.#tenants.delete(tenant);
    }
  }

  /** `filter` in UTF-8, read as latin1. Undefined: the tenant has nothing retained. */
  search(tenant: string, filter: string): RetainedSearch | undefined {
    return this.#tenants.get(tenant)?.search(filter);
  }

  /** The leaf's event; where it is not held, what is on its way to the store; undefined: only the store has it. */
  eventOf(tenant: string, leaf: RetainedLeaf): Uint8Array | undefined {
    if (leaf.isHeld) return Buffer.from(leaf.text, 'latin1');
    const id = retainedId(tenant, leaf.text);
    return (this.#changes.get(id) ?? this.#flying.get(id))?.event;
  }

  /** Changes to write, some of them; until `written` is called they count as being on their way. */
  take(limit: { readonly count: number; readonly bytes: number }): readonly RetainedChange[] {
    const taken: RetainedChange[] = [];
    let bytes = 0;
    for (const change of this.#changes.values()) {
      const size = change.event?.length ?? 0;
      if (taken.length >= limit.count || (taken.length > 0 && bytes + size > limit.bytes)) break;
      bytes += size;
      taken.push(change);
    }
    for (const change of taken) {
      this.#changes.delete(change.id);
      this.#flying.set(change.id, change);
    }
    this.#changedBytes -= bytes;
    return taken;
  }

  written(): void {
    this.#flying.clear();
  }

  #publisherOf(leaf: RetainedLeaf): string | undefined {
    return leaf.isHeld ? this.#publisherIn(Buffer.from(leaf.text, 'latin1')) : leaf.device;
  }

  #publisherIn(event: Buffer): string {
    return this.#reader.read(event, 0, event.length) ? publisherOf(this.#reader, event) : '';
  }

  #topicOf(leaf: RetainedLeaf): string {
    if (!leaf.isHeld) return leaf.text;
    const bytes = Buffer.from(leaf.text, 'latin1');
    const r = this.#reader;
    return r.read(bytes, 0, bytes.length) ? bytes.toString('latin1', r.topicStart, r.topicEnd) : '';
  }

  #leafOf(facts: Pick<RetainedMessageFacts, 'topic' | 'place' | 'expiresMs'>, event: Buffer): RetainedLeaf {
    const { expiresMs, place, topic } = facts;
    if (event.length <= HELD_BYTES_MAX) return { place, expiresMs, text: event.toString('latin1'), isHeld: true };
    return { place, expiresMs, text: topic, isHeld: false, device: this.#publisherIn(event) };
  }

  #change(change: RetainedChange): void {
    this.#changedBytes += (change.event?.length ?? 0) - (this.#changes.get(change.id)?.event?.length ?? 0);
    this.#changes.set(change.id, change);
  }

  #expireTenant(tenant: string, topics: RetainedTopics, nowMs: number): void {
    topics.expire(nowMs, (topic, { place }) => this.#change({ id: retainedId(tenant, topic), place, event: undefined }));
  }

  #topicsOf(tenant: string): RetainedTopics {
    let topics = this.#tenants.get(tenant);
    if (topics === undefined) {
      topics = new RetainedTopics();
      this.#tenants.set(tenant, topics);
    }
    return topics;
  }
}

/** The device that an event was published by, as it says itself, or by its session `d:<device>[:<suffix>]`; empty: an application. */
function publisherOf(event: EventReader, bytes: Buffer): string {
  if (event.deviceEnd > event.deviceStart) return bytes.toString('latin1', event.deviceStart, event.deviceEnd);
  const session = bytes.toString('latin1', event.sessionStart, event.sessionEnd);
  return session.startsWith('d:') ? (session.split(':')[1] ?? '') : '';
}
