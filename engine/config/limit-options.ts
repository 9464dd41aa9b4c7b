/**
 * Options about how much one listener and one address prefix may send: rates as the API knows them. They hold at each edge,
 * before anybody's own limits.
 */
import { COST_MAX, type LimitsDoc } from '../domain/limits-doc.ts';
import { parseRate } from '../domain/rate.ts';
import { integer, type OptionKind } from './option-kinds.ts';
import { option } from './read-options.ts';

/** Faster than devices reconnect after an outage, slower than a flood. */
const CONNECT_RATE = '10000/s burst 50000';
const PREFIX_CONNECT_RATE = '5000/s burst 50000';
const CONNECTIONS_MAX = 1_000_000;

/** A rate, or `off`. */
function rate(burstMin: number): OptionKind<string> {
  return {
    placeholder: 'RATE',
    limits: 'such as "20/s burst 60, 1000/h"; off = no limit',
    parse: (given) => {
      if (given === 'off') return { ok: true, value: '' };
      const parsed = parseRate(given, { burstMin });
      return parsed.ok ? { ok: true, value: given } : { ok: false, problem: `must be a rate: ${parsed.problem}` };
    },
  };
}

const MESSAGES = rate(COST_MAX[0] ?? 1);
const BYTES = rate(COST_MAX[1] ?? 1);

export const LIMIT_OPTIONS = {
  'listener-connect-rate': option(MESSAGES, { fallback: CONNECT_RATE, help: 'how fast a listener takes connections' }),
  'listener-messages': option(MESSAGES, { fallback: '', defaultText: 'off', help: 'messages that a listener takes' }),
  'listener-bytes': option(BYTES, { fallback: '', defaultText: 'off', help: 'payload bytes that a listener takes' }),
  'prefix-connect-rate': option(MESSAGES, {
    fallback: PREFIX_CONNECT_RATE,
    help: 'how fast one address prefix (/24, /64) may make connections',
  }),
  'prefix-connections': option(integer(0, CONNECTIONS_MAX), {
    fallback: 0,
    defaultText: '0 = no limit',
    help: 'connections that one address prefix may have open',
  }),
  'prefix-messages': option(MESSAGES, { fallback: '', defaultText: 'off', help: 'messages that one address prefix may send' }),
  'prefix-bytes': option(BYTES, { fallback: '', defaultText: 'off', help: 'payload bytes that one address prefix may send' }),
} as const;

export interface EdgeLimits {
  readonly listener: LimitsDoc;
  readonly prefix: LimitsDoc;
}

export interface LimitSettings {
  readonly 'listener-connect-rate': string;
  readonly 'listener-messages': string;
  readonly 'listener-bytes': string;
  readonly 'prefix-connect-rate': string;
  readonly 'prefix-connections': number;
  readonly 'prefix-messages': string;
  readonly 'prefix-bytes': string;
}

export function edgeLimits(settings: LimitSettings): EdgeLimits {
  const listener = docOf({
    connectRate: settings['listener-connect-rate'],
    messages: settings['listener-messages'],
    bytes: settings['listener-bytes'],
  });
  const prefix = docOf({
    connectRate: settings['prefix-connect-rate'],
    messages: settings['prefix-messages'],
    bytes: settings['prefix-bytes'],
  });
  const connections = settings['prefix-connections'];
  return { listener, prefix: connections === 0 ? prefix : { ...prefix, connections } };
}

function docOf(rates: Readonly<Record<'connectRate' | 'messages' | 'bytes', string>>): LimitsDoc {
  return Object.fromEntries(Object.entries(rates).filter(([, text]) => text !== ''));
}
