/** Bodies of the registry's part of the API, as JSON Schema. Answers are serialised by these, requests checked. */

const ID = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'has 1 to 64 of A-Z a-z 0-9 _ -' } as const;
const TIME = { type: 'string', format: 'date-time' } as const;
const TEXT = { type: 'string', maxLength: 256 } as const;
/** `external-ids` in number; 128 bytes each, which the route checks, because JSON Schema counts characters. */
const EXTERNAL_IDS = { type: 'array', maxItems: 4, uniqueItems: true, items: { type: 'string', minLength: 1, maxLength: 128 } } as const;
const TAGS = { type: 'object', maxProperties: 64, additionalProperties: true } as const;
/** What may stand in it, the route checks by the rules of policies and limits. */
const DOCUMENT = { type: ['object', 'null'], additionalProperties: true } as const;
const SCOPES = { type: 'array', minItems: 1, maxItems: 64, uniqueItems: true, items: { type: 'string', maxLength: 300 } } as const;
/** What the caller takes the current one for. */
const VERSION = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;
const PAGE = { nextCursor: { type: 'string' } } as const;

function listOf<T>(items: T): {
  readonly type: 'object';
  readonly required: readonly ['items'];
  readonly properties: { readonly items: { readonly type: 'array'; readonly items: T } } & typeof PAGE;
} {
  return { type: 'object', required: ['items'], properties: { items: { type: 'array', items }, ...PAGE } };
}

export const newTenantSchema = {
  type: 'object',
  required: ['id'],
  additionalProperties: false,
  properties: { id: ID, name: TEXT, policy: DOCUMENT, limits: DOCUMENT },
} as const;

export const tenantPatchSchema = {
  type: 'object',
  additionalProperties: false,
  properties: { name: { type: ['string', 'null'], maxLength: 256 }, policy: DOCUMENT, limits: DOCUMENT, version: VERSION },
} as const;

export const tenantSchema = {
  type: 'object',
  required: ['id'],
  properties: { id: ID, name: TEXT, policy: DOCUMENT, limits: DOCUMENT, createdAt: TIME, version: { type: 'integer' } },
} as const;

export const tenantsSchema = listOf(tenantSchema);

export const newKeySchema = {
  type: 'object',
  required: ['kind'],
  additionalProperties: false,
  properties: {
    kind: { type: 'string', enum: ['api', 'provisioning'] },
    scopes: SCOPES,
    group: ID,
    policy: DOCUMENT,
    limits: DOCUMENT,
    notAfter: TIME,
  },
} as const;

export const keyPatchSchema = {
  type: 'object',
  additionalProperties: false,
  properties: { scopes: SCOPES, policy: DOCUMENT, limits: DOCUMENT, version: VERSION },
} as const;

/** `overlapS`: how long what was valid before stays so. */
const OVERLAP = { type: 'integer', minimum: 0, maximum: 2_592_000 } as const;

export const rotationSchema = { type: ['object', 'null'], additionalProperties: false, properties: { overlapS: OVERLAP } } as const;

const KEY_PROPERTIES = {
  id: ID,
  kind: { type: 'string' },
  tenant: ID,
  group: ID,
  scopes: { type: 'array', items: { type: 'string' } },
  policy: DOCUMENT,
  limits: DOCUMENT,
  createdAt: TIME,
  notAfter: TIME,
  revokedAt: TIME,
  lastUsedAt: TIME,
  version: { type: 'integer' },
} as const;

export const keyViewSchema = { type: 'object', required: ['id', 'kind', 'tenant', 'scopes'], properties: KEY_PROPERTIES } as const;

export const keysSchema = listOf(keyViewSchema);

/** `key` is shown this once. */
export const keySchema = {
  type: 'object',
  required: ['id', 'kind', 'tenant', 'scopes', 'key'],
  properties: { ...KEY_PROPERTIES, key: { type: 'string' } },
} as const;

const GROUP_BODY = {
  description: { type: ['string', 'null'], maxLength: 1_024 },
  policy: DOCUMENT,
  limits: DOCUMENT,
  mode: { type: 'string', enum: ['static', 'continuous'] },
  query: {
    type: ['object', 'null'],
    additionalProperties: false,
    required: ['tags'],
    properties: { tags: { ...TAGS, minProperties: 1 } },
  },
  provisioning: {
    type: ['object', 'null'],
    additionalProperties: false,
    properties: {
      reclaim: { type: 'boolean' },
      tokenDays: { type: 'integer', minimum: 1, maximum: 3_650 },
      hook: {
        type: ['object', 'null'],
        additionalProperties: false,
        required: ['url', 'secret'],
        properties: { url: { type: 'string', maxLength: 2_048 }, secret: { type: 'string', maxLength: 512 } },
      },
    },
  },
} as const;

export const newGroupSchema = {
  type: 'object',
  required: ['id'],
  additionalProperties: false,
  properties: { id: ID, ...GROUP_BODY },
} as const;

export const groupPatchSchema = {
  type: 'object',
  additionalProperties: false,
  properties: { ...GROUP_BODY, version: VERSION },
} as const;

/** A hook's secret is never shown again. */
export const groupSchema = {
  type: 'object',
  required: ['id', 'tenant', 'mode', 'createdAt'],
  properties: {
    id: ID,
    tenant: ID,
    description: TEXT,
    policy: DOCUMENT,
    limits: DOCUMENT,
    mode: { type: 'string' },
    query: { type: 'object', additionalProperties: true },
    provisioning: { type: 'object', additionalProperties: true },
    createdAt: TIME,
    version: { type: 'integer' },
  },
} as const;

export const groupsSchema = listOf(groupSchema);

const DEVICE_BODY = { externalIds: EXTERNAL_IDS, tags: TAGS, policy: DOCUMENT, limits: DOCUMENT } as const;

export const newDeviceSchema = {
  type: 'object',
  required: ['id'],
  additionalProperties: false,
  properties: { id: ID, group: ID, model: TEXT, reuse: { type: 'boolean' }, ...DEVICE_BODY },
} as const;

export const devicePatchSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...DEVICE_BODY,
    tags: { ...TAGS, type: ['object', 'null'] },
    group: { type: ['string', 'null'], pattern: ID.pattern, description: `${ID.description}, or is null` },
    version: VERSION,
    model: { type: ['string', 'null'], maxLength: 256 },
  },
} as const;

export const decommissionSchema = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: { reuse: { type: 'boolean' } },
} as const;

const CREDENTIAL = {
  type: 'object',
  required: ['id', 'type', 'createdAt'],
  properties: {
    id: ID,
    type: { type: 'string' },
    fingerprint: { type: 'string' },
    spki: { type: 'string' },
    identity: { type: 'string' },
    createdAt: TIME,
    notBefore: TIME,
    notAfter: TIME,
    revokedAt: TIME,
    lastUsedAt: TIME,
  },
} as const;

const DEVICE_PROPERTIES = {
  id: ID,
  tenant: ID,
  state: { type: 'string' },
  externalIds: EXTERNAL_IDS,
  group: ID,
  groups: { type: 'array', items: ID },
  model: TEXT,
  tags: { type: 'object', additionalProperties: true },
  policy: DOCUMENT,
  limits: DOCUMENT,
  createdAt: TIME,
  version: { type: 'integer' },
  credentials: { type: 'array', items: CREDENTIAL },
} as const;

export const deviceSchema = {
  type: 'object',
  required: ['id', 'tenant', 'state', 'externalIds', 'createdAt', 'credentials'],
  properties: DEVICE_PROPERTIES,
} as const;

/** `token` is shown this once. */
export const registeredDeviceSchema = {
  type: 'object',
  required: ['id', 'tenant', 'token', 'externalIds', 'createdAt', 'credentials'],
  properties: { ...DEVICE_PROPERTIES, token: { type: 'string' } },
} as const;

export const devicesSchema = listOf(deviceSchema);

/** Hex; what is wrong with one is said by the route, which knows the limits. */
const PSK = { type: 'string', maxLength: 1_024 } as const;

export const newCredentialSchema = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    type: { type: 'string', enum: ['token', 'x509', 'psk'] },
    /** As OpenSSL prints it, or bare; the route makes it the one form. */
    fingerprint: { type: 'string', maxLength: 256 },
    spki: {
      type: 'string',
      pattern: '^[A-Za-z0-9+/]{43}=$',
      description: 'is the SHA-256 of the public key (SubjectPublicKeyInfo, DER) as base64: 44 characters, the last one =',
    },
    key: PSK,
    notBefore: TIME,
    notAfter: TIME,
  },
} as const;

export const credentialsSchema = listOf(CREDENTIAL);

export const credentialRotationSchema = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: { overlapS: OVERLAP, key: PSK },
} as const;

/** `token`, or the pre-shared `key`, is shown this once. */
export const mintedCredentialSchema = {
  type: 'object',
  required: ['id', 'device', 'type', 'createdAt'],
  properties: { ...CREDENTIAL.properties, device: ID, token: { type: 'string' }, key: { type: 'string' } },
} as const;

export const registerSchema = {
  type: 'object',
  required: ['id'],
  additionalProperties: false,
  properties: {
    id: ID,
    cert: { type: 'string', maxLength: 16_384 },
    csr: { type: 'string', maxLength: 16_384 },
    model: TEXT,
  },
} as const;

/** `token` is shown this once. */
export const registrationSchema = {
  type: 'object',
  required: ['id', 'tenant', 'token', 'topics', 'endpoints'],
  properties: {
    id: ID,
    tenant: ID,
    token: { type: 'string' },
    cert: { type: 'string' },
    topics: { type: 'object', additionalProperties: { type: 'string' } },
    endpoints: { type: 'object', additionalProperties: { type: 'string' } },
    notAfter: TIME,
  },
} as const;

export const auditSchema = listOf({
  type: 'object',
  required: ['seq', 'kind', 'id'],
  properties: {
    seq: { type: 'integer' },
    at: TIME,
    actor: { type: 'string' },
    did: { type: 'string' },
    kind: { type: 'string' },
    id: { type: 'string' },
    state: { type: 'object', additionalProperties: true },
  },
} as const);
