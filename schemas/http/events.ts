/** `GET /v1/events/{position}`: an event, what became of it, and the rows that it caused; as JSON Schema. */

const TIME = { type: 'string', format: 'date-time' } as const;

export const eventSchema = {
  type: 'object',
  required: ['position', 'partition', 'tenant', 'device', 'kind', 'rows'],
  properties: {
    position: { type: 'string' },
    partition: { type: 'integer' },
    tenant: { type: 'string' },
    device: { type: 'string' },
    kind: { type: 'string' },
    contentType: { type: 'string' },
    via: { type: 'string' },
    /** The edge's clock. */
    receivedAt: TIME,
    /** The log's: the clock that the fold knows. */
    logTime: TIME,
    edge: {
      type: 'object',
      properties: { name: { type: 'string' }, epoch: { type: 'integer' }, counter: { type: 'integer' } },
    },
    traceparent: { type: 'string' },
    cause: { type: 'string' },
    /** As it arrived: JSON as itself, everything else as base64, as `payloadEncoding` says. */
    payload: {},
    payloadEncoding: { type: 'string', enum: ['json', 'base64'] },
    outcome: { type: 'string', enum: ['accepted', 'duplicate', 'quarantined', 'rejected'] },
    reason: { type: 'string' },
    /** Of a duplicate. */
    original: { type: 'string' },
    /** Rows of the analytics store; absent ones may still be on their way. */
    rows: { type: 'array', items: { type: 'object', additionalProperties: true } },
    /** False when the analytics store didn't answer, so that `rows` says nothing. */
    rowsKnown: { type: 'boolean' },
  },
} as const;
