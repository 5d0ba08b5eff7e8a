export { FolderLetters } from './folder-letters.js';
export { KafkaLetters } from './kafka-letters.js';
export { type LetterReason, letterReasons } from './letter-reasons.js';
export type { LetterStore, StoredLetter } from './letter-store.js';
export { letterStore } from './open-letters.js';
export { type ReplayedThrough, replayThrough } from './replay-through.js';
export { producerOf, replayToSource } from './replay-to-source.js';
