/** What the examination of a step has found at one point. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warn' | 'fail';
  /** What is so, or what is wrong. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
  /** Who wrote the settings or the command made a mistake; nothing else failed. */
  readonly mistaken?: boolean;
}

/** Takes a finding as soon as it is made. */
export type Report = (finding: Finding) => void;
