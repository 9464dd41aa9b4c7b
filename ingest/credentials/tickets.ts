/**
 * Single-use tickets, for clients that can't send a header: a browser's EventSource and WebSocket. A ticket is the caller's
 * own token, sealed under a key that every edge of the deployment has, with the time when it ends; so any edge takes it, and
 * what became of the credential meanwhile counts. That it was used is remembered by the edge that took it: another edge would
 * take it once more within its thirty seconds.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Clock } from '../../engine/kernel/clock.ts';
import type { Pepper, RandomBytes } from './credentials.ts';

/** From asking for a ticket to using it. */
export const TICKET_MS = 30_000;
/** A token, a tenant's name, and what the seal adds; longer ones are not looked at. */
const TICKET_CHARS_MAX = 1_024;
/** Used tickets that are remembered: so many in thirty seconds; then no more are taken until some have ended. */
const USED_MAX = 65_536;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

export interface TicketHolder {
  readonly token: string;
  /** Of the administrator, who must name one. */
  readonly tenant: string | undefined;
}

export class Tickets {
  readonly #key: Buffer;
  readonly #clock: Clock;
  readonly #randomBytes: RandomBytes;
  /** When each used ticket ends, by its nonce, the oldest first. */
  readonly #used = new Map<string, number>();

  constructor(parts: { readonly pepper: Pepper; readonly clock: Clock; readonly randomBytes: RandomBytes }) {
    this.#key = Buffer.from(hkdfSync('sha256', parts.pepper, Buffer.alloc(0), 'twinfold stream tickets', 32));
    this.#clock = parts.clock;
    this.#randomBytes = parts.randomBytes;
  }

  issue(holder: TicketHolder): { readonly ticket: string; readonly expiresMs: number } {
    const expiresMs = this.#clock.now() + TICKET_MS;
    const nonce = this.#randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce);
    const plain = Buffer.from(JSON.stringify({ ...holder, expiresMs }));
    const ticket = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url');
    return { ticket, expiresMs };
  }

  /** Whose it is, the first time; undefined: it is none, was used, or its time is over. */
  redeem(ticket: string): TicketHolder | undefined {
    const nowMs = this.#clock.now();
    this.#forget(nowMs);
    const opened = this.#open(ticket);
    if (opened === undefined || opened.expiresMs <= nowMs || opened.expiresMs > nowMs + TICKET_MS) return undefined;
    if (this.#used.has(opened.nonce) || this.#used.size >= USED_MAX) return undefined;
    this.#used.set(opened.nonce, opened.expiresMs);
    return opened.holder;
  }

  #open(ticket: string): { readonly holder: TicketHolder; readonly nonce: string; readonly expiresMs: number } | undefined {
    if (ticket.length > TICKET_CHARS_MAX || !/^[A-Za-z0-9_-]+$/.test(ticket)) return undefined;
    const bytes = Buffer.from(ticket, 'base64url');
    if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined;
    const nonce = bytes.subarray(0, NONCE_BYTES);
    try {
      const decipher = createDecipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES }).setAuthTag(bytes.subarray(-TAG_BYTES));
      const plain = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      const { expiresMs, tenant, token } = JSON.parse(plain.toString('utf8')) as TicketHolder & { readonly expiresMs: number };
      return { holder: { token, tenant }, nonce: nonce.toString('base64url'), expiresMs };
    } catch {
      return undefined;
    }
  }

  #forget(nowMs: number): void {
    for (const [nonce, expiresMs] of this.#used) {
      if (expiresMs > nowMs) return;
      this.#used.delete(nonce);
    }
  }
}
