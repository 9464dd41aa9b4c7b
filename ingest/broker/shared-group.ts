/**
 * A shared subscription at one edge (MQTT 5 §4.8.2): of each message one member gets a copy. Each partition of the topic
 * streams is read for the group by one edge, which gives what it reads to its own members. What a group has had of a
 * partition is a session of its own in the log, so another edge goes on where this one was, and a message is never given up
 * because a member left: it goes to the next one.
 */
import type { SessionChangeInit } from '../../schemas/gen/lean.ts';
import { SESSION_EXPIRY_S_MAX } from '../../engine/kernel/limits.ts';
import { sessionPartitionOf, topicPartitionOf } from '../../engine/kernel/partition.ts';
import { placeOf } from '../../engine/kernel/position.ts';
import type { Sending } from '../mqtt/encode-publish.ts';
import type { Broker } from './broker.ts';
import type { Straggler } from './takers.ts';
import type { ConnectionRecord } from './connection-record.ts';
import type { SessionDesk } from './session-desk.ts';
import { shareOf, type Delivery, type Subscribed } from './subscriber.ts';
import type { TopicMessage } from './topic-message.ts';

/** Who gave a message of a shared subscription, and gives it to somebody else if this client doesn't take it. */
export interface Ticket {
  /** Which shared subscription, as of `shareOf`; undefined: none, or the message stands in no log. */
  readonly share?: number;
  /** The client has it, or its session will. */
  settled(): void;
  /** The connection ended before. */
  returned(): void;
}

/** A connected session that is a member. */
export interface Member {
  /** Whether it may have the message at all. */
  mayHave(message: TopicMessage): boolean;
  /** False: it has no room. */
  offer(message: TopicMessage, sending: Sending, ticket: Ticket): boolean;
}

/** By which subscription it is one. */
export interface MemberOptions {
  readonly qos: number;
  readonly retainAsPublished: boolean;
  readonly id: number;
  /** As of `Subscribed`. */
  readonly since: readonly number[];
}

export interface SharedGroupParts {
  readonly tenant: string;
  /** `$share/<group>/<filter>` */
  readonly filter: string;
  readonly broker: Broker;
  readonly desk: SessionDesk;
  /** Partitions of the input log, in which the group's sessions live. */
  readonly logPartitions: number;
  /** The group was not over when this edge got its first members. */
  readonly onResumed: () => void;
}

interface Joined extends MemberOptions {
  /** Whether its session outlives its connection. */
  readonly isKept: boolean;
}

/** A partition that this edge reads for the group. */
interface Held {
  readonly record: ConnectionRecord;
  isReady: boolean;
  /** The place up to which everything was given out; undefined: it is at the head. */
  behind: number | undefined;
  /** Nobody had room for what comes behind that place, and no pass knows of it. */
  isResting: boolean;
  /** Places given out, and not settled. */
  readonly open: Set<number>;
  /** Given back by members that left. */
  returned: TopicMessage[];
  cursorSaid: number;
}

const SENDING_NONE: readonly number[] = [];

export class SharedGroup implements Straggler {
  readonly tenant: string;
  readonly session: string;
  readonly #parts: SharedGroupParts;
  readonly #subscribed: Subscribed;
  readonly #share: number;
  readonly #members = new Map<Member, Joined>();
  /** Of `members`, until they change. */
  #list: readonly (readonly [Member, Joined])[] | undefined;
  /** Members whose sessions are kept. */
  #kept = 0;
  #turn = 0;
  #isAssigned = false;
  readonly #waiting: (() => void)[] = [];
  readonly #held = new Map<number, Held>();
  /** Where the group began, for partitions that nobody has read for it: with the earliest subscription. */
  #since: readonly number[] | undefined;
  /** So long the session of a member outlives its connection, at most. */
  #expiryS = 0;

  constructor(parts: SharedGroupParts) {
    const { broker, filter, tenant } = parts;
    this.tenant = tenant;
    this.session = `s:${filter}`;
    this.#share = shareOf(filter);
    this.#parts = parts;
    this.#subscribed = { subscriber: this, filter, qos: 2, noLocal: false, retainAsPublished: true, id: 0, since: [] };
    broker.subscribe(tenant, this.#subscribed);
  }

  get size(): number {
    return this.#members.size;
  }

  /** Whether the session of any member is kept. */
  get hasKept(): boolean {
    return this.#kept > 0;
  }

  /** Whether it was settled who reads what, and what this edge reads is read. */
  get isReady(): boolean {
    return this.#isAssigned && Iterator.from(this.#held.values()).every(({ isReady }) => isReady);
  }

  /** Partitions were divided among the edges. */
  assigned(): void {
    this.#isAssigned = true;
    this.#tellReady();
  }

  async whenReady(msMax: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, msMax);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
      this.#tellReady();
    });
  }

  #tellReady(): void {
    if (this.isReady) for (const go of this.#waiting.splice(0)) go();
  }

  subscriptions(): Iterable<Subscribed> {
    return [this.#subscribed];
  }

  join(member: Member, options: MemberOptions, expiryS: number): void {
    this.leave(member);
    const isKept = expiryS > 0;
    if (isKept) this.#kept++;
    this.#members.set(member, { ...options, isKept });
    this.#list = undefined;
    this.#expiryS = Math.max(this.#expiryS, expiryS);
    const before = this.#since;
    this.#since = before === undefined ? options.since : options.since.map((seq, i) => Math.min(seq, before[i] ?? seq));
    this.goOn();
  }

  leave(member: Member): void {
    if (this.#members.get(member)?.isKept === true) this.#kept--;
    this.#members.delete(member);
    this.#list = undefined;
  }

  /** Somebody has room: what was given back or not given out yet goes on. */
  goOn(): void {
    for (const [partition, held] of this.#held) {
      const { returned } = held;
      while (returned.length > 0) {
        const [message] = returned;
        if (message === undefined || !this.#give(held, message)) break;
        returned.shift();
      }
      if (!held.isResting || held.behind === undefined || returned.length > 0) continue;
      held.isResting = false;
      this.#parts.broker.catchUp.join(this, partition, held.behind);
    }
  }

  // Messages.

  take(message: TopicMessage, _delivery: Delivery): void {
    const { broker } = this.#parts;
    const inLog = message.place !== 0;
    const partition = inLog ? message.partition : topicPartitionOf(this.tenant, message.topicBytes, broker.feed.partitions);
    const held = this.#held.get(partition);
    if (held === undefined || (inLog && (!held.isReady || held.behind !== undefined))) return;
    if (this.#give(held, message) || !inLog) return;
    rest(held, message);
  }

  takeFromLog(message: TopicMessage, _delivery: Delivery): boolean {
    const held = this.#held.get(message.partition);
    if (held === undefined) return true;
    if (!held.open.has(message.place) && !this.#give(held, message)) {
      rest(held, message);
      return false;
    }
    held.behind = message.place;
    return true;
  }

  caughtUp(partition: number): void {
    const held = this.#held.get(partition);
    if (held !== undefined) held.behind = undefined;
  }

  // Partitions.

  holds(partition: number): boolean {
    return this.#held.has(partition);
  }

  /** The connection by which the log knows that this edge reads the partition; 0: it doesn't. */
  connectionIn(partition: number): number {
    return this.#held.get(partition)?.record.number ?? 0;
  }

  /** Whether it is known from where the partition is read. */
  isReading(partition: number): boolean {
    return this.#held.get(partition)?.isReady === true;
  }

  /** The sessions of partitions that are read here. */
  *open(): Generator<{ readonly session: string; readonly connection: number }> {
    for (const { isReady, record } of this.#held.values()) {
      if (isReady) yield { session: record.name.session, connection: record.number };
    }
  }

  /** Reads the partition for the group from where it was left, by whichever edge. `isFirst`: the first that is done here. */
  async hold(partition: number, isFirst: boolean): Promise<void> {
    if (this.#held.has(partition)) return;
    const { desk, logPartitions, onResumed } = this.#parts;
    const session = `${this.session}#${partition}`;
    const at = sessionPartitionOf({ tenant: this.tenant, device: undefined, clientId: session.slice(2) }, logPartitions);
    const record = desk.record({ tenant: this.tenant, device: undefined, session, partition: at });
    const held: Held = { record, isReady: false, behind: undefined, isResting: false, open: new Set(), returned: [], cursorSaid: 0 };
    this.#held.set(partition, held);
    const expiryS = Math.max(this.#expiryS, SESSION_EXPIRY_S_MAX);
    const entered = await desk.enter(record, { cleanStart: false, expiryS, keepAliveS: 0, level: 0, address: '' });
    if (this.#held.get(partition) !== held) return;
    if (entered.kind !== 'session') {
      this.#held.delete(partition);
      record.end({ reason: 0, why: 'closed', sendWill: false });
      return;
    }
    const began = placeOf((this.#since?.[partition] ?? 0) + 1, 0) - 1;
    const { cursor, resumed } = entered.state;
    if (resumed && isFirst) onResumed();
    held.isReady = true;
    held.behind = resumed ? (cursor[partition] ?? began) : began;
    held.cursorSaid = resumed ? held.behind : 0;
    this.#parts.broker.catchUp.join(this, partition, held.behind);
    this.#tellReady();
  }

  /** Another edge reads it from now on; what the log doesn't know yet. */
  letGo(partition: number): SessionChangeInit {
    const held = this.#held.get(partition);
    if (held === undefined) return {};
    const change = this.#change(partition, held);
    this.#held.delete(partition);
    return change;
  }

  /** The same, said in the log; `isOver`: nobody else has members, nor is anybody waited for. */
  giveUp(partition: number, isOver: boolean): void {
    const held = this.#held.get(partition);
    if (held === undefined) return;
    const last = this.letGo(partition);
    const expiry = isOver ? { expiryS: 0 } : this.#expiryS > SESSION_EXPIRY_S_MAX ? { expiryS: this.#expiryS } : {};
    held.record.end({ reason: 0, why: 'client', sendWill: false, ...expiry, last });
  }

  /** Says how far the group has come, where that has changed. */
  say(): void {
    for (const [partition, held] of this.#held) {
      const cursor = held.isReady ? this.#cursorOf(partition, held) : 0;
      if (cursor <= held.cursorSaid) continue;
      held.cursorSaid = cursor;
      held.record.change(
        () => this.#change(partition, held),
        () => undefined,
      );
    }
  }

  close(isOver: boolean): void {
    for (const partition of this.#held.keys()) this.giveUp(partition, isOver);
    const { broker } = this.#parts;
    broker.unsubscribe(this.tenant, this.#subscribed);
    broker.catchUp.leave(this);
  }

  #change(partition: number, held: Held): SessionChangeInit {
    const { partitions } = this.#parts.broker.feed;
    if (!held.isReady) return {};
    return { cursor: Array.from({ length: partitions }, (_, p) => (p === partition ? this.#cursorOf(partition, held) : 0)) };
  }

  #cursorOf(partition: number, held: Held): number {
    let cursor = held.behind ?? this.#parts.broker.feed.placeIn(partition);
    for (const place of held.open) cursor = Math.min(cursor, place - 1);
    return cursor;
  }

  /** To the next member that has room; false: nobody has. What nobody may have is nobody's. */
  #give(held: Held, message: TopicMessage): boolean {
    const members = (this.#list ??= [...this.#members]);
    // What is given back is open still; what nobody took must not be.
    const wasOpen = held.open.has(message.place);
    let isForNobody = true;
    for (let i = 0; i < members.length; i++) {
      const [member, options] = members[(this.#turn + i) % members.length] ?? [];
      if (member === undefined || options === undefined || !member.mayHave(message)) continue;
      isForNobody = false;
      const { id, qos, retainAsPublished } = options;
      const sending = {
        qos: Math.min(message.qos, qos),
        retain: message.retain && retainAsPublished,
        ids: id === 0 ? SENDING_NONE : [id],
      };
      if (!member.offer(message, sending, this.#ticket(held, message))) continue;
      this.#turn = (this.#turn + i + 1) % members.length;
      return true;
    }
    if (!wasOpen) held.open.delete(message.place);
    return isForNobody && members.length > 0;
  }

  #ticket(held: Held, message: TopicMessage): Ticket {
    const { partition, place } = message;
    if (place === 0) return NO_TICKET;
    held.open.add(place);
    const own = message.owned();
    return {
      share: this.#share,
      settled: () => void held.open.delete(place),
      returned: () => {
        // A partition that was let go is another edge's, and what was not settled with it.
        if (this.#held.get(partition) !== held) return;
        held.returned.push(own);
        queueMicrotask(() => this.goOn());
      },
    };
  }
}

const NO_TICKET: Ticket = { settled: () => undefined, returned: () => undefined };

/** Goes on from the message when somebody has room. */
function rest(held: Held, { place }: TopicMessage): void {
  held.behind = place - 1;
  held.isResting = true;
}
