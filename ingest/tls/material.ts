/**
 * The server's own certificates: read from files, one pair or several by host name, read again when a file changes. What
 * doesn't fit together is refused at the start with the remedy; later, the pairs that are in use stay, and it is said why.
 */
import type { X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { type PairFiles, readPair } from '../../engine/config/tls-files.ts';
import { messageOf } from '../../engine/kernel/errors.ts';

export interface MaterialListener {
  changed(): void;
  /** The files changed and can't be used; what was read before stays in use. */
  failed(why: string): void;
}

interface Pair {
  readonly certPem: string;
  readonly keyPem: string;
  readonly x509: X509Certificate;
  readonly context: SecureContext;
}

async function loadPair(files: PairFiles): Promise<Pair> {
  const pair = await readPair(files);
  return { ...pair, context: createSecureContext({ ...TLS_BASE, cert: pair.certPem, key: pair.keyPem }) };
}

/** How often files are looked at. Watching them by name misses folders that are swapped whole, as orchestrators do. */
export const FILES_LOOK_MS = 1_000;
/** TLS 1.0 and 1.1 were withdrawn by RFC 8996. */
export const TLS_BASE: SecureContextOptions = { minVersion: 'TLSv1.2' };

export class TlsMaterial {
  readonly #files: readonly PairFiles[];
  readonly #listeners: MaterialListener[] = [];
  #pairs: readonly Pair[] = [];
  #seen = '';
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  constructor(files: readonly PairFiles[]) {
    this.#files = files;
  }

  /** Rejects with `bad-option` naming the file and the remedy. */
  async load(): Promise<void> {
    this.#seen = await this.#stamp();
    this.#pairs = await Promise.all(this.#files.map(loadPair));
  }

  listen(listener: MaterialListener): void {
    this.#listeners.push(listener);
  }

  /** Looks at the files from now on. */
  watch(): void {
    this.#timer ??= setInterval(() => void this.look(), FILES_LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** For clients that name no host, or one that no certificate is for. */
  base(): { readonly cert: string; readonly key: string } {
    const [first] = this.#pairs;
    return { cert: first?.certPem ?? '', key: first?.keyPem ?? '' };
  }

  /** Whether the host that a client names decides which certificate it gets. */
  get isByHost(): boolean {
    return this.#files.length > 1;
  }

  /** The first pair whose certificate is for the host; undefined: the first of all. */
  contextFor(host: string): SecureContext | undefined {
    return this.#pairs.find(({ x509 }) => x509.checkHost(host) !== undefined)?.context;
  }

  /** When the first of the certificates goes out of time. */
  notAfterMs(): number {
    return Math.min(...this.#pairs.map(({ x509 }) => x509.validToDate.getTime()));
  }

  /** Reads the files again if one of them has changed. */
  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const stamp = await this.#stamp();
      if (stamp === this.#seen) return;
      // A certificate that came before its key is tried again when the key comes: that changes the stamp.
      this.#seen = stamp;
      this.#pairs = await Promise.all(this.#files.map(loadPair));
      for (const listener of this.#listeners) listener.changed();
    } catch (error) {
      for (const listener of this.#listeners) listener.failed(messageOf(error));
    } finally {
      this.#isLooking = false;
    }
  }

  async #stamp(): Promise<string> {
    const files = this.#files.flatMap(({ cert, key }) => [cert, key]);
    const facts = await Promise.all(files.map(async (file) => stat(file).catch(() => undefined)));
    return facts.map((fact) => (fact === undefined ? '-' : `${fact.ino}/${fact.size}/${fact.mtimeMs}`)).join(' ');
  }
}
