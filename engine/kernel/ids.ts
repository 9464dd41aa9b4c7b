/**
 * One grammar for the ids of tenants and devices. It closes subject injection (`.`, `*`, `>`, white space), path
 * traversal and MQTT wildcards in one place, so nothing downstream has to escape an id.
 */

const ID = /^[A-Za-z0-9_-]{1,64}$/;

export function isId(text: string): boolean {
  return ID.test(text);
}

/** The same rule over bytes. */
export function isIdBytes(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length < 1 || length > 64) return false;
  for (let i = start; i < end; i++) {
    const c = bytes[i] ?? 0;
    const letter = (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);
    if (!letter && !(c >= 0x30 && c <= 0x39) && c !== 0x5f && c !== 0x2d) return false;
  }
  return true;
}
