/**
 * The two physical tables of the analytics store, column by column, in the order of their RowBinary encoding. The DDL and
 * the row encoders are both made from these lists. Column names are the analysts' interface: add at the end, never rename.
 *
 * No LowCardinality: it costs 1.3 µs an event to parse (0.83 µs with plain strings, 2.17 µs with it, in blocks of 50,000) and
 * doubles what a merge costs, and repeated strings compress to next to nothing anyway. No codecs but the server's LZ4: ZSTD
 * and Delta on the numbers save 15 of 87 bytes an event and cost 0.3 µs, ZSTD on payloads saves 19 more for another 0.7 µs.
 */

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly codec?: string;
}

// Names and numbers as in the enums of event.proto.
const KIND_TYPE =
  "Enum8('unspecified' = 0, 'telemetry' = 1, 'tick' = 2, 'edge-gone' = 3, 'connected' = 4, 'disconnected' = 5, 'session' = 6, 'reported' = 7, 'desired' = 8, 'tags' = 9, 'command-requested' = 10, 'command-response' = 11, 'command-canceled' = 12, 'effect-result' = 13, 'firmware-status' = 14, 'firmware-proceed' = 15, 'campaign' = 16, 'saga-input' = 17, 'registry-fact' = 18, 'quota-lease' = 19, 'activation' = 20, 'erased' = 21, 'published' = 22)";
const CONTENT_TYPE_TYPE =
  "Enum8('unspecified' = 0, 'json' = 1, 'protobuf' = 2, 'cbor' = 3, 'msgpack' = 4, 'senml-json' = 5, 'senml-cbor' = 6, 'octets' = 7)";

/** One event. With `extra`, the columns rebuild the whole `Event`. */
export const EVENT_COLUMNS = [
  { name: 'tenant', type: 'String' },
  { name: 'device', type: 'String' },
  { name: 'kind', type: KIND_TYPE },
  { name: 'outcome', type: "Enum8('accepted' = 0, 'duplicate' = 1, 'quarantined' = 2, 'rejected' = 3)" },
  { name: 'reason', type: 'String' },
  { name: 'event_time', type: "DateTime64(3, 'UTC')" },
  { name: 'log_time', type: "DateTime64(3, 'UTC')" },
  { name: 'received_time', type: "DateTime64(3, 'UTC')" },
  { name: 'time_source', type: "Enum8('log' = 0, 'device' = 1, 'log-device-out-of-range' = 2)" },
  { name: 'partition', type: 'UInt16' },
  { name: 'log_seq', type: 'UInt64' },
  { name: 'batch_index', type: 'UInt32' },
  { name: 'item', type: 'UInt16' },
  { name: 'original_seq', type: 'UInt64' },
  { name: 'original_index', type: 'UInt32' },
  { name: 'edge_epoch', type: 'UInt64' },
  { name: 'batch_counter', type: 'UInt64' },
  { name: 'boot_id', type: 'UInt64' },
  { name: 'device_seq', type: 'UInt64' },
  { name: 'schema', type: 'String' },
  { name: 'via', type: "Enum8('unspecified' = 0, 'mqtt' = 1, 'http' = 2, 'coap' = 3, 'websocket' = 4, 'internal' = 5)" },
  { name: 'edge', type: 'String' },
  { name: 'metrics', type: 'Map(String, Float64)' },
  { name: 'attrs', type: 'Map(String, String)' },
  { name: 'content_type', type: CONTENT_TYPE_TYPE },
  { name: 'payload', type: 'String' },
  // The encoded `Event` without tenant, device, kind, payload, content_type, via and received_ms; mostly empty.
  { name: 'extra', type: 'String' },
  { name: '_epoch', type: 'UInt64' },
] as const satisfies readonly Column[];

/** One decision of the fold. */
export const DECISION_COLUMNS = [
  { name: 'tenant', type: 'String' },
  { name: 'device', type: 'String' },
  { name: 'kind', type: 'String' },
  { name: 'log_time', type: "DateTime64(3, 'UTC')" },
  { name: 'partition', type: 'UInt16' },
  // The event that caused it.
  { name: 'log_seq', type: 'UInt64' },
  { name: 'batch_index', type: 'UInt32' },
  { name: 'item', type: 'UInt16' },
  // The control record that holds it.
  { name: 'record_seq', type: 'UInt64' },
  { name: 'section', type: 'String' },
  { name: 'document', type: 'String' },
  { name: 'path', type: 'String' },
  { name: 'old', type: 'String' },
  { name: 'new', type: 'String' },
  { name: 'version', type: 'UInt64' },
  { name: 'saga', type: 'String' },
  { name: 'state', type: 'String' },
  { name: 'actor', type: 'String' },
  { name: 'body', type: 'String' },
  { name: '_epoch', type: 'UInt64' },
] as const satisfies readonly Column[];

/** What analysts may see, tables and views; everything else in the database is ours. */
export const ANALYST_TABLES = ['events', 'decisions', 'telemetry', 'twin_changes', 'presence', 'quota_decisions'] as const;

/** Those of them that hold rows of all tenants: whoever may see one tenant only sees them through a filter. Views read these. */
export const FILTERED_TABLES = ['events', 'decisions'] as const;

/** Which login of an analyst sees which tenant's rows. */
export const ANALYST_LOGINS_TABLE = 'analyst_logins';

/** Positions of rows that were erased, and the erasures that are done. */
export const ERASED_TABLE = 'erased_rows';
export const ERASURES_TABLE = 'erasures';
