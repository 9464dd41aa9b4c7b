/**
 * Where this edge differs from what the vectors expect, and why. An entry must cover at least one sequence, and every
 * sequence it covers must fail at its score: one that passes unexpectedly is an error of this list.
 */
import type { Verdict } from './vectors.ts';

export interface VectorException {
  readonly file: string;
  readonly group: RegExp;
  readonly name: RegExp;
  /** `loose`: it behaves differently; `strict`: only the reason it gives is another. */
  readonly score: 'strict' | 'loose';
  readonly reason: string;
}

const NO_SUBSCRIPTIONS = 'subscriptions are not offered yet: each filter is refused in SUBACK';
const NO_QOS_2 = 'QoS 2 is not offered: Maximum QoS 1 is announced, 0x9B ends the connection';
const NO_3_1 = 'MQTT 3.1 is not offered: CONNACK 1';
const FLAGS = 'reserved flags of the fixed header are malformed (0x81, MQTT-2.1.3-1)';
const DIRECTION = 'a packet that only a server sends is a protocol error (0x82) before its flags are looked at';
const UNKNOWN_ID = 'an identifier that is not in use is answered with 0x92 (MQTT 5 §4.3.3)';

function exception(file: string, score: 'strict' | 'loose', about: { group?: RegExp; name?: RegExp; reason: string }): VectorException {
  return { file, score, group: about.group ?? /^/, name: about.name ?? /^/, reason: about.reason };
}

export const VECTOR_EXCEPTIONS: readonly VectorException[] = [
  exception('CONNACK.json', 'loose', { name: /issue 2163 v3$/, reason: NO_3_1 }),
  exception('CONNECT.json', 'loose', { group: /^v3\.1 /, name: /ok/, reason: NO_3_1 }),
  exception('CONNECT.json', 'strict', { group: /^v3\.1 /, name: /proto ver [26]|empty client ID/, reason: NO_3_1 }),
  exception('CONNECT.json', 'strict', {
    group: /^v3\.1\.1 /,
    name: /proto ver 2/,
    reason: 'versions before 3.1.1 get the return code of 3.1.1, later ones that of 5',
  }),
  exception('CONNECT.json', 'strict', {
    group: /^v5\.0 +CONNECT$/,
    name: /Client ID with (0x0000|U\+D800|U\+FFFF)/,
    reason: 'ill-formed text is malformed (0x81, MQTT-1.5.4-1); 0x85 is for ids that are well formed and not allowed',
  }),
  exception('DISCONNECT.json', 'strict', { group: /^v5\.0 /, name: /^E[1248] /, reason: FLAGS }),
  exception('PINGRESP.json', 'strict', { group: /^v5\.0 /, name: /^D[1248]$/, reason: DIRECTION }),
  exception('SUBACK.json', 'strict', { group: /^v5\.0 /, name: /^9[1248]$/, reason: DIRECTION }),
  exception('UNSUBACK.json', 'strict', { group: /^v5\.0 /, name: /^B[1248]$/, reason: DIRECTION }),
  exception('PUBLISH.json', 'loose', { name: /QoS 2 (Dup [01]|repeated)|PUBLISH with \$/, reason: NO_QOS_2 }),
  exception('PUBLISH.json', 'strict', { name: /QoS 2 Dup flow/, reason: NO_QOS_2 }),
  exception('PUBLISH.json', 'loose', {
    group: /^v5\.0 /,
    name: /retain 1/,
    reason: 'Retain Available 0 is announced: 0x9A ends the connection (MQTT-3.2.2-14)',
  }),
  exception('PUBLISH.json', 'strict', {
    group: /^v5\.0 /,
    name: /topic 0$/,
    reason: 'no topic and no alias is a protocol error (0x82, MQTT 5 §3.3.2.1)',
  }),
  exception('PUBLISH.json', 'loose', {
    name: /^maximum packet size$/,
    reason: 'our CONNACK has more to announce than fits 20 bytes; none may be sent that does not fit',
  }),
  exception('PUBLISH.json', 'loose', { name: /alias > max/, reason: 'alias 11 is within the 16 that we announce' }),
  exception('PUBLISH.json', 'loose', { name: /content-type is preserved/, reason: NO_SUBSCRIPTIONS }),
  exception('PUBREC.json', 'loose', { group: /^v5\.0 +PUBREC$/, name: /len=2$|len=3$|len=4 ok/, reason: UNKNOWN_ID }),
  exception('PUBREC.json', 'loose', {
    group: /ALLOWED PROPERTIES$/,
    name: /^50 with (reason-string property( empty)?|(2\*)?user-property( empty.*)?)$/,
    reason: UNKNOWN_ID,
  }),
  exception('PUBREL.json', 'loose', { group: /^v5\.0 +PUBREL$/, name: /len=2$|len=3|len=4 (ok|rc=fail)/, reason: UNKNOWN_ID }),
  exception('PUBREL.json', 'loose', {
    group: /ALLOWED PROPERTIES$/,
    name: /^62 with (reason-string property( empty)?|(2\*)?user-property( empty.*)?)$/,
    reason: UNKNOWN_ID,
  }),
  exception('PUBREL.json', 'strict', { group: /^v5\.0 +PUBREL$/, name: /^6[346A] /, reason: FLAGS }),
  exception('FLOW.json', 'loose', { reason: 'flows to a subscriber, and of QoS 2: neither is offered yet' }),
  exception('OTHER.json', 'loose', { reason: NO_SUBSCRIPTIONS }),
  exception('REGRESSION.json', 'loose', { name: /subscribe|shared-sub/, reason: NO_SUBSCRIPTIONS }),
  exception('SUBSCRIBE.json', 'loose', { name: / ok( |$)|QoS 0 (no local|retain as|retain handling=[12])/, reason: NO_SUBSCRIPTIONS }),
  exception('SUBSCRIBE.json', 'loose', {
    group: / ALLOWED PROPERTIES$/,
    name: /^82 with ((2\*)?user-property( empty.*)?|subscription-identifier=(1|0x7F|0x8001|0xFF7F|0x808001|0xFFFF7F|0x80808001|0xFFFFFF7F) .*)$/,
    reason: NO_SUBSCRIPTIONS,
  }),
  exception('UNSUBSCRIBE.json', 'loose', { name: /\(with subscribe\)/, reason: NO_SUBSCRIPTIONS }),
];

export function exceptionFor(verdict: Pick<Verdict, 'file' | 'group' | 'name'>): VectorException | undefined {
  return VECTOR_EXCEPTIONS.find((one) => one.file === verdict.file && one.group.test(verdict.group) && one.name.test(verdict.name));
}
