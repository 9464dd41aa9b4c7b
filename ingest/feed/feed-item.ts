/** What the feed tells: one accepted event, or one decision that followed from one, with its place in the log. */
import { formatPosition } from '../../engine/kernel/position.ts';
import type { Decision } from '../../schemas/gen/lean.ts';

/** In the order of their bits in a mask. */
export const FEED_KINDS = ['telemetry', 'twin', 'presence', 'commands'] as const;
export type FeedKind = (typeof FEED_KINDS)[number];

/** Kinds as bits, for those who ask for every event. */
export type KindMask = number;

const MASKS: Readonly<Record<FeedKind, KindMask>> = { telemetry: 1, twin: 2, presence: 4, commands: 8 };

export function maskOf(kinds: Iterable<FeedKind>): KindMask {
  let mask = 0;
  for (const kind of kinds) mask |= MASKS[kind];
  return mask;
}

export function kindMask(kind: FeedKind): KindMask {
  return MASKS[kind];
}

/** Sections that belong to the twin as applications see it. */
const TWIN_SECTIONS: ReadonlySet<string> = new Set(['reported', 'desired', 'delta', 'tags', 'lifecycle']);

/** Undefined: the decision is no business of applications (accounts of quotas, sessions). */
export function kindOfDecision({ kind, section, saga }: Decision): FeedKind | undefined {
  // Of an application's connections nobody is told.
  if (kind === 'session') return undefined;
  if (kind === 'presence' || section === 'presence') return 'presence';
  if (saga.startsWith('command') || kind === 'command') return 'commands';
  return kind !== 'refused' && TWIN_SECTIONS.has(section) ? 'twin' : undefined;
}

/** What a decision says beside its body. */
export type DecisionFacts = Pick<
  Decision,
  'section' | 'document' | 'path' | 'oldValue' | 'newValue' | 'version' | 'saga' | 'state' | 'actor'
>;

/** Where an item is in the feed, and which event it comes from. */
export interface ItemPlace {
  readonly partition: number;
  readonly seq: number;
  readonly slot: number;
  readonly causeSeq: number;
  readonly causeIndex: number;
  readonly logMs: number;
}

export interface ItemBody {
  readonly kind: FeedKind;
  readonly tenant: string;
  readonly device: string;
  /** As it arrived, or the decision's body. A view of a whole message unless the item was kept. */
  readonly payload: Uint8Array;
  /** As `CONTENT_TYPE`. */
  readonly contentType: number;
  /** As `VIA`; 0 of decisions. */
  readonly via: number;
  readonly topic: string;
  /** Event time where the transport carried it; else it is in the payload, or there is none. */
  readonly eventMs: number | undefined;
  readonly decision: DecisionFacts | undefined;
}

/** What an item costs beside its payload, in memory, generously. */
const ITEM_OVERHEAD_BYTES = 400;

export class FeedItem implements ItemPlace, ItemBody {
  readonly partition: number;
  readonly seq: number;
  readonly slot: number;
  readonly causeSeq: number;
  readonly causeIndex: number;
  /** Log time. */
  readonly logMs: number;
  readonly kind: FeedKind;
  readonly tenant: string;
  readonly device: string;
  readonly contentType: number;
  readonly via: number;
  readonly topic: string;
  readonly eventMs: number | undefined;
  readonly decision: DecisionFacts | undefined;
  #payload: Uint8Array;
  #isKept = false;

  constructor(place: ItemPlace, body: ItemBody) {
    this.partition = place.partition;
    this.seq = place.seq;
    this.slot = place.slot;
    this.causeSeq = place.causeSeq;
    this.causeIndex = place.causeIndex;
    this.logMs = place.logMs;
    this.kind = body.kind;
    this.tenant = body.tenant;
    this.device = body.device;
    this.contentType = body.contentType;
    this.via = body.via;
    this.topic = body.topic;
    this.eventMs = body.eventMs;
    this.decision = body.decision;
    this.#payload = body.payload;
  }

  get payload(): Uint8Array {
    return this.#payload;
  }

  /** Position of the event; of a decision, that of the event that caused it. */
  get position(): string {
    return formatPosition({ partition: this.partition, seq: this.causeSeq, index: this.causeIndex });
  }

  get bytes(): number {
    return ITEM_OVERHEAD_BYTES + this.#payload.length + this.topic.length;
  }

  /** To be called by whoever holds the item beyond the call that brought it: a payload of its own, not a whole message held by it. */
  keep(): this {
    if (!this.#isKept) this.#payload = this.#payload.slice();
    this.#isKept = true;
    return this;
  }
}
