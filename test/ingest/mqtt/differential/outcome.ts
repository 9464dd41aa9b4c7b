/**
 * What came of a script, in a form in which two brokers can be compared: packet identifiers, aliases, the order over
 * different topics, and who of a shared subscription got a message are left out.
 */
import type { IPublishPacket, Packet } from 'mqtt-packet';

export interface Delivery {
  readonly topic: string;
  readonly payload: string;
  readonly qos: number;
  /** `?` where copies of one message differed in it. */
  readonly retain: boolean | '?';
  readonly dup: boolean;
  readonly ids: readonly number[];
  readonly rest: string;
  readonly copies: number;
}

export type Seen = { readonly is: 'delivery'; readonly delivery: Delivery } | { readonly is: 'answer'; readonly text: string };

/** Of one step: a list of lines for each client, and one for what came to shared subscriptions. */
export type StepOutcome = readonly (readonly string[])[];
export type Outcome = readonly StepOutcome[];

/**
 * Both are allowed (MQTT 5 §3.3.4): a copy for each subscription that matches, or one with the highest QoS and all identifiers.
 * Retained ones come once for each filter, which is counted.
 */
export type Copies = 'each' | 'one' | 'counted';

/** Undefined: nothing that counts. */
export function seenOf(packet: Packet, prefix: string): Seen | undefined {
  switch (packet.cmd) {
    case 'publish':
      return { is: 'delivery', delivery: deliveryOf(packet, prefix) };
    case 'connack':
      return answer(`connack ${packet.reasonCode ?? packet.returnCode ?? 0}${packet.sessionPresent ? ' session present' : ''}`);
    case 'suback':
      return answer(`suback ${packet.granted.map(Number).join(' ')}`);
    case 'unsuback':
      return answer(`unsuback ${Array.isArray(packet.granted) ? packet.granted.join(' ') : ''}`.trimEnd());
    case 'puback':
    case 'pubrec':
    case 'pubcomp':
      return answer(`${packet.cmd} ${packet.reasonCode ?? 0}`);
    case 'disconnect':
      return answer(`disconnect ${packet.reasonCode ?? 0}`);
    default:
      return answer(packet.cmd);
  }
}

export function answer(text: string): Seen {
  return { is: 'answer', text };
}

function deliveryOf(packet: IPublishPacket, prefix: string): Delivery {
  const given = packet.properties ?? {};
  const ids = given.subscriptionIdentifier;
  const user = Object.entries(given.userProperties ?? {}).flatMap(([name, values]) => [values].flat().map((value) => `${name}=${value}`));
  const parts = [
    user.join(','),
    given.contentType ?? '',
    given.responseTopic ?? '',
    given.correlationData?.toString() ?? '',
    given.payloadFormatIndicator === true ? 'text' : '',
    // How much is left depends on the moment.
    given.messageExpiryInterval === undefined ? '' : 'expires',
  ];
  return {
    topic: packet.topic.startsWith(prefix) ? packet.topic.slice(prefix.length) : packet.topic,
    payload: packet.payload.toString(),
    qos: packet.qos,
    retain: packet.retain,
    dup: packet.dup,
    // Subscriptions of one client may have one identifier, which one copy then has several times (MQTT 5 §3.3.4).
    ids: ids === undefined ? [] : [...new Set([ids].flat())].toSorted((a, b) => a - b),
    rest: parts.some((part) => part !== '') ? ` {${parts.join('|')}}` : '',
    copies: 1,
  };
}

/** Answers first, in their order; then deliveries, by topic, and within a topic in theirs. */
export function linesOf(seen: readonly Seen[], copies: Copies): readonly string[] {
  const answers = seen.flatMap((one) => (one.is === 'answer' ? [one.text] : []));
  const deliveries = seen.flatMap((one) => (one.is === 'delivery' ? [one.delivery] : []));
  const whole = copies === 'one' ? deliveries : merged(deliveries, copies === 'counted');
  return [...answers, ...whole.toSorted((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0)).map(deliveryText)];
}

function merged(deliveries: readonly Delivery[], isCounted: boolean): readonly Delivery[] {
  const found = new Map<string, Delivery>();
  for (const one of deliveries) {
    const key = `${one.topic} ${one.payload} ${one.dup}`;
    const other = found.get(key);
    if (other === undefined) found.set(key, one);
    else {
      const ids = [...new Set([...other.ids, ...one.ids])].toSorted((a, b) => a - b);
      const retain = other.retain === one.retain ? one.retain : '?';
      found.set(key, { ...one, qos: Math.max(one.qos, other.qos), retain, ids, copies: other.copies + (isCounted ? 1 : 0) });
    }
  }
  return [...found.values()];
}

function deliveryText(one: Delivery): string {
  const flags = `${one.retain === '?' ? ' retain?' : one.retain ? ' retain' : ''}${one.dup ? ' dup' : ''}`;
  const ids = one.ids.length > 0 ? ` ids ${one.ids.join(',')}` : '';
  return `publish ${one.topic} '${one.payload}' QoS ${one.qos}${flags}${ids}${one.rest}${one.copies > 1 ? ` x${one.copies}` : ''}`;
}

/** Equal, but for a retain flag of which the reference itself said both. */
export function sameLine(reference: string, other: string): boolean {
  return reference === other || (reference.includes(' retain?') && reference.replace(' retain?', '') === other.replace(' retain', ''));
}
