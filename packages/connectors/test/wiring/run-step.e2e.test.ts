import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { killSteps, StepProcess } from './step-process.js';
import { temporaryFolder } from './temporary-folder.js';

/** Says that it is at work, and works until it is told to stop. */
const UNTIL_STOPPED = `
  async execute(alert, context) {
    console.log('executing ' + alert.objectId);
    await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
    console.log('finished ' + alert.objectId);
  }
  tearDown() { console.log('tearDown'); }`;
const NEVER = `execute(alert) { console.log('executing'); setInterval(() => undefined, 1000); return new Promise(() => undefined); }`;

afterEach(killSteps);

describe('runStep', () => {
  it('runs to the end: start-up lines, summary, exit 0', async () => {
    const step = new StepProcess('', 'execute() {}');
    expect(await step.ended()).toBe(0);
    expect(step.errors).toBe('');
    const messages = step.log.map(({ msg }) => msg);
    expect(messages.slice(0, 2)).toEqual(['sn_process 1.2.3', 'reads with JsonConsumer alerts.jsonl']);
    expect(messages.at(-1)).toMatch(
      /^ended \(the source has no more\): 2 read, 2 decoded, 2 executed, 0 produced, 0 dead letters, 2 committed in [\d.]+ s, \d+ alerts\/s$/,
    );
    expect(step.log.at(-1)).toMatchObject({ step: 'sn_process', reason: 'end', read: 2, executed: 2 });
    expect(step.output).toContain('returned end');
  });

  it('ends with 2 and one line for a mistake in settings', async () => {
    const step = new StepProcess(
      "COMIT: true, DEAD_LETTERS: { PARAMS: { password: 'hunter2' } }",
      'execute() {}',
    );
    expect(await step.ended()).toBe(2);
    expect(step.errors).toBe(
      "apf: settings: COMIT is not a setting; did you mean 'COMMIT'? (APF_SETTINGS)\n",
    );
    expect(step.output).toBe('returned undefined\n');
  });

  it('ends with 1 and one line when the run fails, with the stack only at level debug', async () => {
    const failing = "execute() { throw new FatalError('the disk is full', { code: 'APF_FILE' }); }";
    const step = new StepProcess('', failing);
    expect(await step.ended()).toBe(1);
    expect(step.errors).toBe('sn_process: the disk is full (APF_FILE)\n');
    const verbose = new StepProcess('', failing, { env: { LOG_LEVEL: 'debug' } });
    expect(await verbose.ended()).toBe(1);
    expect(verbose.errors).toContain('\n    at ');
  });

  it('ends with 2 where a setting turns out to be wrong when it is used', async () => {
    const step = new StepProcess(
      "CONSUMER_CONFIG: { CLASS: 'JsonConsumer', FILE_PATH: 'none.jsonl' }",
      'execute() {}',
    );
    expect(await step.ended()).toBe(2);
    expect(step.errors).toMatch(/^sn_process: there is no file or folder 'none.jsonl' .*\(APF_FILE\)\n$/);
  });

  it('ends with 1 and one line when the step cannot be made', async () => {
    const step = new StepProcess(
      '',
      "constructor() { super(); throw new Error('SLACK_API_TOKEN\\nis missing'); } execute() {}",
    );
    expect(await step.ended()).toBe(1);
    expect(step.errors).toBe('apf: SLACK_API_TOKEN is missing\n');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('finishes the batch on %s and ends with 0', async (signal) => {
    const step = new StepProcess('', UNTIL_STOPPED);
    await step.prints('executing ZTF1');
    step.child.kill(signal);
    expect(await step.ended()).toBe(0);
    expect(step.output).toContain('finished ZTF1');
    expect(step.output).toContain('tearDown');
    expect(step.output).toMatch(/"reason":"stopped".*"committed":1,/);
    expect(step.errors).toBe('');
  });

  it('leaves a batch that does not end uncommitted after SHUTDOWN_TIMEOUT', async () => {
    const step = new StepProcess('SHUTDOWN_TIMEOUT: 0.2', NEVER);
    await step.prints('executing');
    step.child.kill('SIGTERM');
    expect(await step.ended()).toBe(0);
    expect(step.log.at(-1)).toMatchObject({ reason: 'shutdown-timeout', committed: 0 });
  });

  it('ends with 1 at a second signal', async () => {
    const step = new StepProcess('SHUTDOWN_TIMEOUT: 1000', NEVER);
    await step.prints('executing');
    step.child.kill('SIGTERM');
    await step.prints('stopping');
    step.child.kill('SIGTERM');
    expect(await step.ended()).toBe(1);
    expect(step.errors).toBe(
      'sn_process: second SIGTERM: ended at once, what was not committed will be read again\n',
    );
  });

  it('ends with the code of the failure when it fails while it stops', async () => {
    const step = new StepProcess(
      '',
      `async execute(alert, context) {
        console.log('executing');
        await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
        throw new FatalError('no use');
      }`,
    );
    await step.prints('executing');
    step.child.kill('SIGTERM');
    const code = await step.ended();
    expect({ code, errors: step.errors }).toEqual({
      code: 1,
      errors: expect.stringMatching(/^sn_process: .*no use.*\n$/),
    });
  });

  it('ends with 1 when the step lets a promise reject that nobody waits for, and commits nothing more', async () => {
    const step = new StepProcess(
      '',
      "execute() { void Promise.reject(new Error('forgotten')); return new Promise(() => undefined); }",
    );
    expect(await step.ended()).toBe(1);
    expect(step.errors).toBe('sn_process: an error that nobody caught: forgotten\n');
    expect(step.output).not.toContain('ended (');
  });

  it('does not wait for what the step left open', async () => {
    const step = new StepProcess('', 'execute() { setInterval(() => undefined, 1000); }');
    expect(await step.ended()).toBe(0);
  });

  it('reads .env, under the real environment, and shows no secret', async () => {
    const name = 'APF__DEAD_LETTERS__PARAMS__SASL_PASSWORD';
    const step = new StepProcess('', "execute() { throw new Error('it was hunter2'); }", {
      files: { '.env': `${name}=hunter2\nLOG_LEVEL=error\nAPF__ON_ERROR=stop\n` },
      env: { LOG_LEVEL: 'debug' },
    });
    expect(await step.ended()).toBe(1);
    expect(step.log.find(({ msg }) => msg === 'settings')?.settings).toContain('[hidden]');
    expect(step.errors).toContain('it was [hidden]');
    expect(step.output + step.errors).not.toContain('hunter2');
  });

  it('keeps the heartbeat file while it runs', async () => {
    const heartbeat = join(temporaryFolder(), 'alive');
    const step = new StepProcess('', UNTIL_STOPPED, { env: { APF_HEARTBEAT: heartbeat } });
    await step.prints('executing');
    expect(Date.parse(readFileSync(heartbeat, 'utf8').trim())).not.toBeNaN();
    step.child.kill('SIGTERM');
    expect(await step.ended()).toBe(0);
    expect(existsSync(heartbeat)).toBe(false);
  });

  it('serves metrics and health while it runs, even while execute lets nothing else run', async () => {
    const step = new StepProcess(
      'PROMETHEUS: true, PROMETHEUS_PORT: 0',
      `execute() {
        process.stdout.write('busy\\n');
        while (!existsSync('enough'));
      }`,
      { imports: "import { existsSync } from 'node:fs';" },
    );
    await step.prints('busy');
    const url = String(step.log.find(({ url }) => url !== undefined)?.url);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('apf_consumed_total{step="sn_process"}');
    expect(metrics).not.toContain('ZTF');
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    writeFileSync(join(step.folder, 'enough'), '');
    expect(await step.ended()).toBe(0);
  });

  it('ends with 1 and one line where the port of its metrics is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const step = new StepProcess(`PROMETHEUS: true, PROMETHEUS_PORT: ${port}`, 'execute() {}');
    expect(await step.ended()).toBe(1);
    other.close();
    expect(step.errors).toMatch(/^sn_process: metrics cannot be served at 127.0.0.1:\d+: .*\(APF_PORT\)\n$/);
  });

  it('runs on where its metrics documents cannot be sent', async () => {
    const step = new StepProcess(
      "METRICS_CONFIG: { PARAMS: { 'bootstrap.servers': '127.0.0.1:1' }, TOPIC: 'metrics' }",
      'execute() {}',
    );
    expect(await step.ended()).toBe(0);
    expect(step.log.find(({ reason }) => reason !== undefined)).toMatchObject({ reason: 'end', executed: 2 });
    expect(step.output).toContain(
      'metrics cannot be sent: no Kafka broker answers at 127.0.0.1:1 within 3 s',
    );
  });

  it('writes metrics documents to its log', async () => {
    const step = new StepProcess(
      "METRICS_CONFIG: { CLASS: 'LogMetricsProducer', EXTRA_METRICS: ['objectId', { key: 'objectId', alias: 'short', format: 'short' }] }, CONSUMER_CONFIG: { CLASS: 'JsonConsumer', FILE_PATH: 'alerts.jsonl', 'consume.messages': 2 }",
      'execute() {} short(id) { return id.slice(3); }',
      { env: { METRICS_SURVEY: 'ztf' } },
    );
    expect(await step.ended()).toBe(0);
    expect(step.log.find(({ metrics }) => metrics !== undefined)?.metrics).toMatchObject({
      n_messages: 2,
      source: 'sn_process',
      survey: 'ztf',
      objectId: ['ZTF1', 'ZTF2'],
      short: ['1', '2'],
    });
  });

  const namespaces = spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0;
  if (!namespaces) console.warn('processes cannot be made PID 1 here (unshare): that is not tested');
  (namespaces ? it : it.skip)('stops on SIGTERM as PID 1 of a container too', async () => {
    const step = new StepProcess('', UNTIL_STOPPED, { before: ['unshare', '--pid', '--fork'] });
    await step.prints('executing');
    const { pid } = step.child;
    const [inside] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    process.kill(Number(inside), 'SIGTERM');
    expect(await step.ended()).toBe(0);
    expect(step.log.at(-1)).toMatchObject({ reason: 'stopped' });
  });
});
