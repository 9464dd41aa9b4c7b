/**
 * What a random script may do to a broker. Every step can be played in any state (what makes no sense then does nothing), so
 * that a script that shows a difference shrinks to the steps that matter.
 */
import fc from 'fast-check';

export const CLIENTS = 4;

export interface ScriptWill {
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
}

export interface ScriptFilter {
  readonly filter: string;
  readonly qos: 0 | 1 | 2;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly retainHandling: 0 | 1 | 2;
}

export interface ScriptProperties {
  /** The same name may come twice; the order counts. */
  readonly user: readonly (readonly [string, string])[];
  readonly contentType: string | undefined;
  readonly responseTopic: string | undefined;
  readonly correlation: string | undefined;
  readonly isText: boolean;
  readonly expires: boolean;
}

export const MALFORMED = {
  'a topic with a wildcard': '30 05 00 03 61 2f 23',
  'QoS 3': '36 05 00 01 61 00 01',
  'packet identifier 0': '32 05 00 01 61 00 00',
  'a topic that is no UTF-8': '30 05 00 03 61 c3 28',
  'SUBSCRIBE with flags of 0': '80 02 00 01',
  'SUBSCRIBE without a filter': '82 02 00 01',
  'UNSUBSCRIBE without a filter': 'a2 02 00 01',
  'a packet of type 0': '00 00',
  'PINGREQ with flags': 'c3 00',
  'a remaining length of five bytes': '30 ff ff ff ff 7f',
  'a CONNACK': '20 02 00 00',
} as const;
export type Malformed = keyof typeof MALFORMED;

export type Step = { readonly client: number } & (
  | {
      readonly do: 'connect';
      readonly version: 4 | 5;
      readonly isKept: boolean;
      /** Discards what there was. In 3.1.1 that is one with a session that isn't kept. */
      readonly cleanStart: boolean;
      readonly will: ScriptWill | undefined;
      /** Whether it acknowledges what it gets; if not, it gets it again. */
      readonly acks: boolean;
    }
  | { readonly do: 'disconnect'; readonly withWill: boolean }
  | { readonly do: 'drop' }
  | { readonly do: 'subscribe'; readonly filters: readonly ScriptFilter[]; readonly id: number | undefined }
  | { readonly do: 'share'; readonly group: string; readonly filter: string }
  | { readonly do: 'unsubscribe'; readonly filters: readonly string[] }
  | {
      readonly do: 'publish';
      readonly topic: string;
      readonly qos: 0 | 1 | 2;
      readonly retain: boolean;
      readonly isEmpty: boolean;
      /** To the topics of shared subscriptions, which nobody else subscribes to. */
      readonly isShared: boolean;
      readonly properties: ScriptProperties;
      /** Of QoS 2: sent again before PUBREL, as if its PUBREC had been lost. */
      readonly isRepeated: boolean;
      /** MQTT 5: nothing else happens until it has expired. */
      readonly isBrief: boolean;
      /** MQTT 5: set with the topic, then used instead of it in a second message. */
      readonly isAliased: boolean;
    }
  | { readonly do: 'ping' }
  | { readonly do: 'connect twice' }
  | { readonly do: 'malformed'; readonly what: Malformed }
);

export const BRIEF_EXPIRY_S = 1;
export const LONG_EXPIRY_S = 3_600;
/** It costs more than a second. */
const BRIEF_IN = 40;
const STEPS_MAX = 24;
const TOPICS = ['a', 'a/b', 'a/c', 'b', 'b/c/d', 'a//b', 'A/b'] as const;
const FILTERS = ['a', 'a/b', '#', '+', 'a/+', 'a/#', '+/b', '+/+', 'b/#', 'b/+/d', 'a//+', '+/+/#'] as const;

const client = fc.integer({ min: 0, max: CLIENTS - 1 });
const qos = fc.constantFrom(0, 1, 2);
const topic = fc.constantFrom(...TOPICS);
const flag = fc.boolean();
const rarely = fc.oneof({ arbitrary: fc.constant(false), weight: 5 }, { arbitrary: fc.constant(true), weight: 1 });
const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined });

const filter: fc.Arbitrary<ScriptFilter> = fc.record({
  filter: fc.constantFrom(...FILTERS),
  qos,
  noLocal: rarely,
  retainAsPublished: rarely,
  retainHandling: fc.oneof({ arbitrary: fc.constant(0 as const), weight: 3 }, { arbitrary: fc.constantFrom(1, 2), weight: 1 }),
});

const properties: fc.Arbitrary<ScriptProperties> = fc.record({
  user: fc.array(fc.tuple(fc.constantFrom('k', 'l'), fc.constantFrom('', 'v', 'ü')), { maxLength: 3 }),
  contentType: maybe(fc.constant('text/plain')),
  responseTopic: maybe(fc.constant('answer/here')),
  correlation: maybe(fc.constant('c0')),
  isText: flag,
  expires: rarely,
});

const connect = fc.record({
  do: fc.constant('connect' as const),
  client,
  version: fc.constantFrom(4, 5),
  isKept: flag,
  cleanStart: rarely,
  will: maybe(fc.record({ topic, qos, retain: rarely })),
  acks: rarely.map((not) => !not),
});

const publish = (isBrief: fc.Arbitrary<boolean>) =>
  fc.record({
    do: fc.constant('publish' as const),
    client,
    topic,
    qos,
    retain: fc.oneof({ arbitrary: fc.constant(false), weight: 2 }, { arbitrary: fc.constant(true), weight: 1 }),
    isEmpty: rarely,
    isShared: rarely,
    properties,
    isRepeated: rarely,
    isBrief,
    isAliased: rarely,
  });

const subscribe = fc.record({
  do: fc.constant('subscribe' as const),
  client,
  filters: fc.array(filter, { minLength: 1, maxLength: 2 }),
  id: maybe(fc.integer({ min: 1, max: 268_435_455 })),
});

const step = (isBrief: fc.Arbitrary<boolean>): fc.Arbitrary<Step> =>
  fc.oneof(
    { weight: 14, arbitrary: connect },
    { weight: 22, arbitrary: publish(isBrief) },
    { weight: 14, arbitrary: subscribe },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('share' as const),
        client,
        group: fc.constantFrom('g', 'h'),
        filter: fc.constantFrom('#', 'a', 'a/+'),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('unsubscribe' as const),
        client,
        filters: fc.array(fc.constantFrom(...FILTERS), { minLength: 1, maxLength: 2 }),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('disconnect' as const), client, withWill: rarely }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('drop' as const), client }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('ping' as const), client }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('connect twice' as const), client }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('malformed' as const),
        client,
        what: fc.constantFrom(...(Object.keys(MALFORMED) as Malformed[])),
      }),
    },
  );

/** All clients come first. Time passes only where it may. */
export function scripts(options: { readonly waits: boolean }): fc.Arbitrary<readonly Step[]> {
  const arrivals = fc.tuple(...Array.from({ length: CLIENTS }, (_, n) => connect.map((one): Step => ({ ...one, client: n }))));
  const never = fc.constant(false);
  const isBrief = options.waits ? fc.oneof({ arbitrary: never, weight: BRIEF_IN - 1 }, { arbitrary: fc.constant(true), weight: 1 }) : never;
  const rest = fc.array(step(isBrief), { minLength: 4, maxLength: STEPS_MAX, size: 'max' });
  return fc.tuple(arrivals, rest).map(([first, others]) => [...first, ...others]);
}

/** As it is played: a line a step. */
export function scriptText(steps: readonly Step[]): string {
  return steps.map((one, n) => `  ${String(n).padStart(2)} ${stepText(one)}`).join('\n');
}

function stepText({ client: who, do: what, ...rest }: Step): string {
  return `client ${who} ${what} ${Object.keys(rest).length === 0 ? '' : JSON.stringify(rest, saidOnly)}`.trimEnd();
}

/** Leaves out what isn't set. */
function saidOnly(_: string, value: unknown): unknown {
  return value === false || (Array.isArray(value) && value.length === 0) ? undefined : value;
}
