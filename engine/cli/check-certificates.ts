/** `twinfold doctor` about the server's certificates: whether they can be used, and for how long. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../config/options.ts';
import { readPair } from '../config/tls-files.ts';
import { tlsConfigOf } from '../config/tls-settings.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Finding } from './promises.ts';

const DAY_MS = 86_400_000;
/** Whoever renews by hand wants to know by then. */
const SOON_DAYS = 30;

export async function checkCertificates(settings: Settings, nowMs: number): Promise<readonly Finding[]> {
  const given = tlsConfigOf(settings)?.pairs ?? [];
  const made = { cert: join(settings.data, 'tls', 'dev-server.pem'), key: join(settings.data, 'tls', 'dev-server.key') };
  const hasMade = await access(made.cert).then(
    () => true,
    () => false,
  );
  const pairs = given.length > 0 || !hasMade ? given : [made];
  return Promise.all(pairs.map(async (pair) => judge(pair, nowMs)));
}

async function judge(pair: { readonly cert: string; readonly key: string }, nowMs: number): Promise<Finding> {
  try {
    const { x509 } = await readPair(pair);
    const days = Math.floor((x509.validToDate.getTime() - nowMs) / DAY_MS);
    const until = `the certificate in ${pair.cert} is good until ${x509.validToDate.toISOString().slice(0, 10)}`;
    const remedy = 'renew it in the same files; a running Twinfold reads them again by itself';
    if (days < 0) return { level: 'problem', what: `${until}: it is over, and clients refuse it`, remedy };
    return days < SOON_DAYS ? { level: 'warning', what: `${until}, ${days} days`, remedy } : { level: 'fine', what: until };
  } catch (error) {
    return { level: 'problem', what: messageOf(error), remedy: 'see the message' };
  }
}
