/** `npm run k6:build`: builds the k6 with MQTT, and says where it is. */
import { environment } from '../product/options.ts';
import { buildMqttK6 } from './build-mqtt.ts';

try {
  process.stdout.write(`${await buildMqttK6({ env: environment(), say: (line) => process.stderr.write(`${line}\n`) })}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
