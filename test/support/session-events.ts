/** Events of connections and sessions of tenant `t`, and what the fold says to them in a line. */
import { must } from '../../engine/kernel/assert.ts';
import { KIND } from '../../schemas/envelope.ts';
import { decodeEvent, encodeConnected, encodeDisconnected, encodeEdgeGone, encodeSessionChange } from '../../schemas/gen/lean.ts';
import type { ConnectedInit, DisconnectedInit, Event, EventInit, SessionChangeInit } from '../../schemas/gen/lean.ts';
import type { FoldResult } from '../../workers/protocol.ts';
import { batchOf, type TestMessage } from './log-frames.ts';
import type { DecodedRow } from './row-binary.ts';

/** Log time at the start. */
export const LOG_MS = Date.UTC(2026, 8, 4, 12);
export const TICK: EventInit = { kind: KIND.tick };
export const WILL = { topic: 'plant/gone', payload: Uint8Array.of(7), flags: 5, properties: Uint8Array.of(1, 1), expiryS: 60 };

/** A message of edge 1, or of another one, so many ms after the start. Its place, its time and what is in it come in this order everywhere. */
// oxlint-disable-next-line max-params
export function message(seq: number, atMs: number, events: readonly EventInit[], edgeEpoch = 1): TestMessage {
  return { seq, timeMs: LOG_MS + atMs, data: batchOf({ edgeEpoch, counter: seq, events }) };
}

/** Whose session. */
export type Who = Pick<EventInit, 'device' | 'session'>;
export const DEV: Who = { device: 'dev', session: 'd:dev' };
export const APP: Who = { session: 'a:app' };

export function connected(who: Who, said: ConnectedInit = {}, more: EventInit = {}): EventInit {
  const payload = encodeConnected({
    cleanStart: false,
    expiryS: 300,
    keepAliveS: 60,
    level: 5,
    address: '10.1.2.3:4',
    edgeConnection: 9,
    ...said,
  });
  return { tenant: 't', ...who, kind: KIND.connected, via: 1, payload, ...more };
}

export function disconnected(who: Who, connection: number, said: DisconnectedInit = {}): EventInit {
  return { tenant: 't', ...who, kind: KIND.disconnected, via: 1, connection, payload: encodeDisconnected({ why: 'client', ...said }) };
}

export function changed(who: Who, connection: number, said: SessionChangeInit): EventInit {
  return { tenant: 't', ...who, kind: KIND.session, connection, payload: encodeSessionChange(said) };
}

export function published(who: Who, packetId: number, more: EventInit = {}): EventInit {
  return {
    tenant: 't',
    ...who,
    kind: KIND.published,
    packetId,
    topic: 'plant/a',
    payload: Uint8Array.of(packetId),
    publishFlags: 2,
    ...more,
  };
}

export function edgeGone(edgeEpoch: number, drained = false): EventInit {
  return { kind: KIND.edgeGone, payload: encodeEdgeGone({ edgeEpoch, drained }) };
}

/** The messages for topics that a task sends. */
export function sent(result: FoldResult): readonly Event[] {
  return result.effects.map(({ body }) => must(decodeEvent(body), 'event'));
}

/** Of a row: its place, what it is, and why. */
export function told(rows: readonly DecodedRow[]): readonly (readonly unknown[])[] {
  return rows.map((row) => [placeOfRow(row), row['kind'], row['state'], bodyOf(row)['why'] ?? '']);
}

export function placeOfRow(row: DecodedRow): string {
  return ['log_seq', 'batch_index', 'item'].map((column) => Number(row[column])).join('.');
}

/** What a row's body says. */
export function bodyOf(row: DecodedRow | undefined): Readonly<Record<string, unknown>> {
  const text = row?.['body'];
  return typeof text === 'string' ? (JSON.parse(text) as Record<string, unknown>) : {};
}
