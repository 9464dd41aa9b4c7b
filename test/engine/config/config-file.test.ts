import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseConfigFile } from '../../../engine/config/config-file.ts';

const parse = (source: string) => parseConfigFile(source, 'twinfold.yaml');

test('reads one value a line, plain or in quotes, with comments', () => {
  const { values, problems } = parse(
    [
      '---',
      '# ports',
      'http-port: 8080   # the API',
      'data: "/var/lib/a \\"b\\" # no comment"',
      "host: 'it''s'",
      '',
      'no-demo: true',
      'empty:',
      'url: nats://a:4222#x',
      'win: a',
    ].join('\r\n'),
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(Object.fromEntries(values), {
    'http-port': '8080',
    data: '/var/lib/a "b" # no comment',
    host: "it's",
    'no-demo': 'true',
    empty: '',
    url: 'nats://a:4222#x',
    win: 'a',
  });
});

test('names the line of everything it does not understand, all at once', () => {
  const { problems } = parse(
    ['ports:', '  http: 80', 'list: [a, b]', '- item', 'a: 1', 'a: 2', 'no colon', 'x: "open', 'y: &anchor z', 'z: | '].join('\n'),
  );
  assert.deepEqual(
    problems.map((problem) => /line (\d+)/.exec(problem)?.[1]),
    ['2', '3', '4', '6', '7', '8', '9', '10'],
  );
  assert(problems.every((problem) => problem.startsWith('twinfold.yaml, line ')));
});

test('what is quoted comes back as it was', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[^\r\n]{0,40}$/), (value) => {
      const double = `a: "${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
      const single = `a: '${value.replaceAll("'", "''")}'`;
      assert.equal(parse(double).values.get('a'), value);
      assert.equal(parse(single).values.get('a'), value);
    }),
  );
});
