/**
 * How a device's entry is packed into a few dozen bytes, so that an edge can hold a million of them: what a search looks at
 * comes first, what is said of many devices (a group, a model, a tag) is a number, and secrets' hashes are raw bytes.
 * Nothing of the entry is lost but who decided it: that stays in the log.
 *
 * Layout: length (3), row (4), sequence (6), flags (1), created (6), id length (1), id; then group, tags, model, policy,
 * limits, time of deletion, external ids and credentials, as far as there are any.
 */
import type { CredentialEntry, DeviceState } from './entries.ts';

export const ROW = 3;
export const SEQ = 7;
export const FLAGS = 13;
export const CREATED = 14;
export const ID_LENGTH = 20;
export const ID_START = 21;
/** Milliseconds since the epoch, to the year 10889. */
export const TIME_BYTES = 6;
export const TIME_MAX = 2 ** 48 - 1;

export const STATES: readonly (DeviceState | undefined)[] = [undefined, 'registered', 'active', 'disabled', 'decommissioned'];
export const STATE_MASK = 0x07;
export const DELETED = 0x08;
export const REUSE = 0x10;

export const TYPES: readonly CredentialEntry['type'][] = [undefined, 'token', 'x509', 'psk'];
export const TYPE_MASK = 0x03;
export const HAS_NOT_BEFORE = 0x04;
export const HAS_NOT_AFTER = 0x08;
export const HAS_REVOKED = 0x10;
/** Made together with the device. */
export const SAME_CREATED = 0x20;

/** Bytes of a SHA-256, which are written as such; all else is text with its length. */
export const DIGEST_BYTES = 32;
export const ABSENT = 0;
export const DIGEST = 1;
export const TEXT_FROM = 2;

/** Distinct texts that a tenant's devices share; tags beyond it are kept in each device. About 150 bytes each. */
export const SHARED_TEXTS_MAX = 16_384;

/** Texts that many devices have in common, by number; 0 is none. Never forgotten, so a number stays good. */
export class SharedTexts {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [''];

  /** 0: there are too many already. */
  number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    if (this.#texts.length > SHARED_TEXTS_MAX) return 0;
    this.#numbers.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }

  /** Without adding it. */
  known(text: string): number {
    return this.#numbers.get(text) ?? 0;
  }

  text(number: number): string {
    return this.#texts[number] ?? '';
  }
}

/** Key and value as the text that is shared; values are JSON, so 1 and "1" differ. */
export function tagText(key: string, value: unknown): string {
  return JSON.stringify([key, value]);
}
