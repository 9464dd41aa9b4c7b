/** Threats to the edge that belong to no single route: each test is what an attacker would try. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { createLog } from '../../engine/observability/log.ts';
import { labelText, renderExposition } from '../../engine/observability/exposition.ts';
import { ROUTE_NEEDS } from '../../ingest/http/route-needs.ts';
import { assertProblem, makeTenant, send, startEdge, type Edge, type Tenant } from '../ingest/http/edge.ts';

describe('threats', () => {
  let edge: Edge;
  let mine: Tenant;
  let theirs: Tenant;

  before(async () => {
    edge = await startEdge();
    mine = await makeTenant(edge, 'mine', 2);
    theirs = await makeTenant(edge, 'theirs', 1);
  });
  after(async () => edge.stop());

  describe('a body that grows when it is unpacked', () => {
    // JSON of nothing but spaces: it can't be refused for what is in it before it is unpacked.
    const blown = Buffer.alloc(64 * 1024 * 1024, 0x20);
    for (const [encoding, bomb] of [
      ['gzip', gzipSync(blown)],
      ['zstd', zstdCompressSync(blown)],
    ] as const) {
      for (const type of ['application/json', 'application/x-ndjson', 'application/x-protobuf']) {
        it(`${encoding} of ${type}: ${bomb.length} bytes for ${blown.length} are refused, and not held`, async () => {
          const mark = edge.mark();
          const held = process.memoryUsage().arrayBuffers;
          const answer = await send(edge, '/telemetry', {
            token: mine.devices[0]?.token,
            body: bomb,
            headers: { 'content-type': type, 'content-encoding': encoding },
          });
          assertProblem(answer, 'too-large');
          assert.ok(process.memoryUsage().arrayBuffers - held < 32 * 1024 * 1024);
          assert.deepEqual(edge.events(mark), []);
        });
      }
      it(`${encoding} within ${encoding}, or cut short, is no body`, async () => {
        const pack = encoding === 'gzip' ? gzipSync : zstdCompressSync;
        for (const body of [pack(pack(Buffer.from('{"t":1}'))), pack(Buffer.from('{"t":1}')).subarray(0, 12), Buffer.from('{"t":1}')]) {
          const answer = await send(edge, '/telemetry', {
            token: mine.devices[0]?.token,
            body,
            headers: { 'content-type': 'application/json', 'content-encoding': encoding },
          });
          assertProblem(answer, 'malformed');
        }
      });
    }
  });

  describe('a tenant that is named by somebody else than the credential', () => {
    const paths = [...ROUTE_NEEDS].filter(
      ([, need]) => typeof need === 'object' && ('application' in need || 'applicationPart' in need || 'ownTenant' in need),
    );
    it('is refused on every route that is about a tenant', async () => {
      assert.ok(paths.length > 20);
      const all = await edge.commands.createKey('mine', [
        ...new Set(paths.flatMap(([, need]) => (typeof need === 'object' ? Object.values(need).map(String) : []))),
      ]);
      assert(all.ok);
      const passed: string[] = [];
      for (const [route, need] of paths) {
        const [method = '', path = ''] = route.split(' ');
        if (!edge.http.routes.includes(route)) continue;
        const isOwn = typeof need === 'object' && 'ownTenant' in need;
        const url = path.replace(':id', isOwn ? 'theirs' : 'dev-1').replaceAll(/:(position|credential|ca)\b/g, '0');
        const body = method === 'GET' || method === 'DELETE' ? {} : { json: { tenant: 'theirs' } };
        const answer = await send(edge, url, {
          method,
          token: all.value.token,
          headers: isOwn ? {} : { 'twinfold-tenant': 'theirs' },
          ...body,
        });
        if (answer.status !== 403) passed.push(`${route}: ${answer.status} ${answer.text.slice(0, 100)}`);
      }
      assert.deepEqual(passed, []);
    });

    it('in a body, a query or an event changes nothing', async () => {
      const mark = edge.mark();
      const token = mine.devices[0]?.token;
      await send(edge, '/telemetry?tenant=theirs', { token, headers: { 'twinfold-tenant': 'theirs' }, json: { metrics: { t: 1 } } });
      await send(edge, '/telemetry', { token: mine.key, json: { device: 'dev-2', tenant: 'theirs', metrics: { t: 1 } } });
      assert.deepEqual(
        edge.events(mark).filter((event) => event.tenant !== 'mine'),
        [],
      );
      const foreign = await send(edge, '/telemetry', {
        token,
        json: { device: theirs.devices[0]?.id === 'dev-1' ? 'dev-2' : 'dev-1', metrics: { t: 1 } },
      });
      assertProblem(foreign, 'forbidden');
    });
  });

  it('what cannot be undone needs the administrator or registry:admin, and never any credential', () => {
    const destructive = [...ROUTE_NEEDS].filter(([route]) =>
      /^DELETE |:(erase|decommission|disable|discard|abort)$|^POST \/v1\/tenants/.test(route),
    );
    assert.ok(destructive.length >= 8);
    for (const [route, need] of destructive) {
      const scope =
        typeof need === 'string' ? need : 'application' in need ? need.application : 'ownTenant' in need ? need.ownTenant : 'other';
      assert.ok(scope === 'administrator' || scope === 'registry:admin', `${route}: ${scope}`);
    }
  });

  describe('control characters', () => {
    const NASTY = ['a\nb', 'a\r\n{"level":"error"}', 'a\u0000b', 'a\u001b[31mb', 'a\u2028b', 'a"b\\', '\u0085'];
    it('in facts make one line of a log, which reads back as it was', () => {
      for (const nasty of NASTY) {
        const lines: string[] = [];
        const log = createLog('edge', { write: (line) => void lines.push(line) }, () => 0);
        log.warn('odd', { [nasty]: nasty, device: nasty });
        assert.equal(lines.length, 1);
        assert.match(lines[0] ?? '', /^[^\n\r\u0000\u001b]*\n$/);
        assert.equal((JSON.parse(lines[0] ?? '') as { device: string }).device, nasty);
      }
    });

    it('in labels make one line of an exposition', () => {
      for (const nasty of NASTY) {
        const text = renderExposition([{ name: 'm', help: nasty, type: 'counter', samples: [['m', labelText({ a: nasty }), 1]] }]);
        assert.equal(text.split('\n').length, 4, JSON.stringify(text));
      }
    });

    it('in ids, paths, headers and bodies are refused in one line of an answer, and nothing is stored', async () => {
      const mark = edge.mark();
      for (const nasty of NASTY) {
        for (const [path, sent] of [
          ['/v1/devices', { token: mine.key, json: { id: nasty } }],
          [`/v1/devices/${encodeURIComponent(nasty)}/twin`, { token: mine.key }],
          [`/v1/events/${encodeURIComponent(nasty)}`, { token: mine.key }],
          ['/telemetry', { token: mine.key, json: { device: nasty, metrics: { t: 1 } } }],
          ['/v1/tenants', { token: edge.admin, json: { id: nasty } }],
        ] as const) {
          const answer = await send(edge, path, sent);
          assert.ok(answer.status >= 400 && answer.status < 500, `${path} ${JSON.stringify(nasty)}: ${answer.status} ${answer.text}`);
          // oxlint-disable-next-line no-control-regex
          assert.doesNotMatch(answer.text, /[\u0000-\u001f]/);
        }
      }
      // A line separator is a character like any other.
      for (const nasty of NASTY.slice(0, 4))
        assertProblem(await send(edge, '/v1/devices', { token: mine.key, json: { id: 'fine', externalIds: [nasty] } }), 'malformed');
      assert.deepEqual(edge.events(mark), []);
    });
  });

  it('guessed tokens are all refused alike', async () => {
    const texts = new Set<string>();
    const secret = randomBytes(32).toString('base64url');
    for (const token of [
      `tfd_mine.dev-1.AAAAAAAA.${secret}`,
      `tfd_nobody.dev-1.AAAAAAAA.${secret}`,
      `tfk_mine.AAAAAAAA.${secret}`,
      `tfa_${secret}`,
    ]) {
      const answer = await send(edge, '/v1/devices', { token });
      assertProblem(answer, 'unauthorized');
      texts.add(answer.text);
    }
    assert.equal(texts.size, 1);
  });
});
