import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { helpOf, overview } from '../../../engine/config/help.ts';
import { DEFAULT_MQTT_LIMITS, mqttLimits } from '../../../engine/config/mqtt-options.ts';
import { COMMANDS, OPTIONS, OPTIONS_OF, readSettings, type Command } from '../../../engine/config/options.ts';
import { isLoopback } from '../../../engine/config/tls-settings.ts';
import { nearest, option, readOptions } from '../../../engine/config/read-options.ts';
import { integer, text } from '../../../engine/config/option-kinds.ts';

interface Input {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

function input({ argv = [], env = {}, files = {} }: Input) {
  const readFile = (path: string): string => {
    const content = files[path];
    if (content === undefined) throw new Error('ENOENT');
    return content;
  };
  return { argv, env, readFile };
}

const read = (command: Command, given: Input = {}) => readSettings(command, input(given));

describe('where a value comes from', () => {
  const table = { config: option(text('FILE'), { fallback: '', help: '' }), size: option(integer(1, 9), { fallback: 1, help: '' }) };
  const env = { TWINFOLD_SIZE: '3' };
  const files = { f: 'size: 2' };
  const rows = [
    { given: { argv: ['--size', '4', '--config=f'], env, files }, value: 4, source: 'flag' },
    { given: { argv: ['--config=f'], env, files }, value: 3, source: 'environment' },
    { given: { argv: ['--config', 'f'], files }, value: 2, source: 'file' },
    { given: { env: { TWINFOLD_CONFIG: 'f' }, files }, value: 2, source: 'file' },
    { given: {}, value: 1, source: 'default' },
    { given: { env: { TWINFOLD_SIZE: '' } }, value: 1, source: 'default' },
  ];
  for (const { given, value, source } of rows) {
    it(`${source} ${JSON.stringify(given)}`, () => {
      const result = readOptions(table, input(given));
      assert.deepEqual([result.values.size, result.sources.size, result.problems], [value, source, []]);
    });
  }

  it('a secret also comes from the file that a variable names, and is never shown', () => {
    const secret = { key: option(integer(1, 9), { fallback: 0, help: '', secret: true }) };
    const fromFile = readOptions(secret, input({ env: { TWINFOLD_KEY_FILE: 's' }, files: { s: '7\n' } }));
    assert.equal(fromFile.values.key, 7);
    const wrong = readOptions(secret, input({ env: { TWINFOLD_KEY: 'hunter2' } }));
    assert(wrong.problems.length === 1 && !wrong.problems.join('').includes('hunter2'));
    assert.match(readOptions(secret, input({ env: { TWINFOLD_KEY_FILE: 'absent' } })).problems.join(''), /TWINFOLD_KEY_FILE names absent/);
  });
});

describe('what is wrong is said at once', () => {
  it('over flags, environment and file', () => {
    const { problems } = read('dev', {
      argv: ['--http-prt', '1', '--mqtt-port', 'x', 'stray', '--data', '--no-demo', '--host', 'a', '--host', 'b', '--config', 'f'],
      env: { TWINFOLD_PARTITIONS: '0' },
      files: { f: 'workrs: 1\nworkers: many' },
    });
    const expected = [
      /--http-prt is not known; did you mean --http-port\?/,
      /--mqtt-port must be a port .* not "x"/,
      /"stray" is not an option/,
      /--data needs a value \(FOLDER\)/,
      /--host is given twice/,
      /TWINFOLD_PARTITIONS must be a whole number from 1 to 256, not "0"/,
      /"workrs" in f is not known; did you mean workers\?/,
      /"workers" in f must be a whole number/,
    ];
    for (const pattern of expected)
      assert(
        problems.some((problem) => pattern.test(problem)),
        String(pattern),
      );
    assert.equal(problems.length, expected.length, problems.join('\n'));
  });

  it('a variable that looks like a slip is a warning, others are not ours', () => {
    const { warnings, problems } = read('dev', { env: { TWINFOLD_HTTP_PROT: '1', TWINFOLD_URL: 'http://x', PATH: '/bin' } });
    assert.deepEqual(warnings, ['TWINFOLD_HTTP_PROT is ignored; did you mean TWINFOLD_HTTP_PORT?']);
    assert.deepEqual(problems, []);
  });

  it('options of another command', () => {
    assert.match(read('serve', { argv: ['--no-demo', '--host', '127.0.0.1'] }).problems.join(), /--no-demo is not an option of "serve"/);
    assert.match(read('dev', { argv: ['--roles', 'api'] }).problems.join(), /--roles is not an option of "dev"/);
  });

  const contradictions: readonly (readonly [Command, readonly string[], RegExp | undefined])[] = [
    ['serve', [], /no ports without TLS/],
    ['serve', ['--allow-plaintext'], undefined],
    ['serve', ['--tls-dev'], undefined],
    ['serve', ['--tls-cert', 'a,b', '--tls-key', 'c,d'], undefined],
    ['serve', ['--tls-cert', 'a,b', '--tls-key', 'c'], /2 files and --tls-key 1/],
    ['serve', ['--tls-cert', 'a'], /--tls-cert needs --tls-key/],
    ['serve', ['--tls-key', 'a'], /--tls-key needs --tls-cert/],
    ['serve', ['--tls-dev', '--tls-cert', 'a', '--tls-key', 'b'], /makes its own certificate/],
    ['serve', ['--tls-dev', '--http-port', '8080'], /--http-port is without TLS/],
    ['serve', ['--tls-dev', '--http-port', '8080', '--allow-plaintext'], undefined],
    ['serve', ['--tls-dev', '--mqtts-client-cert', 'sometimes'], /off, optional or required/],
    ['dev', ['--https-port', '8443'], /--https-port needs --tls-cert/],
    ['dev', ['--https-port', '0', '--tls-dev'], undefined],
    ['serve', ['--host', '127.0.0.1'], undefined],
    ['serve', ['--roles', 'engine'], undefined],
    ['serve', ['--http-port', 'off', '--mqtt-port', 'off'], undefined],
    ['dev', [], undefined],
    ['dev', ['--clickhouse-user', 'x'], /--clickhouse-user needs --clickhouse-url/],
    ['dev', ['--clickhouse-password', 'x'], /--clickhouse-password needs --clickhouse-url/],
    ['dev', ['--nats-token', 'x'], /--nats-token needs --nats-url/],
    ['dev', ['--nats-url', 'nats://a', '--nats-server', '/x'], /exclude each other/],
    ['dev', ['--mqtt-anonymous-tenant', 'demo'], undefined],
    ['dev', ['--mqtt-anonymous-tenant', 'demo', '--host', '0.0.0.0'], /loopback only/],
    ['dev', ['--events-retention', '36h'], /whole days/],
    ['dev', ['--server-reference', 'b.example.com:8883'], undefined],
    ['dev', ['--server-reference', '[2001:db8::1]:1883', '--flapping-ban', '5m'], undefined],
    ['dev', ['--server-reference', 'b.example.com'], /--server-reference must be a host and a port/],
    ['dev', ['--server-reference', 'mqtt://b.example.com:1883'], /--server-reference must be a host and a port/],
  ];
  for (const [command, argv, problem] of contradictions) {
    it(`${command} ${argv.join(' ')} ${problem === undefined ? 'is fine' : 'is refused'}`, () => {
      const { problems } = read(command, { argv });
      if (problem === undefined) assert.deepEqual(problems, []);
      else assert.match(problems.join('\n'), problem);
    });
  }
});

describe('defaults', () => {
  it('differ by command and by where NATS is', () => {
    assert.equal(read('dev').settings.host, '127.0.0.1');
    assert.equal(read('serve').settings.host, '0.0.0.0');
    assert.equal(read('dev').settings.partitions, 4);
    assert.equal(read('dev', { argv: ['--nats-url', 'nats://a'] }).settings.partitions, 16);
    assert(read('dev').settings.workers >= 1);
  });

  it('knows loopback', () => {
    for (const host of ['127.0.0.1', '127.8.0.1', '::1', 'localhost']) assert(isLoopback(host), host);
    for (const host of ['0.0.0.0', '::', '10.0.0.1', '128.0.0.1', 'example.org']) assert(!isLoopback(host), host);
  });
});

describe('help', () => {
  it('lists every option of a command but the hidden ones, and tells where secrets belong', () => {
    for (const command of COMMANDS) {
      const help = helpOf(command);
      for (const name of OPTIONS_OF[command])
        assert.equal(
          help.includes(`--${name} `) || help.includes(`--${name}\n`),
          !('hidden' in OPTIONS[name] && OPTIONS[name].hidden),
          name,
        );
      assert(help.split('\n').every((line) => line.length <= 100));
    }
    assert(helpOf('dev').includes('TWINFOLD_ADMIN_TOKEN_FILE'));
    for (const command of COMMANDS) assert(overview().includes(command));
  });
});

describe('did you mean', () => {
  it('offers what is a few slips away and nothing else', () => {
    assert.equal(nearest('serv', ['dev', 'serve', 'doctor']), 'serve');
    assert.equal(nearest('hpst', ['host', 'data']), 'host');
    assert.equal(nearest('xyz', ['dev', 'serve']), undefined);
    assert.equal(nearest('', ['dev']), undefined);
  });
});

describe('which ports are open', () => {
  const ports = (command: Command, ...argv: string[]): readonly unknown[] => {
    const { settings } = read(command, { argv });
    return [settings['http-port'], settings['https-port'], settings['mqtt-port'], settings['mqtts-port']];
  };

  it('plain ones in dev, those with TLS where there is a certificate', () => {
    assert.deepEqual(ports('dev'), [8080, 'off', 1883, 'off']);
    assert.deepEqual(ports('dev', '--tls-dev'), [8080, 8443, 1883, 8883]);
    assert.deepEqual(ports('dev', '--tls-dev', '--https-port', 'off'), [8080, 'off', 1883, 8883]);
  });

  it('none without TLS in serve, unless it is said or the host is loopback', () => {
    assert.deepEqual(ports('serve', '--tls-dev'), ['off', 8443, 'off', 8883]);
    assert.deepEqual(ports('serve', '--tls-dev', '--allow-plaintext'), [8080, 8443, 1883, 8883]);
    assert.deepEqual(ports('serve', '--tls-dev', '--host', '::1'), [8080, 8443, 1883, 8883]);
    assert.deepEqual(ports('serve', '--host', '127.0.0.1'), [8080, 'off', 1883, 'off']);
    assert.deepEqual(ports('serve'), ['off', 'off', 'off', 'off']);
  });
});

describe('what MQTT clients may ask for', () => {
  const limits = (...argv: readonly string[]) => {
    const { problems, settings } = read('serve', { argv: ['--nats-url', 'nats://n:1', '--allow-plaintext', ...argv] });
    return { problems, limits: mqttLimits(settings) };
  };

  it('is the default, or what the options say', () => {
    assert.deepEqual(limits().limits, DEFAULT_MQTT_LIMITS);
    const some = limits('--mqtt-session-expiry-max', '30d', '--mqtt-keep-alive-max', '2m', '--mqtt-subscriptions-device', '7');
    assert.deepEqual(some.limits, { ...DEFAULT_MQTT_LIMITS, sessionExpiryS: 2_592_000, keepAliveS: 120, subscriptionsDevice: 7 });
    const rest = limits('--mqtt-subscriptions-application', '8', '--mqtt-receive-maximum', '9', '--mqtt-topic-alias-maximum', '0');
    assert.deepEqual(rest.limits, { ...DEFAULT_MQTT_LIMITS, subscriptionsApplication: 8, inFlight: 9, topicAliases: 0 });
    assert.equal(limits('--mqtt-session-expiry-max', '0s').limits.sessionExpiryS, 0);
  });

  for (const [name, value] of [
    ['session-expiry-max', '366d'],
    ['keep-alive-max', '21m'],
    ['keep-alive-max', '9s'],
    ['subscriptions-device', '1025'],
    ['subscriptions-application', '0'],
    ['receive-maximum', '101'],
    ['receive-maximum', '0'],
    ['topic-alias-maximum', '1025'],
  ] as const) {
    it(`refuses --mqtt-${name} ${value}`, () => {
      const { problems } = limits(`--mqtt-${name}`, value);
      assert.ok(
        problems.some((problem) => problem.includes(`mqtt-${name}`)),
        problems.join(),
      );
    });
  }
});
