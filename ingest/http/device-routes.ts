/** Devices: registered, found, changed, and their lives. Wherever one is named, an external id will do. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import {
  decommissionSchema,
  devicePatchSchema,
  deviceSchema,
  devicesSchema,
  newDeviceSchema,
  registeredDeviceSchema,
} from '../../schemas/http/registry.ts';
import type { DeviceFilter } from '../registry/device-table.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { RegistryCommands } from '../registry/commands.ts';
import type { DeviceDraft, DevicePatch } from '../registry/deciders.ts';
import { DEVICE_STATES } from '../registry/entries.ts';
import type { DeviceRecord } from '../registry/records.ts';
import type { Decided } from '../registry/writer.ts';
import { tenantCaller } from './access.ts';
import { cursorOf, numberCursor, type Page, pageOf } from './paging.ts';
import { deviceExcess } from './policy-excess.ts';
import { deviceBody, documentRefusal, externalIdRefusal } from './registry-bodies.ts';
import {
  answerGone,
  etagOf,
  expectedOf,
  type NamedParams,
  refuseDone,
  refuseWhy,
  type RegistryRoutesDeps,
  type Versioned,
} from './registry-answers.ts';
import { refuse } from './reply.ts';

const SCOPE = 'registry:admin';
const TAGS_A_QUERY_MAX = 8;

interface NewDevice extends Omit<DeviceDraft, 'externalIds'> {
  readonly externalIds?: readonly string[];
  readonly reuse?: boolean;
}

export function deviceRoutes(app: FastifyInstance, deps: RegistryRoutesDeps): void {
  writingRoutes(app, deps);
  readingRoutes(app, deps);
  lifeRoutes(app, deps);
}

function writingRoutes(app: FastifyInstance, deps: RegistryRoutesDeps): void {
  const { authenticator, commands } = deps;

  app.post<{ Body: NewDevice }>(
    '/v1/devices',
    { schema: { body: newDeviceSchema, response: { 201: registeredDeviceSchema } } },
    async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, SCOPE);
      if ('code' in caller) return refuse(reply, caller);
      const { externalIds = [], reuse = false, ...draft } = request.body;
      const bad = externalIdRefusal(externalIds) ?? documentRefusal(draft, 'single') ?? deviceExcess(caller.principal, draft.policy);
      if (bad !== undefined) return refuse(reply, bad);
      const done = await commands.as(caller.principal.credential).registerDevice(caller.tenant, { ...draft, externalIds }, { reuse });
      if (!done.ok) return refuseDone(reply, done);
      return reply
        .code(201)
        .headers({ location: `/v1/devices/${draft.id}`, etag: etagOf(done.value.device.seq) })
        .send({ ...deviceBody(done.value.device, deps), token: done.value.token });
    },
  );

  app.patch<{ Params: NamedParams; Body: DevicePatch & Versioned }>(
    '/v1/devices/:id',
    { schema: { body: devicePatchSchema, response: { 200: deviceSchema } } },
    async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, SCOPE);
      if ('code' in caller) return refuse(reply, caller);
      const known = deps.registry.device(caller.tenant, request.params.id)?.entry.policy;
      const bad =
        externalIdRefusal(request.body.externalIds) ??
        documentRefusal(request.body, 'single') ??
        deviceExcess(caller.principal, request.body.policy, known);
      if (bad !== undefined) return refuse(reply, bad);
      const { version, ...patch } = request.body;
      const expected = expectedOf(request.headers['if-match'], version);
      if ('code' in expected) return refuse(reply, expected);
      const done = await commands.as(caller.principal.credential).updateDevice(caller.tenant, request.params.id, { patch, expected });
      return answerDevice(reply, done, { deps, tenant: caller.tenant, name: request.params.id });
    },
  );

  app.delete<{ Params: NamedParams }>('/v1/devices/:id', async (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, SCOPE);
    if ('code' in caller) return refuse(reply, caller);
    return answerGone(reply, await commands.as(caller.principal.credential).deleteDevice(caller.tenant, request.params.id));
  });
}

function readingRoutes(app: FastifyInstance, deps: RegistryRoutesDeps): void {
  const { authenticator, registry } = deps;

  app.get('/v1/devices', { schema: { response: { 200: devicesSchema } } }, async (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, SCOPE);
    if ('code' in caller) return refuse(reply, caller);
    const page = pageOf(request);
    if ('code' in page) return refuse(reply, page);
    const from = numberCursor(page.cursor, 0);
    if (from === undefined) return refuse(reply, refusal('malformed', 'the cursor is none of this list'));
    const filter = filterOf(page, caller.tenant, deps);
    if ('code' in filter) return refuse(reply, filter);
    const found = await registry.list(caller.tenant, filter, { from, limit: page.limit });
    return reply.send({
      items: found.items.map((device) => deviceBody(device, deps)),
      ...(found.next === undefined ? {} : { nextCursor: cursorOf(String(found.next)) }),
    });
  });

  const show = (reply: FastifyReply, device: DeviceRecord | undefined): FastifyReply =>
    device === undefined ? refuseWhy(reply, 'not-found') : reply.header('etag', etagOf(device.seq)).send(deviceBody(device, deps));

  app.get<{ Params: NamedParams }>('/v1/devices/:id', { schema: { response: { 200: deviceSchema } } }, (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, SCOPE);
    return 'code' in caller ? refuse(reply, caller) : show(reply, registry.device(caller.tenant, request.params.id));
  });

  app.get<{ Params: NamedParams }>('/v1/devices/by-external-id/:id', { schema: { response: { 200: deviceSchema } } }, (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, SCOPE);
    return 'code' in caller ? refuse(reply, caller) : show(reply, registry.deviceByExternalId(caller.tenant, request.params.id));
  });
}

interface LifeCall {
  readonly tenant: string;
  readonly name: string;
  readonly reuse: boolean;
}

type LifeCommand = (commands: RegistryCommands, call: LifeCall) => Promise<Decided<DeviceRecord>>;

const LIFE: Readonly<Record<'disable' | 'enable' | 'decommission', LifeCommand>> = {
  disable: async (commands, { name, tenant }) => commands.disableDevice(tenant, name),
  enable: async (commands, { name, tenant }) => commands.enableDevice(tenant, name),
  decommission: async (commands, { name, reuse, tenant }) => commands.decommissionDevice(tenant, name, reuse),
};

function lifeRoutes(app: FastifyInstance, deps: RegistryRoutesDeps): void {
  const { authenticator, commands } = deps;
  for (const [verb, command] of Object.entries(LIFE)) {
    app.post<{ Params: NamedParams; Body: { readonly reuse?: boolean } | null }>(
      `/v1/devices/:id(^[^/]+?)::${verb}`,
      { schema: { body: decommissionSchema, response: { 200: deviceSchema } } },
      async (request, reply) => {
        const caller = tenantCaller(request.raw, authenticator, SCOPE);
        if ('code' in caller) return refuse(reply, caller);
        const { id } = request.params;
        const done = await command(commands.as(caller.principal.credential), {
          tenant: caller.tenant,
          name: id,
          reuse: request.body?.reuse === true,
        });
        return answerDevice(reply, done, { deps, tenant: caller.tenant, name: id });
      },
    );
  }
}

function answerDevice(
  reply: FastifyReply,
  done: Decided<DeviceRecord>,
  asked: { readonly deps: RegistryRoutesDeps; readonly tenant: string; readonly name: string },
): FastifyReply {
  if (done.ok) return reply.header('etag', etagOf(done.value.seq)).send(deviceBody(done.value, asked.deps));
  return refuseDone(reply, done, asked.deps.registry.device(asked.tenant, asked.name)?.seq);
}

/** `?tag=site:berlin&tag=line:3&group=…&state=…&prefix=…`: all of it must fit. */
function filterOf({ query }: Page, tenant: string, { registry }: RegistryRoutesDeps): DeviceFilter | Refusal {
  const tags: Record<string, unknown> = {};
  const wanted = query.getAll('tag');
  if (wanted.length > TAGS_A_QUERY_MAX)
    return refusal('malformed', `at most ${TAGS_A_QUERY_MAX} tags can be asked for at once`, { limit: 'tags' });
  for (const text of wanted) {
    const colon = text.indexOf(':');
    if (colon < 1)
      return refusal(
        'malformed',
        'tag is <key>:<value>, such as site:berlin or line:3; a text that looks like a number is quoted: line:"3"',
      );
    Object.defineProperty(tags, text.slice(0, colon), { value: valueOf(text.slice(colon + 1)), enumerable: true });
  }
  const group = query.get('group') ?? undefined;
  const state = query.get('state') ?? undefined;
  const known = DEVICE_STATES.find((one) => one === state);
  if (state !== undefined && known === undefined) return refusal('malformed', `state is one of ${DEVICE_STATES.join(', ')}`);
  const prefix = query.get('prefix') ?? undefined;
  const entry = group === undefined ? undefined : registry.group(tenant, group);
  return {
    ...(wanted.length === 0 ? {} : { tags }),
    ...(group === undefined ? {} : { group }),
    ...(entry?.mode === 'continuous' && entry.query !== undefined ? { groupTags: entry.query.tags } : {}),
    ...(known === undefined ? {} : { state: known }),
    ...(prefix === undefined ? {} : { idPrefix: prefix }),
  };
}

/** Numbers, booleans and quoted texts as JSON; all else is the text itself. */
function valueOf(text: string): unknown {
  if (!/^(?:-?\d|true$|false$|")/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
