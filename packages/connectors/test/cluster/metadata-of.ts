import RdKafka from 'node-rdkafka';

/** What a broker says of its topics, or of one of them. */
export function metadataOf(bootstrapServers: string, topic?: string): Promise<RdKafka.Metadata> {
  return new Promise((resolve, reject) => {
    const client = new RdKafka.Producer({ 'bootstrap.servers': bootstrapServers, log_level: 0 });
    const asked = topic === undefined ? {} : { topic, allTopics: false };
    client.connect({ timeout: 10_000, ...asked }, (error, metadata) => {
      if (error) reject(new Error(error.message));
      else client.disconnect(() => resolve(metadata));
    });
  });
}
