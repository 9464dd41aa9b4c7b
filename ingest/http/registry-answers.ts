/** What the registry's routes share: what they need, and how they answer what was decided. */
import type { FastifyReply } from 'fastify';
import type { LastUsed } from '../credentials/last-used.ts';
import type { Psks } from '../credentials/psk.ts';
import type { Authenticator } from '../message.ts';
import type { RegistryCache } from '../registry/cache.ts';
import type { RegistryCommands } from '../registry/commands.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { Expected, RegistryRefusal } from '../registry/deciders.ts';
import type { Refused } from '../registry/writer.ts';
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

/** Of a change that says what it takes the current version for. */
export interface Versioned {
  readonly version?: number;
}

export function refuseWhy(reply: FastifyReply, why: RegistryRefusal): FastifyReply {
  return refuse(reply, WHY[why]);
}

/** The same, with what is said of this one. `version`: the current one, told to whoever took it for another. */
export function refuseDone(reply: FastifyReply, { about, why }: Refused, version?: number): FastifyReply {
  const refused = about === undefined ? WHY[why] : { ...WHY[why], ...about };
  if (version === undefined || (why !== 'version-mismatch' && why !== 'stale-version')) return refuse(reply, refused);
  return refuse(reply.header('etag', etagOf(version)), { ...refused, detail: `${refused.detail}, which is ${version}` }, { version });
}

export function answerGone(reply: FastifyReply, done: { readonly ok: true } | Refused): FastifyReply {
  return done.ok ? reply.code(204).send() : refuseDone(reply, done);
}

export function etagOf(version: number): string {
  return `"${version}"`;
}

/** What a change takes the current version for, by its `If-Match` and by `version` in its body. */
export function expectedOf(header: string | undefined, version: number | undefined): Expected | Refusal {
  const said = version === undefined ? {} : { version };
  if (header === undefined || header === '*') return said;
  const found = /^(?:W\/)?"(\d{1,15})"$/.exec(header);
  return found === null ? refusal('malformed', 'If-Match is an ETag as it was given, or *') : { ...said, match: Number(found[1]) };
}
