/** How full the log and its disk are, as the metrics tell it; read from what the disk guard saw last. */
import type { GaugeSample, MetricsRegistry } from '../../engine/observability/metrics.ts';
import type { DiskGuard, StreamFill } from './disk-guard.ts';
import type { TimeToFull } from './fill-rate.ts';

export function diskMetrics(metrics: MetricsRegistry, disk: DiskGuard): void {
  const streams = (value: (stream: StreamFill) => number | undefined) => (): readonly GaugeSample[] =>
    disk.streams().flatMap((stream) => sample({ partition: String(stream.partition) }, value(stream)));
  metrics.gauge(
    { name: 'twinfold_log_used_bytes', help: "Size of a partition's input log." },
    streams(({ bytes }) => bytes),
  );
  metrics.gauge(
    { name: 'twinfold_log_max_bytes', help: "Size at which a partition's input log refuses." },
    streams(({ bytesMax }) => bytesMax),
  );
  metrics.gauge(
    { name: 'twinfold_log_time_to_full_seconds', help: "Until a partition's input log is full as things go; +Inf when it isn't filling." },
    streams(({ toFull }) => secondsOf(toFull)),
  );
  metrics.gauge({ name: 'twinfold_disk_free_bytes', help: "Room on the embedded log's disk." }, () =>
    sample({}, disk.disk() === undefined ? undefined : disk.freeBytes),
  );
  metrics.gauge(
    { name: 'twinfold_disk_time_to_full_seconds', help: "Until the disk is full as things go; +Inf when it isn't filling." },
    () => sample({}, secondsOf(disk.disk()?.toFull)),
  );
}

function sample(labels: Readonly<Record<string, string>>, value: number | undefined): readonly GaugeSample[] {
  return value === undefined ? [] : [{ labels, value }];
}

function secondsOf(time: TimeToFull | undefined): number | undefined {
  if (time === undefined || time.kind === 'unknown') return undefined;
  return time.kind === 'flat' ? Number.POSITIVE_INFINITY : time.ms / 1_000;
}
