/** Admission as an edge process has it: over the registry's limits, the shared accounts behind the log, and metrics. */
import type { EdgeLimits } from '../../engine/config/limit-options.ts';
import { compileLimits, MEASURES } from '../../engine/domain/limits-doc.ts';
import type { Clock } from '../../engine/kernel/clock.ts';
import type { Log } from '../../engine/observability/log.ts';
import type { MetricsRegistry } from '../../engine/observability/metrics.ts';
import type { AskClient } from '../../engine/ports/ask.ts';
import type { EdgeCalls } from '../../engine/ports/edge-calls.ts';
import { Admission } from '../admit.ts';
import { BanBook } from './ban-book.ts';
import { LimitsBook } from './limits-book.ts';
import { LimitsView, type LimitsViewParts } from './limits-view.ts';
import type { Intake } from '../message.ts';
import { QuotaDesk } from './quota-desk.ts';
import type { RegistryCache } from '../registry/cache.ts';

const SWEEP_MS = 1_000;

export interface EdgeAdmissionParts {
  readonly registry: RegistryCache;
  readonly intake: Intake;
  readonly ask: AskClient;
  readonly calls: EdgeCalls;
  readonly clock: Clock;
  readonly edge: { readonly name: string; readonly epoch: number };
  readonly limits: EdgeLimits;
  readonly sessions: LimitsViewParts['sessions'];
  readonly authenticator: { readonly bans: BanBook | undefined };
  readonly metrics: MetricsRegistry;
  readonly log: Log;
}

export interface EdgeAdmission {
  readonly admission: Admission;
  readonly view: LimitsView;
  stop(): void;
}

/** To be called before the registry's first entry is read: it follows them. */
export function limitsOf(registry: RegistryCache): LimitsBook {
  const book = new LimitsBook((tenant, device) => {
    const record = registry.device(tenant, device);
    return record === undefined ? [] : registry.groupsOf(record.entry).map(({ id }) => id);
  });
  registry.onFact((fact, seq) => book.apply(fact, seq));
  return book;
}

/** Who fails to log in at this edge. Bans of prefixes are logged as they begin; of credentials there may be too many for that. */
export function bansOf(clock: Clock, log: Log): BanBook {
  return new BanBook(clock, { onBan: (scope, name) => (scope === 'prefix' ? log.warn('too-many-failures', { prefix: name }) : undefined) });
}

export function openAdmission(book: LimitsBook, parts: EdgeAdmissionParts): EdgeAdmission {
  const { ask, authenticator, calls, clock, edge, intake, limits, log, metrics, sessions } = parts;
  const desk = new QuotaDesk(intake, ask);
  const admission = new Admission({
    book,
    clock,
    edge,
    desk,
    listener: compileLimits(limits.listener),
    prefix: compileLimits(limits.prefix),
    onWarning: ({ tenant, scope }, { measure, window, used, allowed }) =>
      log.warn('quota-nearly-used', { tenant, scope, measure: MEASURES[measure] ?? '', window, used, allowed }),
  });
  metrics.gauge({ name: 'twinfold_limit_buckets', help: 'Buckets of rates that are not full, at this edge.' }, () => [
    { labels: {}, value: admission.gauges.buckets },
  ]);
  metrics.gauge({ name: 'twinfold_limit_buckets_bytes', help: 'Memory of the tables of buckets.' }, () => [
    { labels: {}, value: admission.gauges.bytes },
  ]);
  metrics.gauge({ name: 'twinfold_bans', help: 'Address prefixes and credentials that failed to log in too often, at this edge.' }, () => [
    { labels: {}, value: authenticator.bans?.list().length ?? 0 },
  ]);
  const view = new LimitsView({ edge: edge.name, admission, desk, calls, bans: authenticator.bans, sessions });
  const timer = setInterval(() => admission.sweep(), SWEEP_MS);
  return {
    admission,
    view,
    stop: () => {
      clearInterval(timer);
      view.stop();
    },
  };
}
