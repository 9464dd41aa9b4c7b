/**
 * By which name the fold knows a QoS 2 message for another device when it comes again. Such a message lies in that device's
 * partition, where its sender's session and packet identifiers are not known, so the event bears an id of its own: made from
 * the connection, the identifier and the message itself, and again the same when the client sends the message once more in
 * the connection after. No two new messages of a connection have the same, whatever they say: an identifier that is not
 * above the one before begins another lap.
 */
import { createHash } from 'node:crypto';

/** Of base64url: 192 bits, and with the event's number in its message well below what an event's id may have. */
const ID_CHARS = 32;

export interface ClaimedMessage {
  readonly packetId: number;
  /** The client says that it sent the message before. */
  readonly dup: boolean;
  readonly topic: Uint8Array;
  readonly payload: Uint8Array;
}

export class GatewayClaims {
  readonly #session: string;
  readonly #connection: { readonly number: () => number; readonly before: number };
  #lap = 0;
  #lastId = 0;
  /** Whether there is an id that a next connection may be asked for. */
  isUsed = false;

  /** `session` with its tenant; `before`: the session's connection before this one, or 0 where there was none, or it isn't known. */
  constructor(session: string, connection: { readonly number: () => number; readonly before: number }) {
    this.#session = session;
    this.#connection = connection;
  }

  /** The same for the same message until `taken`. */
  idOf({ dup, packetId, payload, topic }: ClaimedMessage): string {
    const { before, number } = this.#connection;
    const isRepeat = dup && before > 0;
    const connection = isRepeat ? before : number();
    const lap = isRepeat ? 0 : this.#lapOf(packetId);
    const hash = createHash('sha256').update(`${this.#session} ${connection} ${lap} ${packetId} ${topic.length} `);
    return `q2.${hash.update(topic).update(payload).digest('base64url').slice(0, ID_CHARS)}`;
  }

  /** The log has taken the message. */
  taken({ dup, packetId }: Pick<ClaimedMessage, 'dup' | 'packetId'>): void {
    this.isUsed = true;
    if (dup && this.#connection.before > 0) return;
    this.#lap = this.#lapOf(packetId);
    this.#lastId = packetId;
  }

  #lapOf(packetId: number): number {
    return packetId > this.#lastId ? this.#lap : this.#lap + 1;
  }
}

/** Sessions whose last connection is remembered here; for one that was forgotten a repeat is stored twice. */
const SESSIONS_MAX = 4_096;

interface Named {
  readonly tenant: string;
  readonly session: string;
}

/** The last connections of gateways that used QoS 2 for other devices, at this edge. */
export class LastConnections {
  readonly #numbers = new Map<string, number>();

  /** 0: unknown. */
  of({ session, tenant }: Named): number {
    return this.#numbers.get(`${tenant}/${session}`) ?? 0;
  }

  put({ session, tenant }: Named, connection: number): void {
    const key = `${tenant}/${session}`;
    this.#numbers.delete(key);
    this.#numbers.set(key, connection);
    const [oldest] = this.#numbers.keys();
    if (this.#numbers.size > SESSIONS_MAX && oldest !== undefined) this.#numbers.delete(oldest);
  }
}
