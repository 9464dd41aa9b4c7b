/** What tests of shared subscriptions share: when the edges agree who reads what, many messages, and what members got. */
import assert from 'node:assert/strict';
import { until, type BrokerWorld } from '../../support/memory-broker.ts';
import type { MqttPeer } from '../../support/mqtt-peer.ts';

export const SHARE = '$share/g/x/#';
export const MANY = 60;
/** For so long nothing changes any more. */
const STEADY_MS = 250;

/** Each partition is read for the group by one edge, and goes on to be; all these edges have their part. */
export async function agreed(world: BrokerWorld, filter = SHARE, edges: readonly string[] = []): Promise<void> {
  const holders = (): readonly (readonly string[])[] =>
    Array.from({ length: world.partitions }, (_, partition) =>
      world.edges
        .filter((edge) => !edge.isDead && (edge.side.shares.find('demo', `s:${filter}#${partition}`)?.connection ?? 0) > 0)
        .map(({ name }) => name),
    );
  let before = '';
  let sinceMs = performance.now();
  await until(() => {
    const now = holders();
    if (now.join(';') !== before) sinceMs = performance.now();
    before = now.join(';');
    const isShared = edges.every((name) => before.includes(name));
    return isShared && now.every(({ length }) => length === 1) && performance.now() - sinceMs > STEADY_MS;
  }, 'each partition of the group has its edge');
}

export async function publishMany(
  world: BrokerWorld,
  options: { readonly edge?: number; readonly from?: number; readonly qos?: 0 | 1 | 2 } = {},
): Promise<readonly string[]> {
  const { edge = 0, from = 0, qos = 1 } = options;
  const b = await world.peer({ clientId: `publisher-${edge}-${from}`, edge });
  const texts = Array.from({ length: MANY }, (_, i) => `${from + i}`);
  for (const [i, text] of texts.entries()) b.sendPublish(`x/${i % 7}`, text, { qos, packetId: i + 1 });
  if (qos === 1) await until(() => b.packets.filter(({ cmd }) => cmd === 'puback').length === MANY, 'all are stored');
  return texts;
}

export function sorted(peers: readonly MqttPeer[]): readonly string[] {
  return peers.flatMap(({ payloads }) => payloads).toSorted((p, q) => Number(p) - Number(q));
}

export async function got(peers: readonly MqttPeer[], count: number): Promise<void> {
  await until(() => new Set(sorted(peers)).size >= count, `${count} messages`);
}

/** What is published while the group has no member is nobody's: who joins it next gets what comes after. */
export async function beginsAnew(world: BrokerWorld, clientId: string): Promise<void> {
  await publishMany(world);
  const again = await world.peer({ clientId });
  await again.subscribe(SHARE);
  await agreed(world);
  const later = await publishMany(world, { from: 1_000 });
  await got([again], MANY);
  await world.settled();
  assert.deepEqual(sorted([again]), later);
}
