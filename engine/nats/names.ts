/** Names of streams, subjects and buckets. Everything of one deployment lives in one NATS account. */

const two = (partition: number): string => String(partition).padStart(2, '0');

export const inputStream = (partition: number): string => `EV_${two(partition)}`;
export const inputSubject = (partition: number): string => `ev.${two(partition)}`;
export const controlStream = (partition: number): string => `RS_${two(partition)}`;
export const controlSubject = (partition: number): string => `rs.${two(partition)}`;
export const askSubject = (partition: number): string => `q.${two(partition)}`;

/** Messages of the tenants' topic trees, the index over them, and the last retained message of each topic. */
export const topicStream = (partition: number): string => `TT_${two(partition)}`;
export const topicSubject = (partition: number): string => `tt.${two(partition)}`;
/** What the owner of a partition of the input log says into a topic partition has a subject of its own, to be fenced by. */
export const topicEffectSubject = (partition: number, source: number): string => `tt.${two(partition)}.fx.${two(source)}`;
export const topicIndexStream = (partition: number): string => `TI_${two(partition)}`;
export const topicIndexSubject = (partition: number, name: string): string => `ti.${two(partition)}.${name}`;
export const retainedStream = (partition: number): string => `TR_${two(partition)}`;
export const retainedSubject = (partition: number, name: string): string => `tr.${two(partition)}.${name}`;
export const retainedAskSubject = (partition: number): string => `tq.${two(partition)}`;
/** Messages of QoS 0, which no log has. */
export const QOS_0_SUBJECT = 'tt.qos0';
/** An edge process, for whoever has something to say to one of its connections. */
export const edgeSubject = (edgeEpoch: number): string => `edge.${edgeEpoch}`;

/** What edges tell each other. */
export const gossipSubject = (kind: string): string => `edge.gossip.${kind}`;

/** What every edge answers for itself. */
export const EDGE_CALL_SUBJECT = 'edge.limits';

export const REGISTRY_STREAM = 'REG';
export const REGISTRY_SUBJECTS = 'reg.>';

/** What is fixed when a deployment is created, and the counter that numbers writers. */
export const DEPLOYMENT_BUCKET = 'twinfold';
/** Who is alive and who should own what; in memory, because a lease decides nothing. */
export const LIVE_BUCKET = 'twinfold-live';
export const SNAPSHOT_BUCKET = 'twinfold-snapshots';
