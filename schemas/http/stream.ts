/** Bodies of the live feed, as JSON Schema. */

export const ticketSchema = {
  type: 'object',
  required: ['ticket', 'expiresMs'],
  properties: {
    /** Opens one stream or one WebSocket, as `?ticket=`. */
    ticket: { type: 'string' },
    /** When it ends, milliseconds since the epoch. */
    expiresMs: { type: 'integer' },
  },
} as const;
