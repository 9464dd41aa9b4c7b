/**
 * Which devices a gateway speaks for, as grants name them: a device's id, the beginning of ids and `*`, or `*` alone. A
 * question may be a pattern too, and then is one for all that it stands for.
 */

/** An id, or what one begins with; longer than an id is none. */
const PATTERN = /^(?:[A-Za-z0-9_-]{1,64}\*?|\*)$/;
/** Only this of a variable's value can stand in an id. */
const PART = /^[A-Za-z0-9_-]+$/;
const VARIABLE = /\$\{[^}]*\}/;

export function isGatewayPattern(text: string): boolean {
  return PATTERN.test(text);
}

/** Whether the value of a variable makes a part of an id: anything else could reach further than was meant. */
export function isIdPart(value: string): boolean {
  return PART.test(value);
}

/** All that a pattern with variables can come to be, whatever their values. */
export function widestPattern(pattern: string): string {
  const found = VARIABLE.exec(pattern);
  return found === null ? pattern : `${pattern.slice(0, found.index)}*`;
}

/** Whether `wide` stands for everything that `narrow` does. */
export function coversDevices(wide: string, narrow: string): boolean {
  return wide.endsWith('*') ? narrow.startsWith(wide.slice(0, -1)) : narrow === wide;
}

/** Whether there may be a device that both stand for. */
export function meetsDevices(one: string, other: string): boolean {
  return coversDevices(one, other) || coversDevices(other, one);
}
