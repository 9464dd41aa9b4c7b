/** Asking all edges at once what only each of them knows, such as whom it refused. */
export interface EdgeCalls {
  /** What those answered who answered in time, in no order; this process's own answer is among them. */
  callAll(question: Uint8Array): Promise<readonly Uint8Array[]>;
  /** Answers for this edge until stopped; undefined says nothing. */
  serve(answer: (question: Uint8Array) => Uint8Array | undefined): { stop(): void };
}
