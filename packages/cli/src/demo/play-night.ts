import { syntheticZtf, type SyntheticZtfOptions, ZTF_ALERT_SCHEMA } from '@apf/alerts';
import { KafkaSink } from '@apf/connectors';
import { ContainerWriter, FixedTopics, parseSchema, silent, systemClock } from '@apf/core';

/** Alerts that are there at once, so that a page has something to show, and then so many a second. */
const AT_ONCE = 60;
const PER_SECOND = 5;

/** Sends the whole alerts of a night of the synthetic sky, with their images: slowly, for people to look at. */
export async function playNight(
  servers: string,
  topic: string,
  sky: SyntheticZtfOptions,
  signal: AbortSignal,
): Promise<void> {
  const writer = new ContainerWriter(parseSchema(ZTF_ALERT_SCHEMA));
  const sink = new KafkaSink<Buffer>({
    params: { 'bootstrap.servers': servers },
    topics: new FixedTopics([topic]),
    encode: (bytes) => bytes,
    step: 'demo',
    version: '0',
    logger: silent,
    clock: systemClock,
  });
  await sink.open();
  try {
    let sent = 0;
    for (const { alert } of syntheticZtf(sky)) {
      if (signal.aborted) return;
      const origin = { topic, partition: 0, offset: sent, value: null };
      await sink.write([{ value: writer.write([alert]), key: alert.objectId, origin }]);
      await sink.flush(signal);
      sent++;
      await systemClock.sleep(sent < AT_ONCE ? 0 : 1_000 / PER_SECOND, signal);
    }
  } finally {
    await sink.close();
  }
}
