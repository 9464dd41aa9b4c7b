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

const NO_3_1 = 'MQTT 3.1 is not offered: CONNACK 1';
const FLAGS = 'reserved flags of the fixed header are malformed (0x81, MQTT-2.1.3-1)';
const UNKNOWN_ID = 'PUBREL of an identifier that is not in use is answered with 0x92 (MQTT 5 §3.7.2.1)';
const NOBODY_KNOWS =
  'no edge knows that nobody subscribes (0x10 is for a server that does, §3.4.2.1): others do, and sessions that are offline, and a retained message is for who comes later';

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
  exception('PUBLISH.json', 'loose', {
    name: /QoS 2 Dup flow\*3/,
    reason: 'every repetition before PUBREL is answered with PUBREC (MQTT-4.3.3-10), not only the first',
  }),
  exception('PUBLISH.json', 'loose', {
    group: /^v3\.1\.1 /,
    name: /PUBLISH with \$ topic$/,
    reason: 'nobody publishes to $ topics, and a 3.1.1 client can only be told so by closing (MQTT-3.3.5-2)',
  }),
  exception('PUBLISH.json', 'loose', {
    group: /^v5\.0 /,
    name: /PUBLISH with \$ topic - connection\/state/,
    reason: 'nobody publishes to $ topics (0x87), not even where Mosquitto has its bridges say how they are',
  }),
  exception('PUBLISH.json', 'strict', {
    group: /^v5\.0 /,
    name: /topic 0$/,
    reason: 'no topic and no alias is a protocol error (0x82, MQTT 5 §3.3.2.1)',
  }),
  exception('PUBLISH.json', 'loose', { group: /^v5\.0 +PUBLISH$/, name: /QoS 1 Dup [01]$/, reason: NOBODY_KNOWS }),
  exception('PUBLISH.json', 'loose', {
    group: /^v5\.0 +PUBLISH ALLOWED PROPERTIES$/,
    name: /^(payload-format-indicator=[01]|message-expiry-interval=[01]|topic-alias|response-topic|correlation-data|(2\*)?user-property|content-type) ?(\(.*\))?( empty.*)?$/,
    reason: NOBODY_KNOWS,
  }),
  exception('PUBLISH.json', 'loose', { name: /alias > max/, reason: 'alias 11 is within the 16 that we announce' }),
  exception('PUBREL.json', 'loose', { group: /^v5\.0 +PUBREL$/, name: /len=2$|len=3|len=4 (ok|rc=fail)/, reason: UNKNOWN_ID }),
  exception('PUBREL.json', 'loose', {
    group: /ALLOWED PROPERTIES$/,
    name: /^62 with (reason-string property( empty)?|(2\*)?user-property( empty.*)?)$/,
    reason: UNKNOWN_ID,
  }),
  exception('PUBREL.json', 'strict', { group: /^v5\.0 +PUBREL$/, name: /^6[346A] /, reason: FLAGS }),
  exception('SUBSCRIBE.json', 'loose', {
    name: /\$SYS ok/,
    reason: 'there is nothing under $SYS, and no policy can grant it: SUBACK refuses the filter',
  }),
];

export function exceptionFor(verdict: Pick<Verdict, 'file' | 'group' | 'name'>): VectorException | undefined {
  return VECTOR_EXCEPTIONS.find((one) => one.file === verdict.file && one.group.test(verdict.group) && one.name.test(verdict.name));
}
