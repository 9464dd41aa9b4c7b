/**
 * What admission costs a message on an open session, in microseconds of CPU: with nothing limited, with a device's own two
 * windows, and with listener, address, device and the tenant's shared account besides. Run with `node`.
 */
import { gateOf, QuotaRig } from './quota-rig.ts';

const MESSAGES = 3_000_000;
const ROUNDS = 5;

async function measure(name: string, rig: QuotaRig, own: Parameters<QuotaRig['edge']>[0]): Promise<void> {
  const edge = rig.edge(own);
  const gates = Array.from({ length: 64 }, (_, i) => gateOf('t', `d${i}`, { address: `10.0.${i}.1` }));
  const [first] = gates;
  if (first === undefined) return;
  // One lease for all of it: how often credit is asked for is measured elsewhere.
  const hit = edge.room(first, MESSAGES * (ROUNDS + 1), 200 * MESSAGES * (ROUNDS + 1), 1);
  if (hit !== undefined) edge.whenCredit(hit, () => undefined);
  await rig.pass(50);
  let best = Number.POSITIVE_INFINITY;
  let refused = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < MESSAGES; i++) {
      const gate = gates[i & 63] ?? first;
      if (edge.room(gate, 1, 200, 1) === undefined) edge.charge(gate, 1, 200, 1);
      else refused++;
    }
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / MESSAGES);
    await rig.pass(50);
  }
  process.stdout.write(`${name}: ${best.toFixed(3)} us, ${refused} refused, ${edge.gauges.bytes} B of tables\n`);
}

const MUCH = '1G/s burst 100G, 900G/h burst 900G';
await measure('nothing is limited', new QuotaRig(), {});
const devices = new QuotaRig();
devices.limit('t', { eachDevice: { messages: MUCH } });
await measure('a device with two windows', devices, {});
const all = new QuotaRig();
all.limit('t', { messages: '1G/s burst 100G', bytes: '900G/s burst 900G', eachDevice: { messages: MUCH, bytes: '900G/s' } });
await measure('listener, prefix, device, tenant', all, { listener: { messages: MUCH }, prefix: { messages: MUCH, bytes: '900G/s' } });
