/** Where devices connect, as a device that registers is told. */

/** Ports that are open, by scheme. */
export type EdgeDoors = Readonly<Record<string, number>>;

/** `host` is how the caller named this edge: what it reached, its other sockets reach too. */
export function endpointsOf(host: string, doors: EdgeDoors): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(doors).map(([scheme, port]) => [scheme, `${scheme}://${host}:${port}`]));
}
