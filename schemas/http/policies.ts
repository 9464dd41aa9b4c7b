/** Bodies of policies in the API, as JSON Schema. What a grant may say, the engine's grammar checks. */

const GRANTS = { type: 'array', maxItems: 64, items: { type: 'string', maxLength: 300 } } as const;
const PLACE = {
  type: 'object',
  required: ['source', 'grant'],
  properties: { source: { type: 'string' }, grant: { type: 'string' } },
} as const;

/** One of `device`, `key` and `principal`; a `topic` with `publish` and `subscribe` alone. */
export const explainPolicySchema = {
  type: 'object',
  required: ['action'],
  additionalProperties: false,
  properties: {
    device: { type: 'string', minLength: 1, maxLength: 128 },
    key: { type: 'string', minLength: 1, maxLength: 64 },
    principal: { type: 'string', minLength: 1, maxLength: 256 },
    action: { type: 'string', minLength: 1, maxLength: 300 },
    topic: { type: 'string', minLength: 1, maxLength: 256 },
  },
} as const;

export const explanationSchema = {
  type: 'object',
  required: ['allowed', 'detail', 'documents'],
  properties: {
    allowed: { type: 'boolean' },
    detail: { type: 'string' },
    by: PLACE,
    denied: PLACE,
    documents: {
      type: 'array',
      items: {
        type: 'object',
        required: ['source', 'allow', 'deny'],
        properties: { source: { type: 'string' }, allow: GRANTS, deny: GRANTS },
      },
    },
  },
} as const;
