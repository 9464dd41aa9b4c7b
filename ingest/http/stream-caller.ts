/** Who opens a stream: by the header, or, for browsers, by a cookie or a ticket. */
import type { IncomingMessage } from 'node:http';
import { isId } from '../../engine/kernel/ids.ts';
import type { Tickets } from '../credentials/tickets.ts';
import type { Authenticator, Principal } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { type Caller, callerBy, callerOf } from './access.ts';

/** Holds a token; set by whoever logs a person in. */
const COOKIE = 'twinfold_token';

export interface StreamCaller extends Caller {
  /** Undefined: the administrator named none. */
  readonly tenant: string | undefined;
}

export interface StreamCallerDeps {
  readonly authenticator: Authenticator;
  readonly tickets: Tickets;
}

/** A ticket is used up by this. */
export function streamCaller(request: IncomingMessage, query: URLSearchParams, deps: StreamCallerDeps): StreamCaller | Refusal {
  const named = request.headers['twinfold-tenant'];
  const ticket = query.get('ticket');
  if (ticket !== null) {
    const holder = deps.tickets.redeem(ticket);
    if (holder === undefined)
      return refusal('unauthorized', 'the ticket is over, was used, or is none: ask for another, POST /v1/stream/tickets');
    return withTenant(callerBy(holder.token, request, deps.authenticator), holder.tenant);
  }
  const token = request.headers.authorization === undefined ? cookieOf(request) : undefined;
  const caller = token === undefined ? callerOf(request, deps.authenticator) : callerBy(token, request, deps.authenticator);
  return withTenant(caller, typeof named === 'string' ? named : undefined);
}

export function withTenant(caller: Caller | Refusal, named: string | undefined): StreamCaller | Refusal {
  if ('code' in caller) return caller;
  const own = tenantOf(caller.principal);
  if (named !== undefined && !isId(named)) return refusal('malformed', 'the header Twinfold-Tenant is no tenant id');
  if (own !== undefined && named !== undefined && named !== own) return refusal('forbidden', `the credential belongs to tenant ${own}`);
  return { ...caller, tenant: own ?? named };
}

function tenantOf(principal: Principal): string | undefined {
  return principal.kind === 'admin' ? undefined : principal.tenant;
}

function cookieOf(request: IncomingMessage): string | undefined {
  for (const pair of request.headers.cookie?.split(';') ?? []) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === COOKIE) return pair.slice(equals + 1).trim();
  }
  return undefined;
}
