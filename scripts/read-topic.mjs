import RdKafka from 'node-rdkafka';

/** All messages of a topic, up to the end that each partition has now. */
export async function readTopic(servers, topic) {
  const consumer = new RdKafka.KafkaConsumer(
    {
      'bootstrap.servers': servers,
      'group.id': `read-${process.pid}-${Date.now()}`,
      'enable.auto.commit': false,
      'enable.partition.eof': true,
    },
    { 'auto.offset.reset': 'earliest' },
  );
  const metadata = await new Promise((resolve, reject) =>
    consumer.connect({ topic }, (error, data) => (error ? reject(error) : resolve(data))),
  );
  const partitions = metadata.topics.find(({ name }) => name === topic)?.partitions ?? [];
  const unread = new Set(partitions.map(({ id }) => id));
  const messages = [];
  consumer.on('partition.eof', ({ partition }) => unread.delete(partition));
  consumer.assign(partitions.map(({ id }) => ({ topic, partition: id, offset: 0 })));
  while (unread.size > 0) {
    const some = await new Promise((resolve, reject) =>
      consumer.consume(1_000, (error, list) => (error ? reject(error) : resolve(list))),
    );
    messages.push(...some);
  }
  await new Promise((resolve) => consumer.disconnect(resolve));
  return messages;
}

/** Numbers in [0, 1) that repeat for a seed (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
