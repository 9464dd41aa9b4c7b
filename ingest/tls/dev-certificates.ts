/**
 * Certificates to try TLS with: a CA of this data folder's own and a server certificate under it, made once and renewed
 * before they end. For trying only: whoever can read the folder can be any server to those who trust that CA.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { PairFiles } from '../../engine/config/tls-files.ts';
import type { RandomBytes } from '../credentials/credentials.ts';
import { generateKeys, issueCertificate, keyPem, PURPOSE } from './issue.ts';

const DAY_MS = 86_400_000;
const CA_MS = 3_650 * DAY_MS;
/** Browsers take no server certificate that is good for longer. */
const SERVER_MS = 397 * DAY_MS;
/** What ends sooner is made anew. */
const RENEW_MS = 30 * DAY_MS;

export interface DevCertificates extends PairFiles {
  /** What clients have to trust. */
  readonly ca: string;
}

export interface DevOptions {
  /** Host names and addresses that the server is reached by. */
  readonly hosts: readonly string[];
  readonly nowMs: number;
  readonly randomBytes: RandomBytes;
}

export async function ensureDevCertificates(folder: string, options: DevOptions): Promise<DevCertificates> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [ca, caKey] = [join(folder, 'dev-ca.pem'), join(folder, 'dev-ca.key')];
  const [cert, key] = [join(folder, 'dev-server.pem'), join(folder, 'dev-server.key')];
  const { nowMs, randomBytes } = options;
  const hosts = [...new Set(['localhost', '127.0.0.1', '::1', ...options.hosts])];
  let isNewCa = false;
  if (!(await isGood(ca, nowMs))) {
    const { privateKey, publicKey } = generateKeys();
    const draft = { commonName: 'Twinfold development CA', publicKey, nowMs, validMs: CA_MS, ca: { pathLength: 0 } };
    await writePrivate(caKey, keyPem(privateKey));
    await writeFile(ca, issueCertificate(draft, privateKey, randomBytes));
    isNewCa = true;
  }
  if (isNewCa || !(await isGood(cert, nowMs, hosts))) {
    const issuer = { certificatePem: await readFile(ca, 'utf8'), key: createPrivateKey(await readFile(caKey, 'utf8')) };
    const { privateKey, publicKey } = generateKeys();
    const draft = { commonName: 'Twinfold development', publicKey, nowMs, validMs: SERVER_MS, purposes: [PURPOSE.server], hosts };
    await writePrivate(key, keyPem(privateKey));
    await writeFile(cert, issueCertificate(draft, issuer, randomBytes));
  }
  return { ca, cert, key };
}

async function isGood(file: string, nowMs: number, hosts: readonly string[] = []): Promise<boolean> {
  const pem = await readFile(file, 'utf8').catch(() => undefined);
  if (pem === undefined) return false;
  const x509 = new X509Certificate(pem);
  const names = hosts.every((host) => (isIP(host) === 0 ? x509.checkHost(host) : x509.checkIP(host)) !== undefined);
  return names && x509.validToDate.getTime() - nowMs > RENEW_MS;
}

async function writePrivate(file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600 });
  await chmod(file, 0o600);
}
