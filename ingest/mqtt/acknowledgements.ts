/**
 * Turns settlements into acknowledgements, for one connection: what the log stored, what it could not take, and what was
 * refused before it got there, all in the order of the PUBLISHes.
 */
import type { IntakeFailure, Receipt } from '../message.ts';
import { AckRing, STORED } from './ack-ring.ts';
import type { AckWriter } from './ack-writer.ts';
import type { MqttCounters } from './counters.ts';
import { encodeAck, type ClientLimits } from './encode.ts';
import { PACKET, REASON, type ReasonCode } from './packets.ts';
import type { Refusal } from './refusals.ts';

const PUBACK_FIRST = PACKET.PUBACK << 4;
const PUBREC_FIRST = PACKET.PUBREC << 4;
/** A refusal has its place in the writer's slab, so its text is short, and of characters that have one byte. */
const REASON_TEXT_CHARS_MAX = 96;
const NOT_PRINTABLE_ASCII = /[^\x20-\x7e]/g;
/** The tag of messages that nobody waits for. */
export const UNACKNOWLEDGED = -1;

/** One of so many messages of a connection is timed, less one; more than can be in flight, so that one time is enough. */
const SAMPLE_MASK = 127;

export interface AcknowledgementsInit {
  readonly limits: ClientLimits;
  /** Messages that may be in flight; `CLIENT_INFLIGHT_MAX` where nothing is said, and never more. */
  readonly most?: number;
  readonly counters: MqttCounters;
  /** The oldest message is settled: `write` has something to do. */
  readonly onReady: () => void;
  /** A message of QoS 2 was stored, and PUBREC says so: its identifier is in use until PUBREL. */
  readonly onReceived: (packetId: number) => void;
}

export class Acknowledgements implements Receipt {
  readonly #init: AcknowledgementsInit;
  readonly #onReady: () => void;
  readonly #ring: AckRing;
  /** By tag, for what is neither stored nor pending. */
  #refusals: Map<number, Refusal> | undefined;
  #closed = false;
  /** When the last message that is timed came. */
  #sampledAtMs = 0;

  constructor(init: AcknowledgementsInit) {
    this.#init = init;
    this.#ring = new AckRing(init.most);
    this.#onReady = init.onReady;
  }

  get inFlight(): number {
    return this.#ring.size;
  }

  get isFull(): boolean {
    return this.#ring.isFull;
  }

  /** Whether the next that `write` has to say is a PUBREC, with which a flow goes on; a PUBACK ends one. */
  get isReceiving(): boolean {
    return this.#ring.isReady && this.#ring.headIsQos2;
  }

  has(packetId: number): boolean {
    return this.#ring.has(packetId);
  }

  /** Starts to wait for a message; the tag goes with it to the intake. `partition` is that of its position; -1: it has none to tell. */
  expect(packetId: number, qos: number, partition: number): number {
    const tag = this.#ring.push(packetId, partition, qos === 2);
    if ((tag & SAMPLE_MASK) === 0) this.#sampledAtMs = performance.now();
    return tag;
  }

  /** Takes back the last `expect`. */
  unexpect(): void {
    this.#ring.unpush();
  }

  /** The connection is gone: settlements still come, and mean nothing. */
  close(): void {
    this.#closed = true;
    this.#refusals = undefined;
  }

  stored(tag: number, seq: number, index: number): void {
    this.#init.counters.stored();
    if (tag < 0 || this.#closed) return;
    this.#ring.settleStored(tag, seq, index);
    if (tag === this.#ring.headTag) this.#onReady();
  }

  failed(tag: number, failure: IntakeFailure): void {
    this.#init.counters.count(failure.code);
    const limit = failure.limit === undefined ? {} : { limit: failure.limit };
    const reason = failure.code === 'log-full' ? REASON.QUOTA_EXCEEDED : REASON.IMPLEMENTATION_SPECIFIC;
    this.settle(tag, { reason, why: failure.code, retryAfterMs: failure.retryAfterMs, ...limit });
  }

  /** A message that is refused, or that needs no storing. */
  settle(tag: number, refusal: Refusal): void {
    if (tag < 0 || this.#closed) return;
    this.#ring.settle(tag, refusal.reason);
    this.#refusals ??= new Map();
    this.#refusals.set(tag, refusal);
    if (tag === this.#ring.headTag) this.#onReady();
  }

  /**
   * Writes the settled prefix. False: the next in line was refused and the client's version has no way to be told, so the
   * connection has to end; the client sends again what was not acknowledged.
   */
  write(writer: AckWriter): boolean {
    const ring = this.#ring;
    const { limits, onReceived } = this.#init;
    while (ring.isReady) {
      if (ring.headState === STORED) {
        const isQos2 = ring.headIsQos2;
        const partition = ring.headPartition;
        writer.first = isQos2 ? PUBREC_FIRST : PUBACK_FIRST;
        if (limits.wantsProblemInfo && partition >= 0) {
          writer.positioned(ring.headId, { partition, seq: ring.headSeq, index: ring.headIndex }, limits.packetBytesMax);
        } else {
          writer.short(ring.headId);
        }
        if (isQos2) onReceived(ring.headId);
        if ((ring.headTag & SAMPLE_MASK) === 0) this.#init.counters.acknowledged(performance.now() - this.#sampledAtMs);
      } else if (!this.#writeRefusal(writer)) {
        return false;
      }
      ring.shift();
    }
    return true;
  }

  #writeRefusal(writer: AckWriter): boolean {
    const { limits } = this.#init;
    const tag = this.#ring.headTag;
    const refusal = this.#refusals?.get(tag);
    const reason: ReasonCode = refusal?.reason ?? REASON.UNSPECIFIED;
    this.#refusals?.delete(tag);
    const failed = reason >= REASON.UNSPECIFIED;
    if (limits.level === 4 && failed) return false;
    const properties: (readonly [string, string])[] = [];
    if (refusal?.limit !== undefined) properties.push(['limit', refusal.limit]);
    if (refusal?.window !== undefined) properties.push(['window', refusal.window]);
    if (refusal?.retryAfterMs !== undefined) properties.push(['retry-after-ms', String(refusal.retryAfterMs)]);
    const text = refusal?.text?.slice(0, REASON_TEXT_CHARS_MAX).replaceAll(NOT_PRINTABLE_ASCII, '?');
    const explanation = {
      ...(text === undefined ? {} : { reasonString: text }),
      ...(properties.length === 0 ? {} : { userProperties: properties }),
    };
    const first = this.#ring.headIsQos2 ? PUBREC_FIRST : PUBACK_FIRST;
    writer.packet(encodeAck(first, { packetId: this.#ring.headId, reason }, { ...limits, ...explanation }));
    return true;
  }
}
