/** Any script of publishing, acknowledging and breaking: what comes again when a session is taken up (MQTT 5 §4.4, §4.6, §4.9). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { IPublishPacket } from 'mqtt-packet';
import { BrokerWorld } from '../../support/memory-broker.ts';
import type { MqttPeer, PeerOptions } from '../../support/mqtt-peer.ts';
import { ackAll, type Break, BREAKS, factOf, isAgain, SILENT } from './redelivery.ts';

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ op: fc.constant('publish' as const), topic: fc.nat(4), qos: fc.constantFrom(1 as const, 2 as const) }),
  },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('ack' as const), which: fc.nat(9) }) },
  {
    weight: 2,
    arbitrary: fc.record({ op: fc.constant('break' as const), how: fc.nat(3), receiveMaximum: fc.integer({ min: 1, max: 6 }) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Of> ? Of : never;

/** Of what was released it keeps nothing. */
const COMPLETING: PeerOptions = {
  ...SILENT,
  onPacket: (packet, peer) => packet.cmd === 'pubrel' && peer.send({ cmd: 'pubcomp', messageId: packet.messageId ?? 0 }),
};

/** What a client may expect that acknowledges when it likes. */
class Script {
  readonly #world: BrokerWorld;
  #client: MqttPeer;
  #edge = 0;
  /** Sent to the client and not acknowledged. */
  #open: IPublishPacket[] = [];
  readonly #seen = new Set<string>();
  #looked = 0;
  #published = 0;

  constructor(world: BrokerWorld, client: MqttPeer) {
    this.#world = world;
    this.#client = client;
  }

  /** What is new must be new, and have an identifier of its own. */
  async look(): Promise<void> {
    await this.#world.settled();
    for (const message of this.#client.messages.slice(this.#looked)) {
      if (message.dup) continue;
      const text = message.payload.toString();
      assert.ok(!this.#seen.has(text), `${text} is new`);
      assert.ok(!this.#open.some(({ messageId }) => messageId === message.messageId));
      this.#seen.add(text);
      this.#open.push(message);
    }
    this.#looked = this.#client.messages.length;
  }

  async play(one: Step, publisher: MqttPeer): Promise<void> {
    if (one.op === 'publish') await publisher.publish(`x/${one.topic}`, `${++this.#published}`, { qos: one.qos });
    else if (one.op === 'ack') this.#ack(one.which);
    else await this.#break(BREAKS[one.how] ?? 'drops', one.receiveMaximum);
  }

  async finish(): Promise<void> {
    ackAll(this.#client);
    await this.look();
    assert.equal(this.#seen.size, this.#published);
  }

  #ack(which: number): void {
    const here = this.#open.filter(({ messageId }) => this.#client.messages.some((message) => message.messageId === messageId));
    const message = here[which % Math.max(1, here.length)];
    if (message === undefined) return;
    this.#open = this.#open.filter((other) => other !== message);
    this.#client.ack(message);
  }

  /** What is owed comes first, as much as the window holds, of each QoS in order. */
  async #break(how: Break, receiveMaximum: number): Promise<void> {
    const open = this.#open;
    if (how === 'drops') this.#client.destroy();
    else if (how === 'takes leave') await this.#client.leave();
    await this.#world.settled();
    if (how !== 'is taken over at its edge') this.#edge = 1 - this.#edge;
    this.#client = await this.#world.peer({ ...COMPLETING, edge: this.#edge, properties: { receiveMaximum } });
    await this.#world.settled();
    this.#looked = 0;
    const again = this.#client.messages.slice(0, Math.min(open.length, receiveMaximum));
    assert.equal(again.length, Math.min(open.length, receiveMaximum));
    assert.ok(again.every(isAgain));
    for (const qos of [1, 2]) {
      const came = again.filter((message) => message.qos === qos).map(factOf);
      const owed = open.filter((message) => message.qos === qos).map(factOf);
      assert.deepEqual(came, owed.slice(0, came.length));
    }
  }
}

test(
  'whatever the script: on each connection what is owed comes first, as it was, and nothing else again',
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16, size: 'max' }), async (steps) => {
        const world = await BrokerWorld.open({ edges: 2, partitions: 2 });
        try {
          const publisher = await world.peer({ clientId: 'b' });
          const client = await world.peer(COMPLETING);
          await client.subscribe('x/#', { qos: 2 });
          const script = new Script(world, client);
          for (const one of steps) {
            await script.look();
            await script.play(one, publisher);
          }
          await script.finish();
        } finally {
          await world.close();
        }
      }),
      { numRuns: 10, interruptAfterTimeLimit: 30_000 },
    );
  },
);
