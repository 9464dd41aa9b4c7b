/**
 * What the log is told of QoS 2 messages to one client, and what is remembered of those that are settled: a session that goes on
 * must neither lose one nor send one twice. Most clients have none, and then it holds nothing.
 */
import { outgoingKey } from '../../engine/kernel/position.ts';
import type { Outgoing } from '../../schemas/gen/lean.ts';
import { OUTGOING_STATE } from '../../schemas/gen/lean.ts';
import type { MessagePlace } from '../broker/topic-message.ts';
import type { Flight } from './flights.ts';
import { placeKey, SettledAhead } from './settled-ahead.ts';

/** Of retained messages, in flight and settled; a session's state holds these beside what is settled ahead of a cursor. */
export const RETAINED_MAX = 400;

export class Qos2Book {
  /** What the log has to be told, the last of each place. */
  #changed: Map<string, Outgoing> | undefined;
  #ahead: SettledAhead | undefined;
  /** Retained messages that the client has, while others of their subscriptions are due. */
  #retainedHad: Set<string> | undefined;

  /** So much is settled ahead of a cursor that nothing more should be. */
  get isFull(): boolean {
    return this.#ahead !== undefined && this.#ahead.isFull;
  }

  get hasChanges(): boolean {
    return this.#changed !== undefined;
  }

  get retainedHad(): number {
    return this.#retainedHad?.size ?? 0;
  }

  /** Taken once. */
  takeChanges(): readonly Outgoing[] {
    const changed = this.#changed;
    this.#changed = undefined;
    return changed === undefined ? [] : [...changed.values()];
  }

  /**
   * All of it, of these in flight too, for a successor: what the log took when that had begun, the session's owner has ignored.
   */
  takeAll(flights: Iterable<Flight>): readonly Outgoing[] {
    for (const at of this.#ahead?.all() ?? []) {
      const one = { ...at, packetId: 0, state: OUTGOING_STATE.done, retained: false, share: 0 };
      if (this.#changed?.has(outgoingKey(one)) !== true) this.#note(one);
    }
    for (const flight of flights) {
      if (flight.qos !== 2 || flight.place === 0) continue;
      const isReleased = flight.state === 'releasing' || flight.state === 'released';
      this.note(flight, isReleased ? OUTGOING_STATE.released : OUTGOING_STATE.sent);
    }
    return this.takeChanges();
  }

  /** `isUnsaid`: the log may not know all of it. */
  restore(outgoing: readonly Outgoing[], isUnsaid: boolean): void {
    for (const one of outgoing) {
      if (isUnsaid) this.#note(one);
      if (one.state === OUTGOING_STATE.done) this.#remember(one);
    }
  }

  note({ isRetained: retained, packetId, partition, place, share }: Flight, state: number): void {
    this.#note({ packetId, partition, place, state, retained, share });
  }

  settled(flight: Flight): void {
    this.note(flight, OUTGOING_STATE.done);
    this.#remember({ ...flight, retained: flight.isRetained });
  }

  /** Whether the message is settled although the cursor is not there yet. */
  isSettled(partition: number, place: number): boolean {
    return this.#ahead !== undefined && this.#ahead.has(partition, place);
  }

  hasRetained({ partition, place }: MessagePlace): boolean {
    return this.#retainedHad?.has(placeKey(partition, place)) === true;
  }

  /** The cursor of the partition has passed what is up to it. */
  passed(partition: number, cursor: number): void {
    this.#ahead?.passed(partition, cursor);
  }

  /** No retained message is due to the client any more. */
  forgetRetained(): void {
    this.#retainedHad = undefined;
  }

  #note(one: Outgoing): void {
    this.#changed ??= new Map();
    this.#changed.set(outgoingKey(one), one);
  }

  /** Its group gives it to nobody again. */
  #remember({ partition, place, retained, share }: Omit<Outgoing, 'packetId' | 'state'>): void {
    if (share !== 0) return;
    if (retained) {
      this.#retainedHad ??= new Set();
      this.#retainedHad.add(placeKey(partition, place));
      return;
    }
    this.#ahead ??= new SettledAhead();
    this.#ahead.add(partition, place);
  }
}
