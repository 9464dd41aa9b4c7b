/**
 * What happens to connections and sessions, appended to the input log: events of the session's partition, in the order in
 * which they are said. Nothing is lost for want of room: what a full lane doesn't take waits here, in order.
 */
import type { SessionChangeInit, ConnectedInit, DisconnectedInit } from '../../schemas/gen/lean.ts';
import { encodeConnected, encodeDisconnected, encodeEdgeGone, encodeSessionChange } from '../../schemas/gen/lean.ts';
import { encodeEventPrefix, KIND, VIA } from '../../schemas/envelope.ts';
import { placeOf } from '../../engine/kernel/position.ts';
import type { EventDraft, Intake, Receipt } from '../message.ts';

export interface SessionName {
  readonly tenant: string;
  /** Undefined: an application's. */
  readonly device: string | undefined;
  /** As `Event.session`. */
  readonly session: string;
  readonly partition: number;
  /** Who speaks for the device. */
  readonly gateway?: string;
  readonly via?: (typeof VIA)[keyof typeof VIA];
}

/** `place`: where the event stands, or a copy of it; undefined: it isn't stored. */
export type SessionSaid = (place: number | undefined, mayBeCopy: boolean) => void;

interface Waiting {
  readonly partition: number;
  readonly prefix: Uint8Array;
  readonly payload: Uint8Array;
  readonly urgent: boolean;
  readonly said: SessionSaid;
}

/** What waits for room, with the log away: beyond it no new connections are to be made, so that a storm of them is not kept. */
const CROWDED_BYTES = 16 * 1024 * 1024;
/** Of an event that waits, beside its bytes. */
const WAITING_BYTES = 256;
const NO_BYTES = new Uint8Array(0);

export class SessionLog implements Receipt {
  readonly #intake: Intake;
  readonly #said = new Map<number, SessionSaid>();
  readonly #waiting: Waiting[][];
  readonly #draft: EventDraft = { partition: 0, prefix: NO_BYTES, extra: NO_BYTES, payload: NO_BYTES, start: 0, end: 0, urgent: false };
  #tag = 0;
  #waitingBytes = 0;

  constructor(intake: Intake) {
    this.#intake = intake;
    this.#waiting = Array.from({ length: intake.partitions }, () => []);
  }

  connected(name: SessionName, connected: ConnectedInit, said: SessionSaid): void {
    this.#say(prefixOf(name, KIND.connected, 0), encodeConnected(connected), { name, urgent: true, said });
  }

  /** `connection` is 0 where its number is not known yet; `disconnected` names it by the edge's own. */
  disconnected(name: SessionName, connection: number, { disconnected, said }: { disconnected: DisconnectedInit; said: SessionSaid }): void {
    this.#say(prefixOf(name, KIND.disconnected, connection), encodeDisconnected(disconnected), { name, urgent: false, said });
  }

  changed(name: SessionName, connection: number, { change, said }: { change: SessionChangeInit; said: SessionSaid }): void {
    this.#say(prefixOf(name, KIND.session, connection), encodeSessionChange(change), { name, urgent: true, said });
  }

  /** The edge ends, and says so in every partition: whatever it still holds is disconnected at once, and no will is sent. */
  drained(edgeEpoch: number): void {
    const prefix = encodeEventPrefix({ kind: KIND.edgeGone, via: VIA.internal });
    const payload = encodeEdgeGone({ edgeEpoch, drained: true });
    for (let partition = 0; partition < this.#intake.partitions; partition++) {
      this.#put({ partition, prefix, payload, urgent: true, said: () => undefined });
    }
  }

  get isCrowded(): boolean {
    return this.#waitingBytes > CROWDED_BYTES;
  }

  /** Events that are on their way or wait for room. */
  get pending(): number {
    return this.#said.size + this.#waiting.reduce((sum, waiting) => sum + waiting.length, 0);
  }

  // oxlint-disable-next-line max-params -- as `Receipt` has it
  stored(tag: number, seq: number, index: number, mayBeTwice = false): void {
    this.#settle(tag, (said) => said(placeOf(seq, index), mayBeTwice));
  }

  failed(tag: number): void {
    this.#settle(tag, (said) => said(undefined, false));
  }

  #settle(tag: number, tell: (said: SessionSaid) => void): void {
    const said = this.#said.get(tag);
    this.#said.delete(tag);
    if (said !== undefined) tell(said);
  }

  #say(prefix: Uint8Array, payload: Uint8Array, about: { name: SessionName; urgent: boolean; said: SessionSaid }): void {
    const { name, said, urgent } = about;
    this.#put({ partition: name.partition, prefix, payload, urgent, said });
  }

  #put(event: Waiting): void {
    const { partition } = event;
    const waiting = this.#waiting[partition] ?? [];
    if (waiting.length === 0 && this.#offer(event)) return;
    this.#waitingBytes += bytesOf(event);
    if (waiting.push(event) === 1) this.#intake.whenRoom(partition, () => this.#goOn(partition));
  }

  #goOn(partition: number): void {
    const waiting = this.#waiting[partition] ?? [];
    let taken = 0;
    for (const event of waiting) {
      if (!this.#offer(event)) break;
      taken++;
      this.#waitingBytes -= bytesOf(event);
    }
    waiting.splice(0, taken);
    if (waiting.length > 0) this.#intake.whenRoom(partition, () => this.#goOn(partition));
  }

  #offer({ partition, payload, prefix, said, urgent }: Waiting): boolean {
    const draft = this.#draft;
    draft.partition = partition;
    draft.prefix = prefix;
    draft.payload = payload;
    draft.end = payload.length;
    draft.urgent = urgent;
    const tag = this.#tag++;
    this.#said.set(tag, said);
    if (this.#intake.offer(draft, this, tag)) return true;
    this.#said.delete(tag);
    return false;
  }
}

function bytesOf({ payload, prefix }: Waiting): number {
  return payload.length + prefix.length + WAITING_BYTES;
}

function prefixOf(name: SessionName, kind: (typeof KIND)[keyof typeof KIND], connection: number): Uint8Array {
  const { device = '', gateway = '', session, tenant, via = VIA.mqtt } = name;
  return encodeEventPrefix({ tenant, device, kind, via, session, connection, gateway });
}

/** The name of a client's session in the log. */
export function sessionName(client: { readonly device: string | undefined; readonly clientId: string }): string {
  return `${client.device === undefined ? 'a' : 'd'}:${client.clientId}`;
}
