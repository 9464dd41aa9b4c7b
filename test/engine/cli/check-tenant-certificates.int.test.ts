/** What `doctor` says of tenants' certificate authorities, asked of an edge that runs. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkTenantCertificates } from '../../../engine/cli/check-tenant-certificates.ts';
import { lockInstance } from '../../../engine/cli/instance-lock.ts';
import { type Edge, makeTenant, send } from '../../ingest/http/edge.ts';
import { DAY_MS, makeCa, makeCrl, NOW } from '../../ingest/tls/pki.ts';
import { clientOptions, type SecureEdge, startSecureEdge } from '../../ingest/tls/secure-edge.ts';

const CLI = fileURLToPath(new URL('../../../engine/cli/twinfold.ts', import.meta.url));
const TIMEOUT = { timeout: 60_000 };

let secure: SecureEdge;
let edge: Edge;
let listedCa: string;

before(async () => {
  secure = await startSecureEdge();
  ({ edge } = secure);
  const acme = await makeTenant(edge, 'acme', 0);
  await makeTenant(edge, 'bolt', 0);
  await makeTenant(edge, 'none', 0);
  await edge.addCa('acme', makeCa('acme soon', { validMs: 10 * DAY_MS }).pem);
  await edge.addCa('acme', makeCa('acme late', { validMs: 400 * DAY_MS }).pem);
  const listed = makeCa('bolt root', { validMs: 400 * DAY_MS });
  listedCa = await edge.addCa('bolt', listed.pem);
  const crl = makeCrl(listed, [], { thisUpdateMs: NOW - 9 * DAY_MS, nextUpdateMs: NOW - 2 * DAY_MS });
  const set = await send(edge, `/v1/tenants/bolt/cas/${listedCa}`, { method: 'PATCH', token: edge.admin, json: { crl } });
  assert.equal(set.status, 200, set.text);
  const made = await send(edge, '/v1/tenants/acme/signing-ca', { method: 'POST', token: acme.key });
  assert.equal(made.status, 201, made.text);
});
after(async () => secure.stop());

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

const look = async (nowMs: number): Promise<readonly string[]> => {
  const findings = await checkTenantCertificates({ url: edge.url, adminToken: edge.admin }, nowMs);
  assert.ok(findings.every(({ level, remedy }) => level === 'fine' || remedy !== undefined));
  return findings.map(({ level, what }) => `${level}: ${what}`);
};

describe('the certificate authorities of tenants', () => {
  it('that end soon, and lists that are overdue, are named with tenant, name and date', TIMEOUT, async () => {
    assert.deepEqual(await look(NOW), [
      `warning: the CA CN=acme soon of tenant acme is good until ${day(NOW + 10 * DAY_MS)}, ${daysLeft(NOW + 10 * DAY_MS)} days`,
      `warning: the revocation list of the CA CN=bolt root of tenant bolt was to be replaced by ${day(NOW - 2 * DAY_MS)}: what was revoked since is still let in`,
      'fine: 3 certificate authorities of tenants are good for 30 days or more',
    ]);
    const [soon, list] = await checkTenantCertificates({ url: edge.url, adminToken: edge.admin }, NOW);
    assert.match(soon?.remedy ?? '', /\/v1\/tenants\/acme\/cas/);
    assert.match(list?.remedy ?? '', new RegExp(`PATCH /v1/tenants/bolt/cas/${listedCa}`));
  });

  it('that are over are problems, the ones that sign here too', TIMEOUT, async () => {
    const said = await look(NOW + 21 * 366 * DAY_MS);
    assert.equal(said.filter((text) => text.startsWith('problem: the CA ')).length, 3);
    assert.ok(
      said.some((text) => /^problem: the signing CA CN=Twinfold CA of acme of tenant acme ended on .* signs for no device/.test(text)),
    );
    assert.ok(!said.some((text) => text.startsWith('fine')));
  });

  it('are asked for over HTTPS alone, of a server with the certificate that is named', TIMEOUT, async () => {
    const url = `https://127.0.0.1:${secure.https.port}`;
    const trusted = [String(clientOptions(secure).ca)];
    assert.equal((await checkTenantCertificates({ url, adminToken: edge.admin, trusted }, NOW)).length, 3);
    await assert.rejects(checkTenantCertificates({ url, adminToken: edge.admin, trusted: [makeCa('another').pem] }, NOW));
  });

  it('are not told to who is no administrator', TIMEOUT, async () => {
    await assert.rejects(checkTenantCertificates({ url: edge.url, adminToken: `tfa_${'x'.repeat(32)}` }, NOW), /answered by 401/);
  });

  it('are looked at by doctor, of the deployment that runs on the folder', TIMEOUT, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'twinfold-doctor-'));
    const outcome = await lockInstance(folder);
    assert.ok(outcome.held);
    try {
      const adminTokenFile = join(folder, 'admin-token');
      outcome.lock.tell({ pid: process.pid, http: edge.url, adminTokenFile });
      assert.match((await doctor(folder)).out, /"level":"warning","what":"the tenants' certificate authorities were not looked at/);
      await writeFile(adminTokenFile, `${edge.admin}\n`);
      const { code, out } = await doctor(folder);
      assert.match(out, /"level":"warning","what":"the CA CN=acme soon of tenant acme/);
      assert.equal(code, 0, out);
      outcome.lock.tell({ pid: process.pid, http: edge.url });
      assert.match((await doctor(folder, '--admin-token', edge.admin)).out, /CN=bolt root/);
    } finally {
      await outcome.lock.release();
      await rm(folder, { recursive: true });
    }
  });
});

/** As `doctor` counts: whole days; certificates end on a whole second. */
function daysLeft(notAfterMs: number): number {
  return Math.floor((Math.floor(notAfterMs / 1_000) * 1_000 - NOW) / DAY_MS);
}

async function doctor(data: string, ...more: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  const words = [CLI, 'doctor', '--data', data, '--durability', 'process', '--log-max-bytes', '16MiB', '--log-format', 'json', ...more];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const code = await new Promise<number>((resolve) => {
    child.once('close', (ended) => resolve(ended ?? -1));
  });
  return { code, out };
}
