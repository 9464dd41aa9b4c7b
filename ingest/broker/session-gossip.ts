/**
 * Which sessions have got a connection, told by each edge to all: a session has one connection, the newest (MQTT-3.1.4-3), so
 * whoever holds an older one lets it go. Connections that began at the same time at several edges find out the same way: what
 * was heard lately is looked at when a connection learns its number.
 */
import { decodeSessionsHere, encodeSessionsHere, type SessionHereInit } from '../../schemas/gen/lean.ts';
import type { EdgeGossip } from '../../engine/ports/edge-gossip.ts';

interface Held {
  /** 0: not known yet. */
  readonly connection: number;
  /** Ends it, because another one has the session. */
  takeOver(): unknown;
}

export interface Findable {
  find(tenant: string, session: string): Held | undefined;
}

interface Named {
  readonly tenant: string;
  readonly session: string;
}

/** Sessions that were heard of and are remembered, twice at most: those that connect within seconds, at any rate. */
const HEARD_MAX = 10_000;
/** A message of gossip: some 100 B each. */
const TOLD_MAX = 1_000;

export class SessionGossip {
  readonly #gossip: EdgeGossip;
  readonly #edgeEpoch: number;
  readonly #listening: { stop(): void };
  readonly #served: Findable[] = [];
  #heard = new Map<string, number>();
  #heardBefore = new Map<string, number>();
  #untold: SessionHereInit[] = [];

  constructor(gossip: EdgeGossip, edgeEpoch: number) {
    this.#gossip = gossip;
    this.#edgeEpoch = edgeEpoch;
    this.#listening = gossip.receive('sessions', (data) => this.#hear(data));
  }

  serve(sessions: Findable): void {
    this.#served.push(sessions);
  }

  stop(): void {
    this.#listening.stop();
  }

  /** A connection here has its number. */
  began({ session, tenant }: Named, connection: number): void {
    const key = keyOf({ session, tenant });
    const heard = this.#heard.get(key) ?? this.#heardBefore.get(key) ?? 0;
    if (heard > connection) this.#letGo({ session, tenant }, heard);
    // All that begin in one turn are told together.
    if (this.#untold.push({ tenant, session, connection }) === 1) setImmediate(() => this.#tell());
  }

  #tell(): void {
    const untold = this.#untold;
    this.#untold = [];
    for (let i = 0; i < untold.length; i += TOLD_MAX) {
      this.#gossip.send('sessions', encodeSessionsHere({ edgeEpoch: this.#edgeEpoch, sessions: untold.slice(i, i + TOLD_MAX) }));
    }
  }

  #hear(data: Uint8Array): void {
    const said = decodeSessionsHere(data);
    if (said === undefined || said.edgeEpoch === this.#edgeEpoch) return;
    for (const { connection, session, tenant } of said.sessions) {
      this.#remember(keyOf({ session, tenant }), connection);
      this.#letGo({ session, tenant }, connection);
    }
  }

  #remember(key: string, connection: number): void {
    this.#heard.set(key, Math.max(this.#heard.get(key) ?? 0, connection));
    if (this.#heard.size < HEARD_MAX) return;
    this.#heardBefore = this.#heard;
    this.#heard = new Map();
  }

  /** Of a connection older than that one. Its own number it may not know yet: then it looks itself, later. */
  #letGo({ session, tenant }: Named, connection: number): void {
    for (const sessions of this.#served) {
      const held = sessions.find(tenant, session);
      if (held !== undefined && held.connection !== 0 && held.connection < connection) held.takeOver();
    }
  }
}

/** Tenants have no slash in them. */
function keyOf({ session, tenant }: Named): string {
  return `${tenant}/${session}`;
}
