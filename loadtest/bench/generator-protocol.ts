/** What the bench and its load generators, processes of their own, tell each other. */

export interface GatewayLoad {
  readonly kind: 'gateway';
  readonly url: string;
  readonly key: string;
  readonly format: 'protobuf' | 'ndjson';
  readonly devices: readonly string[];
  readonly boot: number;
  readonly connections: number;
  readonly samplesPerRequest: number;
}

export interface MqttLoad {
  readonly kind: 'mqtt';
  readonly host: string;
  readonly port: number;
  readonly tenant: string;
  /** One connection for each. */
  readonly devices: readonly { readonly name: string; readonly token: string }[];
  readonly boot: number;
  readonly inFlight: number;
  /** `{name}` in it is the device's. */
  readonly topic: string;
  /** How many connect in a second; as fast as they are let in where nothing is said. */
  readonly connectsPerS?: number;
}

export type Load = GatewayLoad | MqttLoad;

/** `eventsPerS` 0: as fast as acknowledgements come. A paused generator finishes what is in flight. */
export type ToGenerator =
  | { readonly type: 'load'; readonly load: Load }
  | { readonly type: 'go'; readonly eventsPerS: number }
  | { readonly type: 'pause' }
  | { readonly type: 'report' };

export interface Progress {
  readonly type: 'progress';
  /** Events acknowledged, and the sum of their values. */
  readonly acked: number;
  readonly sum: number;
  /** Events on the wire. */
  readonly inFlight: number;
  /** Answers that were no acknowledgement; the first of them in words. */
  readonly refused: number;
  readonly firstRefusal: string;
  readonly cpuMs: number;
}

export type FromGenerator =
  | { readonly type: 'connected' }
  | Progress
  /** Milliseconds from send to acknowledgement since the last report, one of each sixteen or all at a low rate. */
  | { readonly type: 'latencies'; readonly ms: readonly number[] }
  | { readonly type: 'broken'; readonly why: string };
