/** Bodies of the API's part about certificate authorities, as JSON Schema. */

const ID = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'has 1 to 64 of A-Z a-z 0-9 _ -' } as const;
const TIME = { type: 'string', format: 'date-time' } as const;

/** `proof`: a certificate that the CA signed for `twinfold:<tenant>`, PEM. `group`: of the devices that it lets register. */
export const newCaSchema = {
  type: 'object',
  required: ['pem'],
  additionalProperties: false,
  properties: {
    pem: { type: 'string', minLength: 1, maxLength: 32_768 },
    proof: { type: 'string', minLength: 1, maxLength: 32_768 },
    group: ID,
  },
} as const;

/** `crl`: a revocation list in PEM, or null for none. */
export const caPatchSchema = {
  type: 'object',
  required: ['crl'],
  additionalProperties: false,
  properties: { crl: { type: ['string', 'null'], maxLength: 262_144 } },
} as const;

export const caSchema = {
  type: 'object',
  required: ['id', 'subject', 'fingerprint', 'notAfter', 'pem'],
  properties: {
    id: ID,
    subject: { type: 'string' },
    fingerprint: { type: 'string' },
    notAfter: TIME,
    pem: { type: 'string' },
    group: ID,
    crl: {
      type: 'object',
      required: ['revoked', 'thisUpdate'],
      properties: { revoked: { type: 'integer' }, thisUpdate: TIME, nextUpdate: TIME },
    },
  },
} as const;

export const casSchema = {
  type: 'object',
  required: ['items'],
  properties: { items: { type: 'array', items: caSchema } },
} as const;

export const signingCaSchema = {
  type: 'object',
  required: ['id', 'subject', 'notAfter', 'pem'],
  properties: { id: ID, subject: { type: 'string' }, notAfter: TIME, pem: { type: 'string' } },
} as const;

export const newCertificateSchema = {
  type: 'object',
  required: ['csr'],
  additionalProperties: false,
  properties: { csr: { type: 'string', minLength: 1, maxLength: 16_384 }, days: { type: 'integer', minimum: 1, maximum: 3_650 } },
} as const;

export const certificateSchema = {
  type: 'object',
  required: ['id', 'device', 'certificate', 'chain', 'fingerprint', 'notAfter'],
  properties: {
    id: ID,
    device: ID,
    certificate: { type: 'string' },
    chain: { type: 'string' },
    fingerprint: { type: 'string' },
    notAfter: TIME,
  },
} as const;
