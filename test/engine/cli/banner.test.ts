import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { banner, farewell, shortVersion, statusLine, type BannerFacts } from '../../../engine/cli/banner.ts';

const FACTS: BannerFacts = {
  version: '0.1.0',
  data: './data',
  readyMs: 4_210,
  nats: { version: '2.15.1', embedded: true, durability: 'disk' },
  clickhouse: { version: '26.7.2.1', url: 'http://127.0.0.1:8123' },
  ports: [
    { name: 'http', port: 8080 },
    { name: 'mqtt', port: 1884, insteadOf: { port: 1883, holder: { name: 'mosquitto', pid: 812 } } },
  ],
  warnings: [],
  examples: {
    httpAddress: '127.0.0.1:8080',
    mqttPort: 1884,
    device: { id: 'dev-1', tenant: 'demo', token: 'tfd_demo.dev-1.a.b' },
    key: 'tfk_demo.a.b',
    operator: { user: 'demo', password: 'secret' },
    enginePid: 4_711,
  },
};

describe('the banner', () => {
  it('says what runs, where, and what an acknowledgement means', () => {
    const lines = banner(FACTS).split('\n');
    assert.deepEqual(lines.slice(0, 4), [
      'Twinfold 0.1 · data ./data · ready in 4.2 s',
      '✓ log        nats-server 2.15    an ack means fsynced (--durability disk)',
      '✓ analytics  ClickHouse 26.7     http://127.0.0.1:8123',
      '✓ edges      http 8080 · mqtt 1884 (1883: mosquitto, pid 812)',
    ]);
  });

  it('never claims more than the server does', () => {
    const meaning = (durability: 'disk' | 'interval' | 'process' | undefined): string =>
      banner({ ...FACTS, nats: { ...FACTS.nats, durability } }).split('\n')[1] ?? '';
    assert(meaning('disk').includes('means fsynced'));
    for (const weaker of ['interval', 'process', undefined] as const) assert(!meaning(weaker).includes('means fsynced'), meaning(weaker));
  });

  it('shows a line to copy only where everything it needs is there', () => {
    const text = banner(FACTS);
    for (const start of ['Send', 'MQTT', 'Twin', 'SQL', 'Prove']) assert(text.includes(`\n  ${start} `), start);
    assert.match(text, /^ {2}SQL {4}curl '127\.0\.0\.1:8080\/clickhouse\/\?user=demo&password=secret' -d 'select [^']+ limit 5'$/m);
    const bare = banner({ ...FACTS, examples: {}, warnings: ['the clock is odd'], ports: [] });
    for (const start of ['  Send ', '  MQTT ', '  Twin ', '  SQL ', '  Prove ', '✓ edges']) assert(!bare.includes(start), start);
    assert(bare.includes('\n! the clock is odd\n'));
  });
});

it('the status line has the numbers that matter', () => {
  const line = statusLine({ type: 'status', devices: 40, eventsPerS: 38.2, acked: 1_204, rows: 1_203, missing: 0, double: 0, lagMs: 430 });
  assert.equal(line, '  40 devices · 38 ev/s · acked 1,204 · in ClickHouse 1,203 · missing 0 · double 0 · lag 0.4 s');
});

it('the farewell says how to go on and how to start over', () => {
  assert.equal(farewell('./data'), 'Data kept in ./data; npm start continues. rm -r data starts over.');
  assert.equal(farewell('/srv/d'), 'Data kept in /srv/d; a start with --data /srv/d continues. rm -r /srv/d starts over.');
  assert.equal(shortVersion('26.7.2.1'), '26.7');
});
