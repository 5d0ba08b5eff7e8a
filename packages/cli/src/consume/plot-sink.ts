import { join } from 'node:path';
import { identityOf, lightCurveOf, plotAlert } from '@apf/alerts';
import { AlertFileSink, alertName, placeName, writeOnce } from '@apf/connectors';
import type { Outgoing, Sink, StreamAlert } from '@apf/core';

/** A picture (SVG) of each alert: its cutouts and its light curve. What is no alert of a known survey has none. */
export class PlotSink implements Sink<StreamAlert> {
  private readonly folder: AlertFileSink;

  constructor(private readonly options: { readonly folder: string; readonly overwrite: boolean }) {
    this.folder = new AlertFileSink(options);
  }

  open(): Promise<void> {
    return this.folder.open();
  }

  async write(batch: readonly Outgoing<StreamAlert>[]): Promise<void> {
    const { folder, overwrite } = this.options;
    for (const { value, origin } of batch) {
      if (!identityOf(value.value) || !lightCurveOf(value.value)) continue;
      const picture = Buffer.from(plotAlert(value.value));
      const stem = alertName(value.value, origin);
      const found = await writeOnce(join(folder, `${stem}.svg`), picture, overwrite);
      if (found === 'other') await writeOnce(join(folder, `${stem}-${placeName(origin)}.svg`), picture);
    }
  }

  flush(): Promise<void> {
    return this.folder.flush();
  }

  async close(): Promise<void> {
    // Every file is closed already.
  }
}
