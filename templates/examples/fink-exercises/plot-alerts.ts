import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { plotAlert } from '@apf/alerts';
import { alertName, writeOnce } from '@apf/connectors';
import { type AlertContext, Step } from '@apf/core';

/** Exercise 1: a picture of each alert, its three cutouts and its light curve. */
export default class PlotAlerts extends Step {
  private readonly folder = process.env.OUTPUT ?? 'output';

  async execute(alert: unknown, { topic, partition, offset }: AlertContext): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const name = alertName(alert, { topic, partition, offset });
    await writeOnce(join(this.folder, `${name}.svg`), Buffer.from(plotAlert(alert)));
  }
}
