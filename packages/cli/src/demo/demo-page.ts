import type { SyntheticZtfOptions } from '@apf/alerts';
import { FolderLetters } from '@apf/connectors';
import { BrokerFeed, type Dashboard, embeddedStream, startDashboard } from '@apf/dashboard';
import { toError } from '@apf/core';
import { openBrowser } from '../dashboard/open-browser.js';
import { cliVersion } from '../new-step/origin.js';
import type { Display } from './display.js';
import type { DemoBeside, DemoSummary } from './embedded-run.js';
import { playNight } from './play-night.js';

export interface DemoPageOptions {
  readonly deadLetters: string;
  readonly display: Display;
  readonly signal: AbortSignal;
  /** The sky whose whole alerts are sent for the page, where the demo's own are classifications without images. */
  readonly night: SyntheticZtfOptions | undefined;
  readonly onSummary: (summary: DemoSummary) => void;
}

/** The dashboard beside a demo. The embedded broker cannot say which groups there are: it is told. */
export class DemoPage implements DemoBeside {
  private dashboard: Dashboard | undefined;
  private playing: Promise<void> | undefined;

  constructor(private readonly options: DemoPageOptions) {}

  async open(servers: string, topic: string, group: string): Promise<void> {
    const { deadLetters, display, night, signal } = this.options;
    const reading = { params: { 'bootstrap.servers': servers }, knowsTimes: false };
    this.dashboard = await startDashboard({
      version: cliVersion,
      title: `the demo (${servers})`,
      source: 'embedded broker',
      alerts: (store, listener) => new BrokerFeed(reading, store, listener),
      stream: embeddedStream(servers, [{ name: group, topics: [topic] }]),
      letters: { store: new FolderLetters(deadLetters) },
      onError: ({ message }) => display.note(message),
    });
    display.note(`The page is at ${this.dashboard.url}`);
    openBrowser(this.dashboard.url);
    this.playing =
      night &&
      playNight(servers, 'ztf', night, signal).catch((error: unknown) =>
        display.note(toError(error).message),
      );
  }

  async stay(summary: DemoSummary): Promise<void> {
    const { display, signal, onSummary } = this.options;
    onSummary(summary);
    display.note('The page stays until Ctrl-C.');
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  async close(): Promise<void> {
    await this.playing;
    await this.dashboard?.close();
  }
}
