/** What `/readyz` says of each part: the log, its disk, the partitions' owners, the analytics store, and what an ack means. */
import type { Clock } from '../../engine/kernel/clock.ts';
import type { ProcessConfig } from '../../engine/config/process-config.ts';
import type { AskClient } from '../../engine/ports/ask.ts';
import type { InputLogReader } from '../../engine/ports/input-log.ts';
import { fullest, type DiskGuard, type Fill } from './disk-guard.ts';
import { fillingText, NEARLY_FULL_SHARE } from './fill-rate.ts';
import type { PartStatus, Readiness } from '../http/operations-routes.ts';

export interface ReadinessParts {
  readonly config: Pick<ProcessConfig, 'durability' | 'durabilityInForce'>;
  readonly connected: () => boolean;
  readonly disk: Pick<DiskGuard, 'isFull' | 'freeBytes' | 'disk' | 'streamToFull'>;
  readonly input: InputLogReader;
  readonly analytics: { ping(): Promise<boolean> };
  readonly ask: AskClient;
  readonly partitions: number;
  /** When the first of the server's certificates ends; undefined: there is none. */
  readonly tlsNotAfterMs?: () => number | undefined;
  readonly clock?: Pick<Clock, 'now'>;
}

/** A disk that is nearly full is an operator's business when it will be full by tomorrow. */
const SOON_MS = 24 * 3_600_000;
/** 0.29 * 100 is less than 29. */
const ROUNDING = 1e-9;
const ASK_MS_MAX = 1_000;
/** Whoever renews automatically has done so by then. */
const CERTIFICATE_SOON_MS = 7 * 24 * 3_600_000;

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
    return { parts: [log, ...diskPart(parts), owners, store, ...tlsPart(parts)], durability };
  };
}

/** Never more than the log's server says of itself; that nothing but the death of a process is survived needs no word of it. */
function durabilityOf({ durability, durabilityInForce }: ReadinessParts['config']): Readiness['durability'] {
  const inForce = durabilityInForce ?? (durability === 'process' ? durability : undefined);
  if (inForce !== undefined) return { asked: durability, inForce, detail: MEANING[inForce] };
  return { asked: durability, inForce: 'unknown', detail: 'an ack means stored; how the server syncs is not visible from here' };
}

type Part = Readiness['parts'][number];

/** What an operator has to renew in time. */
function tlsPart({ clock, tlsNotAfterMs }: ReadinessParts): readonly Part[] {
  const notAfterMs = tlsNotAfterMs?.();
  if (notAfterMs === undefined || clock === undefined) return [];
  const leftMs = notAfterMs - clock.now();
  const until = `the server's certificate is good until ${new Date(notAfterMs).toISOString()}`;
  if (leftMs <= 0)
    return [{ name: 'tls', status: 'degraded', detail: `${until}: clients refuse it; replace the files, they are read at once` }];
  return [{ name: 'tls', status: leftMs < CERTIFICATE_SOON_MS ? 'degraded' : 'ok', detail: until }];
}

async function logPart(parts: ReadinessParts): Promise<Part> {
  if (parts.disk.isFull) return { name: 'log', status: 'down', detail: 'its disk is full: writes are refused until there is room' };
  try {
    const streams = await Promise.all(
      Array.from({ length: parts.partitions }, async (_, partition) => {
        const { bytes, bytesMax } = await parts.input.bounds(partition);
        return { share: bytesMax > 0 ? bytes / bytesMax : 0, toFull: parts.disk.streamToFull(partition, bytesMax - bytes) };
      }),
    );
    const fill = fullest(streams);
    if (fill === undefined || fill.share < NEARLY_FULL_SHARE)
      return { name: 'log', status: 'ok', detail: `${percent(fill?.share ?? 0)} % full` };
    const remedy = 'writes are refused at 100 %; raise --log-max-bytes, or see what keeps the sink back';
    return { name: 'log', status: 'degraded', ...told(fill, `${fillText(fill)}; ${remedy}`) };
  } catch {
    return { name: 'log', status: 'down', detail: 'NATS does not answer' };
  }
}

/** A disk may stay nearly full for years; what matters is whether it fills. */
function diskPart({ disk }: ReadinessParts): readonly Part[] {
  const fill = disk.disk();
  if (fill === undefined) return [];
  if (disk.isFull) {
    const freeMiB = Math.floor(disk.freeBytes / 2 ** 20);
    return [
      {
        name: 'disk',
        status: 'down',
        detail: `${percent(fill.share)} % full, ${freeMiB} MiB left: writes are refused until there is room`,
      },
    ];
  }
  if (fill.share < NEARLY_FULL_SHARE) return [{ name: 'disk', status: 'ok', detail: `${percent(fill.share)} % full` }];
  const soon = fill.toFull.kind === 'in' && fill.toFull.ms < SOON_MS;
  return [{ name: 'disk', status: soon ? 'degraded' : 'ok', ...told(fill, fillText(fill)) }];
}

/** Of what is nearly full, for those who ask only whether the process lives; undefined when nothing is. Asks nobody. */
export function fullnessText(disk: Pick<DiskGuard, 'disk' | 'streams'>): string | undefined {
  const fills = [
    ['the log', fullest(disk.streams())],
    ['the disk', disk.disk()],
  ] as const;
  const said = fills.flatMap(([name, fill]) =>
    fill === undefined || fill.share < NEARLY_FULL_SHARE ? [] : [`${name} is ${fillText(fill)}`],
  );
  return said.length === 0 ? undefined : said.join('; ');
}

function told(fill: Fill, detail: string): Pick<Part, 'detail' | 'percentFull' | 'timeToFullS'> {
  const { toFull } = fill;
  return { detail, percentFull: percent(fill.share), ...(toFull.kind === 'in' ? { timeToFullS: Math.round(toFull.ms / 1_000) } : {}) };
}

function fillText({ share, toFull }: Fill): string {
  return `${percent(share)} % full, ${fillingText(toFull)}`;
}

/** Rounded down: 100 % is said of what is full, and 80 % of what is nearly. */
function percent(share: number): number {
  return Math.floor(share * 100 + ROUNDING);
}

async function ownersPart(parts: ReadinessParts): Promise<Part> {
  const asked = await Promise.all(
    Array.from({ length: parts.partitions }, async (_, partition) => parts.ask.status(partition, { minSeq: 0, timeoutMs: ASK_MS_MAX })),
  );
  const without = asked.flatMap((answer, partition) => (answer.ok ? [] : [partition]));
  if (without.length === 0) return { name: 'engine', status: 'ok' };
  return { name: 'engine', status: 'degraded', detail: `nobody owns partition ${without.join(', ')}: what comes is stored and waits` };
}
