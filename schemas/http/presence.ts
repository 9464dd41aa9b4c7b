/**
 * `GET /v1/devices/{id}/presence`: which of a device's clients are connected; as JSON Schema. It is the section `presence`
 * of the twin, as the fold's worker writes it, without what its reader was not granted.
 */

export const presenceSchema = {
  type: 'object',
  additionalProperties: true,
  properties: {
    /** Whether any client of the device is. */
    connected: { type: 'boolean' },
    clients: { type: 'array', items: { type: 'object', additionalProperties: true } },
  },
} as const;
