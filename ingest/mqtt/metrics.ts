/** What the MQTT edge stores, how long its acknowledgements take, and what it refuses, as the metrics tell it. */
import type { Counter, MetricsRegistry } from '../../engine/observability/metrics.ts';
import type { MqttCounters } from './counters.ts';

export function mqttCounters(metrics: MetricsRegistry): MqttCounters {
  const counters = new Map<string, Counter>();
  const unsent = new Map<string, Counter>();
  const stored = metrics.counter(
    { name: 'twinfold_events_total', help: 'Events by edge and outcome; an edge knows "stored", the fold the rest.' },
    { edge: 'mqtt', outcome: 'stored' },
  );
  const ack = metrics.latency(
    { name: 'twinfold_ack_duration_seconds', help: 'From the arrival of a request or packet to its acknowledgement.' },
    { edge: 'mqtt' },
  );
  return {
    stored: () => stored.add(1),
    acknowledged: (tookMs) => ack.record(tookMs),
    unsent: (why) => {
      let counter = unsent.get(why);
      if (counter === undefined) {
        counter = metrics.counter(
          { name: 'twinfold_messages_unsent_total', help: 'Messages that a subscriber did not get, by reason.' },
          { edge: 'mqtt', reason: why },
        );
        unsent.set(why, counter);
      }
      counter.add(1);
    },
    count: (why) => {
      const known = counters.get(why);
      if (known !== undefined) {
        known.add(1);
        return;
      }
      const counter = metrics.counter(
        { name: 'twinfold_refusals_total', help: 'Requests and packets refused, by the limit that fired or the reason.' },
        { edge: 'mqtt', limit: why },
      );
      counters.set(why, counter);
      counter.add(1);
    },
  };
}
