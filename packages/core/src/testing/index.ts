export { FakeClock, settle } from './fake-clock.js';
export { CRASH, MemorySink, MemorySource, PAUSE, memoryCodec, message } from './memory.js';
export { MemoryDatabase, type MemoryDatabaseOptions, MemoryTables } from './memory-database.js';
export { Process } from './process.js';
export { type StepTest, type StepTestOptions, testStep } from './test-step.js';
