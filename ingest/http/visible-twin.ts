/** The part of a twin that its reader was granted: whole sections, or single leaves of them. */
import type { Grants } from '../message.ts';

const SECTIONS: ReadonlySet<string> = new Set(['latest', 'reported', 'desired', 'delta', 'tags', 'presence']);

type Twin = Readonly<Record<string, unknown>>;

/** The twin's JSON body without what isn't granted; sections of which nothing is left are not named. */
export function visibleTwin(body: Uint8Array, grants: Grants): Uint8Array {
  if (grants.allows('twin:read')) return body;
  const twin = parsed(body);
  const visible = Object.entries(twin).flatMap(([name, part]): [string, unknown][] => {
    if (!SECTIONS.has(name) || grants.allows(`twin:read:${name}`)) return [[name, part]];
    const leaves = isRecord(part) ? Object.entries(part).filter(([leaf]) => grants.allows(`twin:read:${name}.${leaf}`)) : [];
    return leaves.length === 0 ? [] : [[name, Object.fromEntries(leaves)]];
  });
  return Buffer.from(JSON.stringify(Object.fromEntries(visible)));
}

/** Numbers keep the digits that they are written with: there are integers beyond 2^53 among them. */
function parsed(body: Uint8Array): Twin {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('utf8');
  const keep = (_: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' && context?.source !== undefined ? rawNumber(context.source) : value;
  const twin: unknown = JSON.parse(text, keep);
  return isRecord(twin) ? twin : {};
}

function rawNumber(source: string): unknown {
  // The compiler's library doesn't know it yet.
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(source);
}

function isRecord(value: unknown): value is Twin {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
