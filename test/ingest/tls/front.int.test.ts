/** The TLS ports themselves, over real sockets: who gets through, who doesn't, and what a change of certificates leaves alone. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { startTlsFront } from '../../../ingest/tls/front.ts';
import { TlsMaterial } from '../../../ingest/tls/material.ts';
import { HandshakeGate, GATE_LIMITS } from '../../../ingest/tls/handshake-gate.ts';
import { until } from '../mqtt/fixtures.ts';
import { systemClock } from '../http/edge.ts';
import { makeCa, makeDevice, makeServer, urn } from './pki.ts';
import { ask, clientOptions, closed, install, secureSocket, type SecureEdge, startSecureEdge } from './secure-edge.ts';

const TIMEOUT = { timeout: 20_000 };

describe('a TLS port', () => {
  let secure: SecureEdge;
  before(async () => {
    secure = await startSecureEdge({ front: { handshakeMs: 600 } });
  });
  after(async () => secure.stop());

  it('speaks TLS 1.2 and 1.3, and its own protocol', TIMEOUT, async () => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = await secureSocket(secure.https.port, { ...clientOptions(secure), maxVersion, ALPNProtocols: ['http/1.1'] });
      assert.equal(socket.getProtocol(), maxVersion);
      assert.equal(socket.alpnProtocol, 'http/1.1');
      assert.equal((await ask(socket, { path: '/healthz' })).status, 200);
      socket.destroy();
    }
    await assert.rejects(
      secureSocket(secure.https.port, {
        ...clientOptions(secure),
        minVersion: 'TLSv1.1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      }),
    );
    await assert.rejects(
      secureSocket(secure.mqtts.port, { ...clientOptions(secure), ALPNProtocols: ['http/1.1'] }),
      /ALPN|application protocol|NO_APPLICATION_PROTOCOL/i,
    );
  });

  it('drops who says nothing, dribbles, stalls, or speaks something else, and serves others meanwhile', TIMEOUT, async () => {
    const from = secure.refused.length;
    const raw = async (bytes: readonly number[]): Promise<Socket> =>
      new Promise((resolve, reject) => {
        const socket = connect(secure.https.port, '127.0.0.1', () => {
          socket.write(Buffer.from(bytes));
          resolve(socket);
        });
        socket.on('error', () => undefined).once('error', reject);
      });
    const silent = await Promise.all(Array.from({ length: 100 }, async () => raw([])));
    const dribbling = await Promise.all(Array.from({ length: 20 }, async () => raw([0x16, 3, 1, 0x40, 0])));
    const foreign = await Promise.all([raw([...Buffer.from('GET / HTTP/1.1\r\n\r\n')]), raw([0x16, 3, 1, 0xff, 0xff]), raw([0x16, 9])]);
    const honest = await secureSocket(secure.https.port, clientOptions(secure));
    assert.equal((await ask(honest, { path: '/healthz' })).status, 200);
    await Promise.all(
      [...silent, ...dribbling, ...foreign].map(async (socket) =>
        until(() => socket.destroyed || socket.closed || socket.readyState === 'closed' || socket.readableEnded),
      ),
    );
    await until(() => secure.https.openings() === 0);
    assert.equal((await ask(honest, { path: '/healthz' })).status, 200);
    honest.destroy();
    const counted = (why: string): number => secure.refused.slice(from).filter((one) => one === why).length;
    assert.equal(counted('handshake-time'), 120);
    assert.equal(counted('not-tls'), 3);
    for (const socket of [...silent, ...dribbling, ...foreign]) socket.destroy();
  });

  it('goes on from an earlier session, with the certificate that it had', TIMEOUT, async () => {
    const acme = makeCa('acme root');
    const middle = makeCa('acme middle', { issuer: acme });
    await secure.edge.commands.createTenant('acme');
    await secure.edge.commands.registerDevice('acme', { id: 'dev-1', externalIds: [] });
    await secure.edge.addCa('acme', acme.pem);
    const device = makeDevice(middle, urn('acme', 'dev-1'));
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const sessions: Buffer[] = [];
      const first = await secureSocket(secure.https.port, { ...clientOptions(secure, [device, middle]), maxVersion });
      first.on('session', (session: Buffer) => sessions.push(session));
      assert.equal((await ask(first, { path: '/telemetry', body: { t: 1 } })).status, 202);
      // TLS 1.2 sends its ticket within the handshake, 1.3 after it.
      if (maxVersion === 'TLSv1.2') sessions.push(first.getSession() ?? assert.fail());
      await until(() => sessions.length > 0);
      first.destroy();
      const { resumed } = secure.handshakes;
      const again = await secureSocket(secure.https.port, {
        ...clientOptions(secure),
        maxVersion,
        session: sessions.at(-1) ?? Buffer.alloc(0),
      });
      assert.ok(again.isSessionReused());
      assert.equal((await ask(again, { path: '/telemetry', body: { t: 2 } })).status, 202);
      assert.equal(secure.handshakes.resumed, resumed + 1);
      again.destroy();
    }
    // Tickets of one port open no other.
    const first = await secureSocket(secure.https.port, { ...clientOptions(secure, [device, middle]), maxVersion: 'TLSv1.2' });
    await ask(first, { path: '/healthz' });
    const foreign = await secureSocket(secure.mqtts.port, {
      ...clientOptions(secure),
      maxVersion: 'TLSv1.2',
      session: first.getSession() ?? Buffer.alloc(0),
    });
    assert.equal(foreign.isSessionReused(), false);
    first.destroy();
    foreign.destroy();
  });
});

describe('new certificates', () => {
  it('are read when the files change; who is connected stays', TIMEOUT, async () => {
    const secure = await startSecureEdge();
    try {
      secure.material.watch();
      const early = await secureSocket(secure.https.port, clientOptions(secure));
      const serial = early.getPeerX509Certificate()?.serialNumber;
      const notes: string[] = [];
      secure.material.listen({ changed: () => void notes.push('changed'), failed: (why) => void notes.push(why) });
      // The certificate comes before its key: until both are there, the old pair is in use.
      const fresh = makeServer(secure.ca);
      await writeFile(secure.files.cert, fresh.pem);
      await until(() => notes.length > 0);
      assert.match(notes[0] ?? '', /is not the key of/);
      const meanwhile = await secureSocket(secure.https.port, clientOptions(secure));
      assert.equal(meanwhile.getPeerX509Certificate()?.serialNumber, serial);
      await install(secure.files, fresh);
      await until(() => notes.includes('changed'));
      const later = await secureSocket(secure.https.port, clientOptions(secure));
      assert.notEqual(later.getPeerX509Certificate()?.serialNumber, serial);
      for (const socket of [early, meanwhile, later]) {
        assert.equal((await ask(socket, { path: '/healthz' })).status, 200);
        socket.destroy();
      }
    } finally {
      await secure.stop();
    }
  });
});

describe('a port that requires certificates', () => {
  it('drops who has none, and counts them', TIMEOUT, async () => {
    const secure = await startSecureEdge({ mode: 'required' });
    try {
      const bare = await secureSocket(secure.https.port, clientOptions(secure));
      bare.resume();
      await closed(bare);
      assert.deepEqual(secure.refused, ['client-certificate-missing']);
      // A valid token is not enough.
      const stranger = await secureSocket(secure.https.port, clientOptions(secure, [makeDevice(undefined, undefined)]));
      const refused = await ask(stranger, { path: '/v1/tenants', headers: [`authorization: Bearer ${secure.edge.admin}`] });
      assert.deepEqual([refused.status, refused.body['limit']], [401, 'certificate-chain-incomplete']);
      stranger.destroy();
    } finally {
      await secure.stop();
    }
  });
});

describe('a flood of handshakes', () => {
  it('is refused beyond its rate, counted, and bounded in what it holds', TIMEOUT, async () => {
    const gate = new HandshakeGate(systemClock, { ...GATE_LIMITS, burst: 10, ratePerS: 0.001 });
    const secure = await startSecureEdge({ front: { gate } });
    try {
      const early = await secureSocket(secure.https.port, clientOptions(secure));
      const tries = await Promise.allSettled(
        Array.from({ length: 40 }, async () => secureSocket(secure.https.port, clientOptions(secure))),
      );
      const sockets: TLSSocket[] = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      assert.equal(sockets.length, 9);
      assert.equal(secure.refused.filter((why) => why === 'handshake-rate').length, 31);
      // Who was in before notices nothing.
      assert.equal((await ask(early, { path: '/healthz' })).status, 200);
      await until(() => secure.https.openings() === 0 && gate.running === 0 && gate.waiting === 0);
      for (const socket of [early, ...sockets]) socket.destroy();
    } finally {
      await secure.stop();
    }
  });
});

describe('several certificates', () => {
  it('are chosen by the host that the client asks for, the first where none fits', TIMEOUT, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sni-'));
    const ca = makeCa('root');
    const pairs = await Promise.all(
      ['one.test', 'two.test'].map(async (host) => {
        const files = { cert: join(folder, `${host}.pem`), key: join(folder, `${host}.key`) };
        await install(files, makeServer(ca, [host]));
        return files;
      }),
    );
    const material = new TlsMaterial(pairs);
    await material.load();
    const sockets: TLSSocket[] = [];
    const front = await startTlsFront({
      host: '127.0.0.1',
      port: 0,
      material,
      clientCertificates: 'off',
      name: 'test',
      protocol: 'mqtt',
      ticketKeys: () => Buffer.alloc(48, 7),
      clock: systemClock,
      refused: () => undefined,
      secure: (socket, { peer }) => {
        assert.equal(peer, undefined);
        sockets.push(socket);
      },
    });
    try {
      for (const [asked, answered] of [
        ['one.test', 'one.test'],
        ['two.test', 'two.test'],
        ['three.test', 'one.test'],
      ] as const) {
        const socket = await secureSocket(front.port, { ca: ca.pem, servername: asked, checkServerIdentity: () => undefined });
        assert.equal(socket.getPeerX509Certificate()?.checkHost(answered), answered);
        socket.destroy();
      }
    } finally {
      front.stopAccepting();
      for (const socket of sockets) socket.destroy();
      await front.close();
      await rm(folder, { recursive: true });
    }
  });
});
