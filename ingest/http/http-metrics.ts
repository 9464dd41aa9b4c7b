/** What the HTTP edge counts; each event of its life has one function here. */
import type { Counter, Latency, MetricsRegistry } from '../../engine/observability/metrics.ts';

export class HttpMetrics {
  readonly #metrics: MetricsRegistry;
  readonly #edge: string;
  readonly #stored: Counter;
  readonly #ack: Latency;
  readonly #refusals = new Map<string, Counter>();

  /** `edge`: by which protocol, as labels name it. */
  constructor(metrics: MetricsRegistry, edge: 'http' | 'ws' = 'http') {
    this.#metrics = metrics;
    this.#edge = edge;
    this.#stored = metrics.counter(
      { name: 'twinfold_events_total', help: 'Events by edge and outcome; an edge knows "stored", the fold the rest.' },
      { edge, outcome: 'stored' },
    );
    this.#ack = metrics.latency(
      { name: 'twinfold_ack_duration_seconds', help: 'From the arrival of a request or packet to its acknowledgement.' },
      { edge },
    );
  }

  stored(events: number, tookMs: number): void {
    this.#stored.add(events);
    this.#ack.record(tookMs);
  }

  /** By the limit that fired, else by the refusal's code: both closed lists. */
  refused(limit: string): void {
    const known = this.#refusals.get(limit);
    if (known !== undefined) {
      known.add(1);
      return;
    }
    const counter = this.#metrics.counter(
      { name: 'twinfold_refusals_total', help: 'Requests and packets refused, by the limit that fired or the reason.' },
      { edge: this.#edge, limit },
    );
    this.#refusals.set(limit, counter);
    counter.add(1);
  }
}
