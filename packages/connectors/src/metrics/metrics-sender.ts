/** Where metrics documents go. Nothing that it does may stop the step. */
export interface MetricsSender {
  /** Called once the run is open. */
  open(): Promise<void>;
  send(document: object): void;
  /** Gives what is left a moment to arrive. */
  close(): Promise<void>;
}
