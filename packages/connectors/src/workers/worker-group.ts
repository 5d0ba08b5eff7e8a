import type { ChildProcess } from 'node:child_process';
import type { Clock, Logger } from '@apf/core';
import type { StatusBoard } from '../metrics/status-board.js';
import type { WorkerMessage } from './worker-messages.js';

export interface WorkerGroupOptions {
  readonly count: number;
  /** Starts the worker of this number, from 1 on, with a channel for messages. */
  readonly start: (worker: number) => ChildProcess;
  /** Where the status of each is kept, if anybody asks for it. */
  readonly board: StatusBoard | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A worker that ran so long has not failed because of how it is set up, in ms. */
const LASTING = 60_000;
/** After so many ends in a row, each soon after its start, a worker is given up. */
const TRIES = 6;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;
/** Workers beat every 5 s; one that has not for so long hangs, in ms. */
const SILENT = 30_000;

/**
 * Several processes of one step. Each that fails is started again, later each time; one that has mistaken settings, or
 * fails again and again, ends all.
 */
export class WorkerGroup {
  readonly #children = new Map<number, ChildProcess>();
  readonly #beats = new Map<number, number>();
  readonly #stopping = new AbortController();

  constructor(private readonly options: WorkerGroupOptions) {}

  /**
   * Runs until all have ended. The exit code: 0 when all ended well, 2 for wrong settings, 1 when one failed for good.
   */
  async run(signal: AbortSignal): Promise<number> {
    const stop = (): void => this.#stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    // One alone says what is wrong with the settings.
    const first = await new Promise<{ code: Promise<number> }>((resolve) => {
      const code = this.#keep(1, () => resolve({ code }));
      void code.then(() => resolve({ code }));
    });
    const others = Array.from({ length: this.options.count - 1 }, (_, i) =>
      this.#keep(i + 2, () => undefined),
    );
    const codes = await Promise.all([first.code, ...others]);
    signal.removeEventListener('abort', stop);
    return codes.includes(2) ? 2 : Math.max(...codes);
  }

  /** Whether each process that is there runs something. */
  get alive(): boolean {
    const now = this.options.clock.now();
    return [...this.#beats.values()].every((beat) => now - beat < SILENT);
  }

  #stop(): void {
    this.#stopping.abort();
    for (const child of this.#children.values()) child.kill('SIGTERM');
  }

  async #keep(worker: number, built: () => void): Promise<number> {
    const { clock, logger } = this.options;
    const { signal } = this.#stopping;
    for (let quick = 0; !signal.aborted;) {
      const begun = clock.now();
      const code = await this.#once(worker, built);
      if (code === 0) return 0;
      if (signal.aborted) return code;
      quick = clock.now() - begun >= LASTING ? 1 : quick + 1;
      if (code === 2 || quick >= TRIES) {
        const why = code === 2 ? 'its settings are wrong' : `it failed ${quick} times in a row`;
        logger.error({ worker, code }, `worker ${worker} is given up: ${why}; all stop`);
        this.#stop();
        return code === 2 ? 2 : 1;
      }
      const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (quick - 1));
      logger.warn(
        { worker, code },
        `worker ${worker} ended with ${code}; it starts again in ${wait / 1_000} s`,
      );
      await clock.sleep(wait, signal);
    }
    return 0;
  }

  /** One life of a worker: its exit code, as a shell has it. */
  #once(worker: number, built: () => void): Promise<number> {
    const { start, board, clock, logger } = this.options;
    const child = start(worker);
    this.#children.set(worker, child);
    this.#beats.set(worker, clock.now());
    const status = board?.add(`worker ${worker}`);
    child.on('message', (message: WorkerMessage) => {
      this.#beats.set(worker, clock.now());
      if (message.kind === 'built') built();
      else if (message.kind === 'status') status?.reported(message.report);
    });
    return new Promise((resolve) => {
      const ended = (code: number): void => {
        this.#children.delete(worker);
        this.#beats.delete(worker);
        status?.gone();
        resolve(code);
      };
      child.on('error', (error) => {
        logger.error({ worker, err: error }, `worker ${worker}: ${error.message}`);
        // One that never started has no exit.
        if (child.pid === undefined) ended(1);
      });
      // Told to stop before it could listen to that, it has ended as it was told.
      const toldTo = (by: NodeJS.Signals | null): boolean =>
        by === 'SIGTERM' && this.#stopping.signal.aborted;
      child.once('exit', (code, by) => ended(code ?? (toldTo(by) ? 0 : 1)));
    });
  }
}
