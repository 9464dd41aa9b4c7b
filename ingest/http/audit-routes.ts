/** The audit trail: every decision of a tenant's registry, newest first. */
import type { FastifyInstance } from 'fastify';
import { isId } from '../../engine/kernel/ids.ts';
import { auditSchema } from '../../schemas/http/registry.ts';
import { type AuditItem, readAudit, subjectIdOf, withoutSecrets } from '../registry/audit.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { REGISTRY_ACTIONS } from '../registry/entries.ts';
import { tenantCaller } from './access.ts';
import { cursorOf, numberCursor, pageOf } from './paging.ts';
import { timeText, WHY } from './registry-bodies.ts';
import type { RegistryRoutesDeps } from './registry-answers.ts';
import { refuse } from './reply.ts';

const KINDS = ['device', 'key', 'group', 'tenant'] as const;

export function auditRoutes(app: FastifyInstance, { authenticator, commands }: RegistryRoutesDeps): void {
  app.get('/v1/audit', { schema: { response: { 200: auditSchema } } }, async (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, 'registry:admin');
    if ('code' in caller) return refuse(reply, caller);
    const page = pageOf(request);
    if ('code' in page) return refuse(reply, page);
    const before = page.cursor === undefined ? undefined : numberCursor(page.cursor, 0);
    if (page.cursor !== undefined && before === undefined) return refuse(reply, refusal('malformed', 'the cursor is none of this list'));
    const { query } = page;
    const filter = { kind: query.get('kind'), id: query.get('id'), actor: query.get('actor'), did: query.get('did') };
    const bad = filterRefusal(filter);
    if (bad !== undefined) return refuse(reply, bad);
    try {
      const found = await readAudit(commands.history, {
        tenant: caller.tenant,
        limit: page.limit,
        ...(before === undefined ? {} : { before }),
        ...(filter.kind === null ? {} : { kind: filter.kind }),
        ...(filter.id === null ? {} : { id: filter.id }),
        ...(filter.actor === null ? {} : { actor: filter.actor }),
        ...(filter.did === null ? {} : { did: filter.did }),
      });
      return await reply.send({
        items: found.items.map(itemBody),
        ...(found.next === undefined ? {} : { nextCursor: cursorOf(String(found.next)) }),
      });
    } catch {
      return refuse(reply, WHY.unavailable);
    }
  });
}

function filterRefusal(filter: {
  readonly kind: string | null;
  readonly id: string | null;
  readonly did: string | null;
}): Refusal | undefined {
  if (filter.kind !== null && !KINDS.some((kind) => kind === filter.kind))
    return refusal('malformed', `kind is one of ${KINDS.join(', ')}`);
  if (filter.id !== null && !isId(filter.id)) return refusal('malformed', 'id is an id: A-Z a-z 0-9 _ -, at most 64');
  if (filter.did !== null && !REGISTRY_ACTIONS.some((did) => did === filter.did))
    return refusal('malformed', `did is one of ${REGISTRY_ACTIONS.join(', ')}`);
  return undefined;
}

function itemBody({ fact, seq }: AuditItem): Readonly<Record<string, unknown>> {
  return {
    seq,
    ...(fact.at === undefined ? {} : { at: timeText(fact.at) }),
    ...(fact.actor === undefined ? {} : { actor: fact.actor }),
    ...(fact.did === undefined ? {} : { did: fact.did }),
    kind: fact.kind,
    id: subjectIdOf(fact),
    state: withoutSecrets(fact),
  };
}
