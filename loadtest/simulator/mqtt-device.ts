/**
 * One device on MQTT with QoS 1: keeps what isn't acknowledged, sends it again with DUP after it reconnected, oldest
 * first, and never sends again on the same connection but for what was refused (MQTT 5 §4.4).
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { Backoff, noCounts, RECONNECT_FIRST_MS, RECONNECT_LAST_MS } from './device.ts';
import type { DeviceCounts, DeviceFacts, SimulatedDevice } from './device.ts';
import { NO_POSITION } from './history.ts';
import {
  CONNACK,
  connackCode,
  connectPacket,
  DISCONNECT,
  DISCONNECT_PACKET,
  PacketCutter,
  parsePuback,
  PINGREQ_PACKET,
  PINGRESP,
  PUBACK,
  publishPacket,
} from './mqtt-wire.ts';
import type { Ack, MqttVersion } from './mqtt-wire.ts';
import { Outbox } from './outbox.ts';
import type { OutboxLimits } from './outbox.ts';
import { envelopeOf } from './payload.ts';
import { positionOf } from './position.ts';

export interface MqttDeviceOptions extends DeviceFacts {
  readonly version: MqttVersion;
  /** Asked at every connection, because a restart may move it. */
  readonly address: () => { readonly host: string; readonly port: number };
  readonly limits: OutboxLimits;
  /** The first n, 1 when absent; a device that goes on where it was names the next. */
  readonly first?: number;
}

const KEEP_ALIVE_S = 30;
const PING_EVERY_MS = 10_000;
/** Twice the time between pings: a server that is only slow with its log must still answer them. */
const PING_ANSWER_MS = 20_000;
const CONNACK_MS = 15_000;
/** Packet ids 1 … 60,000 in turn; far more than can be in flight, so an id names one event. */
const PACKET_IDS = 60_000;
/** After a refusal that names no time. */
const REFUSED_WAIT_MS = 250;
const REFUSED_WAIT_MS_MAX = 2_000;
/** MQTT 5 §3.4.2.1. */
const QUOTA_EXCEEDED = 0x97;

export class MqttDevice implements SimulatedDevice {
  readonly counts: DeviceCounts = noCounts();
  readonly #options: MqttDeviceOptions;
  readonly #outbox: Outbox;
  readonly #backoff = new Backoff(RECONNECT_FIRST_MS, RECONNECT_LAST_MS);
  #socket: Socket | undefined;
  #online = false;
  #stopped = false;
  #retry: NodeJS.Timeout | undefined;
  #ping: NodeJS.Timeout | undefined;
  #lastHeardMs = 0;
  /** Sent on this connection and not answered yet. */
  #inFlight = 0;
  /** After a refusal nothing more is sent until the asked time has passed and everything on the wire was answered. */
  #hold: 'none' | 'waiting' | 'over' = 'none';

  constructor(options: MqttDeviceOptions) {
    this.#options = options;
    this.#outbox = new Outbox(options.limits, options.first ?? 1);
  }

  start(): void {
    this.#connect();
  }

  produce(): void {
    if (this.#outbox.produce()) this.#pump();
  }

  waiting(): number {
    return this.#outbox.waiting;
  }

  /** Everything before this n is acknowledged. */
  ackedBefore(): number {
    return this.#outbox.low;
  }

  skipped(): number {
    return this.#outbox.skipped;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
    clearInterval(this.#ping);
    if (this.#socket !== undefined && this.#online) this.#socket.write(DISCONNECT_PACKET);
    this.#socket?.destroy();
  }

  #connect(): void {
    const { address, name, tenant, token, version } = this.#options;
    const socket = connect({ ...address(), noDelay: true });
    this.#socket = socket;
    const cutter = new PacketCutter();
    const limit = setTimeout(() => socket.destroy(), CONNACK_MS);
    socket.on('connect', () => {
      socket.write(connectPacket({ version, clientId: name, userName: `${tenant}/${name}`, password: token, keepAliveS: KEEP_ALIVE_S }));
    });
    socket.on('data', (chunk: Buffer) => {
      this.#lastHeardMs = performance.now();
      try {
        cutter.push(chunk, (first, body) => this.#onPacket(first, body, limit));
      } catch {
        socket.destroy();
      }
    });
    // The reason is of no use to a device: `close` follows, and it tries again.
    socket.on('error', () => undefined);
    socket.on('drain', () => this.#pump());
    socket.on('close', () => {
      clearTimeout(limit);
      if (this.#socket === socket) this.#lost();
    });
  }

  #onPacket(first: number, body: Buffer, limit: NodeJS.Timeout): void {
    const type = first >> 4;
    if (type === CONNACK) {
      clearTimeout(limit);
      if (connackCode(body) !== 0) this.#socket?.destroy();
      else this.#welcome();
    } else if (type === PUBACK) {
      this.#onPuback(parsePuback(body));
    } else if (type === DISCONNECT) {
      this.#socket?.destroy();
    } else if (type !== PINGRESP) {
      throw new RangeError(`packet of type ${type}`);
    }
  }

  #welcome(): void {
    this.counts.connects += 1;
    this.#online = true;
    this.#hold = 'none';
    this.#inFlight = 0;
    this.#backoff.succeeded();
    this.#ping = setInterval(() => {
      if (performance.now() - this.#lastHeardMs > PING_ANSWER_MS + PING_EVERY_MS) this.#socket?.destroy();
      else this.#socket?.write(PINGREQ_PACKET);
    }, PING_EVERY_MS);
    this.#pump();
  }

  #onPuback(ack: Ack): void {
    const n = this.#eventOf(ack.packetId);
    if (n === undefined) return;
    this.#inFlight -= 1;
    if (ack.reason < 0x80) {
      const at = ack.position === undefined ? NO_POSITION : (positionOf(ack.position) ?? NO_POSITION);
      if (this.#outbox.acked(n)) this.#options.ledger.ok(this.#options.index, n, at);
    } else {
      this.counts.refusals += 1;
      // Only "quota exceeded" says that the log doesn't have it; the other refusals may also mean that nobody knows.
      if (ack.reason === QUOTA_EXCEEDED) this.#options.ledger.fail(this.#options.index, n);
      else this.#options.ledger.info(this.#options.index, n);
      this.#holdBack(ack.retryAfterMs ?? REFUSED_WAIT_MS);
    }
    if (this.#hold === 'over') this.#resume();
    else this.#pump();
  }

  #holdBack(waitMs: number): void {
    if (this.#hold !== 'none') return;
    this.#hold = 'waiting';
    const socket = this.#socket;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(
      () => {
        if (this.#socket !== socket || !this.#online) return;
        this.#hold = 'over';
        this.#resume();
      },
      Math.min(waitMs, REFUSED_WAIT_MS_MAX),
    );
  }

  /** Goes on from the first refused event, once no packet id is in use any more. */
  #resume(): void {
    if (this.#inFlight > 0) return;
    this.#hold = 'none';
    this.#outbox.rewind();
    this.#pump();
  }

  #eventOf(packetId: number): number | undefined {
    const low = this.#outbox.low;
    const ahead = (packetId - 1 - (low % PACKET_IDS) + PACKET_IDS) % PACKET_IDS;
    return ahead < this.#outbox.windowMax ? low + ahead : undefined;
  }

  #pump(): void {
    const socket = this.#socket;
    if (!this.#online || this.#hold !== 'none' || socket === undefined || socket.writableNeedDrain) return;
    const { index, ledger, measure, version } = this.#options;
    socket.cork();
    for (let next = this.#outbox.take(); next !== undefined; next = this.#outbox.take()) {
      if (!next.again) ledger.invoke(index, next.n);
      this.#inFlight += 1;
      const payload = Buffer.from(envelopeOf(measure(index, next.n)), 'utf8');
      socket.write(publishPacket({ version, topic: 'v1/telemetry', packetId: (next.n % PACKET_IDS) + 1, again: next.again, payload }));
    }
    socket.uncork();
  }

  #lost(): void {
    this.#socket = undefined;
    clearInterval(this.#ping);
    clearTimeout(this.#retry);
    if (this.#stopped) return;
    if (this.#online) this.counts.disconnects += 1;
    this.#online = false;
    for (const n of this.#outbox.onTheWire()) {
      this.counts.unknowns += 1;
      this.#options.ledger.info(this.#options.index, n);
    }
    this.#outbox.rewind();
    this.#retry = setTimeout(() => this.#connect(), this.#backoff.nextMs());
  }
}
