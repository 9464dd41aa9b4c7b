/** Sessions whose connections break before all is acknowledged, and that are taken up again. */
import assert from 'node:assert/strict';
import type { IPublishPacket } from 'mqtt-packet';
import type { BrokerWorld } from '../../support/memory-broker.ts';
import type { MqttPeer, PeerOptions } from '../../support/mqtt-peer.ts';

export const KEPT = { clean: false, expiryS: 1_000 } as const;
export const SILENT = { ...KEPT, clientId: 'a', acks: 'manual' } as const;
/** As often as an edge says how far its sessions have come. */
export const SAID_MS = 11_000;

/** How a connection ends when its edge lives: its last word is heard. */
export const BREAKS = ['drops', 'takes leave', 'is taken over', 'is taken over at its edge'] as const;
export type Break = (typeof BREAKS)[number];

export async function comeBack(world: BrokerWorld, how: Break | 'dies', peer: MqttPeer): Promise<MqttPeer> {
  return comeBackAs(world, how, { peer, options: {} });
}

/** With other options than before. */
export async function comeBackAs(
  world: BrokerWorld,
  how: Break | 'dies',
  { options, peer }: { readonly peer: MqttPeer; readonly options: PeerOptions },
): Promise<MqttPeer> {
  if (how === 'drops') {
    peer.destroy();
    await world.settled();
  } else if (how === 'takes leave') await peer.leave();
  else if (how === 'dies') await world.kill(0);
  const edge = how === 'is taken over at its edge' ? 0 : 1;
  const next = await world.peer({ ...SILENT, ...options, edge });
  assert.equal(next.sessionPresent, true);
  return next;
}

export function facts({ messages }: MqttPeer): readonly string[] {
  return messages.map(factOf);
}

export function factOf({ messageId, payload, qos }: IPublishPacket): string {
  return `${payload.toString()} ${qos} ${messageId}`;
}

export function isAgain({ dup }: IPublishPacket): boolean {
  return dup;
}

export function ackAll(peer: MqttPeer): void {
  peer.acks = 'auto';
  for (const message of peer.messages) peer.ack(message);
}
