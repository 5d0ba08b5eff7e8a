import { join } from 'node:path';
import { cutoutsOf } from '@apf/alerts';
import { AlertFileSink, alertName, placeName, safeName, writeOnce } from '@apf/connectors';
import type { Outgoing, Sink, StreamAlert } from '@apf/core';

/** The first two bytes of gzip data (RFC 1952). */
const GZIP = 0x1f8b;

/** The images of alerts as FITS files, byte by byte as they came; ZTF's are gzipped, as their names say. */
export class StampSink implements Sink<StreamAlert> {
  written = 0;
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
      for (const { name, bytes, fileName } of cutoutsOf(value.value)) {
        const stem = alertName(value.value, origin);
        const file = safeName(fileName ?? `${stem}_${name.toLowerCase()}.fits${isGzip(bytes) ? '.gz' : ''}`);
        let found = await writeOnce(join(folder, file), bytes, overwrite);
        if (found === 'other') found = await writeOnce(join(folder, `${placeName(origin)}-${file}`), bytes);
        if (found === 'written') this.written++;
      }
    }
  }

  flush(): Promise<void> {
    return this.folder.flush();
  }

  async close(): Promise<void> {
    // Every file is closed already.
  }
}

const isGzip = (bytes: Buffer): boolean => bytes.length > 2 && bytes.readUInt16BE(0) === GZIP;
