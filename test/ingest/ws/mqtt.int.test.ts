/** MQTT over WebSocket: an independent client, frames cut anywhere, and what is no binary frame. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import mqtt from 'mqtt';
import { WebSocket } from 'ws';
import { type LiveRig, startLiveRig, TENANT } from '../feed/live-rig.ts';

let rig: LiveRig;
let url: string;

before(async () => {
  rig = await startLiveRig(['a']);
  url = `${rig.edge.url.replace('http', 'ws')}/mqtt`;
});

after(async () => rig.stop());

test('mqtt.js publishes telemetry with QoS 1 over ws://, and each is acknowledged', { timeout: 30_000 }, async () => {
  for (const protocolVersion of [4, 5] as const) {
    const client = await mqtt.connectAsync(url, {
      protocolVersion,
      clientId: 'a',
      username: `${TENANT}/a`,
      password: rig.devices.get('a') ?? '',
      reconnectPeriod: 0,
    });
    // Fewer than Receive Maximum at once, which this client doesn't look at.
    for (let round = 0; round < 4; round++)
      await Promise.all(Array.from({ length: 50 }, async (_, n) => client.publishAsync('v1/telemetry', JSON.stringify({ n }), { qos: 1 })));
    await client.endAsync();
  }
});

async function opened(
  protocols: string[],
): Promise<{ readonly ws: WebSocket; readonly closed: Promise<number>; readonly received: Buffer[] }> {
  const ws = new WebSocket(url, protocols);
  const received: Buffer[] = [];
  ws.on('message', (data: Buffer) => received.push(data));
  const closed = new Promise<number>((resolve) => ws.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve);
    ws.once('error', reject);
  });
  return { ws, closed, received };
}

/** CONNECT of MQTT 3.1.1 with a user name and a password. */
function connectPacket(token: string): Buffer {
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length >> 8, value.length & 0xff]), Buffer.from(value)]);
  const body = Buffer.concat([text('MQTT'), Buffer.from([4, 0xc2, 0, 60]), text('a'), text(`${TENANT}/a`), text(token)]);
  const length = body.length < 128 ? [body.length] : [(body.length % 128) | 0x80, Math.floor(body.length / 128)];
  return Buffer.concat([Buffer.from([0x10, ...length]), body]);
}

test('packets are read whatever frames they are cut into', { timeout: 30_000 }, async () => {
  const { closed, received, ws } = await opened(['mqtt']);
  const packet = Buffer.concat([connectPacket(rig.devices.get('a') ?? ''), Buffer.from([0xc0, 0])]);
  for (const byte of packet) ws.send(Buffer.from([byte]));
  while (Buffer.concat(received).length < 6) await new Promise((resolve) => ws.once('message', resolve));
  // CONNACK, and the answer to PINGREQ.
  assert.equal(Buffer.concat(received).toString('hex'), '20020000d000');
  ws.close();
  await closed;
});

test(
  'a text frame ends the connection with 1003 (MQTT-6.0.0-1), and who offers another subprotocol is refused',
  { timeout: 30_000 },
  async () => {
    const { closed, ws } = await opened(['mqttv3.1', 'mqtt']);
    assert.equal(ws.protocol, 'mqtt');
    ws.send('not binary');
    assert.equal(await closed, 1003);
    await assert.rejects(opened(['soap']), /400/);
  },
);
