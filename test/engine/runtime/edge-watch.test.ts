/** An edge is declared dead by those who looked for long enough, and by nobody else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryEdgeLife } from '../../../engine/memory/memory-edge-life.ts';
import { EdgeWatch } from '../../../engine/runtime/edge-watch.ts';
import { until } from '../../support/processes.ts';

const EDGE = 41;

class Rig {
  readonly lives = new MemoryEdgeLife();
  readonly said: string[] = [];
  readonly watched = new Set([EDGE]);
  nowMs = 0;

  watch(everyMs?: number): EdgeWatch {
    const say = (what: string): void => void this.said.push(what);
    return new EdgeWatch({
      lives: this.lives,
      watched: () => this.watched,
      clock: { now: () => 0, monotonic: () => this.nowMs },
      log: { info: say, warn: say, error: say },
      ...(everyMs === undefined ? {} : { everyMs }),
    });
  }

  /** A look every second. */
  async looks(watch: EdgeWatch, seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i++) {
      this.nowMs += 1_000;
      await watch.look();
    }
  }
}

test('an edge whose key is missing for eight seconds is declared dead, for everybody and for ever', async () => {
  const rig = new Rig();
  const watch = rig.watch();
  await rig.lives.beat(EDGE);
  await rig.looks(watch, 20);
  rig.lives.expire(EDGE);
  await rig.looks(watch, 8);
  assert.equal(watch.isGone(EDGE), false);
  assert.equal(await rig.lives.isGone(EDGE), false);
  await rig.looks(watch, 1);
  assert.equal(watch.isGone(EDGE), true);
  assert.equal(await rig.lives.isGone(EDGE), true);
  assert.deepEqual(rig.said, ['edge-declared-gone']);
  // Its key may come back: it finds out itself.
  await rig.lives.beat(EDGE);
  await rig.looks(watch, 3);
  assert.equal(watch.isGone(EDGE), true);
  const another = rig.watch();
  rig.lives.expire(EDGE);
  await rig.looks(another, 1);
  assert.equal(another.isGone(EDGE), true, 'another process learns it at its first look');
});

test('an edge that shows itself once in a while lives', async () => {
  const rig = new Rig();
  const watch = rig.watch();
  for (let round = 0; round < 5; round++) {
    await rig.looks(watch, 8);
    await rig.lives.beat(EDGE);
    await rig.looks(watch, 1);
    rig.lives.expire(EDGE);
  }
  assert.equal(watch.isGone(EDGE), false);
});

test('a connection that broke meanwhile begins the watch anew, also in the middle of a look', async () => {
  const rig = new Rig();
  const watch = rig.watch();
  for (let round = 0; round < 3; round++) {
    await rig.looks(watch, 7);
    watch.connectionBroke();
  }
  await rig.looks(watch, 8);
  rig.nowMs += 1_000;
  const looking = watch.look();
  watch.connectionBroke();
  await looking;
  assert.equal(watch.isGone(EDGE), false);
  await rig.looks(watch, 8);
  assert.equal(watch.isGone(EDGE), false);
  await rig.looks(watch, 1);
  assert.equal(watch.isGone(EDGE), true);
});

test('who could not ask, or was stopped for a while, has not watched', async () => {
  const rig = new Rig();
  const watch = rig.watch();
  await rig.looks(watch, 7);
  rig.lives.isAway = true;
  await rig.looks(watch, 1);
  rig.lives.isAway = false;
  await rig.looks(watch, 8);
  assert.equal(watch.isGone(EDGE), false);
  rig.nowMs += 60_000;
  await rig.looks(watch, 1);
  assert.equal(watch.isGone(EDGE), false, 'it may show itself in the next second');
  await rig.looks(watch, 8);
  assert.equal(watch.isGone(EDGE), true);
  assert.deepEqual(rig.said, ['edge-watch-failed', 'edge-declared-gone']);
});

test('only edges that hold connections are watched', async () => {
  const rig = new Rig();
  const watch = rig.watch();
  await rig.looks(watch, 8);
  rig.watched.clear();
  await rig.looks(watch, 4);
  assert.equal(await rig.lives.isGone(EDGE), false);
  rig.watched.add(EDGE);
  await rig.looks(watch, 8);
  assert.equal(watch.isGone(EDGE), false, 'it was not looked at in between');
  await rig.looks(watch, 1);
  assert.equal(watch.isGone(EDGE), true);
});

test('it looks by itself until it is stopped', async () => {
  const rig = new Rig();
  const watch = rig.watch(1);
  watch.start();
  await until(() => {
    rig.nowMs += 500;
    return watch.isGone(EDGE);
  }, 'the edge to be declared dead');
  await watch.stop();
  rig.watched.add(42);
  const { nowMs } = rig;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(rig.nowMs, nowMs);
  assert.equal(watch.isGone(42), false);
});
