/** What the lanes into the log count, and how full they are. */
import type { MetricsRegistry } from '../../engine/observability/metrics.ts';
import type { LaneGauges, PublishObserver } from '../publish.ts';

export interface LaneMetrics {
  readonly observer: PublishObserver;
  /** Where the gauges are read when the metrics are rendered. */
  watch(gauges: () => readonly LaneGauges[]): void;
}

export function laneMetrics(metrics: MetricsRegistry): LaneMetrics {
  const stored = metrics.counter(
    { name: 'twinfold_log_events_total', help: 'Events whose batch was settled, by what became of it.' },
    { outcome: 'stored' },
  );
  const failed = metrics.counter(
    { name: 'twinfold_log_events_total', help: 'Events whose batch was settled, by what became of it.' },
    { outcome: 'failed' },
  );
  const batches = metrics.counter({ name: 'twinfold_log_batches_total', help: 'Messages appended to the input log.' });
  const append = metrics.latency({
    name: 'twinfold_log_append_duration_seconds',
    help: "From sending a batch to the log's acknowledgement.",
  });
  return {
    observer: {
      batchSettled: (_partition, fact) => {
        if (fact.kind !== 'stored') {
          failed.add(fact.events);
          return;
        }
        stored.add(fact.events);
        batches.add(1);
        append.record(fact.tookMs);
      },
    },
    watch: (gauges) => {
      const read =
        (pick: (gauge: LaneGauges) => number) => (): readonly { readonly labels: Record<string, string>; readonly value: number }[] =>
          gauges().map((gauge) => ({ labels: { partition: String(gauge.partition) }, value: pick(gauge) }));
      metrics.gauge(
        { name: 'twinfold_lane_waiting_bytes', help: 'Bytes that wait for the batch in flight.' },
        read((gauge) => gauge.waitingBytes),
      );
      metrics.gauge(
        { name: 'twinfold_lane_flying_bytes', help: 'Bytes of the batch in flight.' },
        read((gauge) => gauge.flyingBytes),
      );
      metrics.gauge(
        { name: 'twinfold_lane_open', help: '1 when the lane takes events.' },
        read((gauge) => (gauge.isOpen ? 1 : 0)),
      );
    },
  };
}
