/** Every question is answered, once, whatever becomes of its task. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANSWER_CODE, decodeAsk, encodeAsk, type Ask } from '../../../schemas/envelope.ts';
import { Questions } from '../../../engine/runtime/questions.ts';

const twin = (minSeq: number): Ask => decodeAsk(encodeAsk({ minSeq, twin: { tenant: 't', device: 'd' } }));

function questions(fresh = true): { readonly asked: Questions; ahead(ms: number): void } {
  let nowMs = 0;
  return {
    asked: new Questions({ clock: { now: () => nowMs, monotonic: () => nowMs }, state: () => undefined, leaseFresh: () => fresh }),
    ahead: (ms) => void (nowMs += ms),
  };
}

test('what a task did not come to waits on, and is answered by a later one', async () => {
  const { asked } = questions();
  const first = asked.add(twin(1));
  const second = asked.add(twin(5));
  assert.equal(asked.ready(0), false);
  assert.equal(asked.ready(1), true);
  const taken = asked.take(5);
  assert.equal(taken.length, 2);
  assert.equal(asked.waiting, false);
  asked.putBack(taken.filter((question) => question.minSeq === 5));
  asked.settle(
    taken.filter((question) => question.minSeq === 1),
    [{ id: taken[0]?.id ?? 0, body: Buffer.from('{}') }],
  );
  assert.equal((await first).code, ANSWER_CODE.ok);
  asked.settle(asked.take(5), []);
  assert.equal((await second).code, ANSWER_CODE.behind, 'a reply that is missing is not one that says not found');
});

test('those in a task are refused with the others when the owner ends', async () => {
  const { asked } = questions();
  const answers = [asked.add(twin(1)), asked.add(twin(9))];
  asked.take(1);
  asked.refuseAll();
  for (const answer of answers) assert.equal((await answer).code, ANSWER_CODE.notOwner);
});

test('more than ten thousand are told at once that the owner is behind, also when they come back from a task', async () => {
  const { asked, ahead } = questions();
  const early = asked.add(twin(1));
  const taken = asked.take(1);
  const many = Array.from({ length: 10_000 }, async () => asked.add(twin(2)));
  assert.equal((await asked.add(twin(2))).code, ANSWER_CODE.behind);
  asked.putBack(taken);
  assert.equal((await early).code, ANSWER_CODE.behind);
  ahead(4_999);
  asked.expire();
  assert.equal(asked.waiting, true);
  ahead(1);
  asked.expire();
  assert.deepEqual([...new Set((await Promise.all(many)).map(({ code }) => code))], [ANSWER_CODE.behind]);
});

test('without a lease the answer is that there is no owner', async () => {
  const { asked } = questions(false);
  const answer = asked.add(twin(1));
  asked.settle(asked.take(1), []);
  assert.equal((await answer).code, ANSWER_CODE.notOwner);
});

test('a question about a session goes with the task as such, and is answered as a twin is', async () => {
  const { asked } = questions();
  const session = decodeAsk(encodeAsk({ session: { tenant: 't', session: 'd:c' } }));
  const unknown = decodeAsk(encodeAsk({ session: { tenant: 't', session: 'd:x' } }));
  const answers = Promise.all([session, unknown, twin(0)].map(async (ask) => asked.add(ask)));
  const taken = asked.take(0);
  assert.deepEqual(
    asked.sessionReadsOf(taken).map(({ session: name, tenant }) => [tenant, name]),
    [
      ['t', 'd:c'],
      ['t', 'd:x'],
    ],
  );
  assert.equal(asked.readsOf(taken).length, 1);
  const ids = taken.map(({ id }) => id);
  const bodies = [Buffer.from('a session'), undefined, Buffer.from('a twin')];
  asked.settle(
    taken,
    ids.map((id, i) => ({ id, body: bodies[i] })),
  );
  assert.deepEqual(
    (await answers).map(({ body, code }) => [code, Buffer.from(body).toString()]),
    [
      [ANSWER_CODE.ok, 'a session'],
      [ANSWER_CODE.notFound, ''],
      [ANSWER_CODE.ok, 'a twin'],
    ],
  );
});
