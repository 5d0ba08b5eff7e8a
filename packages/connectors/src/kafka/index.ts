export { startEmbeddedBroker } from './embedded-broker.js';
export { KafkaDeadLetterSink, type KafkaDeadLetterSinkOptions } from './kafka-dead-letter-sink.js';
export { KafkaSink, type KafkaSinkOptions } from './kafka-sink.js';
export { KafkaSource, type KafkaSourceOptions } from './kafka-source.js';
export { zstdAvailable } from './zstd.js';
