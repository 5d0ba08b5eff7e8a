export { FakeClock, settle } from './fake-clock.js';
export { CRASH, MemorySink, MemorySource, PAUSE, Process, memoryCodec, message } from './memory.js';
export { type StepTest, type StepTestOptions, testStep } from './test-step.js';
