/** What these tools take from the environment: the folders and programs of whoever started them, and where to aim. */

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment as it is, with additions; for programs that are started. */
export function environment(additions: Environment = {}): Environment {
  return { ...process.env, ...additions };
}
