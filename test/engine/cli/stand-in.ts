/**
 * A stand-in for the processes that the supervisor starts: it keeps the contract with the supervisor and does nothing
 * else. As the edge it listens where it was told and answers the few calls of the API that the supervisor makes.
 */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ProcessConfig } from '../../../engine/config/process-config.ts';

process.once('message', (message: { readonly config: Partial<ProcessConfig> }) => {
  const { config } = message;
  process.stdout.write(`started as ${config.role ?? 'demo'}, failpoints: ${config.failpoints ?? 'none'}\n`);
  if (config.role === 'edge') serve(config);
  else if (config.role === 'engine') process.send?.({ type: 'ready', ports: {} });
  else beFleet();
});
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
process.stdin.on('end', () => process.exit(0)).resume();

function serve(config: Partial<ProcessConfig>): void {
  const tokens = new Map<string, number>();
  const server = createServer((request, response) => {
    const created = (body: object): void => void response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/v1/keys') created({ id: 'k1', key: 'tfk_demo.k1.secret' });
    else if (request.url === '/v1/devices') created({ id: 'dev-1', token: `tfd_demo.dev-1.c${tokens.size}.secret` });
    else if (request.url === '/v1/tenants') created({ id: 'demo' });
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ role: config.role, pid: process.pid }));
  });
  const port = typeof config.httpPort === 'number' ? config.httpPort : 0;
  server.listen(port, config.host, () => {
    const mqtt = config.mqttPort === 'off' ? {} : { mqtt: config.mqttPort === 0 ? 65_000 : config.mqttPort };
    const file = config.adminTokenFile ?? '';
    writeFileSync(file, 'tfa_stand-in-for-the-token\n', { mode: 0o600 });
    process.send?.({ type: 'ready', ports: { http: (server.address() as AddressInfo).port, ...mqtt }, adminToken: { file } });
  });
}

function beFleet(): void {
  process.send?.({ type: 'ready', ports: {} });
  const tell = (): void =>
    void process.send?.({ type: 'status', devices: 40, eventsPerS: 38, acked: 1_204, rows: 1_204, missing: 0, double: 0, lagMs: 400 });
  tell();
  setInterval(tell, 1_000);
}
