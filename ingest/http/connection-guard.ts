/**
 * How fast and how many connections a listener and an address prefix may make over HTTP. A connection beyond that is told so
 * in answer to its first request, and ended with it: before a request there is no way to say anything.
 */
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Admission } from '../admit.ts';
import type { Refusal } from '../refusal.ts';
import { refuse } from './reply.ts';
import { overLimit } from './request-gate.ts';

/** To be called before routes are added. Answers how to ask about a connection whose requests pass by the routes. */
export function guardConnections(app: FastifyInstance, admission: Admission): (socket: Socket) => Refusal | undefined {
  const refused = new WeakMap<Socket, Refusal>();
  app.server.on('connection', (socket: Socket) => {
    const listener = 'encrypted' in socket ? 'https' : 'http';
    const address = socket.remoteAddress;
    const knocked = admission.knock(listener, address);
    if (knocked !== undefined) {
      refused.set(socket, overLimit(knocked));
      return;
    }
    const { hit, leave } = admission.enter({ tenant: '', device: undefined, key: undefined, listener, address });
    if (hit === undefined) socket.once('close', leave);
    else refused.set(socket, overLimit(hit));
  });
  app.addHook('onRequest', (request, reply, done) => {
    const why = refused.get(request.raw.socket);
    if (why === undefined) done();
    else void refuse(reply.header('connection', 'close'), why);
  });
  return (socket) => refused.get(socket);
}
