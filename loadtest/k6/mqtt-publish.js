/**
 * MQTT load for k6: clients that publish at each QoS into a tenant's own tree and wait for every acknowledgement. Needs the
 * k6 that `npm run k6:build` makes; `npm run loadtest -- --script mqtt-publish` does all of that.
 */
import { check } from 'k6';
import exec from 'k6/execution';
import { Rate } from 'k6/metrics';
import { Client } from 'k6/x/mqtt';

const URL = __ENV.TWINFOLD_MQTT_URL;
const KEY = __ENV.TWINFOLD_KEY || '';
const TENANT = __ENV.TWINFOLD_TENANT || 'k6';
const TREE = __ENV.TWINFOLD_TREE || 'k6';
const DURATION = __ENV.TWINFOLD_DURATION || '30s';
const CLIENTS = Number(__ENV.TWINFOLD_CLIENTS || 10);
const BYTES = Number(__ENV.TWINFOLD_BYTES || 100);

const failed = new Rate('mqtt_failed');

export const options = {
  scenarios: { publish: { executor: 'constant-vus', vus: CLIENTS, duration: DURATION } },
  thresholds: {
    mqtt_failed: ['rate<0.001'],
    checks: ['rate>0.999'],
    'mqtt_ack_duration{qos:1}': ['p(99)<250'],
    'mqtt_ack_duration{qos:2}': ['p(99)<500'],
    mqtt_messages_sent: ['count>0'],
  },
  summaryTrendStats: ['min', 'med', 'p(90)', 'p(99)', 'max'],
};

const PAYLOAD = 'x'.repeat(BYTES);

let client;

function connected() {
  if (client === undefined) {
    client = new Client({ url: URL, clientId: `k6-pub-${exec.vu.idInTest}`, username: KEY === '' ? '' : TENANT, password: KEY });
    client.connect();
  }
  return client;
}

export default function () {
  const qos = exec.vu.iterationInScenario % 3;
  try {
    connected().publish(`${TREE}/${exec.vu.idInTest}/${qos}`, PAYLOAD, { qos });
    failed.add(false);
    check(true, { 'the message is acknowledged': (done) => done });
  } catch (error) {
    failed.add(true);
    check(false, { 'the message is acknowledged': (done) => done });
    console.error(`QoS ${qos}: ${String(error)}`);
    if (client !== undefined) client.drop();
    client = undefined;
  }
}
