/**
 * `GET /v1/devices/{id}/twin`: a device's twin; as JSON Schema. The fold's worker writes this body itself, straight from
 * the columns, because an integer beyond 2^53 keeps all its digits there; a test holds the two against each other.
 */

export const twinSchema = {
  type: 'object',
  required: ['tenant', 'device', 'version', 'latest'],
  properties: {
    tenant: { type: 'string' },
    device: { type: 'string' },
    /** Position of the last event that was accepted from the device; where there was none, `stateCause`. */
    version: { type: 'string' },
    /** What the registry said of the device last, as the fold knows it; absent: nothing yet. */
    state: { enum: ['registered', 'active', 'disabled', 'decommissioned', 'deleted'] },
    /** The device was decommissioned: nothing changes here any more. */
    archived: { const: true },
    /** Log time, and the position of the event that says so; where the device is disabled, decommissioned or deleted. */
    stateSince: { type: 'string' },
    stateCause: { type: 'string' },
    /** The newest value of each metric and attribute. */
    latest: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['value', 'time', 'cause'],
        properties: {
          /** A number, a boolean or a string, as it was sent. */
          value: {},
          /** Event time. */
          time: { type: 'string' },
          /** Position of the event that brought the value. */
          cause: { type: 'string' },
        },
      },
    },
  },
} as const;
