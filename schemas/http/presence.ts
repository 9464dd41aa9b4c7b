/**
 * `GET /v1/devices/{id}/presence`: which of a device's clients are connected; as JSON Schema. It is the section `presence`
 * of the twin without what its reader was not granted; of a device that never connected `connected` and `clients` alone.
 */
import { twinSchema } from './twin.ts';

export const presenceSchema = { type: 'object', properties: twinSchema.properties.presence.properties } as const;
