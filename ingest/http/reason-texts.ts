/**
 * Why the fold did not accept an event, for people: each reason with the field or limit that it is about and, where there
 * is one, the remedy.
 */
import {
  EVENT_ID_BYTES_MAX,
  METRIC_NAME_BYTES_MAX,
  METRICS_MAX,
  PAYLOAD_DEPTH_MAX,
  TWIN_SECTION_BYTES_MAX,
} from '../../engine/kernel/limits.ts';
import type { Reason } from '../../engine/kernel/outcome.ts';

export const REASON_TEXTS = {
  none: 'nothing was found wrong',
  'resent-batch': 'its batch was in the log already: nothing was lost, and nothing is to be done',
  'repeated-sequence': 'an event with this "boot" and "seq" was accepted before',
  'repeated-id': 'an event with this "id" was accepted before',
  'below-window': '"seq" is so far behind the last one of this "boot" that a repetition can no longer be told from a new event',
  'malformed-payload': 'the payload is no event: an object of metrics, or an envelope {"ts","boot","seq","id","metrics","attrs"}',
  'unknown-format': 'the content type is not understood: send JSON or Protobuf',
  'no-metrics': 'the event holds neither a metric nor an attribute',
  'too-many-metrics': `an event has at most ${METRICS_MAX} metrics and attributes together: send several events`,
  'metric-name-too-long': `the name of a metric or attribute has at most ${METRIC_NAME_BYTES_MAX} bytes, with the names of the objects around it`,
  'bad-metric-name': 'the name of a metric or attribute is empty, or has control characters or ill-formed UTF-8 in it',
  'value-not-finite': 'a metric is no finite number',
  'unsupported-value': 'a value is an array, or text that is not UTF-8: metrics are numbers and booleans, attributes are text',
  'too-deep': `objects are nested deeper than ${PAYLOAD_DEPTH_MAX}`,
  'too-large': `the event's "id" has at most ${EVENT_ID_BYTES_MAX} bytes`,
  'bad-timestamp': '"ts" is neither milliseconds since the epoch nor RFC 3339',
  'timestamp-in-seconds': '"ts" looks like seconds: send milliseconds since the epoch, or RFC 3339',
  'bad-identity': 'tenant or device is no id: 1 to 64 of A-Z, a-z, 0-9, "_" and "-"',
  'unknown-kind': 'the kind of event is not known to the engine that read it',
  'twin-too-large': `the twin's section "latest" would have more than ${TWIN_SECTION_BYTES_MAX} bytes: use fewer metric names`,
  killer: 'the event ended the worker that folded it, three times',
  'condition-not-met': 'the condition that the event came with did not hold',
  'repeated-metric': 'two metrics or attributes of the event have the same name',
  erased: 'the device was erased moments before, and this was on its way',
  disabled: 'the device was disabled before the event was stored: it is kept whole, and changes nothing',
  decommissioned: 'the device was decommissioned before the event was stored, and its twin is archived',
  deleted: 'the device was deleted before the event was stored',
  'too-many-erasures': 'the partition remembers as many erased devices as it may: erase it later',
  'repeated-packet-id': 'its session has a QoS 2 message of this packet identifier, and PUBREL has not come for it',
} as const satisfies Readonly<Record<Reason, string>>;
