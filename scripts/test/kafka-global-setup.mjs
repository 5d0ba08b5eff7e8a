export { startForTests as default } from './load-kafka-for-tests.mjs';
