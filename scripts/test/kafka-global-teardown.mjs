export { stopForTests as default } from './load-kafka-for-tests.mjs';
