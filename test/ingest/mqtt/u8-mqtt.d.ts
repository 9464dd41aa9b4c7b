/** What the tests use of a client that comes without types. */
declare module 'u8-mqtt' {
  interface U8Packet {
    readonly topic: string;
    readonly retain: number | boolean;
    readonly qos: number;
    readonly props?: Readonly<Record<string, unknown>>;
    utf8(): string;
  }

  interface U8Client {
    with_tcp(port: number, host: string): U8Client;
    connect(options: Readonly<Record<string, unknown>>): Promise<unknown>;
    /** `:name` stands for a level. */
    subscribe_topic(route: string, options: Readonly<Record<string, unknown>>, handler: (packet: U8Packet) => void): U8Client;
    subs_settled(): Promise<unknown>;
    /** QoS 1; resolves when it is acknowledged. */
    send(topic: string, payload: string, options?: { readonly props?: Readonly<Record<string, unknown>> }): Promise<unknown>;
    /** The same, retained. */
    store(topic: string, payload: string): Promise<unknown>;
    disconnect(): Promise<unknown>;
  }

  export function mqtt_v4(options?: Readonly<Record<string, unknown>>): U8Client;
  export function mqtt_v5(options?: Readonly<Record<string, unknown>>): U8Client;
}
