/** What the supervisor makes of the place that an edge named for the deployment's administrator token. */
import type { AdminTokenPlace } from '../config/process-config.ts';
import { readIfThere } from '../embedded/files.ts';

export function adminTokenFileOf(place: AdminTokenPlace | undefined): string | undefined {
  return place !== undefined && 'file' in place ? place.file : undefined;
}

/** What the operator must be told of it. */
export function adminTokenWarnings(place: AdminTokenPlace | undefined): readonly string[] {
  return place !== undefined && 'elsewhere' in place ? [place.elsewhere] : [];
}

/** `given`: what the operator named, or nothing. Undefined where it is not known here. */
export async function readAdminToken(given: string, place: AdminTokenPlace | undefined): Promise<string | undefined> {
  if (given !== '') return given;
  const file = adminTokenFileOf(place);
  return file === undefined ? undefined : (await readIfThere(file))?.trim();
}
