/**
 * Who may begin a TLS handshake now. A handshake costs the processor a thousand times what a message does, so handshakes
 * wait their turn: a few begin in each turn of the event loop, address prefixes in a fair order, and each prefix at a
 * bounded rate. Devices that are connected don't feel a storm of those that want to be.
 */
import type { Clock } from '../../engine/kernel/clock.ts';

export type HandshakeRefusal = 'handshake-rate' | 'handshakes-waiting' | 'handshake-time' | 'handshake-failed' | 'not-tls';

export interface GateLimits {
  /** Handshakes that have begun and are not done: 50 KB each. */
  readonly running: number;
  /** Of those, by one address prefix: a prefix that never finishes leaves room for the others. */
  readonly runningOfPrefix: number;
  /** So few that the next needs no turn. */
  readonly idle: number;
  readonly idleOfPrefix: number;
  /** Sockets that said their first word and wait: 20 KB each. */
  readonly waiting: number;
  readonly waitingOfPrefix: number;
  readonly ratePerS: number;
  readonly burst: number;
}

export const GATE_LIMITS: GateLimits = {
  running: 512,
  runningOfPrefix: 384,
  idle: 64,
  idleOfPrefix: 32,
  waiting: 8_192,
  waitingOfPrefix: 4_096,
  // A core does 300 to 800 a second: a whole fleet behind one address may use it up, and hold no reserve.
  ratePerS: 1_000,
  burst: 10_000,
};

/** Half a millisecond to a whole one each: what a connected device waits for them at most. */
const STARTS_OF_TURN = 4;
/** Prefixes whose rate is remembered, 100 bytes each; what was idle for long is forgotten first. */
const PREFIXES_MAX = 65_536;

interface Prefix {
  readonly name: string;
  readonly waiting: Ticket[];
  running: number;
  credit: number;
  creditMs: number;
}

/** One socket's way through the gate. */
export class Ticket {
  state: 'waiting' | 'running' | 'done' = 'waiting';
  readonly prefix: Prefix;
  readonly begin: () => void;

  constructor(prefix: Prefix, begin: () => void) {
    this.prefix = prefix;
    this.begin = begin;
  }
}

export class HandshakeGate {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #limits: GateLimits;
  readonly #prefixes = new Map<string, Prefix>();
  /** Prefixes that have somebody waiting, next one first. */
  readonly #turns = new Set<Prefix>();
  #running = 0;
  #waiting = 0;
  #isPumping = false;
  #startedInTurn = 0;

  constructor(clock: Pick<Clock, 'monotonic'>, limits: GateLimits = GATE_LIMITS) {
    this.#clock = clock;
    this.#limits = limits;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /**
   * A place at once, before it has said anything, while few have one and nobody waits: the way of ordinary days. Undefined:
   * it has to take its turn by `admit`.
   */
  admitIdle(prefixName: string): Ticket | undefined {
    const prefix = this.#prefix(prefixName);
    const isIdle = this.#waiting === 0 && this.#running < this.#limits.idle && prefix.running < this.#limits.idleOfPrefix;
    if (!isIdle || this.#startedInTurn >= STARTS_OF_TURN || !this.#spend(prefix)) return undefined;
    if (this.#startedInTurn++ === 0) setImmediate(() => (this.#startedInTurn = 0));
    const ticket = new Ticket(prefix, () => undefined);
    this.#start(ticket);
    return ticket;
  }

  /** `begin` is called in a later turn, unless `done` was called before it. */
  admit(prefixName: string, begin: () => void): Ticket | HandshakeRefusal {
    const prefix = this.#prefix(prefixName);
    if (prefix.waiting.length >= this.#limits.waitingOfPrefix || this.#waiting >= this.#limits.waiting) return 'handshakes-waiting';
    if (!this.#spend(prefix)) return 'handshake-rate';
    const ticket = new Ticket(prefix, begin);
    prefix.waiting.push(ticket);
    this.#waiting++;
    this.#turns.add(prefix);
    this.#pumpSoon();
    return ticket;
  }

  /** The handshake succeeded, failed, or its socket is gone; more than once is as good as once. */
  done(ticket: Ticket): void {
    const { prefix, state } = ticket;
    ticket.state = 'done';
    if (state === 'running') {
      this.#running--;
      prefix.running--;
      if (this.#waiting > 0) this.#pumpSoon();
    } else if (state === 'waiting') {
      const at = prefix.waiting.indexOf(ticket);
      if (at >= 0) prefix.waiting.splice(at, 1);
      this.#waiting--;
      if (prefix.waiting.length === 0) this.#turns.delete(prefix);
    }
  }

  #pumpSoon(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    setImmediate(() => this.#pump());
  }

  #pump(): void {
    this.#isPumping = false;
    for (let started = 0; started < STARTS_OF_TURN && this.#running < this.#limits.running; started++) {
      const ticket = this.#next();
      if (ticket === undefined) return;
      this.#waiting--;
      this.#start(ticket);
      ticket.begin();
    }
    if (this.#waiting > 0 && this.#running < this.#limits.running) this.#pumpSoon();
  }

  #start(ticket: Ticket): void {
    ticket.state = 'running';
    this.#running++;
    ticket.prefix.running++;
  }

  /** The oldest of the prefix whose turn it is, which then goes to the end. */
  #next(): Ticket | undefined {
    for (const prefix of this.#turns) {
      if (prefix.running >= this.#limits.runningOfPrefix) continue;
      const ticket = prefix.waiting.shift();
      this.#turns.delete(prefix);
      if (prefix.waiting.length > 0) this.#turns.add(prefix);
      if (ticket !== undefined) return ticket;
    }
    return undefined;
  }

  #spend(prefix: Prefix): boolean {
    const now = this.#clock.monotonic();
    prefix.credit = Math.min(this.#limits.burst, prefix.credit + ((now - prefix.creditMs) / 1_000) * this.#limits.ratePerS);
    prefix.creditMs = now;
    if (prefix.credit < 1) return false;
    prefix.credit--;
    return true;
  }

  #prefix(name: string): Prefix {
    const known = this.#prefixes.get(name);
    if (known !== undefined) return known;
    if (this.#prefixes.size >= PREFIXES_MAX) this.#forgetIdle();
    const made: Prefix = { name, waiting: [], running: 0, credit: this.#limits.burst, creditMs: this.#clock.monotonic() };
    this.#prefixes.set(name, made);
    return made;
  }

  /** Whoever has nothing under way, oldest first, until a tenth is free. */
  #forgetIdle(): void {
    for (const [name, prefix] of this.#prefixes) {
      if (prefix.running === 0 && prefix.waiting.length === 0) this.#prefixes.delete(name);
      if (this.#prefixes.size < PREFIXES_MAX * 0.9) return;
    }
  }
}
