export { AlertConsumer, type AlertConsumerOptions, type ReceivedAlert } from './alert-consumer.js';
export { AlertError } from './alert-error.js';
export { AlertReader, type AlertReaderOptions } from './alert-reader.js';
