/**
 * One connection as the log knows it: that it began, what its session became, that it ended. The connection's number is the
 * place where its beginning stands, so whatever names the connection waits until that is known.
 */
import type { ConnectedInit, DisconnectedInit, SessionChangeInit } from '../../schemas/gen/lean.ts';
import type { SessionLog, SessionName } from './session-log.ts';

/** Who keeps the records of an edge. */
export interface RecordKeeper {
  /** Of a beginning that may stand in the log twice: at which place it counts. Settles when that is known. */
  find(record: ConnectionRecord, place: number): Promise<number>;
  /** The connection ended, and its last word is on its way to the log; what is returned is called when it is there. */
  parting(record: ConnectionRecord, last: SessionChangeInit): () => void;
}

export class ConnectionRecord {
  readonly name: SessionName;
  /** The edge's own number for the connection. */
  readonly edgeConnection: number;
  readonly #log: SessionLog;
  readonly #keeper: RecordKeeper;
  #number = 0;
  #state: 'new' | 'sent' | 'known' | 'failed' = 'new';
  #waiting: (() => void)[] = [];
  #isEnded = false;

  constructor(log: SessionLog, about: { readonly name: SessionName; readonly edgeConnection: number; readonly keeper: RecordKeeper }) {
    this.#log = log;
    this.name = about.name;
    this.edgeConnection = about.edgeConnection;
    this.#keeper = about.keeper;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** 0: not known yet. */
  get number(): number {
    return this.#number;
  }

  /** `said` hears the connection's number; undefined: the log couldn't take it. */
  begin(connected: Omit<ConnectedInit, 'edgeConnection'>, said: (number: number | undefined) => void): void {
    this.#state = 'sent';
    this.#log.connected(this.name, { ...connected, edgeConnection: this.edgeConnection }, (place, mayBeCopy) => {
      if (place === undefined || !mayBeCopy) this.#began(place, said);
      else void this.#keeper.find(this, place).then((number) => this.#began(number, said));
    });
  }

  /** Whether its number is still to come. */
  get isBeginning(): boolean {
    return this.#state === 'sent';
  }

  /** Calls back once its number is known, or it is known that there is none. */
  whenNumbered(go: () => void): void {
    this.#whenKnown(go);
  }

  /** `change` is asked when it can be said. `said` hears whether it is stored; nothing is said of a connection that has ended. */
  change(change: () => SessionChangeInit, said: (isStored: boolean) => void): void {
    this.#whenKnown(() => {
      if (this.#isEnded) return;
      if (this.#state === 'failed') said(false);
      else this.#log.changed(this.name, this.#number, { change: change(), said: (place) => said(place !== undefined) });
    });
  }

  /** The last that is said of it. `said` hears whether it is stored. */
  end(disconnected: Omit<DisconnectedInit, 'edgeConnection'>, said: (isStored: boolean) => void = () => undefined): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (this.#state === 'new' || this.#state === 'failed') {
      said(false);
      return;
    }
    // It may be said before the number is known: both are on one lane.
    const full = { ...disconnected, edgeConnection: this.edgeConnection };
    const { last } = disconnected;
    const parted = last === undefined ? undefined : this.#keeper.parting(this, last);
    this.#log.disconnected(this.name, this.#number, {
      disconnected: full,
      said: (place) => {
        parted?.();
        said(place !== undefined);
      },
    });
  }

  #began(number: number | undefined, said: (number: number | undefined) => void): void {
    this.#number = number ?? 0;
    this.#state = number === undefined ? 'failed' : 'known';
    said(number);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }

  #whenKnown(go: () => void): void {
    if (this.#state === 'sent') this.#waiting.push(go);
    else go();
  }
}
