/**
 * HTTP load for k6: devices that post single events, gateways that post many devices' events as NDJSON, and a probe that
 * measures how long after its acknowledgement an event has its row. A refusal for rate (429) is no failure: it is counted
 * apart. Run it through `npm run loadtest`, which finds k6 and makes the credentials.
 */
import { check, sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Rate, Trend } from 'k6/metrics';

const URL = __ENV.TWINFOLD_URL;
const KEY = __ENV.TWINFOLD_KEY;
const DEVICES = Number(__ENV.TWINFOLD_DEVICES || 100);
const PREFIX = __ENV.TWINFOLD_DEVICE_PREFIX || 'k6-';
const DURATION = __ENV.TWINFOLD_DURATION || '30s';
const SINGLE_RATE = Number(__ENV.TWINFOLD_SINGLE_RATE || 300);
const GATEWAY_RATE = Number(__ENV.TWINFOLD_GATEWAY_RATE || 20);
const LINES = Number(__ENV.TWINFOLD_LINES || 100);
/** Rows are looked for this often, so ack_to_row_ms is up to so much too high. */
const POLL_S = 0.025;
const ROW_S_MAX = 30;

const ackToRow = new Trend('ack_to_row_ms', true);
const refused = new Counter('refused_429');
const events = new Counter('events_acked');
const failed = new Rate('telemetry_failed');

export const options = {
  scenarios: {
    single: {
      executor: 'constant-arrival-rate',
      exec: 'single',
      rate: SINGLE_RATE,
      timeUnit: '1s',
      duration: DURATION,
      preAllocatedVUs: 50,
      maxVUs: 200,
    },
    gateway: {
      executor: 'constant-arrival-rate',
      exec: 'gateway',
      rate: GATEWAY_RATE,
      timeUnit: '1s',
      duration: DURATION,
      preAllocatedVUs: 10,
      maxVUs: 50,
    },
    probe: { executor: 'constant-vus', exec: 'probe', vus: 2, duration: DURATION },
  },
  thresholds: {
    telemetry_failed: ['rate<0.001'],
    checks: ['rate>0.999'],
    'http_req_duration{kind:single}': ['p(99)<500'],
    'http_req_duration{kind:gateway}': ['p(99)<1000'],
    ack_to_row_ms: ['p(99)<3000'],
    dropped_iterations: ['count<100'],
  },
  summaryTrendStats: ['min', 'med', 'p(90)', 'p(99)', 'max'],
};

http.setResponseCallback(http.expectedStatuses(200, 202, 404, 429));

const BOOT = Math.floor(Date.now() / 1000);

/** Never the same twice in a run: iterations are numbered over all virtual users. */
function event(scenario, number) {
  const device = `${PREFIX}${number % DEVICES}`;
  return { device, ts: Date.now(), id: `${BOOT}-${scenario}-${number}`, metrics: { t: (number % 400) / 10, n: number } };
}

function post(body, contentType, kind) {
  const params = { headers: { authorization: `Bearer ${KEY}`, 'content-type': contentType }, tags: { kind } };
  const answer = http.post(`${URL}/telemetry`, body, params);
  if (answer.status === 429) {
    refused.add(1);
    sleep(Number(answer.headers['Retry-After'] || 1));
    return undefined;
  }
  const ok = check(answer, { 'telemetry is acknowledged': (found) => found.status === 202 });
  failed.add(!ok);
  return ok ? answer : undefined;
}

export function single() {
  const number = exec.scenario.iterationInTest;
  if (post(JSON.stringify(event('single', number)), 'application/json', 'single') !== undefined) events.add(1);
}

export function gateway() {
  const number = exec.scenario.iterationInTest;
  const lines = [];
  for (let line = 0; line < LINES; line++) lines.push(JSON.stringify(event('gateway', number * LINES + line)));
  if (post(lines.join('\n'), 'application/x-ndjson', 'gateway') !== undefined) events.add(LINES);
}

export function probe() {
  const number = exec.scenario.iterationInTest;
  const answer = post(JSON.stringify(event('probe', number)), 'application/json', 'probe');
  if (answer !== undefined) {
    events.add(1);
    const position = answer.headers['Twinfold-Position'];
    const acked = Date.now();
    let row = false;
    while (!row && Date.now() - acked < ROW_S_MAX * 1000) {
      const found = http.get(`${URL}/v1/events/${position}`, {
        headers: { authorization: `Bearer ${KEY}` },
        tags: { kind: 'lookup', name: 'GET /v1/events/{position}' },
      });
      row = found.status === 200 && (found.json('rows') || []).length > 0;
      if (!row) sleep(POLL_S);
    }
    check(row, { 'the event has its row': (found) => found });
    if (row) ackToRow.add(Date.now() - acked);
  }
  sleep(0.2);
}
