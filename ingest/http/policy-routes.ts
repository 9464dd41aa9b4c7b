/** Why somebody may or may not do something: which grant of which document says so. */
import type { FastifyInstance } from 'fastify';
import { compilePolicy, type Explanation, type PolicyQuestion, type PolicySource } from '../../engine/domain/policy.ts';
import { isReserved, parseGrant } from '../../engine/domain/policy-grant.ts';
import { filterProblem, isTopic } from '../../engine/domain/topic-filter.ts';
import { explainPolicySchema, explanationSchema } from '../../schemas/http/policies.ts';
import type { RegistryGrants } from '../credentials/grants.ts';
import type { Authenticator } from '../message.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { RegistryCache } from '../registry/cache.ts';
import { tenantCaller } from './access.ts';
import { refuse } from './reply.ts';

export interface PolicyRoutesDeps {
  readonly authenticator: Authenticator;
  readonly registry: RegistryCache;
  readonly grants: RegistryGrants;
}

interface Asked {
  readonly device?: string;
  readonly key?: string;
  /** The name of a credential, as the audit trail has it: a token without its secret. */
  readonly principal?: string;
  readonly action: string;
  readonly topic?: string;
}

interface Subject {
  readonly docs: readonly PolicySource[];
  readonly device?: string;
  readonly tags?: Readonly<Record<string, unknown>>;
}

const DEVICE_CREDENTIAL = /^tfd_([^.]+)\.([^.]+)\.[^.]+$/;
const KEY_CREDENTIAL = /^tfk_([^.]+)\.([^.]+)$/;

export function policyRoutes(app: FastifyInstance, deps: PolicyRoutesDeps): void {
  app.post<{ Body: Asked }>(
    '/v1/policies::explain',
    { schema: { body: explainPolicySchema, response: { 200: explanationSchema } } },
    (request, reply) => {
      const caller = tenantCaller(request.raw, deps.authenticator, 'registry:admin');
      if ('code' in caller) return refuse(reply, caller);
      const subject = subjectOf(request.body, caller.tenant, deps);
      if ('code' in subject) return refuse(reply, subject);
      const question = questionOf(request.body);
      if ('code' in question) return refuse(reply, question);
      const { docs, device, tags } = subject;
      const { allowed, by, denied } = compilePolicy(docs, { tenant: caller.tenant, device, tags }).explain(question);
      return reply.send({
        allowed,
        detail: detailOf({ allowed, by, denied }, question),
        ...(by === undefined ? {} : { by }),
        ...(denied === undefined ? {} : { denied }),
        documents: docs.map(({ source, doc }) => ({ source, allow: doc.allow, deny: doc.deny ?? [] })),
      });
    },
  );
}

function subjectOf(asked: Asked, tenant: string, deps: PolicyRoutesDeps): Subject | Refusal {
  const named = [asked.device, asked.key, asked.principal].filter((name) => name !== undefined);
  if (named.length !== 1) return refusal('malformed', 'name one of device, key and principal');
  const [, deviceTenant, deviceId] = DEVICE_CREDENTIAL.exec(asked.principal ?? '') ?? [];
  const [, keyTenant, keyId] = KEY_CREDENTIAL.exec(asked.principal ?? '') ?? [];
  const inTenant = asked.principal === undefined || (deviceTenant ?? keyTenant) === tenant;
  const device = asked.device ?? deviceId;
  const key = asked.key ?? keyId;
  if (device === undefined && key === undefined)
    return refusal('malformed', 'a principal is tfd_<tenant>.<device>.<credential> or tfk_<tenant>.<key>', { pointer: '/principal' });
  if (inTenant && device !== undefined) {
    const record = deps.registry.device(tenant, device);
    if (record !== undefined) {
      const { id, tags } = record.entry;
      return { docs: deps.grants.deviceDocs(record), device: id, ...(tags === undefined ? {} : { tags }) };
    }
  }
  if (inTenant && key !== undefined) {
    const record = deps.registry.key(tenant, key);
    if (record !== undefined) return { docs: deps.grants.keyDocs(record) };
  }
  return refusal('not-found', `there is no ${device === undefined ? 'key' : 'device'} of that name in this tenant`);
}

function questionOf({ action, topic }: Asked): PolicyQuestion | Refusal {
  const isTopics = action === 'publish' || action === 'subscribe';
  if (isTopics !== (topic !== undefined))
    return refusal('malformed', 'publish and subscribe name a topic, and nothing else does', { pointer: '/topic' });
  const problem = topic === undefined ? undefined : topicProblem(action, topic);
  if (problem !== undefined) return refusal('malformed', problem, { pointer: '/topic' });
  if (topic !== undefined) return action === 'publish' ? { publish: topic } : { subscribe: topic };
  const grant = parseGrant(action);
  if (typeof grant !== 'string' && grant.kind === 'scope') return { scope: action };
  if (typeof grant !== 'string' && grant.kind === 'gateway') return { gateway: grant.pattern };
  const why = typeof grant === 'string' ? grant : 'ask for topics with the action publish or subscribe, and topic';
  return refusal('malformed', why, { pointer: '/action' });
}

/** Why nobody could publish or subscribe to it, whatever a policy says. */
function topicProblem(action: string, topic: string): string | undefined {
  if (action === 'subscribe') return filterProblem(topic);
  return isTopic(topic) ? undefined : 'topic is a name to publish to: it has no + and no #, which are for subscribe';
}

function detailOf({ by, denied }: Explanation, question: PolicyQuestion): string {
  if (denied !== undefined) return `${denied.source} denies ${denied.grant}, and a denial wins`;
  if (by !== undefined) return `${by.source} allows ${by.grant}`;
  const topic = 'publish' in question ? question.publish : 'subscribe' in question ? question.subscribe : '';
  if (topic.startsWith('v1/'))
    return 'topics under v1/ are granted by scopes: ask for telemetry:write, twin:read, command:respond or firmware:receive';
  if (isReserved(topic) || topic.startsWith('$')) return 'the topic is reserved, and no document grants it by name';
  return 'no document grants it';
}
