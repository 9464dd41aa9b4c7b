/** A load generator's process: does what the bench tells it over IPC, and ends with it. */
import { GatewayGenerator } from './gateway-load.ts';
import type { FromGenerator, Load, ToGenerator } from './generator-protocol.ts';
import { MqttGenerator } from './mqtt-load.ts';

const TICK_MS = 2;

function tell(message: FromGenerator): void {
  if (process.connected) process.send?.(message);
}

function cpuMs(): number {
  const { system, user } = process.cpuUsage();
  return (system + user) / 1_000;
}

async function connectTo(load: Load): Promise<GatewayGenerator | MqttGenerator> {
  const onLost = (error: Error): void => tell({ type: 'broken', why: error.message });
  return load.kind === 'gateway' ? GatewayGenerator.connect(load, onLost) : MqttGenerator.connect(load, onLost);
}

let generator: GatewayGenerator | MqttGenerator | undefined;

async function take(message: ToGenerator): Promise<void> {
  switch (message.type) {
    case 'load':
      generator?.close();
      generator = await connectTo(message.load);
      tell({ type: 'connected' });
      break;
    case 'go':
      generator?.go(message.eventsPerS);
      break;
    case 'pause':
      generator?.pause();
      break;
    case 'report':
      if (generator === undefined) break;
      tell({ type: 'latencies', ms: generator.latencies.splice(0) });
      tell(generator.progress(cpuMs()));
      break;
  }
}

process.on('message', (message: ToGenerator) => {
  take(message).catch((error: unknown) => tell({ type: 'broken', why: error instanceof Error ? error.message : String(error) }));
});
process.on('disconnect', () => process.exit(0));

let lastMs = performance.now();
setInterval(() => {
  const nowMs = performance.now();
  generator?.tick(nowMs - lastMs);
  lastMs = nowMs;
}, TICK_MS);
