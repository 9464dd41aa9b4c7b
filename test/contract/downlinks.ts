/** What every way to edges' connections must do, whatever carries it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOWNLINK_CODE, type Downlink } from '../../schemas/gen/lean.ts';
import type { DownlinkReceiver, DownlinkSender } from '../../engine/ports/downlink.ts';

const ANSWER_MS = 5_000;

export function downlinksContract(
  name: string,
  withBus: (use: (bus: DownlinkSender & DownlinkReceiver) => Promise<void>) => Promise<void>,
): void {
  test(`${name}: what is said arrives whole, and so does the answer`, async () => {
    await withBus(async (bus) => {
      const heard: Downlink[] = [];
      const serving = bus.serve(7, async (downlink) => {
        heard.push(downlink);
        return { code: DOWNLINK_CODE.full, connection: 9, last: { released: [4] } };
      });
      const answer = await bus.send(7, { tenant: 't', session: 'd:c', connection: 9, deadlineMs: 5, close: 142 }, ANSWER_MS);
      assert.deepEqual([heard[0]?.tenant, heard[0]?.session, heard[0]?.connection, heard[0]?.close], ['t', 'd:c', 9, 142]);
      assert.equal(heard[0]?.publish, undefined);
      assert.ok(answer.kind === 'reply');
      assert.deepEqual([answer.reply.code, answer.reply.connection, answer.reply.last?.released], [DOWNLINK_CODE.full, 9, [4]]);
      serving.stop();
    });
  });

  test(`${name}: without anybody who serves the edge it is offline, before and after`, async () => {
    await withBus(async (bus) => {
      assert.deepEqual(await bus.send(8, { takeOver: true }, ANSWER_MS), { kind: 'offline' });
      const serving = bus.serve(8, async () => ({ code: DOWNLINK_CODE.ok }));
      assert.equal((await bus.send(8, { takeOver: true }, ANSWER_MS)).kind, 'reply');
      serving.stop();
      assert.deepEqual(await bus.send(8, { takeOver: true }, ANSWER_MS), { kind: 'offline' });
    });
  });

  test(`${name}: an answer that doesn’t come leaves it unknown`, async () => {
    await withBus(async (bus) => {
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      const serving = bus.serve(9, async () => {
        await held;
        return { code: DOWNLINK_CODE.ok };
      });
      assert.deepEqual(await bus.send(9, { close: 1 }, 30), { kind: 'unknown' });
      release();
      serving.stop();
    });
  });
}
