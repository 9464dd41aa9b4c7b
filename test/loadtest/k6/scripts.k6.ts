/**
 * `npm run k6:test`: builds the k6 with MQTT, and runs all scripts against a product and those of MQTT against mosquitto, for
 * some seconds each. Not among the tests that CI runs: the first build fetches and compiles all of k6.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { buildMqttK6 } from '../../../loadtest/k6/build-mqtt.ts';
import { Mosquitto, mosquittoProgram } from '../../../loadtest/mqtt/mosquitto.ts';

const SCRIPTS = resolve(import.meta.dirname, '../../../loadtest/k6');
const BUILD_MS_MAX = 900_000;
const RUN_MS_MAX = 60_000;
/** A k6 that can't connect says so each time. */
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;
/** A threshold was crossed. */
const CROSSED = 99;

let k6 = '';
let mosquitto: Mosquitto | undefined;
before(
  async () => {
    k6 = await buildMqttK6({ env: process.env, say: console.log });
    const program = mosquittoProgram('mosquitto');
    assert.ok(program !== undefined, 'mosquitto is not installed');
    mosquitto = await Mosquitto.start(program);
  },
  { timeout: BUILD_MS_MAX },
);
after(() => mosquitto?.stop());

function run(script: string, env: Readonly<Record<string, string>> = {}): Promise<{ readonly code: number; readonly output: string }> {
  const url = `mqtt://127.0.0.1:${mosquitto?.port ?? 0}`;
  const own = { ...process.env, TWINFOLD_MQTT_URL: url, TWINFOLD_DURATION: '5s', TWINFOLD_CLIENTS: '5', ...env };
  return new Promise((done) => {
    const options = { env: own, timeout: RUN_MS_MAX, maxBuffer: OUTPUT_BYTES_MAX };
    execFile(k6, ['run', '--no-color', join(SCRIPTS, script)], options, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` });
    });
  });
}

/** As `npm run loadtest -- --script …`. */
function loadtest(script: string): Promise<{ readonly code: number; readonly output: string }> {
  const env = { ...process.env, TWINFOLD_DURATION: '3s', TWINFOLD_CLIENTS: '2' };
  return new Promise((done) => {
    execFile(
      process.execPath,
      [join(SCRIPTS, 'main.ts'), '--script', script],
      { env, timeout: RUN_MS_MAX, maxBuffer: OUTPUT_BYTES_MAX },
      (error, stdout, stderr) => {
        done({ code: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` });
      },
    );
  });
}

for (const script of ['websocket', 'http-telemetry', 'mqtt-publish', 'mqtt-pubsub']) {
  test(`loadtest --script ${script} loses nothing against a product of its own`, { timeout: RUN_MS_MAX }, async () => {
    const { output } = await loadtest(script);
    assert.match(output, /checks_succeeded\.*: 100\.00%/, output.slice(-2_000));
    assert.doesNotMatch(output, /_failed\.*: (?!0\.00%)/, output.slice(-2_000));
  });
}

for (const script of ['mqtt-publish.js', 'mqtt-pubsub.js']) {
  test(`${script} keeps its thresholds against mosquitto`, { timeout: RUN_MS_MAX }, async () => {
    const { code, output } = await run(script);
    assert.equal(code, 0, output);
    assert.match(output, /checks_succeeded\.*: 100\.00%/);
  });
}

test('a server that is not there crosses a threshold', { timeout: RUN_MS_MAX }, async () => {
  const { code, output } = await run('mqtt-publish.js', {
    TWINFOLD_MQTT_URL: 'mqtt://127.0.0.1:1',
    TWINFOLD_DURATION: '1s',
    TWINFOLD_CLIENTS: '1',
  });
  assert.equal(code, CROSSED, output.slice(-2_000));
});
