/** Persistent sessions that come and go, what is published while they are away, and retained messages asked for at once. */
import { GOODBYE, PACKET_IDS, PUBACK_TYPE, PUBLISH_TYPE, publishBytes, SUBACK_TYPE, subscribeBytes } from '../mqtt/packets.ts';
import { RawClient } from '../mqtt/raw-client.ts';
import { AckWriter, packetIdOf } from './ack-writer.ts';
import { numbered } from './broker-jobs.ts';
import type { BrokerAccess, Job, JobFigures } from './broker-jobs.ts';
import { inParallel } from './in-parallel.ts';

type Counted = Omit<JobFigures, 'seconds' | 'cpuMs'> & Partial<Pick<JobFigures, 'seconds'>>;
type JobOf<K extends Job['kind']> = Job & { readonly kind: K };

/** Below the backlog of listeners, 511. */
const OPEN_AT_ONCE = 256;
const KEEP_ALIVE_S = 1_200;
/** Who leaves at once has not heard of retained messages yet, and would be told of them when it is back. */
const STAY_MS = 100;
const LEAVE_MS_MAX = 10_000;
const PUBLISHERS = 32;
/** Of each of them; the product's Receive Maximum. */
const IN_FLIGHT = 100;
const SUBSCRIPTION = 1;

function facts(access: BrokerAccess, clientId: string, clean: boolean) {
  return { clientId, clean, keepAliveS: KEEP_ALIVE_S, login: access.login };
}

/** One connection from CONNACK to what `use` waits for; rejects when the server ends it before. */
async function opened(
  access: BrokerAccess,
  session: { readonly clientId: string; readonly clean: boolean },
  use: (client: RawClient, on: { packet: Packet; readEnd: () => void }) => Promise<void>,
): Promise<void> {
  const on = { packet: ((): void => undefined) as Packet, readEnd: (): void => undefined };
  let used: Promise<void> | undefined;
  let fail: (error: Error) => void = () => undefined;
  const lost = new Promise<never>((_, reject) => (fail = reject));
  lost.catch(() => undefined);
  const client = await RawClient.open(access.address, facts(access, session.clientId, session.clean), {
    opened: (made) => {
      used = use(made, on);
    },
    packet: (first, bytes, body) => on.packet(first, bytes, body),
    readEnd: () => on.readEnd(),
    ended: (error) => fail(new Error(`${session.clientId} was disconnected: ${error?.message ?? 'closed'}`)),
  });
  try {
    await Promise.race([used, lost]);
  } finally {
    await client.leave(GOODBYE, LEAVE_MS_MAX);
  }
}

type Packet = (first: number, bytes: Buffer, body: { readonly start: number; readonly end: number }) => void;

export async function createSessions(job: JobOf<'sessions'>): Promise<Counted> {
  await inParallel(job.count, OPEN_AT_ONCE, (n) =>
    opened(job.access, { clientId: `${job.name}-${n}`, clean: false }, (client, on) => {
      return new Promise((resolve, reject) => {
        on.packet = (first, bytes, body) => {
          if (first >> 4 !== SUBACK_TYPE) return;
          if ((bytes[body.end - 1] ?? 0x80) < 0x80) setTimeout(resolve, STAY_MS);
          else reject(new Error(`a subscription was refused`));
        };
        client.send(subscribeBytes(SUBSCRIPTION, numbered(job.filter, n), 1));
      });
    }),
  );
  return { done: job.count, wrong: 0, firstWrong: '' };
}

/**
 * Every topic once, then every topic again: what one session waits for is spread over the whole log. A topic belongs to one
 * publisher, so that its messages have an order.
 */
export async function publishAll(job: JobOf<'publish'>): Promise<Counted> {
  let acked = 0;
  const publisher = (lane: number): Promise<void> =>
    opened(job.access, { clientId: `backlog-publisher-${lane}`, clean: true }, (client, on) => {
      return new Promise((resolve) => {
        const own = Math.ceil((job.topics - lane) / PUBLISHERS);
        const total = own * job.rounds;
        let sent = 0;
        let done = 0;
        const fill = (): void => {
          const packets: Buffer[] = [];
          while (sent < total && sent - done < IN_FLIGHT) {
            const topic = numbered(job.topic, lane + (sent % own) * PUBLISHERS);
            const payload = Buffer.from(String(Math.floor(sent / own)));
            packets.push(publishBytes({ topic, qos: 1, retain: job.retain, packetId: (sent++ % PACKET_IDS) + 1, payload }));
          }
          if (packets.length > 0) client.send(Buffer.concat(packets));
          if (done === total) resolve();
        };
        on.packet = (first) => {
          if (first >> 4 !== PUBACK_TYPE) return;
          done += 1;
          acked += 1;
        };
        on.readEnd = fill;
        fill();
      });
    });
  await inParallel(Math.min(PUBLISHERS, job.topics), PUBLISHERS, publisher);
  return { done: acked, wrong: 0, firstWrong: '' };
}

export async function drainSessions(job: JobOf<'drain'>): Promise<Counted> {
  const acks = new AckWriter();
  const deadlineMs = performance.now() + job.limitS * 1_000;
  let finished = 0;
  let wrong = 0;
  let firstWrong = '';
  let opening = 0;
  const waiting: (() => void)[] = [];
  const note = (what: string): void => {
    wrong += 1;
    firstWrong ||= what;
  };
  const mayOpen = (): Promise<void> =>
    new Promise((resolve) => {
      if (opening < OPEN_AT_ONCE) {
        opening += 1;
        resolve();
      } else waiting.push(resolve);
    });
  const isOpen = (): void => {
    const nextOne = waiting.shift();
    if (nextOne === undefined) opening -= 1;
    else nextOne();
  };
  const one = async (n: number): Promise<void> => {
    if (performance.now() > deadlineMs) {
      note('the time was over before all sessions had come');
      return;
    }
    const clientId = `${job.name}-${n}`;
    await mayOpen();
    let counted = false;
    try {
      await opened(job.access, { clientId, clean: false }, (client, on) => {
        isOpen();
        counted = true;
        if (!client.sessionPresent) note(`${clientId}: the session was not kept`);
        return allOf(client, on, { acks, each: job.each, limitMs: deadlineMs - performance.now(), note });
      });
      finished += 1;
    } catch (error) {
      if (!counted) isOpen();
      note(error instanceof Error ? error.message : String(error));
    }
  };
  await inParallel(job.count, job.atOnce, one);
  return { done: finished, wrong, firstWrong };
}

interface Expected {
  readonly acks: AckWriter;
  readonly each: number;
  readonly limitMs: number;
  note(what: string): void;
}

/** Resolves when one session has its messages; they carry their number. */
function allOf(client: RawClient, on: { packet: Packet; readEnd: () => void }, expected: Expected): Promise<void> {
  return new Promise((resolve, reject) => {
    let got = 0;
    const limit = setTimeout(
      () => reject(new Error(`a session had ${got} of its ${expected.each} messages in time`)),
      Math.max(1, expected.limitMs),
    );
    on.packet = (first, bytes, { end, start }) => {
      if (first >> 4 !== PUBLISH_TYPE) return;
      expected.acks.puback(packetIdOf(bytes, start));
      const number = Number(bytes.toString('latin1', start + 4 + bytes.readUInt16BE(start), end));
      if (number !== got) expected.note(`message ${number} came where ${got} was due`);
      got += 1;
    };
    on.readEnd = () => {
      expected.acks.flush(client);
      if (got < expected.each) return;
      clearTimeout(limit);
      resolve();
    };
    if (expected.each === 0) on.readEnd();
  });
}

export async function matchRetained(job: JobOf<'match'>): Promise<Counted> {
  const acks = new AckWriter();
  let got = 0;
  let ms = 0;
  await opened(job.access, { clientId: 'retained-subscriber', clean: true }, (client, on) => {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`${got} of ${job.expected} in time`)), job.limitS * 1_000);
      const begunMs = performance.now();
      on.packet = (first, bytes, { start }) => {
        if (first >> 4 !== PUBLISH_TYPE) return;
        got += 1;
        if ((first & 0x06) !== 0) acks.puback(packetIdOf(bytes, start));
      };
      on.readEnd = () => {
        acks.flush(client);
        if (got < job.expected) return;
        clearTimeout(limit);
        ms = performance.now() - begunMs;
        resolve();
      };
      client.send(subscribeBytes(SUBSCRIPTION, job.filter, 1));
    });
  });
  return { done: got, wrong: got - job.expected, firstWrong: got === job.expected ? '' : `${got} matched`, seconds: ms / 1_000 };
}
