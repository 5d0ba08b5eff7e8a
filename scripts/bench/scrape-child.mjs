// The step of scripts/bench/scrape.mjs: decodes whole alerts from memory as fast as one processor can, without an end.
import { setImmediate } from 'node:timers/promises';
import { Step } from '@apf/core';
import { runStep } from '@apf/connectors';
import { alertBytes } from '../alert-bytes.mjs';

const { alerts } = alertBytes();
const messages = Number(process.argv[2]);

let offset = 0;
const source = {
  open: async () => {},
  close: async () => {},
  pause: () => {},
  resume: () => {},
  commit: async () => {},
  poll: async (max, signal) => {
    // As a broker's messages do, these come from outside of the loop.
    await setImmediate();
    if (signal.aborted) return [];
    return Array.from({ length: Math.min(max, messages) }, () => ({
      topic: 'alerts',
      partition: 0,
      offset: offset++,
      timestamp: Date.now(),
      value: alerts[offset % alerts.length],
    }));
  },
};

class NoOp extends Step {
  execute() {}
}

const settings = {
  CONSUMER_CONFIG: {
    CLASS: 'KafkaConsumer',
    PARAMS: { 'bootstrap.servers': 'none:9092', 'group.id': 'bench' },
    TOPICS: 'alerts',
    'consume.messages': messages,
  },
};
await runStep(settings, NoOp, { source });
