/** Bodies of the registry's part of the API, as JSON Schema. Answers are serialised by these, requests checked. */

const ID = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' } as const;
const TIME = { type: 'string', format: 'date-time' } as const;
/** `external-ids` in number; 128 bytes each, which the route checks, because JSON Schema counts characters. */
const EXTERNAL_IDS = { type: 'array', maxItems: 4, uniqueItems: true, items: { type: 'string', minLength: 1, maxLength: 128 } } as const;

export const newTenantSchema = {
  type: 'object',
  required: ['id'],
  additionalProperties: false,
  properties: { id: ID },
} as const;

export const tenantSchema = {
  type: 'object',
  required: ['id'],
  properties: { id: ID },
} as const;

export const newKeySchema = {
  type: 'object',
  required: ['kind', 'scopes'],
  additionalProperties: false,
  properties: {
    kind: { type: 'string', enum: ['api'] },
    scopes: { type: 'array', minItems: 1, maxItems: 64, uniqueItems: true, items: { type: 'string', maxLength: 300 } },
  },
} as const;

/** `key` is shown this once. */
export const keySchema = {
  type: 'object',
  required: ['id', 'kind', 'tenant', 'scopes', 'key'],
  properties: {
    id: ID,
    kind: { type: 'string' },
    tenant: ID,
    scopes: { type: 'array', items: { type: 'string' } },
    key: { type: 'string' },
  },
} as const;

export const newDeviceSchema = {
  type: 'object',
  required: ['id'],
  additionalProperties: false,
  properties: {
    id: ID,
    externalIds: EXTERNAL_IDS,
    group: ID,
    tags: { type: 'object', maxProperties: 64 },
  },
} as const;

const CREDENTIAL = {
  type: 'object',
  required: ['id', 'createdAt'],
  properties: { id: ID, createdAt: TIME, notBefore: TIME, notAfter: TIME, revokedAt: TIME },
} as const;

const DEVICE_PROPERTIES = {
  id: ID,
  tenant: ID,
  externalIds: EXTERNAL_IDS,
  group: ID,
  tags: { type: 'object', additionalProperties: true },
  createdAt: TIME,
  credentials: { type: 'array', items: CREDENTIAL },
} as const;

export const deviceSchema = {
  type: 'object',
  required: ['id', 'tenant', 'externalIds', 'createdAt', 'credentials'],
  properties: DEVICE_PROPERTIES,
} as const;

/** `token` is shown this once. */
export const registeredDeviceSchema = {
  type: 'object',
  required: ['id', 'tenant', 'token', 'externalIds', 'createdAt', 'credentials'],
  properties: { ...DEVICE_PROPERTIES, token: { type: 'string' } },
} as const;

export const devicesSchema = {
  type: 'object',
  required: ['items'],
  properties: { items: { type: 'array', items: deviceSchema }, nextCursor: { type: 'string' } },
} as const;

export const newCredentialSchema = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: { notBefore: TIME, notAfter: TIME },
} as const;

/** `token` is shown this once. */
export const mintedCredentialSchema = {
  type: 'object',
  required: ['id', 'device', 'token', 'createdAt'],
  properties: { ...CREDENTIAL.properties, device: ID, token: { type: 'string' } },
} as const;
