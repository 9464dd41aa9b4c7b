/** What the gate makes of a text before the store reads it, and of the tree that the store makes of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeTree, splitFormat, STATEMENT_BYTES_MAX } from '../../../ingest/http/sql-gate.ts';

const tree = (...lines: readonly string[]): readonly string[] => ['SelectWithUnionQuery (children 1)', ...lines];

test('a format is taken off the end, and refused anywhere else', () => {
  assert.deepEqual(splitFormat('SELECT 1'), { text: 'SELECT 1', format: undefined });
  assert.deepEqual(splitFormat('SELECT 1 format JSON ; \n'), { text: 'SELECT 1', format: 'JSON' });
  assert.deepEqual(splitFormat("SELECT format('{}', 1), output_format_x"), {
    text: "SELECT format('{}', 1), output_format_x",
    format: undefined,
  });
  for (const text of [
    '',
    ' ; ',
    'SELECT 1 FORMAT Template',
    'SELECT 1 FORMAT JSON FORMAT CSV',
    'SELECT 1 FORMAT/**/Null',
    'SELECT 1 FORMAT Null SETTINGS max_threads = 1',
    'SELECT 1 /* FORMAT x */',
    "SELECT 1 INTO  OUTFILE 'x'",
    'x'.repeat(STATEMENT_BYTES_MAX + 1),
  ])
    assert.ok('detail' in splitFormat(text), text.slice(0, 60));
});

test('a tree is judged by all of its nodes, wherever they stand', () => {
  assert.deepEqual(judgeTree(tree('  TableExpression (children 1)', '   Function numbers (alias a) (children 1)')), { ok: true });
  assert.deepEqual(judgeTree(tree('  Function count (children 1)', '  TableExpression (children 1)', '   TableIdentifier events')), {
    ok: true,
  });
  for (const lines of [
    [],
    ['InsertQuery (children 1)'],
    ['Explain EXPLAIN (children 1)', ...tree()],
    tree('      Function file (children 1)'),
    tree('  Function FILE (alias x) (children 1)'),
    tree('  Function mergeTreeIndex (children 1)'),
    tree('  TableExpression (children 1)', '   Function url (children 1)'),
    tree('  TableExpression (children 1)', '   Function somethingNew (children 1)'),
    tree('  ColumnsApplyTransformer'),
    tree('  Set'),
  ])
    assert.equal(judgeTree(lines).ok, false, JSON.stringify(lines));
});
