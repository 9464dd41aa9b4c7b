/**
 * Writes the PUBACKs and PUBRECs of stored messages into a slab shared by all connections: no allocation a message, one span and one
 * socket write a connection and flush. What a socket has taken at once is written over; what it holds is its own.
 */
import { Buffer } from 'node:buffer';
import { assert } from '../../engine/kernel/assert.ts';
import { CLIENT_INFLIGHT_MAX } from '../../engine/kernel/limits.ts';
import { PACKET, REASON } from './packets.ts';
import { PROPERTY } from './properties.ts';

const SLAB_BYTES = 64 * 1024;
const PUBACK_FIRST = PACKET.PUBACK << 4;
const SHORT_ACK_BYTES = 4;
/** `position` and its two lengths, the property's id and length, reason code, identifier and fixed header. */
const POSITION_NAME = Buffer.from('position', 'latin1');
const POSITION_FIXED_BYTES = 2 + 2 + 1 + 1 + 1 + 2 + POSITION_NAME.length + 2;
/** `<partition>.<sequence>.<index>` of 5, 16 and 6 digits. */
const POSITION_TEXT_BYTES_MAX = 29;
/** The largest PUBACK of a refusal, with its limit, window and retry time. */
const REFUSAL_BYTES_MAX = 256;
/** What one connection can have settled at once. */
const RESERVE_BYTES = CLIENT_INFLIGHT_MAX * Math.max(REFUSAL_BYTES_MAX, POSITION_FIXED_BYTES + POSITION_TEXT_BYTES_MAX);

export interface StoredAt {
  readonly partition: number;
  readonly seq: number;
  readonly index: number;
}

export class AckWriter {
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #start = 0;
  #at = 0;
  /** The acknowledgement that most devices get, without a new view a time. */
  #single = Buffer.allocUnsafeSlow(SHORT_ACK_BYTES);
  /** The first byte of what `short` and `positioned` write. */
  first: number = PUBACK_FIRST;

  /** A connection's acks begin here. */
  begin(): void {
    if (this.#at + RESERVE_BYTES > SLAB_BYTES) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.#at = 0;
    }
    this.#start = this.#at;
  }

  get isEmpty(): boolean {
    return this.#at === this.#start;
  }

  /** What was written since `begin`, to be given back by `free` or left with the socket by `leave`. */
  take(): Buffer {
    const slab = this.#slab;
    const start = this.#start;
    if (this.#at - start !== SHORT_ACK_BYTES) return slab.subarray(start, this.#at);
    const single = this.#single;
    for (let i = 0; i < SHORT_ACK_BYTES; i++) single[i] = slab[start + i] ?? 0;
    return single;
  }

  /** The socket has written what was taken. */
  free(): void {
    this.#at = this.#start;
  }

  /** The socket holds what was taken. */
  leave(): void {
    this.#single = Buffer.allocUnsafeSlow(SHORT_ACK_BYTES);
  }

  /** Four bytes: success needs no reason code in either version (MQTT 5 §3.4.2.1). */
  short(packetId: number): void {
    const slab = this.#slab;
    const at = this.#at;
    slab[at] = this.first;
    slab[at + 1] = 2;
    slab[at + 2] = packetId >> 8;
    slab[at + 3] = packetId & 0xff;
    this.#at = at + SHORT_ACK_BYTES;
  }

  /** With the user property `position`, or without where that is larger than the client takes. */
  positioned(packetId: number, position: StoredAt, packetBytesMax: number): void {
    const slab = this.#slab;
    const begin = this.#at;
    const text = begin + POSITION_FIXED_BYTES;
    let at = this.#digits(text, position.partition);
    slab[at++] = 0x2e;
    at = this.#digits(at, position.seq);
    slab[at++] = 0x2e;
    at = this.#digits(at, position.index);
    if (at - begin > packetBytesMax) {
      this.short(packetId);
      return;
    }
    const textBytes = at - text;
    slab[begin] = this.first;
    slab[begin + 1] = at - begin - 2;
    slab[begin + 2] = packetId >> 8;
    slab[begin + 3] = packetId & 0xff;
    slab[begin + 4] = REASON.SUCCESS;
    slab[begin + 5] = at - begin - 6;
    slab[begin + 6] = PROPERTY.USER_PROPERTY;
    slab[begin + 7] = 0;
    slab[begin + 8] = POSITION_NAME.length;
    slab.set(POSITION_NAME, begin + 9);
    slab[text - 2] = 0;
    slab[text - 1] = textBytes;
    this.#at = at;
  }

  /** A packet written elsewhere, of at most `REFUSAL_BYTES_MAX`. */
  packet(bytes: Buffer): void {
    assert(bytes.length <= REFUSAL_BYTES_MAX, 'an acknowledgement outgrew its reserve');
    bytes.copy(this.#slab, this.#at);
    this.#at += bytes.length;
  }

  /** Decimal digits of a non-negative safe integer; returns where they end. */
  #digits(at: number, value: number): number {
    let digits = 1;
    for (let limit = 10; value >= limit && digits < 17; limit *= 10) digits++;
    let rest = value;
    for (let i = at + digits - 1; i >= at; i--) {
      const tens = Math.floor(rest / 10);
      this.#slab[i] = 0x30 + (rest - tens * 10);
      rest = tens;
    }
    return at + digits;
  }
}
