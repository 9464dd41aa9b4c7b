/** Looks into packed devices: see `packed-device.ts` for how they are. */
import type { LimitsDoc } from '../../engine/domain/limits-doc.ts';
import type { PolicyDoc } from '../../engine/domain/policy.ts';
import { fnv1a32Bytes } from '../../engine/kernel/partition.ts';
import {
  ROW,
  SEQ,
  FLAGS,
  CREATED,
  ID_LENGTH,
  ID_START,
  TIME_BYTES,
  STATES,
  STATE_MASK,
  DELETED,
  REUSE,
  TYPES,
  TYPE_MASK,
  HAS_NOT_BEFORE,
  HAS_NOT_AFTER,
  HAS_REVOKED,
  SAME_CREATED,
  DIGEST_BYTES,
  ABSENT,
  DIGEST,
  type SharedTexts,
} from './packed-device.ts';
import type { CredentialEntry, DeviceEntry, DeviceState, Tags } from './entries.ts';

/** Looks into packed devices. One of it is moved from device to device, so that a search makes no objects. */
export class DeviceView {
  readonly #texts: SharedTexts;
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #at = 0;

  constructor(texts: SharedTexts) {
    this.#texts = texts;
  }

  open(bytes: Buffer, start: number): this {
    this.#bytes = bytes;
    this.#start = start;
    return this;
  }

  length(): number {
    return this.#bytes.readUIntLE(this.#start, ROW);
  }

  row(): number {
    return this.#bytes.readUInt32LE(this.#start + ROW);
  }

  seq(): number {
    return this.#bytes.readUIntLE(this.#start + SEQ, TIME_BYTES);
  }

  isDeleted(): boolean {
    return ((this.#bytes[this.#start + FLAGS] ?? 0) & DELETED) !== 0;
  }

  state(): DeviceState | undefined {
    return STATES[(this.#bytes[this.#start + FLAGS] ?? 0) & STATE_MASK];
  }

  isId(id: string): boolean {
    const start = this.#start + ID_START;
    if (this.#bytes[this.#start + ID_LENGTH] !== id.length) return false;
    for (let i = 0; i < id.length; i++) if (this.#bytes[start + i] !== id.charCodeAt(i)) return false;
    return true;
  }

  hasPrefix(prefix: string): boolean {
    const start = this.#start + ID_START;
    if ((this.#bytes[this.#start + ID_LENGTH] ?? 0) < prefix.length) return false;
    for (let i = 0; i < prefix.length; i++) if (this.#bytes[start + i] !== prefix.charCodeAt(i)) return false;
    return true;
  }

  id(): string {
    const start = this.#start + ID_START;
    return this.#bytes.toString('latin1', start, start + (this.#bytes[this.#start + ID_LENGTH] ?? 0));
  }

  group(): string | undefined {
    this.#toGroup();
    return this.#readShared();
  }

  /** `number` is that of `text`, 0 when it has none. */
  isInGroup(text: string, number: number): boolean {
    this.#toGroup();
    const found = this.#varint();
    return found === 0 ? number === 0 && this.#long() === text : found === number;
  }

  hasTag(text: string, number: number): boolean {
    this.#toGroup();
    if (this.#varint() === 0) this.#skipLong();
    for (let left = this.#varint() - 1; left > 0; left--) {
      const found = this.#varint();
      if (found === 0 ? this.#long() === text : found === number) return true;
    }
    return false;
  }

  /** `name` is UTF-8. */
  hasExternal(name: Uint8Array): boolean {
    this.#toExternals();
    for (let left = this.#varint(); left > 0; left--) {
      const length = this.#varint();
      if (length === name.length && this.#bytes.compare(name, 0, length, this.#at, this.#at + length) === 0) return true;
      this.#at += length;
    }
    return false;
  }

  externalHashes(): readonly number[] {
    this.#toExternals();
    const hashes: number[] = [];
    for (let left = this.#varint(); left > 0; left--) {
      const length = this.#varint();
      hashes.push(fnv1a32Bytes(this.#bytes, { start: this.#at, end: this.#at + length }));
      this.#at += length;
    }
    return hashes;
  }

  entry(tenant: string): DeviceEntry {
    const bytes = this.#bytes;
    const flags = bytes[this.#start + FLAGS] ?? 0;
    const createdMs = bytes.readUIntLE(this.#start + CREATED, TIME_BYTES);
    const state = STATES[flags & STATE_MASK];
    const group = this.group();
    const tags = this.#readTags();
    const model = this.#readShared();
    const policy = this.#readShared();
    const limits = this.#readShared();
    const deletedMs = (flags & DELETED) === 0 ? undefined : this.#time();
    return {
      kind: 'device',
      tenant,
      id: this.id(),
      ...(state === undefined ? {} : { state }),
      externalIds: Array.from({ length: this.#varint() }, () => this.#long()),
      ...(group === undefined ? {} : { group }),
      ...(model === undefined ? {} : { model }),
      ...(tags === undefined ? {} : { tags }),
      ...(policy === undefined ? {} : { policy: JSON.parse(policy) as PolicyDoc }),
      ...(limits === undefined ? {} : { limits: JSON.parse(limits) as LimitsDoc }),
      createdMs,
      ...(deletedMs === undefined ? {} : { deletedMs }),
      ...((flags & REUSE) === 0 ? {} : { reuse: true }),
      credentials: Array.from({ length: this.#varint() }, () => this.#credential(createdMs)),
    };
  }

  #credential(deviceCreatedMs: number): CredentialEntry {
    const flags = this.#bytes[this.#at++] ?? 0;
    const type = TYPES[flags & TYPE_MASK];
    const id = this.#text(this.#bytes[this.#at++] ?? 0);
    const createdMs = (flags & SAME_CREATED) === 0 ? this.#time() : deviceCreatedMs;
    const notBeforeMs = (flags & HAS_NOT_BEFORE) === 0 ? undefined : this.#time();
    const notAfterMs = (flags & HAS_NOT_AFTER) === 0 ? undefined : this.#time();
    const revokedMs = (flags & HAS_REVOKED) === 0 ? undefined : this.#time();
    const hash = this.#digest('base64url');
    const fingerprint = this.#digest('hex');
    const spki = this.#digest('base64');
    const sealed = this.#digest('base64');
    return {
      id,
      ...(type === undefined ? {} : { type }),
      ...(hash === undefined ? {} : { hash }),
      ...(fingerprint === undefined ? {} : { fingerprint }),
      ...(spki === undefined ? {} : { spki }),
      ...(sealed === undefined ? {} : { sealed }),
      createdMs,
      ...(notBeforeMs === undefined ? {} : { notBeforeMs }),
      ...(notAfterMs === undefined ? {} : { notAfterMs }),
      ...(revokedMs === undefined ? {} : { revokedMs }),
    };
  }

  #readTags(): Tags | undefined {
    const count = this.#varint();
    if (count === 0) return undefined;
    const tags: [string, unknown][] = [];
    for (let left = count - 1; left > 0; left--) {
      const number = this.#varint();
      tags.push(JSON.parse(number === 0 ? this.#long() : this.#texts.text(number)) as [string, unknown]);
    }
    return Object.fromEntries(tags);
  }

  #digest(encoding: 'base64url' | 'base64' | 'hex'): string | undefined {
    const kind = this.#varint();
    if (kind === ABSENT) return undefined;
    if (kind !== DIGEST) return this.#long();
    this.#at += DIGEST_BYTES;
    return this.#bytes.toString(encoding, this.#at - DIGEST_BYTES, this.#at);
  }

  #toExternals(): void {
    this.#toGroup();
    this.#skipShared();
    for (let left = this.#varint() - 1; left > 0; left--) this.#skipShared();
    this.#skipShared();
    this.#skipShared();
    this.#skipShared();
    if (this.isDeleted()) this.#at += TIME_BYTES;
  }

  #toGroup(): void {
    this.#at = this.#start + ID_START + (this.#bytes[this.#start + ID_LENGTH] ?? 0);
  }

  #readShared(): string | undefined {
    const number = this.#varint();
    if (number !== 0) return this.#texts.text(number);
    const text = this.#long();
    return text === '' ? undefined : text;
  }

  #skipShared(): void {
    if (this.#varint() === 0) this.#skipLong();
  }

  #skipLong(): void {
    const length = this.#varint();
    this.#at += length;
  }

  #long(): string {
    return this.#text(this.#varint());
  }

  #text(bytes: number): string {
    this.#at += bytes;
    return this.#bytes.toString('utf8', this.#at - bytes, this.#at);
  }

  #time(): number {
    this.#at += TIME_BYTES;
    return this.#bytes.readUIntLE(this.#at - TIME_BYTES, TIME_BYTES);
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.#at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }
}
