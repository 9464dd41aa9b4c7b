/**
 * Questions of a tenant's analysts to the analytics store: the login that sees the tenant's rows and nothing else, and
 * what is asked with it. Nobody outside of this process knows the login.
 */

export interface AnalystLogin {
  readonly user: string;
  readonly password: string;
}

export type AnalystRefusal =
  /** All logins that were made in advance are given to tenants; the next start makes more. */
  | 'none-left'
  /** The product's own account may not make users there. */
  | 'not-allowed'
  /** The store doesn't answer; the change may have been made. */
  | 'unavailable';

export type AnalystAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: AnalystRefusal; readonly detail: string };

/** Never rejects. */
export interface AnalystLogins {
  /** The tenant's, made at the first call. */
  login(tenant: string): Promise<AnalystAnswer<AnalystLogin>>;
  /** It sees nothing from then on, and what it runs is ended. */
  takeBack(tenant: string): Promise<AnalystAnswer<void>>;
}

/** A statement and how its answer is wanted; everything else that a request can say to the store is left out. */
export interface AnalystStatement {
  readonly text: string;
  readonly format: string;
  /** Of `{name:Type}` in the text. */
  readonly parameters: readonly (readonly [string, string])[];
  readonly settings: readonly (readonly [string, string])[];
}

export interface StoreAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ReadableStream<Uint8Array> | undefined;
}

export interface AnalystQueries {
  /** How the store itself reads the text, a node a line, indented by depth; rejects with the store's words where it can't. */
  syntaxTree(login: AnalystLogin, text: string, parameters: AnalystStatement['parameters']): Promise<readonly string[]>;
  run(login: AnalystLogin, statement: AnalystStatement, signal: AbortSignal): Promise<StoreAnswer>;
}
