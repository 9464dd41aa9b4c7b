/**
 * Intermediate certificates that devices have sent and that led to a tenant's CA. A resumed session brings the device's
 * own certificate and no others, so they are remembered, over restarts too. Remembering one proves nothing: the path to
 * the CA is looked at every time.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type CertificateFacts, readCertificates } from './certificate.ts';
import { INTERMEDIATES_MAX } from './chain.ts';
import { pemOf } from './issue.ts';

/** A deployment has a handful; 2 KB each. */
const KNOWN_MAX = 256;

export class KnownIntermediates {
  /** By fingerprint, oldest first. */
  readonly #known = new Map<string, CertificateFacts>();
  readonly #file: string | undefined;
  #saving: Promise<void> = Promise.resolve();

  /** Without a file they are forgotten with the process. */
  constructor(file?: string) {
    this.#file = file;
  }

  async load(): Promise<void> {
    const pem = this.#file === undefined ? undefined : await readFile(this.#file, 'utf8').catch(() => undefined);
    for (const facts of readCertificates(pem ?? '') ?? []) this.#known.set(facts.fingerprint, facts);
  }

  /** What may stand between the certificate and a CA, by its names. */
  above(leaf: CertificateFacts): readonly CertificateFacts[] {
    const found: CertificateFacts[] = [];
    let issuers = new Set([leaf.x509.issuer]);
    for (let depth = 0; depth < INTERMEDIATES_MAX && issuers.size > 0; depth++) {
      const wanted = issuers;
      const next = [...this.#known.values()].filter((one) => wanted.has(one.x509.subject) && !found.includes(one));
      found.push(...next);
      issuers = new Set(next.map(({ x509 }) => x509.issuer));
    }
    return found.slice(0, INTERMEDIATES_MAX);
  }

  /** The path of a certificate that was found to be good, its own first. */
  learn(path: readonly CertificateFacts[]): void {
    const unknown = path.slice(1).filter(({ fingerprint }) => !this.#known.has(fingerprint));
    if (unknown.length === 0) return;
    for (const facts of unknown) this.#known.set(facts.fingerprint, facts);
    for (const fingerprint of this.#known.keys()) {
      if (this.#known.size <= KNOWN_MAX) break;
      this.#known.delete(fingerprint);
    }
    this.#saving = this.#saving.then(async () => this.#save());
  }

  /** Resolves when what was learnt is in the file, or couldn't be written: then it is learnt again. */
  saved(): Promise<void> {
    return this.#saving;
  }

  async #save(): Promise<void> {
    if (this.#file === undefined) return;
    const text = [...this.#known.values()].map(({ x509 }) => pemOf('CERTIFICATE', x509.raw)).join('');
    try {
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      await writeFile(`${this.#file}.new`, text);
      await rename(`${this.#file}.new`, this.#file);
    } catch {
      // A device whose session can't be resumed makes a whole handshake the next time.
    }
  }
}
