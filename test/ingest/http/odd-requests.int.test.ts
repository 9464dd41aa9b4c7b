/** What the HTTP server below us would refuse by itself, without a code, is refused in our words, or passed over. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type Edge, makeTenant, startEdge } from './edge.ts';

const ANSWER_MS_MAX = 10_000;

let edge: Edge;
let token: string;

before(async () => {
  edge = await startEdge();
  token = (await makeTenant(edge, 'demo', 1)).devices[0]?.token ?? '';
});

after(() => edge.stop());

/** Everything that comes back until the other side closes. */
function sendRaw(lines: readonly string[], body = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(edge.port, '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\nconnection: close\r\n\r\n${body}`));
    const limit = setTimeout(() => socket.destroy(new Error('no end')), ANSWER_MS_MAX);
    let received = '';
    socket.setEncoding('utf8').on('data', (piece: string) => (received += piece));
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(limit);
      resolve(received);
    });
  });
}

function assertMalformed(answer: string): void {
  assert.match(answer, /^HTTP\/1\.1 400 /);
  assert.match(answer, /content-type: application\/problem\+json/i);
  assert.match(answer, /"code":"malformed"/);
}

describe('a request that is odd', () => {
  it('without a host is malformed in HTTP/1.1, and fine in HTTP/1.0, which has none', async () => {
    assertMalformed(await sendRaw(['GET /healthz HTTP/1.1']));
    assertMalformed(await sendRaw(['POST /telemetry HTTP/1.1', 'content-length: 0']));
    assert.match(await sendRaw(['GET /healthz HTTP/1.0']), /^HTTP\/1\.1 200 /);
  });

  it('with an expectation that nobody knows is served as if it had none', async () => {
    const head = ['POST /telemetry HTTP/1.1', 'host: a', `authorization: Bearer ${token}`, 'expect: 200-maybe', 'content-length: 7'];
    assert.match(await sendRaw(head, '{"t":1}'), /^HTTP\/1\.1 202 /);
  });

  it('with a path that cannot be read, or is too long, is malformed', async () => {
    for (const path of ['/%zz', '/v1/devices/%ff/twin', `/v1/events/${'9'.repeat(600)}`]) {
      assertMalformed(await sendRaw([`GET ${path} HTTP/1.1`, 'host: a']));
    }
  });

  it('with headers that are too long, or two lengths, is malformed', async () => {
    assertMalformed(await sendRaw(['GET /healthz HTTP/1.1', 'host: a', `x-long: ${'x'.repeat(20_000)}`]));
    assertMalformed(await sendRaw(['POST /telemetry HTTP/1.1', 'host: a', 'content-length: 7', 'transfer-encoding: chunked'], '{"t":1}'));
  });
});
