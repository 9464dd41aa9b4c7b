/** One client's connection as a script plays it: raw packets out, whatever came in, and answers where the protocol wants them. */
import { connect, type Socket } from 'node:net';
import { generate, parser, type Packet } from 'mqtt-packet';

/** A broker that doesn't answer in this time doesn't. */
const ANSWER_MS_MAX = 3_000;

export interface WireFacts {
  readonly host: string;
  readonly port: number;
  readonly version: 4 | 5;
  readonly acks: boolean;
  /** Whatever came, but what only belongs to a delivery's handshake, and PINGRESP. */
  readonly onPacket: (packet: Packet) => void;
  readonly onClosed: () => void;
}

export class WireClient {
  readonly #socket: Socket;
  readonly #facts: WireFacts;
  readonly #aliases = new Map<number, string>();
  readonly #awaited: { readonly is: (packet: Packet) => boolean; readonly resolve: (packet: Packet | undefined) => void }[] = [];
  readonly #onClosed: (() => void)[] = [];
  #isClosed = false;
  #packetId = 0;

  constructor(facts: WireFacts) {
    this.#facts = facts;
    const incoming = parser({ protocolVersion: facts.version });
    this.#socket = connect({ host: facts.host, port: facts.port, noDelay: true });
    this.#socket.on('data', (chunk: Buffer) => {
      incoming.parse(chunk);
    });
    this.#socket.on('error', () => this.#close());
    this.#socket.on('close', () => this.#close());
    this.#socket.on('end', () => this.#close());
    incoming.on('packet', (packet: Packet) => this.#take(packet));
    incoming.on('error', () => this.#socket.destroy());
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get version(): 4 | 5 {
    return this.#facts.version;
  }

  nextId(): number {
    this.#packetId += 1;
    return this.#packetId;
  }

  send(packet: Packet): void {
    this.sendBytes(generate(packet, { protocolVersion: this.#facts.version }));
  }

  sendBytes(bytes: Uint8Array): void {
    if (!this.#isClosed) this.#socket.write(bytes);
  }

  /** The next packet that fits; undefined when the connection ends before, or nothing comes. */
  answer(is: (packet: Packet) => boolean): Promise<Packet | undefined> {
    if (this.#isClosed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const limit = setTimeout(() => resolve(undefined), ANSWER_MS_MAX);
      const settle = (packet: Packet | undefined): void => {
        clearTimeout(limit);
        resolve(packet);
      };
      this.#awaited.push({ is, resolve: settle });
    });
  }

  /** Resolves when the connection is over, or lives on after the time. */
  closes(waitMs: number = ANSWER_MS_MAX): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const limit = setTimeout(resolve, waitMs);
      this.#onClosed.push(() => {
        clearTimeout(limit);
        resolve();
      });
    });
  }

  async ping(): Promise<void> {
    if (this.#isClosed) return;
    const answered = this.answer((packet) => packet.cmd === 'pingresp');
    this.send({ cmd: 'pingreq' });
    await answered;
  }

  /** Without a word, and without anybody being told here. */
  drop(): void {
    this.#isClosed = true;
    this.#settleAll();
    this.#socket.removeAllListeners();
    this.#socket.on('error', () => undefined);
    this.#socket.resetAndDestroy();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.drop();
    this.#facts.onClosed();
  }

  #settleAll(): void {
    for (const { resolve } of this.#awaited.splice(0)) resolve(undefined);
    for (const tell of this.#onClosed.splice(0)) tell();
  }

  #take(packet: Packet): void {
    if (this.#isClosed) return;
    if (packet.cmd === 'publish') {
      this.#acknowledge(packet.qos, packet.messageId ?? 0);
      this.#facts.onPacket({ ...packet, topic: this.#topicOf(packet.topic, packet.properties?.topicAlias) });
    } else if (packet.cmd === 'pubrel') {
      if (this.#facts.acks) this.send({ cmd: 'pubcomp', messageId: packet.messageId ?? 0 });
    } else if (packet.cmd !== 'pingresp') this.#facts.onPacket(packet);
    const place = this.#awaited.findIndex(({ is }) => is(packet));
    if (place >= 0) this.#awaited.splice(place, 1)[0]?.resolve(packet);
  }

  #acknowledge(qos: number, messageId: number): void {
    if (qos === 0 || !this.#facts.acks) return;
    this.send({ cmd: qos === 1 ? 'puback' : 'pubrec', messageId });
  }

  #topicOf(topic: string, alias: number | undefined): string {
    if (alias === undefined) return topic;
    if (topic !== '') this.#aliases.set(alias, topic);
    return this.#aliases.get(alias) ?? '';
  }
}
