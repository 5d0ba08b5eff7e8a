import { AvroFileSource } from '@apf/connectors';
import { END, silent, type Outgoing } from '@apf/core';
import { lookStep, type AlertOverview } from './alert-overview.js';
import type { Display } from './display.js';
import type { Scenario } from './scenario.js';

/** Files asked for at once. */
const POLL = 100;

/** Alerts from a folder, a file or an archive, and the step that prints what each is about. */
export async function filesScenario(path: string, display: Display): Promise<Scenario> {
  const source = new AvroFileSource({ path, logger: silent });
  // Where there is nothing to read, that is said before a broker is started.
  await source.open();
  return new FilesScenario(source, display);
}

class FilesScenario implements Scenario {
  readonly topicFormat = 'alerts_%s';
  readonly resultTopic = null;
  readonly StepClass = lookStep((overview) => {
    this.display.result(lineOf(overview), { event: 'alert', ...overview });
  });
  /** Grows while files are read: an archive does not say how many it holds. */
  total = 0;
  unreadable = 0;

  constructor(
    private readonly source: AvroFileSource,
    private readonly display: Display,
  ) {}

  async *messages(): AsyncGenerator<Outgoing<Buffer>> {
    const never = new AbortController().signal;
    try {
      for (;;) {
        const polled = await this.source.poll(POLL, never);
        if (polled === END) return;
        for (const message of polled) {
          if (message.unreadable) {
            this.unreadable++;
            this.display.note(message.unreadable.message);
          } else if (message.value !== null) {
            this.total++;
            yield { value: message.value, key: null, origin: message };
          }
        }
      }
    } finally {
      await this.source.close();
    }
  }

  conclusion(): null {
    return null;
  }
}

function lineOf({ object, candid, magnitude, realBogus }: AlertOverview): string {
  const parts = [
    (object ?? 'no object id').padEnd(12),
    `candid ${candid ?? 'none'}`,
    ...(magnitude === null ? [] : [`magnitude ${magnitude.toFixed(2)}`]),
    ...(realBogus === null ? [] : [`real/bogus ${realBogus.toFixed(2)}`]),
  ];
  // Ids come from the alert, and an alert may hold anything: no control character reaches the terminal.
  // eslint-disable-next-line no-control-regex
  return parts.join('  ').replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?');
}
