/** Bodies for operators, as JSON Schema. */

export const healthSchema = {
  type: 'object',
  required: ['status'],
  properties: { status: { type: 'string' }, version: { type: 'string' }, detail: { type: 'string' } },
} as const;

export const readinessSchema = {
  type: 'object',
  required: ['status', 'parts', 'durability'],
  properties: {
    status: { type: 'string', enum: ['ok', 'degraded', 'down'] },
    parts: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'status'],
        properties: {
          name: { type: 'string' },
          status: { type: 'string', enum: ['ok', 'degraded', 'down'] },
          detail: { type: 'string' },
          percentFull: { type: 'integer' },
          timeToFullS: { type: 'integer' },
        },
      },
    },
    durability: {
      type: 'object',
      required: ['asked', 'inForce'],
      properties: { asked: { type: 'string' }, inForce: { type: 'string' }, detail: { type: 'string' } },
    },
  },
} as const;

/** What the keeper of the topic partition of the same number says. */
const TOPICS = {
  type: 'object',
  required: ['partition', 'state', 'appliedSeq', 'checkpointSeq', 'lagMessages', 'retained', 'indexedTo', 'segments'],
  additionalProperties: true,
  properties: {
    partition: { type: 'integer' },
    state: { type: 'string', enum: ['loading', 'following', 'stopped'] },
    appliedSeq: { type: 'integer' },
    checkpointSeq: { type: 'integer' },
    lagMessages: { type: 'integer' },
    retained: { type: 'integer' },
    refused: { type: 'integer' },
    written: { type: 'integer' },
    purgedByNeed: { type: 'integer' },
    indexedTo: { type: 'integer' },
    segments: { type: 'integer' },
  },
} as const;

export const partitionsSchema = {
  type: 'object',
  required: ['items'],
  properties: {
    items: {
      type: 'array',
      items: {
        type: 'object',
        required: ['partition'],
        // What its owner says of it; `owner` is null where nobody answers.
        additionalProperties: true,
        properties: { partition: { type: 'integer' }, topics: TOPICS },
      },
    },
  },
} as const;
