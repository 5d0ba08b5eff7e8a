/**
 * The life of one process in a crash test. Once it is over, whatever the run still tries has no effect and never
 * returns, as after `kill -9`.
 */
export class Process {
  private readonly die: () => void = () => undefined;
  /** Resolves when the process has died. */
  readonly died: Promise<void>;
  alive = true;

  constructor() {
    let die = (): void => undefined;
    this.died = new Promise((resolve) => (die = resolve));
    this.die = die;
  }

  crash(): Promise<never> {
    this.alive = false;
    this.die();
    return new Promise(() => undefined);
  }

  /** Goes on only if the process still lives. */
  async living(): Promise<void> {
    if (!this.alive) await this.crash();
  }
}
