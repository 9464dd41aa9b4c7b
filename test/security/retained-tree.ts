/** What is retained in a tenant's tree, as a real client sees it. */
import { connectAsync, type MqttClient } from 'mqtt';
import { until } from '../support/processes.ts';

export class RetainedTree {
  readonly #at: { readonly host: string; readonly port: number };
  readonly #key: string;

  constructor(at: { readonly host: string; readonly port: number }, key: string) {
    this.#at = at;
    this.#key = key;
  }

  async retain(topic: string, payload: string, password = this.#key): Promise<void> {
    const client = await this.#open(password);
    await client.publishAsync(topic, payload, { qos: 1, retain: true });
    await client.endAsync();
  }

  /**
   * Those of the topics of which something is retained, as the last must: what a subscription brings is fetched before what
   * the next one brings.
   */
  async found(...topics: readonly string[]): Promise<readonly string[]> {
    const client = await this.#open(this.#key);
    try {
      const found: string[] = [];
      client.on('message', (topic) => found.push(topic));
      for (const topic of topics) await client.subscribeAsync(topic);
      await until(() => found.includes(topics.at(-1) ?? ''), 'what is retained');
      return found;
    } finally {
      await client.endAsync();
    }
  }

  async #open(password: string): Promise<MqttClient> {
    const { host, port } = this.#at;
    return connectAsync(`mqtt://${host}:${port}`, { username: 'x', password, clientId: '', protocolVersion: 5 });
  }
}
