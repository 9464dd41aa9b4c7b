/** What the system says of this process, under the names that Prometheus clients use for it. */
import type { MetricsRegistry } from './metrics.ts';

const US_A_SECOND = 1_000_000;

export function processMetrics(metrics: MetricsRegistry, startedMs: number): void {
  const one = (value: number): readonly [{ readonly labels: Record<string, string>; readonly value: number }] => [{ labels: {}, value }];
  metrics.counted({ name: 'process_cpu_seconds_total', help: 'CPU time of the process, user and system.' }, () => {
    const { user, system } = process.cpuUsage();
    return one((user + system) / US_A_SECOND);
  });
  metrics.gauge({ name: 'process_resident_memory_bytes', help: 'Memory that the process has in RAM.' }, () =>
    one(process.memoryUsage.rss()),
  );
  metrics.gauge({ name: 'process_start_time_seconds', help: 'When the process started: its counters began at 0 then.' }, () =>
    one(startedMs / 1_000),
  );
}
