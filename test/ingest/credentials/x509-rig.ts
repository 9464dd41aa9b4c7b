/** A registry of two tenants with a CA each, and whom certificates are in it. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { MemoryRegistry } from '../../../engine/memory/memory-registry.ts';
import { CertificateSessions } from '../../../ingest/credentials/certificate-sessions.ts';
import { pepperOf } from '../../../ingest/credentials/credentials.ts';
import { RegistryGrants } from '../../../ingest/credentials/grants.ts';
import { SecretKey } from '../../../ingest/credentials/secret-key.ts';
import { TenantCas } from '../../../ingest/credentials/tenant-cas.ts';
import { CertificateDirectory } from '../../../ingest/credentials/x509-directory.ts';
import type { AuthResult } from '../../../ingest/message.ts';
import { RegistryCache } from '../../../ingest/registry/cache.ts';
import { RegistryCommands } from '../../../ingest/registry/commands.ts';
import { KnownIntermediates } from '../../../ingest/tls/known-intermediates.ts';
import { factsOf, type Holder, makeCa, makeProof, NOW } from '../tls/pki.ts';

export const acmeCa = makeCa('acme root');
export const evilCa = makeCa('evil root');

export async function rig() {
  let aheadMs = 0;
  const clock = { now: () => NOW + aheadMs, monotonic: () => performance.now() };
  const log = new MemoryRegistry();
  const registry = new RegistryCache(log, clock);
  const directory = new CertificateDirectory();
  registry.onFact((fact, seq) => directory.apply(fact, seq));
  await registry.caughtUp();
  const commands = new RegistryCommands({ log, cache: registry, clock, randomBytes, pepper: pepperOf('test'), pins: directory });
  const cas = new TenantCas({ registry, secretKey: new SecretKey(randomBytes(32), randomBytes), clock, randomBytes });
  const intermediates = new KnownIntermediates();
  const sessions = new CertificateSessions({ directory, registry, grants: new RegistryGrants(registry), clock, intermediates });
  for (const tenant of ['acme', 'evil']) {
    await commands.createTenant(tenant);
    for (const id of ['dev-1', 'dev-2']) await commands.registerDevice(tenant, { id, externalIds: [`urn:mac:${tenant}-${id}`] });
  }
  const add = async (tenant: string, ca: Holder): Promise<string> => {
    const added = await cas.add(commands, tenant, { pem: ca.pem, proof: makeProof(ca, tenant) });
    assert.ok(added.ok, JSON.stringify(added));
    return added.value.id;
  };
  const ids = { acme: await add('acme', acmeCa), evil: await add('evil', evilCa) };
  /** Pins a certificate, or just its key. */
  const pin = async (tenant: string, device: string, what: Holder | { readonly spki: string }): Promise<string> => {
    const draft = 'spki' in what ? what : { fingerprint: factsOf(what.pem).fingerprint };
    const done = await commands.addCredential(tenant, device, { type: 'x509', ...draft });
    assert.ok(done.ok);
    return done.value.credential.id;
  };
  /** The same at another edge, which has not heard of the pins so far. */
  const elsewhere = new RegistryCommands({ log, cache: registry, clock, randomBytes, pepper: pepperOf('test') });
  const pinUnseen = async (tenant: string, device: string, what: Holder | { readonly spki: string }): Promise<string> => {
    const draft = 'spki' in what ? what : { fingerprint: factsOf(what.pem).fingerprint };
    const done = await elsewhere.addCredential(tenant, device, { type: 'x509', ...draft });
    assert.ok(done.ok);
    return done.value.credential.id;
  };
  return { sessions, pinUnseen, commands, cas, registry, ids, add, pin, advance: (ms: number) => void (aheadMs += ms) };
}

export type Rig = Awaited<ReturnType<typeof rig>>;

export function outcome(result: AuthResult): string {
  if (!result.ok) return result.fault ?? result.why;
  const { principal } = result;
  return principal.kind === 'device' ? `${principal.tenant}/${principal.device}` : principal.kind;
}
