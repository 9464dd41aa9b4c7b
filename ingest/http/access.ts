/** Who calls, and what that credential may do. Nothing is allowed that isn't said here. */
import type { IncomingMessage } from 'node:http';
import { isId } from '../../engine/kernel/ids.ts';
import type { Authenticator, Principal } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';

export const SCOPES = [
  'telemetry:write',
  'telemetry:read',
  'twin:read',
  'twin:write',
  'command:send',
  'firmware:admin',
  'registry:admin',
  'schema:admin',
  'rule:admin',
  'quota:admin',
  'analytics:read',
  'replay:run',
] as const;
export type Scope = (typeof SCOPES)[number];

const TOPIC_SCOPE = /^topic:[^\s|]{1,256}:(pub|sub)$/;

export function isScope(text: string): boolean {
  return SCOPES.some((scope) => scope === text) || TOPIC_SCOPE.test(text);
}

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
  const header = request.headers.authorization;
  if (header === undefined) return refusal('unauthorized', 'a token is needed: Authorization: Bearer <token>');
  if (header.length < 8 || header.slice(0, 7).toLowerCase() !== 'bearer ')
    return refusal('unauthorized', 'the scheme of Authorization must be Bearer');
  const token = header.slice(7).trim();
  const result = authenticator.authenticate(token);
  if (result.ok) return { principal: result.principal, token };
  switch (result.why) {
    case 'registry-behind':
      return refusal('registry-behind', 'this process lost touch with the registry', { retryAfterMs: 2_000 });
    case 'revoked':
      return refusal('unauthorized', 'the credential was revoked or is out of its time');
    case 'unknown-credential':
    case 'malformed':
      return refusal('unauthorized', 'the token is not known');
  }
}

/** The administrator, who may do everything but must say in which tenant; or a key with the scope, in its own. */
export function tenantCaller(request: IncomingMessage, authenticator: Authenticator, scope: Scope): TenantCaller | Refusal {
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
      if (!principal.scopes.includes(scope)) return refusal('forbidden', `the key lacks the scope ${scope}`);
      if (named !== undefined && named !== principal.tenant) return refusal('forbidden', `the key belongs to tenant ${principal.tenant}`);
      return { principal, tenant: principal.tenant };
    case 'device':
      return refusal('forbidden', `a device token only sends; this takes an API key with the scope ${scope}`);
  }
}

/** The administrator, for what concerns the whole deployment. */
export function adminCaller(request: IncomingMessage, authenticator: Authenticator): Caller | Refusal {
  const caller = callerOf(request, authenticator);
  if ('code' in caller || caller.principal.kind === 'admin') return caller;
  return refusal('forbidden', 'only the administrator token may do this');
}
