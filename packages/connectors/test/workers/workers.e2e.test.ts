import { onRealKafka, uniqueName } from '../cluster/test-cluster.js';
import { closeSinks, produce } from '../kafka/kafka-fixture.js';
import { killSteps, StepProcess } from '../wiring/step-process.js';

afterEach(killSteps);
afterAll(closeSinks);

onRealKafka('rebalance', 'WORKERS', (kafka) => {
  const settings = (topic: string, more = ''): string => `
    CONSUMER_CONFIG: {
      CLASS: 'KafkaJsonConsumer',
      PARAMS: { 'bootstrap.servers': '${kafka.bootstrapServers}', 'group.id': '${uniqueName('group')}', 'session.timeout.ms': 6000 },
      TOPICS: '${topic}',
    },
    WORKERS: 2, PROMETHEUS: true, PROMETHEUS_PORT: 0, ${more}`;

  it('share the partitions, start again when killed, serve one /metrics, and stop with 0', async () => {
    const topic = uniqueName('topic');
    await kafka.createTopic(topic, { partitions: 4 });
    const step = new StepProcess(settings(topic), 'execute() {}');
    const started = (worker: number): Record<string, unknown>[] =>
      step.log.filter((line) => line.worker === worker && line.msg === 'sn_process 1.2.3');
    await step.prints('"worker":2,"topics"');
    const url = String(step.log.find((line) => line.url !== undefined)?.url);
    await produce(kafka.bootstrapServers, topic, ['{"a":1}', '{"a":2}', '{"a":3}']);
    let text = '';
    while (!/^apf_executed_total\{[^}]*\} 3$/m.test(text))
      text = await (await fetch(`${url}/metrics`)).text();
    expect(text.match(/^apf_executed_total/gm)).toHaveLength(1);
    while ((await fetch(`${url}/health/ready`)).status !== 200);
    const before = started(1).length;
    const children = step.childrenOf(step.child.pid!);
    expect(children).toHaveLength(2);
    process.kill(children[0]!, 'SIGKILL');
    await step.prints('it starts again in 1 s');
    while (started(1).length + started(2).length < before + 2) await step.more();
    step.child.kill('SIGTERM');
    expect(await step.ended()).toBe(0);
  });

  it('end with 2, said once, when the settings are wrong', async () => {
    const step = new StepProcess(settings('t', "DEAD_LETTERS: { CLASS: './none.js#Mine' },"), 'execute() {}');
    expect(await step.ended()).toBe(2);
    expect(step.errors.trim().split('\n')).toHaveLength(1);
  });
});
