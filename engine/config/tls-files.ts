/** The server's certificates as files: a chain and the key of its first certificate, both in PEM. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { TwinfoldError } from '../kernel/errors.ts';

export interface PairFiles {
  readonly cert: string;
  readonly key: string;
}

export interface TlsPair {
  readonly certPem: string;
  readonly keyPem: string;
  /** The first certificate of the chain. */
  readonly x509: X509Certificate;
}

/** Rejects with `bad-option` naming the file and the remedy. */
export async function readPair({ cert, key }: PairFiles): Promise<TlsPair> {
  const [certPem, keyPem] = await Promise.all([readText('--tls-cert', cert), readText('--tls-key', key)]);
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(certPem);
  } catch (cause) {
    throw unfit(`--tls-cert: ${cert} holds no certificate in PEM`, cause);
  }
  let fits: boolean;
  try {
    fits = x509.checkPrivateKey(createPrivateKey(keyPem));
  } catch (cause) {
    throw unfit(`--tls-key: ${key} holds no private key in PEM without a pass phrase`, cause);
  }
  if (!fits) throw unfit(`--tls-key: ${key} is not the key of the first certificate in ${cert}`);
  return { certPem, keyPem, x509 };
}

async function readText(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw unfit(`${option}: ${file} can't be read`, cause);
  }
}

function unfit(problem: string, cause?: unknown): TwinfoldError {
  return new TwinfoldError('bad-option', problem, { domain: 'external', retryable: false, cause });
}
