/**
 * The devices that one connection speaks for: each with its partition, its encoded prefixes, its limits, and a session of its
 * own, `d:<device>@<the gateway's client id>`, which says to the device's twin that it is there, and through whom. That is
 * said when a device is used first, and taken back when the connection ends or the device is forgotten for another.
 */
import type { ConnectedInit } from '../../schemas/gen/lean.ts';
import { partitionOf } from '../../engine/kernel/partition.ts';
import { encodeEventPrefix, KIND, VIA } from '../../schemas/envelope.ts';
import type { ConnectionRecord } from '../broker/connection-record.ts';
import type { SessionDesk } from '../broker/session-desk.ts';
import type { Gate } from '../limits/gate.ts';
import type { Grants } from '../message.ts';
import type { GatewayClaims } from './gateway-claims.ts';
import { NOTHING_BESIDE, type SessionGate } from './session-gate.ts';
import type { ContentType } from './topics.ts';

/** Devices of one connection that are remembered: a kilobyte each. */
export const SUB_DEVICES_MAX = 1_024;
/**
 * A device that was used so lately is not forgotten for another: a gateway of more than are remembered would have each of
 * them come and go with every message. Those that have no place are taken all the same, and nobody is told that they are there.
 */
const IDLE_MS_MIN = 60_000;

export interface GatewayParts {
  readonly tenant: string;
  /** The gateway's own id. */
  readonly device: string;
  readonly clientId: string;
  readonly grants: Pick<Grants, 'allowsGateway'>;
  readonly partitions: number;
  readonly desk: Pick<SessionDesk, 'record'>;
  /** How its connection was made. */
  readonly connected: Omit<ConnectedInit, 'edgeConnection'>;
  readonly gate: SessionGate | undefined;
  readonly claims: GatewayClaims;
  /** On a clock that never goes back. */
  readonly nowMs: () => number;
}

export interface SubDevice {
  readonly id: string;
  readonly partition: number;
  readonly gates: readonly Gate[];
  /** Undefined: nobody was told that it is there. */
  readonly record: ConnectionRecord | undefined;
  /** By content type. */
  readonly prefixes: (Uint8Array | undefined)[];
  usedMs: number;
}

export class Gateway {
  readonly claims: GatewayClaims;
  readonly #parts: GatewayParts;
  /** The one that was used last at the end. */
  readonly #devices = new Map<string, SubDevice>();

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.claims = parts.claims;
  }

  /** Devices that are known to be there. */
  get size(): number {
    return this.#devices.size;
  }

  partitionOf(device: string): number {
    return partitionOf(this.#parts.tenant, device, this.#parts.partitions);
  }

  /** A device that is registered, and that the gateway may speak for. */
  use(id: string): SubDevice {
    const usedMs = this.#parts.nowMs();
    const known = this.#devices.get(id);
    if (known !== undefined) {
      known.usedMs = usedMs;
      this.#devices.delete(id);
      this.#devices.set(id, known);
      return known;
    }
    const hasPlace = this.#makePlace(usedMs);
    const device = this.#make(id, { usedMs, isTold: hasPlace });
    if (hasPlace) this.#devices.set(id, device);
    return device;
  }

  /** The encoded event of such a content type, but for its payload. */
  prefixOf(device: SubDevice, contentType: ContentType): Uint8Array {
    const known = device.prefixes[contentType];
    if (known !== undefined) return known;
    const { device: gateway, tenant } = this.#parts;
    const prefix = encodeEventPrefix({ tenant, device: device.id, kind: KIND.telemetry, contentType, via: VIA.mqtt, gateway });
    device.prefixes[contentType] = prefix;
    return prefix;
  }

  /** A device that is here, and that it may still speak for. */
  find(id: string): SubDevice | undefined {
    return this.#parts.grants.allowsGateway(id) ? this.#devices.get(id) : undefined;
  }

  /** Another connection has the device's session now: nothing is said of its end. */
  release(id: string): void {
    this.#devices.delete(id);
  }

  /** It may not be spoken for any more, or isn't there. `why` as in `Disconnected`. */
  forget(id: string, why: string): void {
    const device = this.#devices.get(id);
    this.#devices.delete(id);
    device?.record?.end({ reason: 0, why, sendWill: false });
  }

  /** The gateway's connection ends, and with it those of all its devices. */
  close(reason: number, why: string): void {
    for (const { record } of this.#devices.values()) record?.end({ reason, why, sendWill: false });
    this.#devices.clear();
  }

  #makePlace(nowMs: number): boolean {
    if (this.#devices.size < SUB_DEVICES_MAX) return true;
    const [oldest] = this.#devices.values();
    if (oldest === undefined || nowMs - oldest.usedMs < IDLE_MS_MIN) return false;
    this.forget(oldest.id, 'closed');
    return true;
  }

  #make(id: string, { isTold, usedMs }: { readonly isTold: boolean; readonly usedMs: number }): SubDevice {
    const { clientId, connected, desk, device: gateway, gate, tenant } = this.#parts;
    const partition = this.partitionOf(id);
    const record = isTold ? desk.record({ tenant, device: id, session: subSession(id, clientId), partition, gateway }) : undefined;
    const { address = '', keepAliveS = 0, level = 0 } = connected;
    record?.begin({ cleanStart: true, expiryS: 0, address, keepAliveS, level }, () => undefined);
    return { id, partition, gates: gate?.gatesOf(id) ?? NOTHING_BESIDE, record, prefixes: [], usedMs };
  }
}

/** No device's id has an `@` in it. */
function subSession(device: string, clientId: string): string {
  return `d:${device}@${clientId}`;
}

/** The device, and the session of the gateway that speaks for it, where the session is such a one. */
export function partsOfSubSession(session: string): { readonly device: string; readonly gateway: string } | undefined {
  const at = session.startsWith('d:') ? session.indexOf('@') : -1;
  return at < 0 ? undefined : { device: session.slice(2, at), gateway: `d:${session.slice(at + 1)}` };
}
