/**
 * Erasing a device: its credentials die, an event in its partition says that it is erased, the registry's entry forgets
 * it. What follows (twin, rows, snapshots) is the engine's, and is told by the second route. Each step may be repeated:
 * who got no answer asks again.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Clock } from '../../engine/kernel/clock.ts';
import { ERASURES_DEVICE, type Erasure } from '../../engine/kernel/erasure.ts';
import { isId } from '../../engine/kernel/ids.ts';
import { partitionOf } from '../../engine/kernel/partition.ts';
import { formatPosition } from '../../engine/kernel/position.ts';
import type { AskClient } from '../../engine/ports/ask.ts';
import { encodeEventPrefix, KIND, VIA } from '../../schemas/envelope.ts';
import { eraseSchema, erasureSchema } from '../../schemas/http/erasure.ts';
import type { Authenticator, Intake, IntakeFailure } from '../message.ts';
import { refusal } from '../refusal.ts';
import type { RegistryCache } from '../registry/cache.ts';
import type { RegistryCommands } from '../registry/commands.ts';
import { tenantCaller } from './access.ts';
import { refuseWhy } from './registry-answers.ts';
import { refuse } from './reply.ts';

const SCOPE = 'registry:admin';
const ASK_MS_MAX = 2_000;
const NO_BYTES = new Uint8Array(0);
/** Snapshots that are kept and purges that wait for them: see `Housekeeper`. */
const SNAPSHOTS_KEPT = 3;
const MARGIN_MS = 3_600_000;

export interface Erasing {
  readonly logRetentionMs: number;
  /** Of the topic trees' messages. */
  readonly topicRetentionMs: number;
  readonly snapshotIntervalMs: number;
  /** When rows and snapshots were gone, as the analytics store has it; undefined while they aren't, or it doesn't answer. */
  doneMs(partition: number, seq: number): Promise<number | undefined>;
}

export interface EraseRoutesDeps {
  readonly authenticator: Authenticator;
  readonly registry: RegistryCache;
  readonly commands: RegistryCommands;
  readonly intake: Intake;
  readonly ask: AskClient;
  readonly clock: Clock;
  readonly erasing: Erasing;
}

interface DeviceParams {
  readonly id: string;
}

export function eraseRoutes(app: FastifyInstance, deps: EraseRoutesDeps): void {
  const { authenticator, registry } = deps;
  app.post<{ Params: DeviceParams; Body: { readonly confirm: string } }>(
    '/v1/devices/:id(^[^/]+?)::erase',
    { schema: { body: eraseSchema, response: { 202: erasureSchema } } },
    async (request, reply) => {
      const caller = tenantCaller(request.raw, authenticator, SCOPE);
      if ('code' in caller) return refuse(reply, caller);
      const device = registry.device(caller.tenant, request.params.id);
      if (device === undefined) return refuseWhy(reply, 'not-found');
      if (request.body.confirm !== device.id)
        return refuse(
          reply,
          refusal('malformed', 'confirm must be the id of the device: what is erased does not come back', { pointer: '/confirm' }),
        );
      return erase(reply, { tenant: caller.tenant, device: device.id, actor: caller.principal.credential }, deps);
    },
  );

  app.get<{ Params: DeviceParams }>('/v1/devices/:id/erasure', { schema: { response: { 200: erasureSchema } } }, async (request, reply) => {
    const caller = tenantCaller(request.raw, authenticator, SCOPE);
    if ('code' in caller) return refuse(reply, caller);
    const { id } = request.params;
    if (!isId(id)) return refuseWhy(reply, 'not-found');
    return tell(reply, { tenant: caller.tenant, device: id }, deps);
  });
}

async function erase(
  reply: FastifyReply,
  what: { readonly tenant: string; readonly device: string; readonly actor: string },
  deps: EraseRoutesDeps,
): Promise<FastifyReply> {
  const { actor, device, tenant } = what;
  const commands = deps.commands.as(actor);
  const dead = await commands.decommissionDevice(tenant, device);
  if (!dead.ok) return refuseWhy(reply, dead.why);
  const partition = partitionOf(tenant, device, deps.intake.partitions);
  const prefix = encodeEventPrefix({ tenant, device, kind: KIND.erased, via: VIA.internal, actor });
  const stored = await append(deps.intake, partition, prefix);
  if ('code' in stored)
    return refuse(reply, refusal(stored.code, 'the log did not confirm the erasure: ask again', { retryAfterMs: stored.retryAfterMs }));
  const gone = await commands.deleteDevice(tenant, device);
  if (!gone.ok && gone.why !== 'not-found') return refuseWhy(reply, gone.why);
  const nowMs = deps.clock.now();
  return reply.code(202).send({
    device,
    tenant,
    position: formatPosition({ partition, seq: stored.seq, index: stored.index }),
    state: 'running',
    requestedAt: new Date(nowMs).toISOString(),
    completeBy: completeBy(nowMs, deps.erasing),
  });
}

/** The fold remembers erasures for longer than any of them takes. */
async function tell(
  reply: FastifyReply,
  what: { readonly tenant: string; readonly device: string },
  { ask, erasing, intake }: EraseRoutesDeps,
): Promise<FastifyReply> {
  const { device, tenant } = what;
  const partition = partitionOf(tenant, device, intake.partitions);
  const answer = await ask.twin(partition, { tenant, device: ERASURES_DEVICE }, { minSeq: 0, timeoutMs: ASK_MS_MAX });
  if (!answer.ok) return refuse(reply, refusal(answer.why, 'nobody can say now how far it is', { retryAfterMs: 1_000 }));
  const known = answer.value === undefined ? [] : (JSON.parse(Buffer.from(answer.value).toString('utf8')) as readonly Erasure[]);
  const found = known.find((one) => one.tenant === tenant && one.device === device);
  if (found === undefined) return refuse(reply, refusal('not-found', 'no device of that id was erased lately'));
  const doneMs = await erasing.doneMs(partition, found.seq);
  return reply.send({
    device,
    tenant,
    position: formatPosition({ partition, seq: found.seq, index: found.index }),
    state: doneMs === undefined ? 'running' : 'done',
    requestedAt: new Date(found.logMs).toISOString(),
    ...(doneMs === undefined ? {} : { doneAt: new Date(doneMs).toISOString() }),
    completeBy: completeBy(found.logMs, erasing),
  });
}

/** The log keeps what is younger than its retention, and what the snapshots that are kept still need; the topic trees' by age alone. */
function completeBy(requestedMs: number, { logRetentionMs, snapshotIntervalMs, topicRetentionMs }: Erasing): string {
  const keptMs = Math.max(logRetentionMs + SNAPSHOTS_KEPT * snapshotIntervalMs, topicRetentionMs);
  return new Date(requestedMs + keptMs + MARGIN_MS).toISOString();
}

async function append(
  intake: Intake,
  partition: number,
  prefix: Uint8Array,
): Promise<{ readonly seq: number; readonly index: number } | IntakeFailure> {
  const draft = { partition, prefix, extra: NO_BYTES, payload: NO_BYTES, start: 0, end: 0, urgent: true };
  return new Promise((resolve) => {
    const receipt = {
      stored: (_tag: number, seq: number, index: number) => resolve({ seq, index }),
      failed: (_tag: number, failure: IntakeFailure) => resolve(failure),
    };
    const offer = (): void => {
      if (!intake.offer(draft, receipt, 0)) intake.whenRoom(partition, offer);
    };
    offer();
  });
}
