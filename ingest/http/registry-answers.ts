/** What the registry's routes share: what they need, and how they answer what was decided. */
import type { FastifyReply } from 'fastify';
import type { LastUsed } from '../credentials/last-used.ts';
import type { Psks } from '../credentials/psk.ts';
import type { Authenticator } from '../message.ts';
import type { RegistryCache } from '../registry/cache.ts';
import type { RegistryCommands } from '../registry/commands.ts';
import type { RegistryRefusal } from '../registry/deciders.ts';
import type { HttpMetrics } from './http-metrics.ts';
import { WHY } from './registry-bodies.ts';
import { refuse } from './reply.ts';

export interface RegistryRoutesDeps {
  readonly authenticator: Authenticator;
  readonly registry: RegistryCache;
  readonly commands: RegistryCommands;
  readonly psks: Psks;
  readonly metrics: HttpMetrics;
  readonly lastUsed?: LastUsed;
  /** For tests and development: hooks may be on loopback addresses, and without TLS there. */
  readonly allowLoopbackHooks?: boolean;
}

export interface NamedParams {
  readonly id: string;
}

export function refuseWhy(reply: FastifyReply, why: RegistryRefusal): FastifyReply {
  return refuse(reply, WHY[why]);
}

export function answerGone(
  reply: FastifyReply,
  done: { readonly ok: true } | { readonly ok: false; readonly why: RegistryRefusal },
): FastifyReply {
  return done.ok ? reply.code(204).send() : refuseWhy(reply, done.why);
}
