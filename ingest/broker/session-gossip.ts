/**
 * Which sessions have got a connection, told by each edge to all: a session has one connection, the newest (MQTT-3.1.4-3), so
 * whoever holds an older one lets it go. Connections that began at the same time at several edges find out the same way: what
 * was heard lately is looked at when a connection learns its number. An edge that was cut off tells of all its connections
 * when it is back, a few at a time; whoever holds a newer one of a session says so.
 */
import { decodeSessionsHere, encodeSessionsHere, type SessionHereInit } from '../../schemas/gen/lean.ts';
import type { EdgeGossip } from '../../engine/ports/edge-gossip.ts';

interface Held {
  /** 0: not known yet. */
  readonly connection: number;
  /** Whether it has begun: nobody is asked any more what the session was. */
  readonly isOpen: boolean;
  /** Ends it, because another one has the session. */
  takeOver(): unknown;
}

export interface Findable {
  find(tenant: string, session: string): Held | undefined;
  /** Sessions whose connection has begun here. May be gone through while some come and others go. */
  open(): Iterable<Begun>;
}

export interface Begun extends Named {
  readonly connection: number;
}

interface Named {
  readonly tenant: string;
  readonly session: string;
}

/** Sessions that were heard of and are remembered, twice at most: those that connect within seconds, at any rate. */
const HEARD_MAX = 10_000;
/** A message of gossip: some 100 B each. */
const TOLD_MAX = 1_000;
/** After a reconnect, in which every edge may have its part: 5,000 sessions a second, or half a megabyte. */
const RETOLD_AT_ONCE = 500;
const RETELL_MS = 100;

export class SessionGossip {
  readonly #gossip: EdgeGossip;
  readonly #edgeEpoch: number;
  readonly #listening: { stop(): void };
  readonly #served: Findable[] = [];
  #heard = new Map<string, number>();
  #heardBefore = new Map<string, number>();
  #untold: SessionHereInit[] = [];
  /** What is still to be told after a reconnect. */
  #retelling: Iterator<Begun> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(gossip: EdgeGossip, edgeEpoch: number) {
    this.#gossip = gossip;
    this.#edgeEpoch = edgeEpoch;
    this.#listening = gossip.receive('sessions', (data) => this.#hear(data));
    gossip.onReconnect(() => this.#retell());
  }

  serve(sessions: Findable): void {
    this.#served.push(sessions);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#listening.stop();
  }

  /** A connection here has its number. */
  began({ session, tenant }: Named, connection: number): void {
    const key = keyOf({ session, tenant });
    const heard = this.#heard.get(key) ?? this.#heardBefore.get(key) ?? 0;
    if (heard > connection) this.#letGo({ session, tenant }, heard);
    this.#tellSoon({ tenant, session, connection });
  }

  /** All that are told in one turn are told together. */
  #tellSoon(here: SessionHereInit): void {
    if (this.#untold.push(here) === 1) setImmediate(() => this.#tell());
  }

  #tell(): void {
    const untold = this.#untold;
    this.#untold = [];
    for (let i = 0; i < untold.length; i += TOLD_MAX) {
      this.#gossip.send('sessions', encodeSessionsHere({ edgeEpoch: this.#edgeEpoch, sessions: untold.slice(i, i + TOLD_MAX) }));
    }
  }

  /** From the beginning, also where an earlier round is not over. */
  #retell(): void {
    if (this.#isStopped) return;
    this.#retelling = this.#open();
    this.#timer ??= setTimeout(() => this.#retellSome(), 0);
  }

  #retellSome(): void {
    this.#timer = undefined;
    const retelling = this.#retelling;
    for (let i = 0; i < RETOLD_AT_ONCE; i++) {
      const next = retelling?.next();
      if (next === undefined || next.done === true) return;
      const { connection, session, tenant } = next.value;
      this.#tellSoon({ tenant, session, connection });
    }
    this.#timer = setTimeout(() => this.#retellSome(), RETELL_MS);
  }

  *#open(): Generator<Begun, undefined> {
    for (const sessions of this.#served) yield* sessions.open();
  }

  #hear(data: Uint8Array): void {
    const said = decodeSessionsHere(data);
    if (said === undefined || said.edgeEpoch === this.#edgeEpoch) return;
    for (const { connection, session, tenant } of said.sessions) {
      this.#remember(keyOf({ session, tenant }), connection);
      this.#letGo({ session, tenant }, connection);
      this.#correct({ session, tenant }, connection);
    }
  }

  /** Whoever told of the older connection has not heard of ours. It answers nothing, so this ends here. */
  #correct({ session, tenant }: Named, connection: number): void {
    for (const sessions of this.#served) {
      const held = sessions.find(tenant, session);
      if (held !== undefined && held.isOpen && held.connection > connection) {
        this.#tellSoon({ tenant, session, connection: held.connection });
      }
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
