/** Groups of devices: a policy, limits and how devices are provisioned; members name their group, or have its tags. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { groupPatchSchema, groupSchema, groupsSchema, newGroupSchema } from '../../schemas/http/registry.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { GroupPatch } from '../registry/deciders.ts';
import type { GroupEntry, ProvisioningDoc } from '../registry/entries.ts';
import { WEBHOOK_SECRET_BYTES_MIN, webhookUrlProblem } from '../registry/webhook.ts';
import { tenantCaller } from './access.ts';
import { pageOf, pageOfSorted } from './paging.ts';
import { deviceExcess } from './policy-excess.ts';
import { documentRefusal, groupBody } from './registry-bodies.ts';
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

interface GroupDraft extends Omit<GroupPatch, 'provisioning'> {
  readonly provisioning?:
    | (Omit<ProvisioningDoc, 'reclaim' | 'hook'> & { readonly reclaim?: boolean; readonly hook?: ProvisioningDoc['hook'] | null })
    | null;
}

export function groupRoutes(app: FastifyInstance, deps: RegistryRoutesDeps): void {
  const { authenticator, commands, registry } = deps;
  const allowLoopback = deps.allowLoopbackHooks === true;
  const bodyOf = (entry: GroupEntry): Readonly<Record<string, unknown>> => groupBody(entry, registry.groupSeq(entry.tenant, entry.id));
  const show = (reply: FastifyReply, entry: GroupEntry): FastifyReply =>
    reply.header('etag', etagOf(registry.groupSeq(entry.tenant, entry.id))).send(bodyOf(entry));

  app.post<{ Body: GroupDraft & { readonly id: string } }>(
    '/v1/groups',
    { schema: { body: newGroupSchema, response: { 201: groupSchema } } },
    async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, SCOPE);
      if ('code' in caller) return refuse(reply, caller);
      const { id, ...draft } = request.body;
      const bad = groupRefusal(draft, undefined, allowLoopback) ?? deviceExcess(caller.principal, draft.policy);
      if (bad !== undefined) return refuse(reply, bad);
      const done = await commands.as(caller.principal.credential).createGroup(caller.tenant, id, patchOf(draft, undefined));
      if (!done.ok) return refuseWhy(reply, done.why);
      return reply.code(201).header('location', `/v1/groups/${id}`).send(bodyOf(done.value));
    },
  );

  app.get('/v1/groups', { schema: { response: { 200: groupsSchema } } }, (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, SCOPE);
    if ('code' in caller) return refuse(reply, caller);
    const page = pageOf(request);
    if ('code' in page) return refuse(reply, page);
    const found = pageOfSorted(registry.groups(caller.tenant), ({ id }) => id, page);
    return reply.send({ ...found, items: found.items.map(bodyOf) });
  });

  app.get<{ Params: NamedParams }>('/v1/groups/:id', { schema: { response: { 200: groupSchema } } }, (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, SCOPE);
    if ('code' in caller) return refuse(reply, caller);
    const entry = registry.group(caller.tenant, request.params.id);
    return entry === undefined ? refuseWhy(reply, 'not-found') : show(reply, entry);
  });

  app.patch<{ Params: NamedParams; Body: GroupDraft & Versioned }>(
    '/v1/groups/:id',
    { schema: { body: groupPatchSchema, response: { 200: groupSchema } } },
    async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, SCOPE);
      if ('code' in caller) return refuse(reply, caller);
      const known = registry.group(caller.tenant, request.params.id);
      const { version, ...draft } = request.body;
      const bad = groupRefusal(draft, known, allowLoopback) ?? deviceExcess(caller.principal, draft.policy, known?.policy);
      if (bad !== undefined) return refuse(reply, bad);
      const expected = expectedOf(request.headers['if-match'], version);
      if ('code' in expected) return refuse(reply, expected);
      const { id } = request.params;
      const patch = patchOf(draft, known);
      const done = await commands.as(caller.principal.credential).updateGroup(caller.tenant, id, { patch, expected });
      return done.ok ? show(reply, done.value) : refuseDone(reply, done, registry.groupSeq(caller.tenant, id));
    },
  );

  app.delete<{ Params: NamedParams }>('/v1/groups/:id', async (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, SCOPE);
    if ('code' in caller) return refuse(reply, caller);
    return answerGone(reply, await commands.as(caller.principal.credential).deleteGroup(caller.tenant, request.params.id));
  });
}

function groupRefusal(draft: GroupDraft, known: GroupEntry | undefined, allowLoopback: boolean): Refusal | undefined {
  const mode = draft.mode ?? known?.mode ?? 'static';
  const query = draft.query === undefined ? known?.query : (draft.query ?? undefined);
  if (mode === 'continuous' && query === undefined)
    return refusal('malformed', 'a continuous group needs a query: {"tags": {…}}', { pointer: '/query' });
  const hook = draft.provisioning?.hook ?? undefined;
  const problem = hook === undefined ? undefined : webhookUrlProblem(hook.url, { allowLoopback });
  if (problem !== undefined) return refusal('malformed', `provisioning.hook.url: ${problem}`, { pointer: '/provisioning/hook/url' });
  if (hook !== undefined && Buffer.byteLength(hook.secret) < WEBHOOK_SECRET_BYTES_MIN)
    return refusal('malformed', `the secret of a hook has at least ${WEBHOOK_SECRET_BYTES_MIN} bytes`, {
      pointer: '/provisioning/hook/secret',
    });
  return documentRefusal(draft, 'shared');
}

/** Provisioning settings are merged: whoever changes one needn't know the hook's secret. */
function patchOf(draft: GroupDraft, known: GroupEntry | undefined): GroupPatch {
  const { provisioning, ...rest } = draft;
  if (provisioning === undefined || provisioning === null) return provisioning === null ? { ...rest, provisioning } : rest;
  const before = known?.provisioning;
  const hook = provisioning.hook === undefined ? before?.hook : (provisioning.hook ?? undefined);
  const tokenDays = provisioning.tokenDays ?? before?.tokenDays;
  return {
    ...rest,
    provisioning: {
      reclaim: provisioning.reclaim ?? before?.reclaim ?? false,
      ...(tokenDays === undefined ? {} : { tokenDays }),
      ...(hook === undefined ? {} : { hook }),
    },
  };
}
