import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Screen } from '../../../engine/cli/screen.ts';

function screen(options: { readonly isTTY: boolean; readonly json?: boolean; readonly columns?: number }) {
  const written: string[] = [];
  let now = 0;
  const out = { ...options, write: (text: string) => written.push(text) };
  return { screen: new Screen(out, { json: options.json ?? false, now: () => now }), written, pass: (ms: number) => (now += ms) };
}

describe('what is printed', () => {
  it('on a terminal the status is rewritten in place and stays below what is said', () => {
    const { screen: subject, written } = screen({ isTTY: true, columns: 10 });
    subject.status('status number one', {});
    subject.say('news', {});
    subject.end();
    subject.say('bye', {});
    assert.equal(written.join(''), '\r\x1b[2Kstatus nu\r\x1b[2Knews\nstatus nu\nbye\n');
  });

  it('where the terminal is narrow the last figures of a status are kept', () => {
    const status = '  40 devices · 40 ev/s · acked 4,232 · in ClickHouse 4,229 · missing 0 · double 0 · lag 0.1 s';
    const shown = (columns: number): string => {
      const { screen: subject, written } = screen({ isTTY: true, columns });
      subject.status(status, {});
      return written.join('').replace('\r\x1b[2K', '');
    };
    assert.equal(shown(0), status);
    assert.equal(shown(120), status);
    assert.equal(shown(80), '  acked 4,232 · in ClickHouse 4,229 · missing 0 · double 0 · lag 0.1 s');
    assert.equal(shown(5), '  la');
  });

  it('elsewhere a status is a line every ten seconds', () => {
    const { screen: subject, written, pass } = screen({ isTTY: false });
    for (let second = 0; second <= 20; second++) {
      subject.status(`s${second}`, {});
      pass(1_000);
    }
    assert.deepEqual(written, ['s0\n', 's10\n', 's20\n']);
  });

  it('as JSON every line is an object', () => {
    const { screen: subject, written } = screen({ isTTY: true, json: true });
    subject.say('ready in 1 s', { what: 'ready', pid: 7 });
    subject.status('x', { what: 'status', acked: 1 });
    subject.end();
    assert.deepEqual(
      written.map((line) => JSON.parse(line) as unknown),
      [
        { what: 'ready', pid: 7 },
        { what: 'status', acked: 1 },
      ],
    );
  });
});
