/**
 * What a mutual-TLS handshake costs the server's process: a TLS port of ours and the answer whose certificate it was,
 * against a bare `node:tls` server that lets OpenSSL check the same certificates. Every handshake is of a device that was
 * not seen before. `--handshakes` in a round; `--mqtt` opens an MQTT session too; prints one line of JSON.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createServer, type TLSSocket } from 'node:tls';
import { type Holder, makeCa, makeDevice, makeServer, urn } from './pki.ts';
import { secureFactsOf } from '../../../ingest/tls/peer.ts';
import { secureSocket, type SecureEdge, startSecureEdge } from './secure-edge.ts';

/** Until the code of both is compiled. */
const WARM_UP = 600;
const ROUNDS = 9;
const AT_ONCE = 8;
const TENANT = 'bench';
/** MQTT 3.1.1, clean session, no client id. */
const CONNECT = Buffer.from([0x10, 0x0c, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 60, 0, 0]);
const CONNACK = Buffer.from([0x20, 2, 0, 0]);

const { values } = parseArgs({ options: { handshakes: { type: 'string' }, serve: { type: 'string' }, mqtt: { type: 'boolean' } } });
const handshakes = Number(values.handshakes ?? 200);

interface Served {
  readonly port: number;
  readonly ca: string;
  readonly chains: readonly { readonly cert: string; readonly key: string }[];
}

function isServed(message: unknown): message is Served {
  return typeof message === 'object' && message !== null && 'chains' in message;
}

function devices(ca: Holder): Served['chains'] {
  return Array.from({ length: WARM_UP + ROUNDS * handshakes }, (_, i) => {
    const { keyPem, pem } = makeDevice(ca, urn(TENANT, `dev-${i}`));
    return { cert: pem, key: keyPem };
  });
}

async function serve(kind: string): Promise<void> {
  const ca = makeCa('devices');
  const served = kind === 'edge' ? await serveEdge(ca) : await serveBare(ca);
  process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
  process.on('disconnect', () => process.exit(0));
  process.send?.({ ...served, chains: devices(ca) });
}

async function serveEdge(ca: Holder): Promise<Omit<Served, 'chains'>> {
  const door = (socket: TLSSocket): void => {
    const peer = secureFactsOf(socket)?.peer;
    socket.on('error', () => undefined);
    socket.on('data', () => {
      const isLetIn = peer !== undefined && secure.edge.authenticator.authenticateCertificate(peer).ok;
      if (isLetIn) socket.end(CONNACK);
      else socket.destroy();
    });
  };
  const secure: SecureEdge = await startSecureEdge({ mode: 'required', ...(values.mqtt === true ? {} : { front: { secure: door } }) });
  const { commands } = secure.edge;
  await commands.createTenant(TENANT);
  await secure.edge.addCa(TENANT, ca.pem);
  for (let i = 0; i < WARM_UP + ROUNDS * handshakes; i++) await commands.registerDevice(TENANT, { id: `dev-${i}`, externalIds: [] });
  return { port: secure.mqtts.port, ca: secure.ca.pem };
}

async function serveBare(ca: Holder): Promise<Omit<Served, 'chains'>> {
  const root = makeCa('server root');
  const { keyPem, pem } = makeServer(root);
  const options = { cert: pem, key: keyPem, ca: ca.pem, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const;
  const server = createServer(options, (socket: TLSSocket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.end(CONNACK));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, ca: root.pem };
}

async function messageOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once('message', resolve));
}

class Server {
  readonly #child: ChildProcess;
  readonly #served: Served;
  #used = 0;

  private constructor(child: ChildProcess, served: Served) {
    this.#child = child;
    this.#served = served;
  }

  static async start(kind: 'edge' | 'bare'): Promise<Server> {
    const child = fork(fileURLToPath(import.meta.url), [
      '--serve',
      kind,
      '--handshakes',
      String(handshakes),
      ...(values.mqtt === true ? ['--mqtt'] : []),
    ]);
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the ${kind} server ended`)));
    const message = await Promise.race([messageOf(child), ended]);
    if (!isServed(message)) throw new Error(`the ${kind} server did not start`);
    return new Server(child, message);
  }

  async #cpuMs(): Promise<number> {
    this.#child.send('cpu');
    const message = await messageOf(this.#child);
    const { cpu } = message as { readonly cpu: NodeJS.CpuUsage };
    return (cpu.user + cpu.system) / 1_000;
  }

  /** CPU of the server a handshake, ms. */
  async costMs(count: number): Promise<number> {
    const before = await this.#cpuMs();
    let left = count;
    const worker = async (): Promise<void> => {
      while (left-- > 0) await this.#connect();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return ((await this.#cpuMs()) - before) / count;
  }

  async #connect(): Promise<void> {
    const { ca, chains, port } = this.#served;
    const chain = chains[this.#used++];
    const socket = await secureSocket(port, { ca, servername: 'localhost', ...chain });
    socket.write(CONNECT);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    if (!answer.equals(CONNACK)) throw new Error(`refused: ${answer.toString('hex')}`);
    socket.destroy();
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}

async function measure(): Promise<void> {
  const [edge, bare] = [await Server.start('edge'), await Server.start('bare')];
  try {
    const own: number[] = [];
    const theirs: number[] = [];
    await edge.costMs(WARM_UP);
    await bare.costMs(WARM_UP);
    for (let round = 0; round < ROUNDS; round++) {
      own.push(await edge.costMs(handshakes));
      theirs.push(await bare.costMs(handshakes));
    }
    const middle = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
    const ratios = own.map((cost, round) => cost / (theirs[round] ?? Number.NaN));
    console.log(JSON.stringify({ ratio: middle(ratios), edgeMs: middle(own), bareMs: middle(theirs) }));
  } finally {
    edge.stop();
    bare.stop();
  }
}

if (values.serve === undefined) await measure();
else await serve(values.serve);
