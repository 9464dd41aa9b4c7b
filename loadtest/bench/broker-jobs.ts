/** What the bench and the generator of load on a broker, a process of its own, tell each other: a job, then what came of it. */
import type { Address } from '../mqtt/raw-client.ts';
import type { Login, Qos } from '../mqtt/packets.ts';

/** Where to, and as whom; without a login anonymously. */
export interface BrokerAccess {
  readonly address: Address;
  readonly login: Login | undefined;
}

/** `{n}` in a filter or topic stands for the number of the session or of the topic. */
export type Job =
  /** Connects, subscribes and stays until `close`. */
  | {
      readonly kind: 'subscribers';
      readonly access: BrokerAccess;
      readonly name: string;
      readonly count: number;
      readonly filter: string;
      readonly qos: Qos;
      readonly clean: boolean;
    }
  /** One publisher, as fast as the standing subscribers get what it sends, so many messages ahead. */
  | {
      readonly kind: 'fan-out';
      readonly access: BrokerAccess;
      readonly topic: string;
      readonly qos: Qos;
      readonly ahead: number;
      readonly seconds: number;
      readonly payloadBytes: number;
    }
  /** Persistent sessions that subscribe and leave. */
  | { readonly kind: 'sessions'; readonly access: BrokerAccess; readonly name: string; readonly count: number; readonly filter: string }
  /** QoS 1 to each of so many topics, all of them so many times; acknowledged when done. The payload is the round's number. */
  | {
      readonly kind: 'publish';
      readonly access: BrokerAccess;
      readonly topic: string;
      readonly topics: number;
      readonly rounds: number;
      readonly retain: boolean;
    }
  /** Sessions come back, each until it has its messages, in order and once; then it leaves, and the next one comes. */
  | {
      readonly kind: 'drain';
      readonly access: BrokerAccess;
      readonly name: string;
      readonly count: number;
      readonly each: number;
      readonly atOnce: number;
      readonly limitS: number;
    }
  /** From SUBSCRIBE to the last of the retained messages that match. */
  | { readonly kind: 'match'; readonly access: BrokerAccess; readonly filter: string; readonly expected: number; readonly limitS: number }
  | { readonly kind: 'close' };

export interface JobFigures {
  /** Connections, sessions, messages: whatever the job counts. */
  readonly done: number;
  /** What should have come and didn't, or what came twice or out of order. */
  readonly wrong: number;
  /** The first of that in words. */
  readonly firstWrong: string;
  readonly seconds: number;
  readonly cpuMs: number;
}

export type FromBrokerGenerator =
  | { readonly type: 'done'; readonly figures: JobFigures }
  | { readonly type: 'broken'; readonly why: string };

/** A pattern for one number. */
export function numbered(pattern: string, n: number): string {
  return pattern.replaceAll('{n}', String(n));
}
