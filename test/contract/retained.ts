/** What asking for retained messages must do, whatever is in between: pages, partitions, owners that are late or change. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANSWER_CODE, KIND } from '../../schemas/envelope.ts';
import { encodeEvent, type AskRetained, type RetainedAnswerInit } from '../../schemas/gen/lean.ts';
import { hasCode } from '../../engine/kernel/errors.ts';
import { topicPartitionOf } from '../../engine/kernel/partition.ts';
import type { RetainedHandler, RetainedMessages } from '../../engine/ports/topic-log.ts';

const PARTITIONS = 3;
const ASK = { tenant: 't', minSeqs: [1, 2, 3], timeoutMs: 5_000 };

export interface RetainedUnderTest {
  /** Over three partitions. */
  readonly retained: RetainedMessages;
  serve(partition: number, handler: RetainedHandler): { stop(): void };
}

const messageOf = (topic: string, seq = 1) => ({ seq, index: 2, event: encodeEvent({ tenant: 't', topic, kind: KIND.published }) });

class Owner implements RetainedHandler {
  readonly asks: AskRetained[] = [];
  readonly #answers: RetainedAnswerInit[];

  constructor(...answers: RetainedAnswerInit[]) {
    this.#answers = answers;
  }

  ask(ask: AskRetained): Promise<RetainedAnswerInit> {
    this.asks.push(ask);
    return Promise.resolve(this.#answers.shift() ?? { code: ANSWER_CODE.ok });
  }
}

export function retainedContract(name: string, withRetained: (use: (under: RetainedUnderTest) => Promise<void>) => Promise<void>): void {
  const serving = async (owners: readonly Owner[], use: (retained: RetainedMessages) => Promise<void>): Promise<void> =>
    withRetained(async ({ retained, serve }) => {
      const served = owners.map((owner, partition) => serve(partition, owner));
      try {
        await use(retained);
      } finally {
        for (const one of served) one.stop();
      }
    });
  const found = async (retained: RetainedMessages, filter: string): Promise<readonly string[]> => {
    const pages = await Array.fromAsync(retained.find({ ...ASK, filter }));
    return pages.flat().map(({ partition, seq, index, event }) => `${partition}.${seq}.${index} ${event.length}`);
  };

  test(`${name}: a filter with a wildcard asks every partition, a topic only its own`, async () => {
    const owners = Array.from({ length: PARTITIONS }, (_, i) => new Owner({ messages: [messageOf(`a/${i}`, i + 7)] }));
    const size = messageOf('a/0').event.length;
    await serving(owners, async (retained) => {
      assert.deepEqual((await found(retained, 'a/+')).toSorted(), [`0.7.2 ${size}`, `1.8.2 ${size}`, `2.9.2 ${size}`]);
      assert.deepEqual(
        owners.map(({ asks: [ask] }) => [ask?.tenant, ask?.filter, ask?.minSeq, ask?.after]),
        [1, 2, 3].map((minSeq) => ['t', 'a/+', minSeq, '']),
      );
      await found(retained, 'straße/1');
      const own = topicPartitionOf('t', Buffer.from('straße/1'), PARTITIONS);
      assert.deepEqual(
        owners.map(({ asks }) => asks.length),
        owners.map((_, partition) => (partition === own ? 2 : 1)),
      );
    });
  });

  test(`${name}: pages follow each other; a search that was forgotten begins again and gives nothing twice`, async () => {
    const owner = new Owner(
      { messages: [messageOf('a'), messageOf('b')], next: 'x' },
      { code: ANSWER_CODE.notFound },
      { messages: [messageOf('b', 9), messageOf('c')], next: 'y' },
      { messages: [messageOf('d'), messageOf('a', 9)] },
    );
    await serving([owner, new Owner(), new Owner()], async (retained) => {
      assert.equal((await found(retained, '#')).length, 4);
      assert.deepEqual(
        owner.asks.map(({ after }) => after),
        ['', 'x', '', 'y'],
      );
    });
  });

  test(`${name}: an owner that is not yet one is asked again; one that is behind, or none, ends the search`, async () => {
    const late = new Owner({ code: ANSWER_CODE.notOwner }, { code: ANSWER_CODE.notOwner }, { messages: [messageOf('a')] });
    await serving([late, new Owner(), new Owner()], async (retained) => assert.equal((await found(retained, '#')).length, 1));
    const behind = new Owner({ code: ANSWER_CODE.behind });
    await serving([new Owner(), behind, new Owner()], async (retained) =>
      assert.rejects(found(retained, '#'), (error) => hasCode(error, 'behind')),
    );
    await serving([new Owner(), new Owner()], async (retained) =>
      assert.rejects(Array.fromAsync(retained.find({ ...ASK, filter: '#', timeoutMs: 200 })), (error) => hasCode(error, 'no-owner')),
    );
  });

  test(`${name}: writers ask whether the log has its end`, async () => {
    const owner = new Owner({ code: ANSWER_CODE.behind }, { code: ANSWER_CODE.ok });
    await serving([owner], async (retained) => {
      assert.equal(await retained.confirmEnd(0, { serverId: 'S', ackedSeq: 12 }), 'behind');
      assert.equal(await retained.confirmEnd(0, { serverId: 'S', ackedSeq: 12 }), 'confirmed');
      assert.deepEqual(
        owner.asks.map(({ server, minSeq }) => [server, minSeq]),
        [
          ['S', 12],
          ['S', 12],
        ],
      );
    });
  });
}
