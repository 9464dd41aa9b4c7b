import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import protobuf from 'protobufjs';
import { breakingChanges, describe as descriptorOf } from '../../../schemas/codegen/descriptor.ts';

const RELEASED = `
  syntax = "proto3"; package p;
  message Sample {
    reserved 9, 20 to 22;
    string name = 1;
    optional uint64 seq = 2;
    repeated uint32 counts = 3;
    oneof value { double number = 4; bool flag = 5; }
    Mode mode = 6;
    uint64 old_count = 7;
  }
  message Other { string id = 1; }
  enum Mode { MODE_OFF = 0; MODE_ON = 1; }
`;

function changes(edit: (text: string) => string): readonly string[] {
  const edited = edit(RELEASED);
  assert.notEqual(edited, RELEASED, 'the edit changes nothing');
  return breakingChanges(describeText(RELEASED), describeText(edited));
}

function describeText(text: string): ReturnType<typeof descriptorOf> {
  const root = protobuf.parse(text, new protobuf.Root()).root;
  root.resolveAll();
  return descriptorOf(root, 'p');
}

function replace(from: string, to: string): (text: string) => string {
  return (text) => text.replace(from, to);
}

describe('breaking changes', () => {
  const planted: readonly (readonly [what: string, edit: (text: string) => string, expected: RegExp])[] = [
    ['a field removed', replace('string name = 1;', ''), /Sample\.name \(1\) is gone and its number not reserved/],
    ['a field retyped', replace('string name = 1;', 'bytes name = 1;'), /type was 'string', now 'bytes'/],
    ['a field renumbered', replace('Mode mode = 6;', 'Mode mode = 8;'), /Sample\.mode \(6\) is gone/],
    ['optional dropped', replace('optional uint64 seq', 'uint64 seq'), /label was 'optional', now 'implicit'/],
    ['made repeated', replace('string name = 1;', 'repeated string name = 1;'), /label was 'implicit', now 'repeated'/],
    ['taken out of its oneof', (text) => text.replace(' bool flag = 5; }', '} bool flag = 5;'), /oneof was 'value', now ''/],
    [
      'put into a oneof',
      (text) => text.replace('string name = 1;', '').replace('{ double', '{ string name = 1; double'),
      /oneof was '', now 'value'/,
    ],
    ['renamed', replace('old_count', 'new_count'), /name was 'oldCount', now 'newCount'/],
    ['given another JSON name', replace('old_count = 7', 'old_count = 7 [json_name = "n"]'), /jsonName was 'oldCount', now 'n'/],
    [
      'a reserved number used',
      (text) => text.replace('9, 20 to 22', '20 to 22').replace('string name = 1;', 'string name = 1; string late = 9;'),
      /reserved number 9 is used again/,
    ],
    ['a reservation dropped', replace('9, 20 to 22', '9'), /20 to 22 is no longer reserved/],
    ['an enum renumbered', replace('MODE_ON = 1', 'MODE_ON = 2'), /Mode\.MODE_ON was 1, now 2/],
    ['an enum value renamed', replace('MODE_ON = 1', 'MODE_AUTO = 1'), /Mode: 1 was MODE_ON, now MODE_AUTO/],
    ['an enum value removed', replace('MODE_ON = 1;', ''), /Mode\.MODE_ON \(1\) is gone/],
    ['a message removed', replace('message Other { string id = 1; }', ''), /message Other is gone/],
    [
      'an enum removed',
      (text) => text.replace('enum Mode { MODE_OFF = 0; MODE_ON = 1; }', '').replace('Mode mode', 'uint32 mode'),
      /enum Mode is gone/,
    ],
  ];
  for (const [what, edit, expected] of planted) {
    it(`are found: ${what}`, () => {
      assert.match(changes(edit).join('\n'), expected);
    });
  }

  it('are found when the package changes', () => {
    const now = { ...describeText(RELEASED), package: 'q' };
    assert.deepEqual(breakingChanges(describeText(RELEASED), now), ['package p became q']);
  });
});

describe('changes that break nothing', () => {
  const harmless: readonly (readonly [what: string, edit: (text: string) => string])[] = [
    ['a new field', replace('string name = 1;', 'string name = 1; string more = 30;')],
    ['a new member of a oneof', replace('bool flag = 5;', 'bool flag = 5; string text = 8;')],
    ['a new message', (text) => `${text} message More {}`],
    ['a new enum value', replace('MODE_ON = 1;', 'MODE_ON = 1; MODE_AUTO = 2;')],
    ['a field removed and its number reserved', (text) => text.replace('uint64 old_count = 7;', '').replace('reserved 9', 'reserved 7, 9')],
  ];
  for (const [what, edit] of harmless) {
    it(`are let through: ${what}`, () => {
      assert.deepEqual(changes(edit), []);
    });
  }
});
