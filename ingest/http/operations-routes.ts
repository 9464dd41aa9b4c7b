/** For operators and their tools: whether it lives, whether it is ready, what it counts, who owns what. */
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../engine/kernel/clock.ts';
import { renderExposition } from '../../engine/observability/exposition.ts';
import type { MetricsRegistry } from '../../engine/observability/metrics.ts';
import type { AskClient } from '../../engine/ports/ask.ts';
import { healthSchema, partitionsSchema, readinessSchema } from '../../schemas/http/operations.ts';
import { PROBLEMS, type ProblemKind } from '../../schemas/http/problems.ts';
import { EngineMetrics } from '../health/engine-metrics.ts';
import { refusal } from '../refusal.ts';
import { refuse } from './reply.ts';

const STATUS_ASK_MS_MAX = 1_000;

export type PartStatus = 'ok' | 'degraded' | 'down';

export interface Readiness {
  readonly parts: readonly {
    readonly name: string;
    readonly status: PartStatus;
    readonly detail?: string;
    /** Of what is nearly full; the time only if it is filling. */
    readonly percentFull?: number;
    readonly timeToFullS?: number;
  }[];
  /** What was asked for, and what the servers really do. */
  readonly durability: { readonly asked: string; readonly inForce: string; readonly detail?: string };
}

export interface OperationsRoutesDeps {
  readonly ask: AskClient;
  readonly metrics: MetricsRegistry;
  readonly clock: Clock;
  readonly partitions: number;
  readonly version: string;
  readonly readiness: () => Promise<Readiness>;
  /** What is nearly full, and when it will be; undefined when nothing is. Answers at once. */
  readonly fullness?: (() => string | undefined) | undefined;
  readonly isDraining: () => boolean;
}

export function operationsRoutes(app: FastifyInstance, deps: OperationsRoutesDeps): void {
  const engines = new EngineMetrics(deps);

  app.get('/healthz', { schema: { response: { 200: healthSchema } } }, () => {
    const detail = deps.fullness?.();
    return { status: 'ok', version: deps.version, ...(detail === undefined ? {} : { detail }) };
  });

  app.get('/readyz', { schema: { response: { 200: readinessSchema, 503: readinessSchema } } }, async (_request, reply) => {
    const told = await deps.readiness();
    const parts = deps.isDraining() ? [...told.parts, { name: 'http', status: 'down' as const, detail: 'shutting down' }] : told.parts;
    const status = parts.some((part) => part.status === 'down')
      ? 'down'
      : parts.some((part) => part.status === 'degraded')
        ? 'degraded'
        : 'ok';
    return reply.code(status === 'down' ? 503 : 200).send({ status, parts, durability: told.durability });
  });

  app.get('/metrics', async (_request, reply) => {
    const families = [...deps.metrics.collect(), ...(await engines.collect())];
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(renderExposition(families));
  });

  app.get('/v1/partitions', { schema: { response: { 200: partitionsSchema } } }, async (_request, reply) => {
    const items = await Promise.all(Array.from({ length: deps.partitions }, (_, partition) => partitionBody(partition, deps.ask)));
    return reply.send({ items });
  });

  app.get<{ Params: { readonly code: string } }>('/problems/:code', (request, reply) => {
    const kinds: ReadonlyMap<string, ProblemKind> = new Map(Object.entries(PROBLEMS));
    const kind = kinds.get(request.params.code);
    if (kind === undefined) return refuse(reply, refusal('not-found', 'there is no such problem'));
    return reply.send({ code: request.params.code, ...kind });
  });
}

async function partitionBody(partition: number, ask: AskClient): Promise<Readonly<Record<string, unknown>>> {
  const answer = await ask.status(partition, { minSeq: 0, timeoutMs: STATUS_ASK_MS_MAX });
  if (!answer.ok) return { partition, owner: null };
  const status: unknown = JSON.parse(Buffer.from(answer.value).toString('utf8'));
  // What its process counts is for /metrics.
  const { process: _report, ...told }: Readonly<Record<string, unknown>> = { ...(typeof status === 'object' ? status : {}) };
  return { ...told, partition, epoch: answer.epoch, checkpoint: answer.checkpoint };
}
