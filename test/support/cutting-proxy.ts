/** A TCP proxy that breaks connections: after so many bytes of a request, or of an answer. */
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

export interface CuttingProxy {
  readonly port: number;
  /** Both directions die when this many bytes of a connection's requests have gone through. */
  cutRequestsAfter(bytes: number): void;
  /** Requests go through whole; the connection dies when this many bytes of answers have. */
  cutAnswersAfter(bytes: number): void;
  heal(): void;
  close(): Promise<void>;
}

export async function cuttingProxy(targetPort: number): Promise<CuttingProxy> {
  let requestBytes = Number.POSITIVE_INFINITY;
  let answerBytes = Number.POSITIVE_INFINITY;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    const cut = (): void => {
      client.destroy();
      target.destroy();
    };
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', cut).on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    relay(client, target, () => requestBytes, cut);
    relay(target, client, () => answerBytes, cut);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const set = (requests: number, answers: number): void => {
    requestBytes = requests;
    answerBytes = answers;
    // Connections that are kept alive have been counted under other rules.
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cutRequestsAfter: (bytes) => set(bytes, Number.POSITIVE_INFINITY),
    cutAnswersAfter: (bytes) => set(Number.POSITIVE_INFINITY, bytes),
    heal: () => set(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

// oxlint-disable-next-line max-params
function relay(from: Socket, to: Socket, bytesMax: () => number, cut: () => void): void {
  let seen = 0;
  from.on('data', (chunk) => {
    const allowed = Math.max(0, bytesMax() - seen);
    seen += chunk.length;
    if (chunk.length <= allowed) {
      to.write(chunk);
      return;
    }
    if (allowed > 0) to.write(chunk.subarray(0, allowed), cut);
    else cut();
  });
}
