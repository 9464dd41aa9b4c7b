/** The deployment's administrator credential, kept once for all its processes. */

export interface AdminOrigin {
  readonly node: string;
  readonly host: string;
  /** The data folder that holds the token in the clear. */
  readonly folder: string;
  readonly madeMs: number;
}

/** Only the token's keyed hash is kept, and where the token was made. */
export interface AdminCredential extends AdminOrigin {
  readonly hash: string;
}

export interface AdminStore {
  admin(): Promise<AdminCredential | undefined>;
  /** Answers the credential that stands: of several that are offered, also at once, the first one, for ever. */
  claimAdmin(offered: AdminCredential): Promise<AdminCredential>;
}
