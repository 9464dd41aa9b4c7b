/**
 * Where sessions are kept: encoded, in blocks outside the heap, so that a hundred thousand of clients that are away cost the
 * garbage collector little; the ones that were worked with last stand by as objects. A slot is a session's number while it
 * is here. Also says which sessions a device has.
 */
import { must } from '../kernel/assert.ts';
import { decodeSession, encodeSession, type Session } from './session-state.ts';
import { Arena, BLOCK_UNITS_MAX, PAGE_UNITS_LOG2, PAGE_UNITS_MASK } from './twin-arena.ts';

/** Sessions that stand by as objects; a kilobyte or so each, and none of them is worked with for long. */
const OBJECTS_MAX = 1_024;
const UNIT_BYTES = 8;
const NO_SLOTS: readonly number[] = [];

export class SessionTable {
  readonly #slots = new Map<string, number>();
  /** By slot: the name, of none that is free. */
  readonly #names: string[] = [];
  readonly #free: number[] = [];
  readonly #arena = new Arena();
  /** By slot: address and length of the encoded session; address 0 where it isn't in the arena. */
  readonly #addresses: number[] = [];
  readonly #lengths: number[] = [];
  /** Encoded sessions that are larger than a block. */
  readonly #large = new Map<number, Uint8Array>();
  /** By slot, the one that was worked with last at the end. A session here is nowhere else. */
  readonly #objects = new Map<number, Session>();
  /** Of devices that have a session of another client id than their own: the slots of those. */
  readonly #others = new Map<string, readonly number[]>();

  get count(): number {
    return this.#slots.size;
  }

  /** Whether slot `a` stands before `b` wherever sessions are in order. */
  isBefore(a: number, b: number): boolean {
    return (this.#names[a] ?? '') < (this.#names[b] ?? '');
  }

  /** -1 where there is none. */
  find(tenant: string, session: string): number {
    return this.#slots.get(nameOf(tenant, session)) ?? -1;
  }

  /** To be worked with and changed in place, until the next call of this table. */
  take(slot: number): Session {
    const known = this.#objects.get(slot);
    if (known !== undefined) {
      this.#objects.delete(slot);
      this.#objects.set(slot, known);
      return known;
    }
    const session = this.#read(slot);
    this.#release(slot);
    this.#stand(slot, session);
    return session;
  }

  /** To be looked at only. */
  look(slot: number): Session {
    return this.#objects.get(slot) ?? this.#read(slot);
  }

  /** Encoded, in bytes of its own. */
  bytes(slot: number): Uint8Array<ArrayBuffer> {
    const session = this.#objects.get(slot);
    return session === undefined ? this.#encoded(slot).slice() : encodeSession(session);
  }

  /** Puts a session where another one of its name was, or none; answers its slot. */
  put(session: Session): number {
    const known = this.find(session.tenant, session.session);
    if (known >= 0) {
      if (!this.#objects.has(known)) this.#release(known);
      this.#stand(known, session);
      return known;
    }
    const slot = this.#add(session);
    this.#stand(slot, session);
    return slot;
  }

  /** Takes in an encoded session, which must not be here yet. */
  restore(session: Session, encoded: Uint8Array): number {
    const slot = this.#add(session);
    this.#keep(slot, encoded);
    return slot;
  }

  remove(slot: number): void {
    const { device, session, tenant } = this.look(slot);
    if (!this.#objects.delete(slot)) this.#release(slot);
    const name = nameOf(tenant, session);
    this.#slots.delete(name);
    this.#names[slot] = '';
    this.#free.push(slot);
    if (device === '' || session === ownSession(device)) return;
    const owner = nameOf(tenant, device);
    const left = (this.#others.get(owner) ?? NO_SLOTS).filter((other) => other !== slot);
    if (left.length === 0) this.#others.delete(owner);
    else this.#others.set(owner, left);
  }

  /** In the order of their names. */
  ofDevice(tenant: string, device: string): readonly number[] {
    const own = this.find(tenant, ownSession(device));
    const others = this.#others.get(nameOf(tenant, device)) ?? NO_SLOTS;
    if (others.length === 0) return own < 0 ? NO_SLOTS : [own];
    return (own < 0 ? [...others] : [own, ...others]).toSorted((a, b) => (this.isBefore(a, b) ? -1 : 1));
  }

  /** All, in the order of their names. */
  sorted(): readonly number[] {
    return [...this.#slots.values()].toSorted((a, b) => (this.isBefore(a, b) ? -1 : 1));
  }

  #add({ device, session, tenant }: Session): number {
    const slot = this.#free.pop() ?? this.#names.length;
    const name = nameOf(tenant, session);
    this.#slots.set(name, slot);
    this.#names[slot] = name;
    this.#addresses[slot] = 0;
    this.#lengths[slot] = 0;
    if (device !== '' && session !== ownSession(device)) {
      const owner = nameOf(tenant, device);
      this.#others.set(owner, [...(this.#others.get(owner) ?? NO_SLOTS), slot]);
    }
    return slot;
  }

  #stand(slot: number, session: Session): void {
    this.#objects.delete(slot);
    this.#objects.set(slot, session);
    if (this.#objects.size <= OBJECTS_MAX) return;
    for (const [oldest, object] of this.#objects) {
      this.#objects.delete(oldest);
      this.#keep(oldest, encodeSession(object));
      return;
    }
  }

  #read(slot: number): Session {
    return must(decodeSession(this.#encoded(slot)), `session ${this.#names[slot]}`);
  }

  #encoded(slot: number): Uint8Array {
    const address = this.#addresses[slot] as number;
    if (address === 0) return must(this.#large.get(slot), `session ${this.#names[slot]}`);
    const start = (address & PAGE_UNITS_MASK) * UNIT_BYTES;
    return (this.#arena.bytes[address >>> PAGE_UNITS_LOG2] as Uint8Array).subarray(start, start + (this.#lengths[slot] as number));
  }

  #keep(slot: number, encoded: Uint8Array): void {
    const units = unitsOf(encoded.length);
    if (units > BLOCK_UNITS_MAX) {
      this.#large.set(slot, encoded.slice());
      return;
    }
    const address = this.#arena.allocate(units);
    this.#addresses[slot] = address;
    this.#lengths[slot] = encoded.length;
    (this.#arena.bytes[address >>> PAGE_UNITS_LOG2] as Uint8Array).set(encoded, (address & PAGE_UNITS_MASK) * UNIT_BYTES);
  }

  #release(slot: number): void {
    const address = this.#addresses[slot] as number;
    if (address !== 0) {
      // What a device's clients said must not outlive it here.
      this.#encoded(slot).fill(0);
      this.#arena.release(address, unitsOf(this.#lengths[slot] as number));
    }
    this.#addresses[slot] = 0;
    this.#large.delete(slot);
  }
}

/** Ids of tenants and devices hold no slash. */
function nameOf(tenant: string, session: string): string {
  return `${tenant}/${session}`;
}

/** Of a device's client that calls itself as the device. */
function ownSession(device: string): string {
  return `d:${device}`;
}

function unitsOf(length: number): number {
  return Math.ceil(length / UNIT_BYTES);
}
