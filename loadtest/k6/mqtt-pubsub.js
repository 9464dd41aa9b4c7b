/**
 * MQTT load for k6: pairs of a publisher and a subscriber, and how long a message takes from one to the other. Needs the k6
 * that `npm run k6:build` makes; `npm run loadtest -- --script mqtt-pubsub` does all of that.
 */
import { check } from 'k6';
import exec from 'k6/execution';
import { Rate, Trend } from 'k6/metrics';
import { Client } from 'k6/x/mqtt';

const URL = __ENV.TWINFOLD_MQTT_URL;
const KEY = __ENV.TWINFOLD_KEY || '';
const TENANT = __ENV.TWINFOLD_TENANT || 'k6';
const TREE = __ENV.TWINFOLD_TREE || 'k6';
const DURATION = __ENV.TWINFOLD_DURATION || '30s';
const PAIRS = Number(__ENV.TWINFOLD_CLIENTS || 10);
/** Messages a round; all of them are waited for before the next. */
const ROUND = 20;
const ARRIVAL_MS_MAX = 10_000;

const endToEnd = new Trend('mqtt_end_to_end_ms', true);
const missing = new Rate('mqtt_missing');

export const options = {
  scenarios: { pairs: { executor: 'constant-vus', vus: PAIRS, duration: DURATION } },
  thresholds: {
    mqtt_missing: ['rate<0.001'],
    checks: ['rate>0.999'],
    mqtt_end_to_end_ms: ['p(99)<1000'],
    mqtt_messages_received: ['count>0'],
  },
  summaryTrendStats: ['min', 'med', 'p(90)', 'p(99)', 'max'],
};

let pair;

function opened() {
  if (pair !== undefined) return pair;
  const id = exec.vu.idInTest;
  const login = { url: URL, username: KEY === '' ? '' : TENANT, password: KEY };
  const publisher = new Client({ ...login, clientId: `k6-pair-pub-${id}` });
  const subscriber = new Client({ ...login, clientId: `k6-pair-sub-${id}`, cleanStart: false, sessionExpiryS: 60 });
  publisher.connect();
  subscriber.connect();
  subscriber.subscribe(`${TREE}/pair/${id}/#`, 2);
  pair = { publisher, subscriber, topic: `${TREE}/pair/${id}/round` };
  return pair;
}

export default function () {
  const round = exec.vu.iterationInScenario;
  const { publisher, subscriber, topic } = opened();
  const qos = 1 + (round % 2);
  const sent = [];
  for (let n = 0; n < ROUND; n++) {
    sent.push(Date.now());
    publisher.publish(topic, `${round} ${n}`, { qos });
  }
  let inOrder = true;
  for (let n = 0; n < ROUND; n++) {
    const message = subscriber.receive(ARRIVAL_MS_MAX);
    missing.add(message === null);
    if (message === null) break;
    inOrder = inOrder && message.payload === `${round} ${n}`;
    // The last one's way is the whole of it: those before it waited here.
    if (n === ROUND - 1) endToEnd.add(Date.now() - sent[n]);
  }
  check(inOrder, { 'messages come in their order': (yes) => yes });
}
