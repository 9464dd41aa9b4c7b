/** The load of the broker's fault runs against mosquitto, which keeps its promises while connections break. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { brokerSelfTest, BrokerTraffic } from '../../../loadtest/faults/broker-load.ts';
import { Mosquitto, mosquittoProgram } from '../../../loadtest/mqtt/mosquitto.ts';

const program = mosquittoProgram('mosquitto');
const skip = program === undefined ? 'mosquitto is not installed' : false;

function trafficOn(mosquitto: Mosquitto): BrokerTraffic {
  const address = (): { readonly host: string; readonly port: number } => ({ host: mosquitto.host, port: mosquitto.port });
  return new BrokerTraffic({
    edges: { addresses: [address, address], login: undefined },
    seed: 1,
    publishers: 3,
    subscribers: 2,
    wills: 4,
    messagesPerS: 400,
    lifeMsMax: 800,
  });
}

test('connections that break cost nothing, and every planted bug is caught', { timeout: 60_000, skip }, async () => {
  const mosquitto = await Mosquitto.start(program ?? '');
  const traffic = trafficOn(mosquitto);
  try {
    await traffic.start();
    for (let n = 0; n < 8; n++) {
      await sleep(400);
      traffic.dropAll();
    }
    const { drained, history, verdict } = await traffic.finish(20_000);
    assert.deepEqual(verdict.examples, []);
    assert.ok(drained);
    assert.ok(traffic.acked() > 200, String(traffic.acked()));
    assert.ok(history.wills.filter(({ due }) => due === 'once').length > 3);
    for (const { bug, caught } of brokerSelfTest(history)) assert.equal(caught, true, bug);
  } finally {
    await traffic.stop();
    mosquitto.stop();
  }
});

test('a broker that keeps no more than one message for who is away is found out', { timeout: 60_000, skip }, async () => {
  const mosquitto = await Mosquitto.start(program ?? '', ['max_queued_messages 1', 'max_inflight_messages 1']);
  const traffic = trafficOn(mosquitto);
  try {
    await traffic.start();
    for (let n = 0; n < 4; n++) {
      await sleep(400);
      traffic.dropAll();
    }
    const { verdict } = await traffic.finish(1_000);
    assert.ok(verdict.findings.lost > 0);
  } finally {
    await traffic.stop();
    mosquitto.stop();
  }
});
