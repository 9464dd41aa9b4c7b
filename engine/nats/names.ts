/** Names of streams, subjects and buckets. Everything of one deployment lives in one NATS account. */

const two = (partition: number): string => String(partition).padStart(2, '0');

export const inputStream = (partition: number): string => `EV_${two(partition)}`;
export const inputSubject = (partition: number): string => `ev.${two(partition)}`;
export const controlStream = (partition: number): string => `RS_${two(partition)}`;
export const controlSubject = (partition: number): string => `rs.${two(partition)}`;
export const askSubject = (partition: number): string => `q.${two(partition)}`;

/** What every edge answers for itself. */
export const EDGE_CALL_SUBJECT = 'edge.limits';

export const REGISTRY_STREAM = 'REG';
export const REGISTRY_SUBJECTS = 'reg.>';

/** What is fixed when a deployment is created, and the counter that numbers writers. */
export const DEPLOYMENT_BUCKET = 'twinfold';
/** Who is alive and who should own what; in memory, because a lease decides nothing. */
export const LIVE_BUCKET = 'twinfold-live';
export const SNAPSHOT_BUCKET = 'twinfold-snapshots';
