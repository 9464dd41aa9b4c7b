/**
 * Reads the data types of MQTT (MQTT 5 §1.5) out of one packet's body. Faults stick: after the first, `fault` holds its
 * reason code and every further read answers zero or an empty span, so decoders read straight on and look once.
 */
import { Buffer } from 'node:buffer';
import { REASON, type ReasonCode } from './packets.ts';
import { isMqttText } from './utf8.ts';

const NOTHING = Buffer.alloc(0);

export class PacketReader {
  buffer: Buffer = NOTHING;
  at = 0;
  end = 0;
  /** 0 while all is well. */
  fault: ReasonCode = REASON.SUCCESS;
  /** Where the last string or binary stood; valid until the next such read. */
  start = 0;
  stop = 0;

  open(buffer: Buffer, start: number, end: number): void {
    this.buffer = buffer;
    this.at = start;
    this.end = end;
    this.fault = REASON.SUCCESS;
    this.start = start;
    this.stop = start;
  }

  /** Lets go of the packet, so that an idle reader keeps no chunk alive. */
  release(): void {
    this.buffer = NOTHING;
  }

  fail(reason: ReasonCode): void {
    if (this.fault === REASON.SUCCESS) this.fault = reason;
    this.at = this.end;
  }

  u8(): number {
    if (this.at + 1 > this.end) return this.#short();
    return this.buffer[this.at++] ?? 0;
  }

  u16(): number {
    if (this.at + 2 > this.end) return this.#short();
    const value = ((this.buffer[this.at] ?? 0) << 8) | (this.buffer[this.at + 1] ?? 0);
    this.at += 2;
    return value;
  }

  u32(): number {
    const high = this.u16();
    return high * 0x10000 + this.u16();
  }

  /** A Variable Byte Integer: at most four bytes, and never longer than needed (§1.5.5). */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.u8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0) return this.#short();
        return value;
      }
    }
    return this.#short();
  }

  /** Two bytes of length and as many bytes; leaves the span in `start` and `stop`. */
  binary(): void {
    const length = this.u16();
    if (this.at + length > this.end) this.fail(REASON.MALFORMED_PACKET);
    this.start = this.at;
    this.stop = this.fault === REASON.SUCCESS ? this.at + length : this.at;
    this.at = this.stop;
  }

  /** The same for text, checked; `names` as in `isMqttText`. */
  text(names: boolean): void {
    this.binary();
    if (!isMqttText(this.buffer, { start: this.start, end: this.stop }, names)) this.fail(REASON.MALFORMED_PACKET);
  }

  /** The last span as a string. */
  string(): string {
    return this.buffer.toString('utf8', this.start, this.stop);
  }

  /** The last span as bytes of its own. */
  bytes(): Buffer {
    return Buffer.from(this.buffer.subarray(this.start, this.stop));
  }

  /** Nothing may follow. */
  finish(): void {
    if (this.at !== this.end) this.fail(REASON.MALFORMED_PACKET);
  }

  #short(): number {
    this.fail(REASON.MALFORMED_PACKET);
    return 0;
  }
}
