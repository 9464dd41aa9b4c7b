import assert from 'node:assert/strict';
import { randomBytes, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { checkCertificates } from '../../../engine/cli/check-certificates.ts';
import { readSettings } from '../../../engine/config/options.ts';
import { readPair } from '../../../engine/config/tls-files.ts';
import { hasCode } from '../../../engine/kernel/errors.ts';
import { ensureDevCertificates } from '../../../ingest/tls/dev-certificates.ts';
import { DAY_MS, makeCa, makeServer, NOW } from './pki.ts';

async function inFolder(look: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dev-certificates-'));
  try {
    await look(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('certificates to try with', () => {
  it('are made once, fit together, and are made anew before they end or for other hosts', async () =>
    inFolder(async (folder) => {
      const make = async (nowMs: number, hosts: readonly string[] = ['edge.test']) =>
        ensureDevCertificates(folder, { hosts, nowMs, randomBytes });
      const serialOf = async (file: string): Promise<string> => new X509Certificate(await readFile(file)).serialNumber;
      const made = await make(NOW);
      const { x509 } = await readPair(made);
      const ca = new X509Certificate(await readFile(made.ca));
      assert.ok(x509.verify(ca.publicKey) && x509.checkIssued(ca));
      for (const host of ['localhost', 'edge.test']) assert.equal(x509.checkHost(host), host);
      for (const address of ['127.0.0.1', '::1']) assert.equal(x509.checkIP(address), address);
      assert.equal((await stat(made.key)).mode & 0o777, 0o600);
      assert.equal((await stat(join(folder, 'dev-ca.key'))).mode & 0o777, 0o600);
      await make(NOW + DAY_MS);
      assert.equal(await serialOf(made.cert), x509.serialNumber);
      await make(NOW + 380 * DAY_MS);
      const renewed = await serialOf(made.cert);
      assert.notEqual(renewed, x509.serialNumber);
      await make(NOW + 380 * DAY_MS, ['edge.test', '10.1.2.3']);
      assert.notEqual(await serialOf(made.cert), renewed);
      assert.equal(await serialOf(made.ca), ca.serialNumber);
    }));
});

describe('doctor', () => {
  it('says how long a certificate is good, and what is wrong with one', async () =>
    inFolder(async (folder) => {
      const files = { cert: join(folder, 'c.pem'), key: join(folder, 'c.key') };
      const holder = makeServer(makeCa('ca'));
      await writeFile(files.cert, holder.pem);
      await writeFile(files.key, holder.keyPem);
      const argv = ['--data', folder, '--tls-cert', files.cert, '--tls-key', files.key];
      const { settings, problems } = readSettings('doctor', { argv, env: {}, readFile: () => '' });
      assert.deepEqual(problems, []);
      const levels = async (nowMs: number): Promise<readonly string[]> =>
        (await checkCertificates(settings, nowMs)).map(({ level }) => level);
      assert.deepEqual(await levels(NOW - 10 * DAY_MS), ['fine']);
      assert.deepEqual(await levels(NOW + DAY_MS), ['warning']);
      assert.deepEqual(await levels(NOW + 31 * DAY_MS), ['problem']);
      await writeFile(files.key, makeServer(makeCa('ca')).keyPem);
      const [finding] = await checkCertificates(settings, NOW);
      assert.match(finding?.what ?? '', /is not the key of the first certificate/);
      await assert.rejects(readPair({ ...files, cert: join(folder, 'none') }), (error) => hasCode(error, 'bad-option'));
    }));
});
