/** Whether a process takes part in the work. */
export interface Health {
  readonly ready: boolean;
  /** Why it is not. */
  readonly reason?: string;
}
