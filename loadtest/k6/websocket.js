/**
 * WebSocket load for k6: devices that send telemetry over `/ws` as JSON frames and wait for each acknowledgement. Any k6
 * does. Run it through `npm run loadtest -- --script websocket`.
 */
import { check } from 'k6';
import exec from 'k6/execution';
import { Rate, Trend } from 'k6/metrics';
import ws from 'k6/ws';

const URL = `${(__ENV.TWINFOLD_URL || '').replace(/^http/, 'ws')}/ws`;
const KEY = __ENV.TWINFOLD_KEY;
const DEVICES = Number(__ENV.TWINFOLD_DEVICES || 100);
const PREFIX = __ENV.TWINFOLD_DEVICE_PREFIX || 'k6-';
const DURATION = __ENV.TWINFOLD_DURATION || '30s';
const CLIENTS = Number(__ENV.TWINFOLD_CLIENTS || 10);
/** Frames of one connection; then it comes back. */
const FRAMES = 500;
const CONNECTION_MS_MAX = 20_000;

const ack = new Trend('ws_ack_duration', true);
const failed = new Rate('ws_failed');

export const options = {
  scenarios: { devices: { executor: 'constant-vus', vus: CLIENTS, duration: DURATION } },
  thresholds: { ws_failed: ['rate<0.001'], checks: ['rate>0.999'], ws_ack_duration: ['p(99)<500'] },
  summaryTrendStats: ['min', 'med', 'p(90)', 'p(99)', 'max'],
};

export default function () {
  const device = `${PREFIX}${exec.vu.idInTest % DEVICES}`;
  const headers = { authorization: `Bearer ${KEY}`, 'Sec-WebSocket-Protocol': 'twinfold.v1.json' };
  const opened = ws.connect(URL, { headers }, (socket) => {
    let sent = 0;
    let sentMs = 0;
    const next = () => {
      sentMs = Date.now();
      sent += 1;
      const metrics = { t: (sent % 400) / 10, n: sent };
      socket.send(JSON.stringify({ op: 'telemetry', id: sent, payload: { device, ts: sentMs, metrics } }));
    };
    socket.on('open', next);
    socket.on('message', (text) => {
      const answer = JSON.parse(text);
      if (answer.op !== 'ack' && answer.op !== 'nack') return;
      failed.add(answer.op === 'nack');
      if (answer.op === 'ack') ack.add(Date.now() - sentMs);
      if (sent < FRAMES) next();
      else socket.close();
    });
    socket.on('error', () => failed.add(true));
    socket.setTimeout(() => socket.close(), CONNECTION_MS_MAX);
  });
  check(opened, { 'the connection is taken': (answer) => answer && answer.status === 101 });
}
