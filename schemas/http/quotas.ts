/** Bodies about limits and quotas, as JSON Schema. What a rate may say, its grammar checks: a schema can't name the place. */

const RATE = { type: 'string', maxLength: 256 } as const;
const VOLUME = {
  type: 'object',
  additionalProperties: false,
  properties: { messages: { type: 'integer' }, bytes: { type: 'integer' }, points: { type: 'integer' } },
} as const;
const OWN = {
  messages: RATE,
  bytes: RATE,
  points: RATE,
  connections: { type: 'integer' },
  connectRate: RATE,
  sessionExpiryS: { type: 'integer' },
  subscriptions: { type: 'integer' },
  inFlight: { type: 'integer' },
} as const;

/** `LimitsDoc`: `{"messages": "20/s burst 60, 1000/h", "perDay": {"messages": 1000000}, "eachDevice": {"messages": "1/s"}}`. */
export const limitsSchema = {
  type: 'object',
  properties: {
    ...OWN,
    perDay: VOLUME,
    perMonth: VOLUME,
    eachDevice: { type: 'object', properties: OWN },
  },
} as const;

export const quotasSchema = {
  type: 'object',
  required: ['tenant', 'limits'],
  properties: { tenant: { type: 'string' }, limits: limitsSchema },
} as const;

const LIMIT = {
  type: 'object',
  required: ['limit', 'window', 'used', 'allowed', 'since', 'refused', 'refusedBy'],
  properties: {
    limit: { type: 'string' },
    window: { type: 'string' },
    used: { type: 'number' },
    allowed: { type: 'number' },
    since: { type: 'string' },
    resets: { type: 'string' },
    warned: { type: 'string' },
    group: { type: 'string' },
    refused: { type: 'number' },
    refusedBy: {
      type: 'array',
      items: {
        type: 'object',
        properties: { edge: { type: 'string' }, count: { type: 'number' }, since: { type: 'string' }, last: { type: 'string' } },
      },
    },
  },
} as const;

export const deviceLimitsSchema = {
  type: 'object',
  required: ['tenant', 'device', 'limits'],
  properties: { tenant: { type: 'string' }, device: { type: 'string' }, limits: { type: 'array', items: LIMIT } },
} as const;

const AMOUNTS = {
  type: 'object',
  properties: { messages: { type: 'number' }, bytes: { type: 'number' }, points: { type: 'number' } },
} as const;

export const usageSchema = {
  type: 'object',
  required: ['tenant', 'limits', 'spent', 'edges'],
  properties: {
    tenant: { type: 'string' },
    limits: { type: 'array', items: LIMIT },
    spent: { type: 'object', properties: { day: AMOUNTS, month: AMOUNTS } },
    edges: {
      type: 'array',
      items: {
        type: 'object',
        properties: { edge: { type: 'string' }, lease: { type: 'number' }, refused: { type: 'number' }, at: { type: 'string' } },
      },
    },
  },
} as const;

export const bansSchema = {
  type: 'object',
  required: ['items'],
  properties: {
    items: {
      type: 'array',
      items: {
        type: 'object',
        required: ['edge', 'limit', 'name', 'window', 'allowed', 'since', 'until', 'refused', 'last'],
        properties: {
          edge: { type: 'string' },
          limit: { type: 'string' },
          name: { type: 'string' },
          window: { type: 'string' },
          allowed: { type: 'number' },
          since: { type: 'string' },
          until: { type: 'string' },
          refused: { type: 'number' },
          last: { type: 'string' },
        },
      },
    },
  },
} as const;
