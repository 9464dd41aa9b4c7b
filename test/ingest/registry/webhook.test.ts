/** Webhooks against real receivers on loopback, and what must not be called at all. */
import assert from 'node:assert/strict';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { isLoopbackAddress, isPublicAddress } from '../../../ingest/registry/public-address.ts';
import {
  callWebhook,
  SIGNATURE_HEADER,
  verifyWebhook,
  WEBHOOK_ANSWER_BYTES_MAX,
  WEBHOOK_WINDOW_S,
  type WebhookAnswer,
  type WebhookCall,
  type WebhookOptions,
  type WebhookRefusal,
  webhookUrlProblem,
} from '../../../ingest/registry/webhook.ts';
import { HOOK_CERTIFICATE, HOOK_KEY } from './hook-certificate.ts';

const SECRET = 'a secret of the tests, long enough';
const NOW_MS = 1_800_000_000_000;
const clock = { now: () => NOW_MS };

interface Received {
  readonly url: string;
  readonly host: string;
  readonly signature: string;
  readonly idempotencyKey: string;
  readonly body: Buffer;
}

type Reply = (request: IncomingMessage, response: ServerResponse) => void;

describe('a webhook', () => {
  const received: Received[] = [];
  let reply: Reply = (_request, response) => response.end('{"ok":true}');
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const text = (name: string): string => String(request.headers[name]);
      received.push({
        url: request.url ?? '',
        host: text('host'),
        signature: text(SIGNATURE_HEADER),
        idempotencyKey: text('idempotency-key'),
        body: Buffer.concat(pieces),
      });
      reply(request, response);
    });
  };
  const https = createHttpsServer({ key: HOOK_KEY, cert: HOOK_CERTIFICATE }, take);
  const http = createHttpServer(take);
  let httpsPort = 0;
  let httpPort = 0;

  before(async () => {
    for (const server of [https, http]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    httpsPort = (https.address() as AddressInfo).port;
    httpPort = (http.address() as AddressInfo).port;
  });
  after(() => {
    for (const server of [https, http]) {
      server.closeAllConnections();
      server.close();
    }
  });

  const call = (more: Partial<WebhookCall> = {}, options: Partial<WebhookOptions> = {}): Promise<WebhookAnswer> =>
    callWebhook(
      { url: `https://127.0.0.1:${httpsPort}/hook?x=1`, secret: SECRET, body: '{"id":"dev-1"}', idempotencyKey: 'once-1', ...more },
      { clock, allowLoopback: true, ca: HOOK_CERTIFICATE, ...options },
    );
  const assertRefused = (answer: WebhookAnswer, why: WebhookRefusal): void => {
    assert.equal(answer.ok, false);
    assert.equal(answer.ok ? '' : answer.why, why);
    assert.notEqual(answer.ok ? '' : answer.detail, '');
  };
  /** Whatever the answer is, the receiver must not have heard of it. */
  const assertNotCalled = async (answer: Promise<WebhookAnswer>, why: WebhookRefusal): Promise<void> => {
    const heard = received.length;
    assertRefused(await answer, why);
    assert.equal(received.length, heard, 'nobody was called');
  };

  it('is signed over time, idempotency key and body', async () => {
    const answer = await call();
    assert(answer.ok, JSON.stringify(answer));
    assert.equal(answer.status, 200);
    assert.equal(answer.body.toString(), '{"ok":true}');
    const [message] = received.slice(-1);
    assert(message !== undefined);
    assert.equal(message.url, '/hook?x=1');
    assert.equal(message.body.toString(), '{"id":"dev-1"}');
    assert.equal(message.idempotencyKey, 'once-1');
    assert.ok(verifyWebhook(message, SECRET, clock));
    assert.ok(!verifyWebhook(message, `${SECRET}.`, clock), 'another secret');
    assert.ok(!verifyWebhook({ ...message, body: Buffer.from('{"id":"dev-2"}') }, SECRET, clock), 'another body');
    assert.ok(!verifyWebhook({ ...message, idempotencyKey: 'once-2' }, SECRET, clock), 'another key');
    assert.ok(!verifyWebhook({ ...message, signature: message.signature.replace('t=1', 't=2') }, SECRET, clock), 'another time');
    assert.ok(!verifyWebhook({ ...message, signature: '' }, SECRET, clock));
  });

  it('is good for five minutes, by the clock of the receiver', async () => {
    await call();
    const [message] = received.slice(-1);
    assert(message !== undefined);
    for (const [offS, isGood] of [
      [WEBHOOK_WINDOW_S, true],
      [-WEBHOOK_WINDOW_S, true],
      [WEBHOOK_WINDOW_S + 1, false],
      [-WEBHOOK_WINDOW_S - 1, false],
    ] as const)
      assert.equal(verifyWebhook(message, SECRET, { now: () => NOW_MS + offS * 1_000 }), isGood, `${offS} s`);
  });

  it('goes to the address that was looked at, under the name that was asked for', async () => {
    let asked = 0;
    const answer = await call(
      { url: `https://hooks.test:${httpsPort}/` },
      {
        resolve: () => {
          asked += 1;
          // Who is asked again answers something else.
          return Promise.resolve(asked === 1 ? ['127.0.0.1'] : ['169.254.169.254']);
        },
      },
    );
    assert(answer.ok, JSON.stringify(answer));
    assert.equal(asked, 1, 'resolved once');
    assert.equal(received.at(-1)?.host, `hooks.test:${httpsPort}`);
  });

  it('believes no certificate of another name, and none that nobody trusts', async () => {
    const elsewhere = await call({ url: `https://other.test:${httpsPort}/` }, { resolve: () => Promise.resolve(['127.0.0.1']) });
    assertRefused(elsewhere, 'unreachable');
    const untrusted = await callWebhook(
      { url: `https://127.0.0.1:${httpsPort}/`, secret: SECRET, body: '{}', idempotencyKey: 'k' },
      { clock, allowLoopback: true },
    );
    assertRefused(untrusted, 'unreachable');
  });

  it('calls no name that leads, with any of its addresses, to one that is not public', async () => {
    for (const addresses of [
      ['127.0.0.1'],
      ['93.184.216.34', '10.0.0.7'],
      ['169.254.169.254'],
      ['::1'],
      ['::ffff:169.254.169.254'],
      ['fd00::1'],
      ['not an address'],
    ])
      await assertNotCalled(
        call({ url: `https://hooks.test:${httpsPort}/` }, { allowLoopback: false, resolve: () => Promise.resolve(addresses) }),
        'forbidden-address',
      );
    await assertNotCalled(call({ url: 'https://hooks.test/' }, { resolve: () => Promise.resolve([]) }), 'unresolved');
    await assertNotCalled(call({ url: 'https://hooks.test/' }, { resolve: () => Promise.reject(new Error('no')) }), 'unresolved');
  });

  it('takes loopback and plain HTTP only where it was told to', async () => {
    await assertNotCalled(call({}, { allowLoopback: false }), 'bad-target');
    await assertNotCalled(call({ url: `http://127.0.0.1:${httpPort}/` }, { allowLoopback: false }), 'bad-target');
    const plain = await call({ url: `http://127.0.0.1:${httpPort}/` });
    assert(plain.ok);
    await assertNotCalled(call({ url: 'http://example.com/' }), 'bad-target');
    await assertNotCalled(call({ url: 'http://localhost/' }, { resolve: () => Promise.resolve(['93.184.216.34']) }), 'forbidden-address');
  });

  it('follows no redirect', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      reply = (_request, response) => response.writeHead(status, { location: `https://127.0.0.1:${httpsPort}/again` }).end();
      const heard = received.length;
      assertRefused(await call(), 'redirected');
      assert.equal(received.length, heard + 1);
    }
    reply = (_request, response) => response.end('{}');
  });

  it('reads so much of an answer and waits so long, and no more', async () => {
    reply = (_request, response) => response.end('x'.repeat(WEBHOOK_ANSWER_BYTES_MAX));
    assert((await call()).ok);
    reply = (_request, response) => response.end('x'.repeat(WEBHOOK_ANSWER_BYTES_MAX + 1));
    assertRefused(await call(), 'answer-too-large');
    reply = () => undefined;
    assertRefused(await call({}, { timeoutMs: 50 }), 'timed-out');
    // An answer that dribbles isn't an answer either.
    reply = (_request, response) => {
      response.write('{');
    };
    assertRefused(await call({}, { timeoutMs: 50 }), 'timed-out');
    assertRefused(await call({ url: 'https://hooks.test/' }, { timeoutMs: 50, resolve: () => new Promise(() => undefined) }), 'timed-out');
    reply = (_request, response) => response.end('{}');
    await assertNotCalled(call({ body: 'x'.repeat(300_000) }), 'body-too-large');
    await assertNotCalled(call({ secret: 'short' }), 'bad-target');
    await assertNotCalled(call({ idempotencyKey: 'a\r\nb' }), 'bad-target');
  });

  it('tells answers of any status on, and a receiver that is not there', async () => {
    reply = (_request, response) => response.writeHead(503).end('later');
    const answer = await call();
    assert(answer.ok && answer.status === 503);
    reply = (request) => request.socket.destroy();
    const broken = await call();
    assert(!broken.ok && broken.why === 'unreachable' && broken.retryable);
    reply = (_request, response) => response.end('{}');
  });
});

describe('the URL of a webhook', () => {
  const bad: readonly string[] = [
    '',
    'example.com',
    'ftp://example.com/',
    'http://example.com/',
    'file:///etc/passwd',
    'https://user@example.com/',
    'https://user:password@example.com/',
    'https://@example.com/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://0x7f.1/',
    // Public, but not written as people write it: another parser may see another address.
    'https://134744072/',
    'https://010.8.8.8/',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://0.0.0.0/',
    'https://255.255.255.255/',
    'https://224.0.0.1/',
    'https://[::]/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[::ffff:8.8.8.8]/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://[2002:7f00:1::]/',
    'https://[fe80::1]/',
    'https://[fc00::1]/',
    'https://[ff02::1]/',
    'https:\\\\example.com/',
    'https://example.com\\@127.0.0.1/',
    'https://exa\nmple.com/',
    ' https://example.com/',
    'https://１２７.0.0.1/',
    `https://example.com/${'x'.repeat(2_100)}`,
  ];
  for (const url of bad) {
    it(`is not ${JSON.stringify(url.slice(0, 60))}`, () => assert.equal(typeof webhookUrlProblem(url), 'string'));
  }

  it('is an https address of a name or of a public address, on any port', () => {
    for (const url of ['https://example.com/hook', 'https://example.com:8443/?a=b', 'https://8.8.8.8/', 'https://[2606:4700::1111]/'])
      assert.equal(webhookUrlProblem(url), undefined, url);
  });
});

describe('public addresses', () => {
  it('never hold a private one, in whatever form it is written', () => {
    const start = fc.constantFrom('10', '127', '0', '169.254', '192.168', '172.31', '100.127', '224', '250');
    const octets = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(start, octets, (first, rest) => {
        const address = [first, ...rest.slice(first.split('.').length - 1)].join('.');
        assert.equal(isPublicAddress(address), false, address);
        assert.equal(isPublicAddress(`::ffff:${address}`), false);
        assert.equal(isPublicAddress(`::${address}`), false);
        assert.equal(isPublicAddress(`64:ff9b::${address}`), false);
      }),
    );
  });

  it('are what is global, and loopback is what it is', () => {
    for (const address of ['8.8.8.8', '93.184.216.34', '2606:2800:220:1::1']) assert.ok(isPublicAddress(address), address);
    for (const address of ['', 'x', '1.2.3', '2606::1%eth0', '2001:db8::1', '3fff::1'])
      assert.equal(isPublicAddress(address), false, address);
    assert.ok(isLoopbackAddress('127.8.9.10') && isLoopbackAddress('::1'));
    assert.ok(!isLoopbackAddress('::ffff:127.0.0.1') && !isLoopbackAddress('128.0.0.1'));
  });
});
