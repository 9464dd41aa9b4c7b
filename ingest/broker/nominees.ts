/**
 * Which topics are worth reading: a set of the keys of all filters that somebody has (decision 0017). Most messages that a pass
 * comes by concern nobody in it, and are known by their key, without a string or an object made of them.
 */
import { filterKeyOf, keyOf, tenantSeed } from '../../engine/kernel/topic-key.ts';
import { TopicGlanceReader } from '../../schemas/gen/lean.ts';
import { tenantOf } from './topic-message.ts';

interface Nominated {
  readonly seed: number;
  readonly keys: Set<number>;
  /** A filter of the tenant has no key: every topic may be wanted. */
  isAll: boolean;
}

const glance = new TopicGlanceReader();

export class Nominees {
  readonly #tenants = new Map<string, Nominated>();

  /** The filter without its shared group. There is no way to take one back: a key too many costs only reading. */
  add(tenant: string, filter: string): void {
    let nominated = this.#tenants.get(tenant);
    if (nominated === undefined) this.#tenants.set(tenant, (nominated = { seed: tenantSeed(tenant), keys: new Set(), isAll: false }));
    const key = filterKeyOf(tenant, filter);
    if (key === undefined) nominated.isAll = true;
    else nominated.keys.add(key);
  }

  clear(): void {
    this.#tenants.clear();
  }

  /** Whether somebody may want the event in [start, end); true tells only that it's worth reading. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    if (!glanceAt(bytes, start, end)) return false;
    const nominated = this.#tenants.get(tenantOf(bytes, glance.tenantStart, glance.tenantEnd));
    if (nominated === undefined) return false;
    return nominated.isAll || nominated.keys.has(keyOf(nominated.seed, bytes, glance.topicStart, glance.topicEnd));
  }
}

const TENANT_TAG = 0x0a;
/** The topic's tag has two bytes, this and 1. */
const TOPIC_TAG = 0xb2;
const WIRE_VARINT = 0;
const WIRE_BYTES = 2;

/**
 * Leaves tenant and topic in `glance`. Of what writers of the log write, which say each of them once and the tenant first, the
 * topic is as far as it reads; anything else is left to the reader.
 */
function glanceAt(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  if (bytes[at] !== TENANT_TAG || byteAt(bytes, at + 1) >= 0x80) return glance.read(bytes, start, end);
  glance.tenantStart = at + 2;
  glance.tenantEnd = at += 2 + byteAt(bytes, at + 1);
  while (at < end) {
    const tag = byteAt(bytes, at++);
    if (tag >= 0x80 && byteAt(bytes, at++) !== 1) break;
    if ((tag & 7) === WIRE_VARINT) while (byteAt(bytes, at++) >= 0x80);
    else if ((tag & 7) !== WIRE_BYTES) break;
    else {
      let length = byteAt(bytes, at++);
      if (length >= 0x80) {
        const high = byteAt(bytes, at++);
        if (high >= 0x80) break;
        length += (high - 1) * 0x80;
      }
      if (tag === TOPIC_TAG && at + length <= end) {
        glance.topicStart = at;
        glance.topicEnd = at + length;
        return true;
      }
      at += length;
    }
  }
  return glance.read(bytes, start, end);
}

/** Beyond the bytes it is one that ends nothing. */
function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
