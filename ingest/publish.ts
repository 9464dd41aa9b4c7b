/**
 * The intake: lanes into all partitions, and the common tick on which they close. The cost of the log goes with messages,
 * so lanes gather what comes within a tick; that all of them close in one synchronous run lets the client send their
 * batches in one write. A lane that was idle, or holds something urgent, doesn't wait for the tick.
 *
 * Bound: partitions x 2 batches of `BATCH_BYTES_MAX`, plus one callback for each adapter that waits for room.
 */
import { assert } from '../engine/kernel/assert.ts';
import type { Clock } from '../engine/kernel/clock.ts';
import type { BatchAppender } from '../engine/ports/input-log.ts';
import { Lane, type LaneFact, type LaneHost } from './lanes/lane.ts';
import type { EventDraft, Intake, IntakeFailure, Receipt } from './message.ts';

/** Measured: at 4 ms the cost of messages is small, and an acknowledgement still takes no longer than an fsync or two. */
const TICK_MS = 4;
/** A lane without traffic for so long gains nothing by waiting. */
const IDLE_MS = 20;
/** While there is no connection, how often to look whether one came without being announced. */
const OFFLINE_LOOK_MS = 250;
/** A lane that has so much room takes turns at once. */
const WAITING_BYTES = 64 * 1024;
/** Between two attempts to have a partition's end confirmed. */
const CONFIRM_RETRY_MS = 500;

/** A process has 10 s to end; what isn't acknowledged by then is the senders' to repeat. */
const DRAIN_MS_MAX = 4_000;

/** Timers as an argument, so that tests own time. */
export interface Timers {
  /** Calls back once after `delayMs`; the answer cancels it. */
  after(delayMs: number, callback: () => void): () => void;
  /** Calls back once, when what is being read from sockets now was handled. */
  soon(callback: () => void): void;
}

export const systemTimers: Timers = {
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  soon(callback) {
    setImmediate(callback);
  },
};

/** Hears what becomes of batches; for metrics. */
export interface PublishObserver {
  batchSettled(partition: number, fact: LaneFact): void;
}

export interface LaneGauges {
  readonly partition: number;
  readonly isOpen: boolean;
  readonly waitingEvents: number;
  readonly waitingBytes: number;
  readonly flyingBytes: number;
  readonly resends: number;
}

export type ConfirmEnd = (partition: number, writer: { readonly serverId: string; readonly ackedSeq: number }) => Promise<void>;

export interface PublisherOptions {
  readonly partitions: number;
  /** The number under which this process announced itself; no other process ever uses it. */
  readonly edgeEpoch: number;
  /** The process's name, for people. */
  readonly edge: string;
  readonly appender: BatchAppender;
  readonly clock: Clock;
  readonly timers?: Timers;
  readonly observer?: PublishObserver;
  /** The server process that the first connection found; reconnecting to it needs no confirmation. */
  readonly serverId: string;
  /**
   * Where the log may lose its end when the server dies: resolves when the partition's owner has made sure that the log
   * still ends where it last ended, and not below the last message that this process was acknowledged. Called for each partition after a reconnect to another server process; until it
   * resolves the lane stays closed; when it rejects it is called again. Absent where an ack means fsynced.
   */
  readonly confirmEnd?: ConfirmEnd;
}

export class LogPublisher implements Intake {
  readonly partitions: number;
  readonly #appender: BatchAppender;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #observer: PublishObserver | undefined;
  readonly #confirmEnd: ConfirmEnd | undefined;
  readonly #lanes: readonly Lane[];
  /** Reused for each offer: who is to be told. */
  readonly #settle: { receipt: Receipt; tag: number } = { receipt: { stored: () => undefined, failed: () => undefined }, tag: 0 };
  #serverId: string;
  #refusal: IntakeFailure | undefined;
  #cancelTick: (() => void) | undefined;
  #cancelLook: (() => void) | undefined;
  #runIsDue = false;
  #isDraining = false;
  #drained: (() => void) | undefined;

  constructor(options: PublisherOptions) {
    this.partitions = options.partitions;
    this.#appender = options.appender;
    this.#clock = options.clock;
    this.#timers = options.timers ?? systemTimers;
    this.#observer = options.observer;
    this.#confirmEnd = options.confirmEnd;
    this.#serverId = options.serverId;
    const host: LaneHost = {
      edgeEpoch: options.edgeEpoch,
      edge: options.edge,
      now: () => this.#clock.now(),
      monotonic: () => this.#clock.monotonic(),
      append: (partition, data, done) => this.#appender.append(partition, data, done),
      after: (delayMs, callback) => this.#timers.after(delayMs, callback),
      settled: (lane, fact) => this.#settled(lane, fact),
    };
    this.#lanes = Array.from({ length: options.partitions }, (_, partition) => new Lane(partition, true, host));
    this.#appender.onReconnect((serverId) => this.#reconnected(serverId));
  }

  offer(draft: EventDraft, receipt: Receipt, tag: number): boolean {
    const lane = this.#lane(draft.partition);
    if (this.#isDraining || lane.turns.isClosed) return false;
    const refusal = this.#refusal;
    if (refusal !== undefined) {
      queueMicrotask(() => receipt.failed(tag, refusal));
      return true;
    }
    const settle = this.#settle;
    settle.receipt = receipt;
    settle.tag = tag;
    if (!lane.put(draft, settle)) {
      this.#makeRoom(lane);
      return false;
    }
    if (lane.waitingEvents === 1 || draft.urgent) this.#wake(lane, draft.urgent);
    return true;
  }

  hasRoom(partition: number, bytes: number): boolean {
    const lane = this.#lane(partition);
    if (this.#isDraining || lane.turns.isClosed || !lane.hasRoom(bytes)) return false;
    lane.turns.promise(bytes);
    return true;
  }

  whenRoom(partition: number, callback: () => void, tenant = ''): void {
    const lane = this.#lane(partition);
    // There will be no room any more.
    if (this.#isDraining) return;
    lane.turns.wait(tenant, callback);
    this.#makeRoom(lane);
    if (!lane.turns.isRunning && lane.hasRoom(WAITING_BYTES)) this.#turnsSoon(lane);
  }

  /** Sequence of the last batch of this process that the partition's log has; 0 before the first. */
  storedSeq(partition: number): number {
    return this.#lane(partition).storedSeq;
  }

  /** While set, whatever is offered fails so; what the lanes have already is sent. */
  refuse(failure: IntakeFailure | undefined): void {
    this.#refusal = failure;
  }

  /** Lanes keep what they have and send nothing, until each is opened. */
  pauseLanes(): void {
    for (const lane of this.#lanes) lane.isOpen = false;
  }

  /** Whether what is offered leaves at once; else it waits, for the owner of the partition to have looked at its end. */
  isLaneOpen(partition: number): boolean {
    return this.#lanes[partition]?.isOpen === true;
  }

  openLane(partition: number): void {
    const lane = this.#lane(partition);
    if (lane.isOpen) return;
    lane.isOpen = true;
    lane.resend();
    if (lane.waitingEvents > 0) this.#wake(lane, true);
  }

  gauges(): readonly LaneGauges[] {
    return this.#lanes.map((lane) => ({
      partition: lane.partition,
      isOpen: lane.isOpen,
      waitingEvents: lane.waitingEvents,
      waitingBytes: lane.waitingBytes,
      flyingBytes: lane.flyingBytes,
      resends: lane.resends,
    }));
  }

  /**
   * Takes nothing more, sends what is there and waits for its acknowledgement, at most `timeoutMs`; then fails the rest.
   * Afterwards every event that was ever taken is settled.
   */
  async drain(timeoutMs: number = DRAIN_MS_MAX): Promise<void> {
    this.#isDraining = true;
    if (!this.#isEmpty()) {
      await new Promise<void>((resolve) => {
        const cancel = this.#timers.after(timeoutMs, resolve);
        this.#drained = () => {
          cancel();
          resolve();
        };
        this.#run(() => true);
      });
    }
    this.#drained = undefined;
    this.#cancelTick?.();
    this.#cancelTick = undefined;
    this.#cancelLook?.();
    this.#cancelLook = undefined;
    for (const lane of this.#lanes) lane.abandon();
  }

  #lane(partition: number): Lane {
    const lane = this.#lanes[partition];
    assert(lane !== undefined, 'the partition exists');
    return lane;
  }

  #isEmpty(): boolean {
    return this.#lanes.every((lane) => lane.waitingEvents === 0 && !lane.isFlying);
  }

  /** The lane's open batch got its first event, or something urgent: when does it leave? */
  #wake(lane: Lane, urgent: boolean): void {
    if (urgent) lane.urgent = true;
    // What flies wakes the lane when it lands.
    if (lane.isFlying || !lane.isOpen) return;
    if (!lane.urgent && this.#clock.monotonic() - lane.busyAtMs < IDLE_MS) {
      this.#armTick();
      return;
    }
    lane.urgent = true;
    if (this.#runIsDue) return;
    this.#runIsDue = true;
    this.#timers.soon(() => {
      this.#runIsDue = false;
      this.#run((one) => one.urgent);
    });
  }

  /** Somebody is held back: a batch that could leave leaves without waiting for the tick. */
  #makeRoom(lane: Lane): void {
    if (lane.waitingEvents > 0) this.#wake(lane, true);
    else if (!lane.turns.isEmpty) this.#turnsSoon(lane);
  }

  /** Ticks lie on a grid of time, so that lanes which were acknowledged at different times leave together. */
  #armTick(): void {
    if (this.#cancelTick !== undefined) return;
    const delay = Math.max(1, Math.ceil(TICK_MS - (this.#clock.monotonic() % TICK_MS)));
    this.#cancelTick = this.#timers.after(delay, () => {
      this.#cancelTick = undefined;
      this.#run(() => true);
    });
  }

  #run(which: (lane: Lane) => boolean): void {
    if (!this.#appender.connected()) {
      this.#lookLater();
      return;
    }
    for (const lane of this.#lanes) {
      if (lane.waitingEvents > 0 && !lane.isFlying && lane.isOpen && which(lane)) {
        lane.launch();
        if (!lane.turns.isEmpty) this.#turnsSoon(lane);
      }
    }
  }

  #lookLater(): void {
    if (this.#cancelLook !== undefined) return;
    this.#cancelLook = this.#timers.after(OFFLINE_LOOK_MS, () => {
      this.#cancelLook = undefined;
      this.#run(() => true);
    });
  }

  #turnsSoon(lane: Lane): void {
    if (lane.turnsAreDue) return;
    lane.turnsAreDue = true;
    this.#timers.soon(() => this.#callWaiters(lane));
  }

  #callWaiters(lane: Lane): void {
    lane.turnsAreDue = false;
    if (this.#isDraining) return;
    lane.turns.run();
  }

  #settled(lane: Lane, fact: LaneFact): void {
    this.#observer?.batchSettled(lane.partition, fact);
    if (this.#drained !== undefined) {
      if (this.#isEmpty()) this.#drained();
      else if (lane.waitingEvents > 0) this.#run((one) => one === lane);
      return;
    }
    if (lane.waitingEvents > 0) this.#wake(lane, !lane.turns.isEmpty);
  }

  #reconnected(serverId: string): void {
    const isNew = serverId !== this.#serverId;
    this.#serverId = serverId;
    const confirmEnd = this.#confirmEnd;
    if (!isNew || confirmEnd === undefined) {
      for (const lane of this.#lanes) lane.resend();
      this.#run(() => true);
      return;
    }
    this.pauseLanes();
    for (const lane of this.#lanes) this.#confirm(lane, serverId, confirmEnd);
  }

  #confirm(lane: Lane, serverId: string, confirmEnd: ConfirmEnd): void {
    if (serverId !== this.#serverId) return;
    confirmEnd(lane.partition, { serverId, ackedSeq: lane.storedSeq }).then(
      () => {
        if (serverId === this.#serverId) this.openLane(lane.partition);
      },
      () => this.#timers.after(CONFIRM_RETRY_MS, () => this.#confirm(lane, serverId, confirmEnd)),
    );
  }
}
