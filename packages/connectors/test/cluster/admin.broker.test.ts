import RdKafka from 'node-rdkafka';
import { metadataOf } from './metadata-of.js';
import { onRealKafka, uniqueName } from './test-cluster.js';

onRealKafka('admin', 'administration', (kafka) => {
  it('makes a topic with its partitions and its configuration', async () => {
    const topic = uniqueName('topic');
    await kafka.createTopic(topic, { partitions: 3, config: { 'max.message.bytes': '1000' } });
    const { topics } = await metadataOf(kafka.bootstrapServers, topic);
    expect(topics).toMatchObject([{ name: topic, partitions: [{ id: 0 }, { id: 1 }, { id: 2 }] }]);
    await expect(produce(topic, Buffer.alloc(2000))).rejects.toThrow(/size too large/i);
  });

  it('names the topic and what the broker says when it cannot be made', async () => {
    const topic = uniqueName('topic');
    await kafka.createTopic(topic);
    await expect(kafka.createTopic(topic)).rejects.toThrow(
      new RegExp(`^topic ${topic} could not be made: .*already exists`),
    );
    await expect(kafka.createTopic('a/b')).rejects.toThrow(
      /^'a\/b' is not a legal topic name: Kafka allows /,
    );
  });

  it('deletes a topic', async () => {
    const topic = uniqueName('topic');
    await kafka.createTopic(topic);
    await kafka.deleteTopic(topic);
    const { topics } = await metadataOf(kafka.bootstrapServers);
    expect(topics.map(({ name }) => name)).not.toContain(topic);
    await expect(kafka.deleteTopic(topic)).rejects.toThrow(`topic ${topic} could not be deleted`);
  });

  it('deletes the records below an offset', async () => {
    const topic = uniqueName('topic');
    await kafka.createTopic(topic);
    await produce(topic, ...Array.from({ length: 10 }, (_, index) => Buffer.from([index])));
    await kafka.deleteRecords(topic, 0, 4);
    expect(await watermarks(topic)).toEqual({ lowOffset: 4, highOffset: 10 });
  });

  it('does not make a topic that is only named', async () => {
    const topic = uniqueName('absent');
    await metadataOf(kafka.bootstrapServers, topic);
    const { topics } = await metadataOf(kafka.bootstrapServers);
    expect(topics.map(({ name }) => name)).not.toContain(topic);
  });

  /** Resolves when the broker has them all. */
  async function produce(topic: string, ...values: Buffer[]): Promise<void> {
    await withProducer(
      (producer) =>
        new Promise<void>((resolve, reject) => {
          let unconfirmed = values.length;
          producer.on('delivery-report', (error) => {
            if (error) reject(new Error(error.message));
            else if (--unconfirmed === 0) resolve();
          });
          for (const value of values) producer.produce(topic, 0, value);
        }),
    );
  }

  function watermarks(topic: string): Promise<RdKafka.WatermarkOffsets> {
    return withProducer(
      (producer) =>
        new Promise((resolve, reject) => {
          producer.queryWatermarkOffsets(topic, 0, 5000, (error, offsets) =>
            error ? reject(new Error(error.message)) : resolve(offsets),
          );
        }),
    );
  }

  async function withProducer<T>(use: (producer: RdKafka.Producer) => Promise<T>): Promise<T> {
    const producer = new RdKafka.Producer({
      'bootstrap.servers': kafka.bootstrapServers,
      dr_cb: true,
      log_level: 0,
    });
    producer.setPollInterval(20);
    await new Promise<void>((resolve, reject) => {
      producer.connect({}, (error) => (error ? reject(new Error(error.message)) : resolve()));
    });
    try {
      return await use(producer);
    } finally {
      await new Promise((resolve) => producer.disconnect(resolve));
    }
  }
});
