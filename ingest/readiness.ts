/** What `/readyz` says of each part: the log, the partitions' owners, the analytics store, and what an ack means. */
import type { ProcessConfig } from '../engine/config/process-config.ts';
import type { AskClient } from '../engine/ports/ask.ts';
import type { InputLogReader } from '../engine/ports/input-log.ts';
import type { PartStatus, Readiness } from './http/operations-routes.ts';

export interface ReadinessParts {
  readonly config: Pick<ProcessConfig, 'durability' | 'durabilityInForce'>;
  readonly connected: () => boolean;
  readonly disk: { readonly isFull: boolean; readonly freeBytes: number };
  readonly input: InputLogReader;
  readonly analytics: { ping(): Promise<boolean> };
  readonly ask: AskClient;
  readonly partitions: number;
}

/** Above this share of its size a log is nearly full: edges will soon be refused. */
const FULL_SHARE = 0.8;
const ASK_MS_MAX = 1_000;

const MEANING: Readonly<Record<ProcessConfig['durability'], string>> = {
  disk: 'an ack means fsynced',
  interval: 'an ack means written, and fsynced within 100 ms',
  process: 'an ack survives the death of any process, not of the machine',
};

export function readiness(parts: ReadinessParts): () => Promise<Readiness> {
  return async () => {
    const durability = durabilityOf(parts.config);
    if (!parts.connected()) return { parts: [{ name: 'log', status: 'down', detail: 'no connection to NATS' }], durability };
    const [log, owners, analytics] = await Promise.all([logPart(parts), ownersPart(parts), parts.analytics.ping()]);
    const store = {
      name: 'analytics',
      status: (analytics ? 'ok' : 'degraded') as PartStatus,
      ...(analytics ? {} : { detail: 'ClickHouse does not answer: rows wait in the log' }),
    };
    return { parts: [log, owners, store], durability };
  };
}

/** Never more than the log's server says of itself; that nothing but the death of a process is survived needs no word of it. */
function durabilityOf({ durability, durabilityInForce }: ReadinessParts['config']): Readiness['durability'] {
  const inForce = durabilityInForce ?? (durability === 'process' ? durability : undefined);
  if (inForce !== undefined) return { asked: durability, inForce, detail: MEANING[inForce] };
  return { asked: durability, inForce: 'unknown', detail: 'an ack means stored; how the server syncs is not visible from here' };
}

type Part = Readiness['parts'][number];

async function logPart(parts: ReadinessParts): Promise<Part> {
  if (parts.disk.isFull) {
    const freeMiB = Math.floor(parts.disk.freeBytes / 2 ** 20);
    return { name: 'log', status: 'down', detail: `the disk has ${freeMiB} MiB left: writes are refused until there is room` };
  }
  try {
    const all = await Promise.all(Array.from({ length: parts.partitions }, async (_, partition) => parts.input.bounds(partition)));
    const fullest = Math.max(...all.map(({ bytes, bytesMax }) => (bytesMax > 0 ? bytes / bytesMax : 0)));
    const percent = Math.round(fullest * 100);
    if (fullest < FULL_SHARE) return { name: 'log', status: 'ok', detail: `${percent} % full` };
    return {
      name: 'log',
      status: 'degraded',
      detail: `${percent} % full: writes are refused at 100 %; raise --log-max-bytes, or see what keeps the sink back`,
    };
  } catch {
    return { name: 'log', status: 'down', detail: 'NATS does not answer' };
  }
}

async function ownersPart(parts: ReadinessParts): Promise<Part> {
  const asked = await Promise.all(
    Array.from({ length: parts.partitions }, async (_, partition) => parts.ask.status(partition, { minSeq: 0, timeoutMs: ASK_MS_MAX })),
  );
  const without = asked.flatMap((answer, partition) => (answer.ok ? [] : [partition]));
  if (without.length === 0) return { name: 'engine', status: 'ok' };
  return { name: 'engine', status: 'degraded', detail: `nobody owns partition ${without.join(', ')}: what comes is stored and waits` };
}
