/**
 * What the engine processes count, for the scrape of an edge: they have no port of their own, so each partition's owner is
 * asked for its status, and one owner of each process tells what the process counts. Bounded in time: a partition whose
 * owner doesn't answer shows as not owned, and its lags are left out rather than told wrong.
 */
import type { Clock } from '../../engine/kernel/clock.ts';
import { readFamilies, type MetricFamily, type MetricSample } from '../../engine/observability/exposition.ts';
import type { AskClient } from '../../engine/ports/ask.ts';

const ASK_MS_MAX = 1_000;
/** Whatever an ask does, a scrape has an answer by then. */
const GATHER_MS_MAX = 1_500;
/** Scrapes that come faster share an answer: what anybody may call must not become work for everybody. */
const SHARED_MS = 1_000;

interface Reading {
  readonly name: string;
  readonly help: string;
  /** Undefined where nothing is known: no sample then. */
  readonly read: (status: Status) => number | undefined;
}

/** What an owner says of its partition; undefined when it said nothing in time. */
type Status = Readonly<Record<string, unknown>> | undefined;

interface ProcessReport {
  readonly node: string;
  readonly startedMs: number;
  readonly families: readonly MetricFamily[];
}

const READINGS: readonly Reading[] = [
  {
    name: 'twinfold_partition_owned',
    help: '1 when an engine process folds the partition; 0 while it recovers, or nobody answers for it.',
    read: (status) => (isFolding(status) ? 1 : 0),
  },
  {
    name: 'twinfold_partition_lag_seconds',
    help: 'Age of the oldest message of the log that waits for the fold.',
    read: (status) => (isFolding(status) ? seconds(status?.['lagMs']) : undefined),
  },
  {
    name: 'twinfold_partition_lag_messages',
    help: 'Messages of the log that its owner has read and not folded.',
    read: (status) => (isFolding(status) ? numberOf(status?.['lagMessages']) : undefined),
  },
  {
    name: 'twinfold_partition_devices',
    help: 'Devices that have a twin in the partition.',
    read: (status) => (isFolding(status) ? numberOf(status?.['devices']) : undefined),
  },
  {
    name: 'twinfold_sink_lag_seconds',
    help: 'Age of the oldest rows that are not in ClickHouse.',
    read: (status) => seconds(sinkOf(status)?.['lagMs']),
  },
  {
    name: 'twinfold_sink_buffered_bytes',
    help: 'Rows in memory that are not in ClickHouse.',
    read: (status) => numberOf(sinkOf(status)?.['bufferedBytes']),
  },
];

export interface EngineMetricsParts {
  readonly ask: AskClient;
  readonly partitions: number;
  readonly clock: Clock;
}

export class EngineMetrics {
  readonly #parts: EngineMetricsParts;
  #shared: Promise<readonly MetricFamily[]> | undefined;
  #sharedAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: EngineMetricsParts) {
    this.#parts = parts;
  }

  /** Never rejects, and never takes longer than the asks may. */
  async collect(): Promise<readonly MetricFamily[]> {
    const now = this.#parts.clock.monotonic();
    if (this.#shared === undefined || now - this.#sharedAtMs >= SHARED_MS) {
      this.#sharedAtMs = now;
      this.#shared = this.#gather();
    }
    return this.#shared;
  }

  async #gather(): Promise<readonly MetricFamily[]> {
    const { partitions } = this.#parts;
    let over: (() => void) | undefined;
    const deadline = new Promise<undefined>((resolve) => {
      const timer = setTimeout(resolve, GATHER_MS_MAX, undefined);
      over = () => clearTimeout(timer);
    });
    const asked = Array.from({ length: partitions }, async (_, partition) => Promise.race([this.#status(partition), deadline]));
    const statuses = await Promise.all(asked);
    over?.();
    return [...READINGS.map((reading) => familyOf(reading, statuses)), ...reportsOf(statuses).flatMap(({ families }) => families)];
  }

  async #status(partition: number): Promise<Status> {
    try {
      const answer = await this.#parts.ask.status(partition, { minSeq: 0, timeoutMs: ASK_MS_MAX });
      if (!answer.ok) return undefined;
      return recordOf(JSON.parse(Buffer.from(answer.value).toString('utf8')));
    } catch {
      return undefined;
    }
  }
}

function familyOf({ name, help, read }: Reading, statuses: readonly Status[]): MetricFamily {
  const samples = statuses.flatMap((status, partition): readonly MetricSample[] => {
    const value = read(status);
    return value === undefined ? [] : [[name, `partition="${partition}"`, value]];
  });
  return { name, help, type: 'gauge', samples };
}

/** One a node: while a partition moves two owners of a process may tell, and a process that was replaced may still answer. */
function reportsOf(statuses: readonly Status[]): readonly ProcessReport[] {
  const newest = new Map<string, ProcessReport>();
  for (const status of statuses) {
    const told = recordOf(status?.['process']);
    const node = told?.['node'];
    const startedMs = numberOf(told?.['startedMs']);
    if (typeof node !== 'string' || startedMs === undefined) continue;
    const known = newest.get(node);
    if (known === undefined || known.startedMs < startedMs)
      newest.set(node, { node, startedMs, families: readFamilies(told?.['metrics']) });
  }
  return [...newest.values()];
}

function isFolding(status: Status): boolean {
  return status?.['state'] === 'folding';
}

/** Undefined until the sink knows the partition: a lag of 0 would be a guess. */
function sinkOf(status: Status): Status {
  const sink = recordOf(status?.['sink']);
  return sink?.['state'] === 'detached' ? undefined : sink;
}

function seconds(ms: unknown): number | undefined {
  return typeof ms === 'number' ? ms / 1_000 : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function recordOf(value: unknown): Status {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
}
