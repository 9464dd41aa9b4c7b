/**
 * What clients of a broker may expect, written down a second time from the clauses of MQTT 5 and nothing else: one record a
 * client, and a loop over what time brings. Slow and plain.
 */
import { EXPIRY_NEVER_S } from '../../../engine/domain/session-state.ts';

export interface NaiveWill {
  readonly delayS: number;
}

interface Connection {
  readonly number: number;
  readonly edge: number;
  readonly will: NaiveWill | undefined;
  /** When its edge was declared gone. */
  goneMs: number | undefined;
}

interface Client {
  connection: Connection | undefined;
  session:
    | { expiryS: number; readonly filters: Set<string>; readonly unreleased: Set<number>; readonly connections: Set<number> }
    | undefined;
  /** Of the connection that ended last. */
  leftMs: number;
  /** A will that is still to be sent. */
  waiting: { readonly dueMs: number; readonly connection: number } | undefined;
}

/** §4.13 of the product's design: an edge that is gone has so long to turn out to be there. */
const GRACE_MS = 10_000;

export class NaiveBroker {
  readonly clients = new Map<string, Client>();
  /** `<client> <connection> <ms>`: each will that was sent. */
  readonly wills: string[] = [];

  /** §3.1.2.4, §3.1.2.11.2, §3.1.4: what a CONNECT does to what there was. */
  connect(
    name: string,
    said: {
      readonly ms: number;
      readonly number: number;
      readonly edge: number;
      readonly clean: boolean;
      readonly expiryS: number;
      readonly will: NaiveWill | undefined;
    },
  ): void {
    this.pass(said.ms);
    const client = this.#client(name);
    const old = client.connection;
    if (old !== undefined) {
      // The old connection is closed (3.1.4-3); its session goes on unless it ends with the connection, or is discarded.
      const endsWithIt = client.session?.expiryS === 0;
      const isOver = said.clean || endsWithIt;
      // 3.1.3-9: not when a connection to this session is made within the delay; no delay is over at once.
      if (old.will !== undefined && (isOver || old.will.delayS === 0)) this.wills.push(`${name} ${old.number} ${said.ms}`);
      if (isOver) client.session = undefined;
    } else if (said.clean) {
      // The session ends, and with it the delay of its will (§3.1.3.2.2).
      if (client.waiting !== undefined) this.wills.push(`${name} ${client.waiting.connection} ${said.ms}`);
      client.session = undefined;
    }
    client.waiting = undefined;
    client.session ??= { expiryS: 0, filters: new Set(), unreleased: new Set(), connections: new Set() };
    client.session.connections.add(said.number);
    client.session.expiryS = said.expiryS;
    client.connection = { number: said.number, edge: said.edge, will: said.will, goneMs: undefined };
  }

  disconnect(
    name: string,
    said: { readonly ms: number; readonly number: number; readonly withWill: boolean; readonly expiryS: number | undefined },
  ): void {
    this.pass(said.ms);
    const client = this.#client(name);
    if (client.connection?.number !== said.number || client.session === undefined) return;
    // 3.1.2-23, §3.14.2.2.2: it may be another expiry, if it was none.
    if (said.expiryS !== undefined && client.session.expiryS !== 0) client.session.expiryS = said.expiryS;
    this.#close(client, { ms: said.ms, withWill: said.withWill });
    this.pass(said.ms);
  }

  /** The client's own session, while it is connected. */
  held(name: string, number: number, ms: number): Client['session'] {
    this.pass(ms);
    const client = this.#client(name);
    return client.connection?.number === number ? client.session : undefined;
  }

  /** The session that a connection was part of, if there still is one. */
  sessionOf(name: string, number: number, ms: number): Client['session'] {
    this.pass(ms);
    const { session } = this.#client(name);
    return session?.connections.has(number) === true ? session : undefined;
  }

  edgeGone(edge: number, ms: number, drained: boolean): void {
    this.pass(ms);
    for (const client of this.clients.values()) {
      if (client.connection?.edge !== edge || client.connection.goneMs !== undefined) continue;
      if (drained) this.#close(client, { ms, withWill: false });
      else client.connection.goneMs = ms;
    }
    this.pass(ms);
  }

  /** Everything that time brings up to `ms`, each at its own time. */
  pass(ms: number): void {
    for (const [name, client] of this.clients) {
      const goneMs = client.connection?.goneMs;
      if (goneMs !== undefined && goneMs + GRACE_MS <= ms) this.#close(client, { ms: goneMs + GRACE_MS, withWill: true });
      if (client.connection !== undefined) continue;
      if (client.waiting !== undefined && client.waiting.dueMs <= ms) {
        this.wills.push(`${name} ${client.waiting.connection} ${client.waiting.dueMs}`);
        client.waiting = undefined;
      }
      const { session } = client;
      if (session !== undefined && session.expiryS !== EXPIRY_NEVER_S && client.leftMs + session.expiryS * 1_000 <= ms)
        client.session = undefined;
    }
  }

  #close(client: Client, { ms, withWill }: { readonly ms: number; readonly withWill: boolean }): void {
    const { connection, session } = client;
    client.connection = undefined;
    client.leftMs = ms;
    if (!withWill || connection?.will === undefined || session === undefined) return;
    const delayS = Math.min(connection.will.delayS, session.expiryS);
    client.waiting = { dueMs: ms + delayS * 1_000, connection: connection.number };
  }

  #client(name: string): Client {
    const known = this.clients.get(name);
    if (known !== undefined) return known;
    const client: Client = { connection: undefined, session: undefined, leftMs: 0, waiting: undefined };
    this.clients.set(name, client);
    return client;
  }
}
