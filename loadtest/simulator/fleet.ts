/**
 * A fleet of simulated devices against one product: registers them, lets them measure at a common pace, and ends with
 * everything acknowledged or a plain statement that it isn't.
 */
import { noCounts } from './device.ts';
import type { DeviceCounts, Ledger, SimulatedDevice } from './device.ts';
import { HttpSender } from './http-sender.ts';
import type { HttpFormat } from './http-sender.ts';
import { MqttDevice } from './mqtt-device.ts';
import { eventOf } from './payload.ts';
import type { Plan, SimulatedEvent } from './payload.ts';

export interface FleetShape {
  /** Devices on MQTT; every second one speaks version 5, the others 3.1.1. */
  readonly mqtt: number;
  /** Devices that post their events one by one. */
  readonly http: number;
  /** Gateways, alternating NDJSON and Protobuf. */
  readonly gateways: number;
  readonly perGateway: number;
}

export interface FleetAccess {
  readonly tenant: string;
  readonly mqtt: () => { readonly host: string; readonly port: number };
  readonly httpUrl: () => string;
  /** API key that the gateways use. */
  readonly key: string;
  /** Device tokens by name. */
  readonly tokens: ReadonlyMap<string, string>;
}

export interface FleetOptions {
  readonly shape: FleetShape;
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly access: FleetAccess;
  /** All devices together. */
  readonly eventsPerS: number;
}

/** Half of the product's window for retries, so that a retry is always recognised. */
const WINDOW_MAX = 32;
/** About a minute of a device's life at the rates used here. */
const KEPT_MAX = 512;
const PACE_MS = 10;
const DRAIN_POLL_MS = 50;

export function deviceCount(shape: FleetShape): number {
  return shape.mqtt + shape.http + shape.gateways * shape.perGateway;
}

/** Names in the order of the history: MQTT, single HTTP, then gateway by gateway. */
export function deviceNames(shape: FleetShape): readonly string[] {
  return Array.from({ length: deviceCount(shape) }, (_, index) => `sim-${index}`);
}

export class Fleet {
  readonly #options: FleetOptions;
  readonly #members: readonly SimulatedDevice[];
  /** Members by weight: a gateway appears once for each of its devices. */
  readonly #turns: readonly SimulatedDevice[];
  #turn = 0;
  #pace: NodeJS.Timeout | undefined;

  constructor(options: FleetOptions) {
    this.#options = options;
    const { members, turns } = build(options);
    this.#members = members;
    this.#turns = turns;
  }

  start(): void {
    for (const member of this.#members) member.start();
    this.resume();
  }

  /** Goes on measuring. */
  resume(): void {
    let owed = 0;
    let lastMs = performance.now();
    clearInterval(this.#pace);
    this.#pace = setInterval(() => {
      const nowMs = performance.now();
      owed = Math.min(owed + ((nowMs - lastMs) * this.#options.eventsPerS) / 1_000, this.#options.eventsPerS);
      lastMs = nowMs;
      for (; owed >= 1; owed -= 1) {
        this.#turn = (this.#turn + 1) % this.#turns.length;
        this.#turns[this.#turn]?.produce();
      }
    }, PACE_MS);
  }

  /** Measures no more, and waits until everything measured is acknowledged. False when the time was too short. */
  async drain(limitMs: number): Promise<boolean> {
    clearInterval(this.#pace);
    const end = performance.now() + limitMs;
    while (this.waiting() > 0) {
      if (performance.now() > end) return false;
      await new Promise((resolve) => {
        setTimeout(resolve, DRAIN_POLL_MS);
      });
    }
    return true;
  }

  stop(): void {
    clearInterval(this.#pace);
    for (const member of this.#members) member.stop();
  }

  waiting(): number {
    return this.#members.reduce((sum, member) => sum + member.waiting(), 0);
  }

  skipped(): number {
    return this.#members.reduce((sum, member) => sum + member.skipped(), 0);
  }

  counts(): DeviceCounts {
    return sumOf(this.#members);
  }

  /** Of the devices on MQTT alone: their connections are to outlive an outage of the log. */
  mqttCounts(): DeviceCounts {
    return sumOf(this.#members.filter((member) => member instanceof MqttDevice));
  }
}

function sumOf(members: readonly SimulatedDevice[]): DeviceCounts {
  const sum = noCounts();
  for (const { counts } of members) {
    sum.connects += counts.connects;
    sum.disconnects += counts.disconnects;
    sum.refusals += counts.refusals;
    sum.unknowns += counts.unknowns;
  }
  return sum;
}

function build(options: FleetOptions): { readonly members: readonly SimulatedDevice[]; readonly turns: readonly SimulatedDevice[] } {
  const { access, ledger, plan, shape } = options;
  const measure = (device: number, n: number): SimulatedEvent => eventOf(plan, device, n);
  const names = deviceNames(shape);
  const limits = { keptMax: KEPT_MAX, windowMax: WINDOW_MAX };
  const members: SimulatedDevice[] = [];
  const turns: SimulatedDevice[] = [];
  const add = (member: SimulatedDevice, weight: number): void => {
    members.push(member);
    for (let i = 0; i < weight; i++) turns.push(member);
  };
  const sender = (format: HttpFormat, from: number, count: number): HttpSender => {
    const own = names.slice(from, from + count).map((name, place) => ({ index: from + place, name }));
    const token = format === 'single' ? (access.tokens.get(names[from] ?? '') ?? '') : access.key;
    return new HttpSender({ url: access.httpUrl, token, format, members: own, measure, ledger, limits });
  };
  for (let index = 0; index < shape.mqtt; index++) {
    const name = names[index] ?? '';
    const version = index % 2 === 0 ? 5 : 4;
    const facts = { index, name, tenant: access.tenant, token: access.tokens.get(name) ?? '', measure, ledger };
    add(new MqttDevice({ ...facts, version, address: access.mqtt, limits }), 1);
  }
  for (let i = 0; i < shape.http; i++) add(sender('single', shape.mqtt + i, 1), 1);
  for (let i = 0; i < shape.gateways; i++) {
    const from = shape.mqtt + shape.http + i * shape.perGateway;
    add(sender(i % 2 === 0 ? 'ndjson' : 'protobuf', from, shape.perGateway), shape.perGateway);
  }
  return { members, turns };
}
