/** Who calls, and what that credential may do. Nothing is allowed that isn't said here. */
import type { IncomingMessage } from 'node:http';
import { isId } from '../../engine/kernel/ids.ts';
import { authenticateEither } from '../credentials/certificate-door.ts';
import { CERTIFICATE_FAULTS } from '../credentials/certificate-faults.ts';
import type { Ban } from '../limits/ban-book.ts';
import type { Authenticator, AuthResult, Principal } from '../message.ts';
import { secureFactsOf } from '../tls/peer.ts';
import { type Refusal, refusal } from '../refusal.ts';

export interface Caller {
  readonly principal: Principal;
  readonly token: string;
}

/** The tenant that the call is about, and who makes it. */
export interface TenantCaller {
  readonly principal: Principal;
  readonly tenant: string;
}

export function callerOf(request: IncomingMessage, authenticator: Authenticator): Caller | Refusal {
  const secure = secureFactsOf(request.socket);
  const header = request.headers.authorization;
  if (header === undefined) {
    const byCertificate = authenticateEither(authenticator, { token: undefined, secure, from: request.socket });
    if (byCertificate === undefined) return refusal('unauthorized', 'a token is needed: Authorization: Bearer <token>');
    return byCertificate.ok ? { principal: byCertificate.principal, token: '' } : refusedCredential(byCertificate);
  }
  if (header.length < 8 || header.slice(0, 7).toLowerCase() !== 'bearer ')
    return refusal('unauthorized', 'the scheme of Authorization must be Bearer');
  return callerBy(header.slice(7).trim(), request, authenticator);
}

/** The same with a token that came another way than by the header. */
export function callerBy(token: string, { socket }: Pick<IncomingMessage, 'socket'>, authenticator: Authenticator): Caller | Refusal {
  const result = authenticateEither(authenticator, { token, secure: secureFactsOf(socket), from: socket });
  if (result?.ok === true) return { principal: result.principal, token };
  return refusedCredential(result ?? { ok: false, why: 'malformed' });
}

type Refused = Extract<AuthResult, { ok: false }>;

function refusedCredential(result: Refused): Refusal {
  const refused = refusalOf(result);
  return result.ban === undefined ? refused : refusedByBan(refused.detail, result.ban);
}

/** 429, and what is wrong with the credential all the same: who waits with a bad one waits in vain. */
export function refusedByBan(detail: string, { limit, window, used, allowed, perMs, retryAfterMs }: Ban): Refusal {
  const wait = `limit ${limit} of ${window} is used up; try again in ${Math.ceil(retryAfterMs / 1_000)} s`;
  return refusal('rate-limited', `${detail}; ${wait}`, { limit, retryAfterMs, rate: { window, used, allowed, quota: allowed, perMs } });
}

function refusalOf(result: Refused): Refusal {
  switch (result.why) {
    case 'registry-behind':
      return refusal('registry-behind', 'this process lost touch with the registry', { retryAfterMs: 2_000 });
    case 'revoked':
      return refusal('unauthorized', 'the credential was revoked');
    case 'not-yet-valid':
      return refusal('unauthorized', 'the credential is not valid yet: its notBefore is to come');
    case 'expired':
      return refusal('unauthorized', 'the credential is out of its time: its notAfter is past; rotate it');
    case 'disabled':
      return refusal('unauthorized', 'the device is disabled; POST /v1/devices/{id}:enable lets it in again');
    case 'provisioning-key':
      return refusal('forbidden', 'a provisioning key registers devices with POST /register, and does nothing else');
    case 'decommissioned':
      return refusal('unauthorized', 'the device was decommissioned: its credentials are dead for good');
    case 'bad-certificate':
      return refusal('bad-certificate', CERTIFICATE_FAULTS[result.fault ?? 'malformed'], {
        limit: `certificate-${result.fault ?? 'malformed'}`,
      });
    case 'unknown-credential':
    case 'malformed':
      return refusal('unauthorized', 'the token is not known');
  }
}

/** The administrator, who may do everything but must say in which tenant; or a key with the scope, in its own. */
export function tenantCaller(request: IncomingMessage, authenticator: Authenticator, scope: string): TenantCaller | Refusal {
  const caller = partCaller(request, authenticator, scope);
  if ('code' in caller || caller.principal.kind !== 'key' || caller.principal.grants.allows(scope)) return caller;
  return notGranted(scope);
}

/** The same, where it is enough that the key may do a part of what the scope covers. */
export function partCaller(request: IncomingMessage, authenticator: Authenticator, scope: string): TenantCaller | Refusal {
  const caller = callerOf(request, authenticator);
  if ('code' in caller) return caller;
  const { principal } = caller;
  const named = request.headers['twinfold-tenant'];
  switch (principal.kind) {
    case 'admin':
      if (typeof named !== 'string')
        return refusal('tenant-required', 'the administrator token belongs to no tenant: name one in the header Twinfold-Tenant');
      if (!isId(named)) return refusal('malformed', 'the header Twinfold-Tenant is no tenant id');
      return { principal, tenant: named };
    case 'key':
      if (!principal.grants.allowsPart(scope)) return notGranted(scope);
      if (named !== undefined && named !== principal.tenant) return refusal('forbidden', `the key belongs to tenant ${principal.tenant}`);
      return { principal, tenant: principal.tenant };
    case 'device':
      return refusal('forbidden', `this takes an API key that was granted ${scope}, not the credential of a device`);
  }
}

/** As `tenantCaller`, where one of several scopes will do. */
export function anyScopeCaller(request: IncomingMessage, authenticator: Authenticator, scopes: readonly string[]): TenantCaller | Refusal {
  let caller: TenantCaller | Refusal = notGranted(scopes.join(' or '));
  for (const scope of scopes) {
    caller = tenantCaller(request, authenticator, scope);
    if (!('code' in caller) || caller.code !== 'forbidden') return caller;
  }
  return caller;
}

/** The administrator, or a key with the scope, for what belongs to no tenant. */
export function operatorCaller(request: IncomingMessage, authenticator: Authenticator, scope: string): Caller | Refusal {
  const caller = callerOf(request, authenticator);
  if ('code' in caller || caller.principal.kind === 'admin') return caller;
  return caller.principal.kind === 'key' && caller.principal.grants.allows(scope) ? caller : notGranted(scope);
}

export interface DeviceCaller {
  readonly principal: Extract<Principal, { kind: 'device' }>;
}

/** A device, for what is its own. */
export function deviceCaller(request: IncomingMessage, authenticator: Authenticator, scope: string | undefined): DeviceCaller | Refusal {
  const caller = callerOf(request, authenticator);
  if ('code' in caller) return caller;
  const { principal } = caller;
  if (principal.kind !== 'device') return refusal('forbidden', 'this is a device’s own side: it takes the credential of a device');
  return scope === undefined || principal.grants.allows(scope) ? { principal } : notGranted(scope);
}

export function notGranted(scope: string): Refusal {
  return refusal('forbidden', `${scope} is not granted; POST /v1/policies:explain says why`);
}

/** The administrator, for what concerns the whole deployment. */
export function adminCaller(request: IncomingMessage, authenticator: Authenticator): Caller | Refusal {
  const caller = callerOf(request, authenticator);
  if ('code' in caller || caller.principal.kind === 'admin') return caller;
  return refusal('forbidden', 'only the administrator token may do this');
}
