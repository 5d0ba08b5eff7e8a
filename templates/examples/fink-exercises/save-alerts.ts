import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { alertName, writeOnce } from '@apf/connectors';
import { type AlertContext, ContainerWriter, Step } from '@apf/core';

/** Exercise 2: each alert in a file of its own, which every Avro reader takes. One that is there is not replaced. */
export default class SaveAlerts extends Step {
  private readonly folder = process.env.OUTPUT ?? 'output';

  async execute(alert: unknown, context: AlertContext): Promise<void> {
    const { topic, partition, offset } = context;
    await mkdir(this.folder, { recursive: true });
    const name = alertName(alert, { topic, partition, offset });
    const { schema } = context.avro();
    await writeOnce(join(this.folder, `${name}.avro`), new ContainerWriter(schema).write([alert]));
  }
}
