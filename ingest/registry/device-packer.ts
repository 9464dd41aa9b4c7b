/** Packs devices' entries: see `packed-device.ts` for how. */
import {
  ROW,
  TIME_BYTES,
  TIME_MAX,
  STATES,
  DELETED,
  REUSE,
  TYPES,
  HAS_NOT_BEFORE,
  HAS_NOT_AFTER,
  HAS_REVOKED,
  SAME_CREATED,
  DIGEST_BYTES,
  ABSENT,
  DIGEST,
  TEXT_FROM,
  type SharedTexts,
  tagText,
} from './packed-device.ts';
import type { CredentialEntry, DeviceEntry, Tags } from './entries.ts';

/** Writes into one buffer, which grows; what it answers is good until the next `pack`. */
export class DevicePacker {
  readonly #texts: SharedTexts;
  #bytes = Buffer.alloc(1_024);
  #at = 0;

  constructor(texts: SharedTexts) {
    this.#texts = texts;
  }

  pack(entry: DeviceEntry, row: number, seq: number): Buffer {
    this.#at = ROW;
    this.#number(row, 4);
    this.#number(seq, TIME_BYTES);
    const state = Math.max(0, STATES.indexOf(entry.state));
    this.#number(state | (entry.deletedMs === undefined ? 0 : DELETED) | (entry.reuse === true ? REUSE : 0), 1);
    this.#time(entry.createdMs);
    this.#short(entry.id);
    this.#shared(entry.group);
    this.#tags(entry.tags);
    this.#shared(entry.model);
    this.#shared(entry.policy === undefined ? undefined : JSON.stringify(entry.policy));
    this.#shared(entry.limits === undefined ? undefined : JSON.stringify(entry.limits));
    if (entry.deletedMs !== undefined) this.#time(entry.deletedMs);
    this.#varint(entry.externalIds.length);
    for (const name of entry.externalIds) this.#long(name);
    this.#varint(entry.credentials.length);
    for (const credential of entry.credentials) this.#credential(credential, entry.createdMs);
    const length = this.#at;
    this.#bytes.writeUIntLE(length, 0, ROW);
    return this.#bytes.subarray(0, length);
  }

  #credential(entry: CredentialEntry, deviceCreatedMs: number): void {
    const isSame = entry.createdMs === deviceCreatedMs;
    this.#number(
      Math.max(0, TYPES.indexOf(entry.type)) |
        (entry.notBeforeMs === undefined ? 0 : HAS_NOT_BEFORE) |
        (entry.notAfterMs === undefined ? 0 : HAS_NOT_AFTER) |
        (entry.revokedMs === undefined ? 0 : HAS_REVOKED) |
        (isSame ? SAME_CREATED : 0),
      1,
    );
    this.#short(entry.id);
    if (!isSame) this.#time(entry.createdMs);
    if (entry.notBeforeMs !== undefined) this.#time(entry.notBeforeMs);
    if (entry.notAfterMs !== undefined) this.#time(entry.notAfterMs);
    if (entry.revokedMs !== undefined) this.#time(entry.revokedMs);
    this.#digest(entry.hash, 'base64url');
    this.#digest(entry.fingerprint, 'hex');
    this.#digest(entry.spki, 'base64');
    this.#digest(entry.sealed, 'base64');
  }

  #tags(tags: Tags | undefined): void {
    if (tags === undefined) return this.#varint(0);
    const keys = Object.keys(tags);
    this.#varint(keys.length + 1);
    for (const key of keys) {
      const text = tagText(key, tags[key]);
      const number = this.#texts.number(text);
      this.#varint(number);
      if (number === 0) this.#long(text);
    }
  }

  /** A number, or 0 and then 0 for none, or 0 and the text where no number is left. */
  #shared(text: string | undefined): void {
    const number = text === undefined ? 0 : this.#texts.number(text);
    this.#varint(number);
    if (number === 0) this.#long(text ?? '');
  }

  #digest(text: string | undefined, encoding: 'base64url' | 'base64' | 'hex'): void {
    if (text === undefined) return this.#varint(ABSENT);
    const bytes = Buffer.from(text, encoding);
    if (bytes.length === DIGEST_BYTES && bytes.toString(encoding) === text) {
      this.#varint(DIGEST);
      this.#room(DIGEST_BYTES);
      this.#at += bytes.copy(this.#bytes, this.#at);
      return;
    }
    this.#varint(TEXT_FROM);
    this.#long(text);
  }

  #short(text: string): void {
    const bytes = Buffer.byteLength(text);
    this.#number(bytes, 1);
    this.#room(bytes);
    this.#at += this.#bytes.write(text, this.#at);
  }

  #long(text: string): void {
    const bytes = Buffer.byteLength(text);
    this.#varint(bytes);
    this.#room(bytes);
    this.#at += this.#bytes.write(text, this.#at);
  }

  #varint(value: number): void {
    let rest = value;
    this.#room(5);
    while (rest >= 0x80) {
      this.#bytes[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  #time(ms: number): void {
    this.#number(Math.min(TIME_MAX, Math.max(0, Math.trunc(ms))), TIME_BYTES);
  }

  #number(value: number, bytes: number): void {
    this.#room(bytes);
    this.#at = this.#bytes.writeUIntLE(value, this.#at, bytes);
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const wider = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#at + bytes));
    this.#bytes.copy(wider);
    this.#bytes = wider;
  }
}
