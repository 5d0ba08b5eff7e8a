// The step of scripts/bench/workers.mjs: waits for 5 ms or computes for as long, and says when it began and ended.
import { Step } from '@apf/core';
import { runStep } from '@apf/connectors';

const [servers, topic, kind] = process.argv.slice(2);
const MS = 5;

class Work extends Step {
  first = Infinity;
  last = 0;
  count = 0;

  async execute() {
    this.first = Math.min(this.first, Date.now());
    if (kind === 'waits') {
      await new Promise((resolve) => setTimeout(resolve, MS));
    } else {
      const end = performance.now() + MS;
      while (performance.now() < end);
    }
    this.count++;
    this.last = Date.now();
  }

  tearDown() {
    const { first, last, count } = this;
    if (count > 0) console.log(JSON.stringify({ first, last, count }));
  }
}

const settings = {
  CONSUMER_CONFIG: {
    CLASS: 'KafkaJsonConsumer',
    PARAMS: { 'bootstrap.servers': servers, 'group.id': `bench-${process.ppid}-${topic}` },
    TOPICS: topic,
    'consume.messages': 100,
  },
};
await runStep(settings, Work);
