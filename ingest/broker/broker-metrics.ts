/** What the broker of an edge tells of itself. */
import type { MetricsRegistry } from '../../engine/observability/metrics.ts';
import type { Broker } from './broker.ts';

export function brokerMetrics(metrics: MetricsRegistry, { catchUp }: Pick<Broker, 'catchUp'>): void {
  metrics.counted(
    {
      name: 'twinfold_sessions_gapped_total',
      help: 'Sessions that were away for longer than the log of the topic trees reaches back, and missed what had left it.',
    },
    () => [{ labels: {}, value: catchUp.gapped }],
  );
}
