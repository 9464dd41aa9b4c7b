/**
 * QoS 2 towards us: identifiers in use from PUBREC until PUBREL (MQTT 5 §4.3.3). Of a session that is kept, the log hears of
 * each PUBREL before its answer: whoever goes on with the session must not take the identifier for one in use.
 */
import type { ConnectionRecord } from '../broker/connection-record.ts';
import { encodeAck } from './encode.ts';
import type { Line } from './line.ts';
import { FIRST_BYTE, REASON, type ReasonCode } from './packets.ts';

/**
 * A 3.1.1 client can't be told how many it may have in use, and its PUBRELs stand behind the PUBLISHes it has written: waiting
 * for them would be waiting for ever. So it may have as many as some 200 KB hold; who has more is sent away.
 */
const IN_USE_MAX = 8_192;

export interface ReceivingParts {
  readonly line: Line;
  readonly record: ConnectionRecord;
  readonly isKept: boolean;
  /** Messages that a client of MQTT 5 may have in use. */
  readonly most: number;
}

export class Receiving {
  readonly #parts: ReceivingParts;
  #ids: Set<number> | undefined;
  /** Of those, the ones whose PUBREL the log is told of. */
  #releasing: Set<number> | undefined;
  /** Of `ids`, those of connections before: a client counts what it sends on this one (MQTT 5 §4.9). */
  #restored: Set<number> | undefined;
  #isClosed = false;

  constructor(parts: ReceivingParts) {
    this.#parts = parts;
  }

  /** Whether the client has as many messages in use as it may; `waiting` are those without PUBACK or PUBREC. */
  isFull(waiting: number): boolean {
    const { line, most } = this.#parts;
    const inUse = waiting + (this.#ids?.size ?? 0);
    return inUse >= IN_USE_MAX || (line.limits.level === 5 && inUse - (this.#restored?.size ?? 0) >= most);
  }

  has(packetId: number): boolean {
    return this.#ids?.has(packetId) === true;
  }

  /** The message is stored, and PUBREC says so. */
  received(packetId: number): void {
    (this.#ids ??= new Set()).add(packetId);
  }

  /** What a session that goes on has in use. */
  restore(packetIds: readonly number[]): void {
    if (packetIds.length === 0) return;
    this.#ids = new Set(packetIds);
    this.#restored = new Set(packetIds);
  }

  /** Its PUBREC was lost, or is on its way: nothing is stored a second time (MQTT-4.3.3-10). */
  again(packetId: number): true {
    const { line } = this.#parts;
    line.send(encodeAck(FIRST_BYTE.PUBREC, { packetId, reason: REASON.SUCCESS }, line.limits));
    return true;
  }

  /** PUBREL. */
  released(packetId: number): void {
    const { isKept, line, record } = this.#parts;
    if (!this.has(packetId)) {
      this.#complete(packetId, REASON.PACKET_ID_NOT_FOUND);
      return;
    }
    if (!isKept) {
      this.#forget(packetId);
      this.#complete(packetId, REASON.SUCCESS);
      return;
    }
    // A PUBREL that comes again meanwhile has the same answer.
    const releasing = (this.#releasing ??= new Set());
    if (releasing.has(packetId)) return;
    releasing.add(packetId);
    record.change(
      () => ({ released: [packetId] }),
      (isStored) => {
        releasing.delete(packetId);
        if (this.#isClosed) return;
        if (!isStored) {
          line.end(REASON.QUOTA_EXCEEDED, 'log-unavailable');
          return;
        }
        this.#forget(packetId);
        this.#complete(packetId, REASON.SUCCESS);
      },
    );
  }

  /** The connection is over: what comes from the log means nothing any more. */
  close(): void {
    this.#isClosed = true;
  }

  #forget(packetId: number): void {
    this.#ids?.delete(packetId);
    this.#restored?.delete(packetId);
  }

  #complete(packetId: number, reason: ReasonCode): void {
    const { line } = this.#parts;
    line.send(encodeAck(FIRST_BYTE.PUBCOMP, { packetId, reason }, line.limits));
  }
}
