import RdKafka from 'node-rdkafka';

/** Whether this build of node-rdkafka reads topics that are compressed with zstd. */
export function zstdAvailable(): boolean {
  return RdKafka.features.includes('zstd');
}
