/** Tenants, keys, devices and their credentials. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  deviceSchema,
  devicesSchema,
  keySchema,
  mintedCredentialSchema,
  newCredentialSchema,
  newDeviceSchema,
  newKeySchema,
  newTenantSchema,
  registeredDeviceSchema,
  tenantSchema,
} from '../../schemas/http/registry.ts';
import type { Authenticator } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { DeviceRecord, RegistryCache } from '../registry-cache.ts';
import type { RegistryCommands, RegistryRefusal } from '../registry-commands.ts';
import type { CredentialEntry } from '../registry-entries.ts';
import { adminCaller, isScope, tenantCaller } from './access.ts';
import { refuse } from './reply.ts';

/** UTF-8. */
const EXTERNAL_ID_BYTES_MAX = 128;
const PAGE_DEFAULT = 100;
const PAGE_MAX = 1_000;

export interface RegistryRoutesDeps {
  readonly authenticator: Authenticator;
  readonly registry: RegistryCache;
  readonly commands: RegistryCommands;
}

interface DeviceParams {
  readonly id: string;
}

interface NewDevice {
  readonly id: string;
  readonly externalIds?: readonly string[];
  readonly group?: string;
  readonly tags?: Readonly<Record<string, unknown>>;
}

interface NewCredential {
  readonly notBefore?: string;
  readonly notAfter?: string;
}

const WHY: Readonly<Record<RegistryRefusal, Refusal>> = {
  'already-registered': refusal('already-registered', 'the id is taken'),
  'external-id-taken': refusal('external-id-taken', 'an external id belongs to another device of the tenant'),
  'not-found': refusal('not-found', 'there is none of that name in this tenant'),
  'unknown-tenant': refusal('unknown-tenant', 'the tenant does not exist; POST /v1/tenants creates it'),
  'too-many-credentials': refusal('too-many-credentials', 'two credentials of a device may be valid at once; revoke one', {
    limit: 'credentials',
  }),
  'too-many-devices': refusal('too-many-devices', 'the deployment holds as many devices as it may', { limit: 'devices' }),
  conflict: refusal('conflict', 'somebody else changed it at the same time'),
  unavailable: refusal('registry-unavailable', 'the registry did not confirm the change; it may have been made'),
};

export function registryRoutes(app: FastifyInstance, deps: RegistryRoutesDeps): void {
  tenantRoutes(app, deps);
  keyRoutes(app, deps);
  deviceRoutes(app, deps);
  credentialRoutes(app, deps);
}

function tenantRoutes(app: FastifyInstance, { authenticator, commands }: RegistryRoutesDeps): void {
  app.post<{ Body: { readonly id: string } }>(
    '/v1/tenants',
    { schema: { body: newTenantSchema, response: { 201: tenantSchema } } },
    async (request, reply) => {
      const caller = adminCaller(request.raw, authenticator);
      if ('code' in caller) return refuse(reply, caller);
      const done = await commands.createTenant(request.body.id);
      return done.ok ? reply.code(201).send({ id: request.body.id }) : refuse(reply, WHY[done.why]);
    },
  );
}

function keyRoutes(app: FastifyInstance, { authenticator, commands }: RegistryRoutesDeps): void {
  app.post<{ Body: { readonly scopes: readonly string[] } }>(
    '/v1/keys',
    { schema: { body: newKeySchema, response: { 201: keySchema } } },
    async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, 'registry:admin');
      if ('code' in caller) return refuse(reply, caller);
      const { scopes } = request.body;
      const unknown = scopes.find((scope) => !isScope(scope));
      if (unknown !== undefined)
        return refuse(
          reply,
          refusal('malformed', `${JSON.stringify(unknown.slice(0, 64))} is no scope`, { pointer: `/scopes/${scopes.indexOf(unknown)}` }),
        );
      const { principal } = caller;
      const excess = principal.kind === 'key' ? scopes.find((scope) => !principal.scopes.includes(scope)) : undefined;
      if (excess !== undefined) return refuse(reply, refusal('forbidden', `a key grants only what it has itself; it lacks ${excess}`));
      const done = await commands.createKey(caller.tenant, scopes);
      if (!done.ok) return refuse(reply, WHY[done.why]);
      return reply.code(201).send({ id: done.value.id, kind: 'api', tenant: caller.tenant, scopes, key: done.value.token });
    },
  );

  app.delete<{ Params: DeviceParams }>('/v1/keys/:id', async (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, 'registry:admin');
    if ('code' in caller) return refuse(reply, caller);
    return answerGone(reply, await commands.revokeKey(caller.tenant, request.params.id));
  });
}

function deviceRoutes(app: FastifyInstance, { authenticator, registry, commands }: RegistryRoutesDeps): void {
  app.post<{ Body: NewDevice }>(
    '/v1/devices',
    { schema: { body: newDeviceSchema, response: { 201: registeredDeviceSchema } } },
    async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, 'registry:admin');
      if ('code' in caller) return refuse(reply, caller);
      const { id, externalIds = [], group, tags } = request.body;
      const bad = externalIds.findIndex((name) => !isExternalId(name));
      if (bad >= 0)
        return refuse(
          reply,
          refusal('malformed', `an external id has at most ${EXTERNAL_ID_BYTES_MAX} bytes and no control characters`, {
            pointer: `/externalIds/${bad}`,
          }),
        );
      const done = await commands.registerDevice(caller.tenant, {
        id,
        externalIds,
        ...(group === undefined ? {} : { group }),
        ...(tags === undefined ? {} : { tags }),
      });
      if (!done.ok) return refuse(reply, WHY[done.why]);
      return reply
        .code(201)
        .header('location', `/v1/devices/${id}`)
        .send({ ...deviceBody(done.value.device), token: done.value.token });
    },
  );

  app.get('/v1/devices', { schema: { response: { 200: devicesSchema } } }, (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, 'registry:admin');
    if ('code' in caller) return refuse(reply, caller);
    const page = pageOf(request);
    if ('code' in page) return refuse(reply, page);
    const found = registry.list(caller.tenant, page.after, page.limit + 1);
    const items = found.slice(0, page.limit);
    const last = found.length > page.limit ? items.at(-1) : undefined;
    return reply.send({
      items: items.map(deviceBody),
      ...(last === undefined ? {} : { nextCursor: Buffer.from(last.id).toString('base64url') }),
    });
  });

  app.get<{ Params: DeviceParams }>('/v1/devices/:id', { schema: { response: { 200: deviceSchema } } }, (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, 'registry:admin');
    if ('code' in caller) return refuse(reply, caller);
    const device = registry.device(caller.tenant, request.params.id);
    return device === undefined ? refuse(reply, WHY['not-found']) : reply.send(deviceBody(device));
  });

  app.delete<{ Params: DeviceParams }>('/v1/devices/:id', async (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, 'registry:admin');
    if ('code' in caller) return refuse(reply, caller);
    return answerGone(reply, await commands.deleteDevice(caller.tenant, request.params.id));
  });
}

function credentialRoutes(app: FastifyInstance, { authenticator, commands }: RegistryRoutesDeps): void {
  app.post<{ Params: DeviceParams; Body: NewCredential | null }>(
    '/v1/devices/:id/credentials',
    { schema: { body: newCredentialSchema, response: { 201: mintedCredentialSchema } } },
    async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, 'registry:admin');
      if ('code' in caller) return refuse(reply, caller);
      const { notBefore, notAfter } = request.body ?? {};
      const done = await commands.addCredential(caller.tenant, request.params.id, {
        ...(notBefore === undefined ? {} : { notBeforeMs: Date.parse(notBefore) }),
        ...(notAfter === undefined ? {} : { notAfterMs: Date.parse(notAfter) }),
      });
      if (!done.ok) return refuse(reply, WHY[done.why]);
      const { device, credential, token } = done.value;
      return reply.code(201).send({ ...credentialBody(credential), device: device.id, token });
    },
  );

  app.delete<{ Params: DeviceParams & { readonly credential: string } }>(
    '/v1/devices/:id/credentials/:credential',
    async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, 'registry:admin');
      if ('code' in caller) return refuse(reply, caller);
      const { id, credential } = request.params;
      return answerGone(reply, await commands.revokeCredential(caller.tenant, id, credential));
    },
  );
}

function answerGone(
  reply: FastifyReply,
  done: { readonly ok: true } | { readonly ok: false; readonly why: RegistryRefusal },
): FastifyReply {
  return done.ok ? reply.code(204).send() : refuse(reply, WHY[done.why]);
}

function pageOf(request: FastifyRequest): { readonly after: string; readonly limit: number } | Refusal {
  const query = new URLSearchParams(request.url.split('?', 2)[1] ?? '');
  const limit = Number(query.get('limit') ?? PAGE_DEFAULT);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX)
    return refusal('malformed', `limit is a whole number from 1 to ${PAGE_MAX}`, { limit: 'page' });
  return { after: Buffer.from(query.get('cursor') ?? '', 'base64url').toString('utf8'), limit };
}

function isExternalId(name: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return Buffer.byteLength(name) <= EXTERNAL_ID_BYTES_MAX && !/[\u0000-\u001f\u007f]/.test(name);
}

function deviceBody(device: DeviceRecord): Readonly<Record<string, unknown>> {
  const { entry } = device;
  return {
    id: device.id,
    tenant: device.tenant,
    externalIds: entry.externalIds,
    ...(entry.group === undefined ? {} : { group: entry.group }),
    ...(entry.tags === undefined ? {} : { tags: entry.tags }),
    createdAt: timeText(entry.createdMs),
    credentials: entry.credentials.map(credentialBody),
  };
}

function credentialBody(entry: CredentialEntry): Readonly<Record<string, unknown>> {
  return {
    id: entry.id,
    createdAt: timeText(entry.createdMs),
    ...(entry.notBeforeMs === undefined ? {} : { notBefore: timeText(entry.notBeforeMs) }),
    ...(entry.notAfterMs === undefined ? {} : { notAfter: timeText(entry.notAfterMs) }),
    ...(entry.revokedMs === undefined ? {} : { revokedAt: timeText(entry.revokedMs) }),
  };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
