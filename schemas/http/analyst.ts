/** Bodies about analysts of a tenant, as JSON Schema. */

const COMMON = {
  tenant: { type: 'string' },
  /** Path of the gate on this address. */
  path: { type: 'string' },
  database: { type: 'string' },
  user: { type: 'string' },
  /** Ids of the keys that may ask. */
  keys: { type: 'array', items: { type: 'string' } },
} as const;

export const analystSchema = { type: 'object', required: ['tenant', 'path', 'database', 'user', 'keys'], properties: COMMON } as const;

/** `password` is shown this once. */
export const newAnalystSchema = {
  type: 'object',
  required: [...analystSchema.required, 'password'],
  properties: { ...COMMON, password: { type: 'string' } },
} as const;
