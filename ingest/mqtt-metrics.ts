/** What the MQTT edge refuses, as the metrics tell it. */
import type { Counter, MetricsRegistry } from '../engine/observability/metrics.ts';
import type { MqttCounters } from './mqtt/counters.ts';

export function mqttCounters(metrics: MetricsRegistry): MqttCounters {
  const counters = new Map<string, Counter>();
  return {
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
