import RdKafka from 'node-rdkafka';
import type { ScramMechanism } from '../../src/administration/names.js';
import { onRealKafka, uniqueName } from './test-cluster.js';

onRealKafka('sasl', 'SCRAM users', (kafka) => {
  const listeners = {
    SASL_PLAINTEXT: { 'bootstrap.servers': kafka.saslServers },
    SASL_SSL: { 'bootstrap.servers': kafka.sslServers, 'ssl.ca.location': kafka.caFile },
  } as const;
  const user = uniqueName('user');
  const passwords = { 'SCRAM-SHA-256': 'first secret', 'SCRAM-SHA-512': 'other secret' } as const;

  beforeAll(async () => {
    await kafka.addUser(user, passwords['SCRAM-SHA-256']);
    await kafka.addUser(user, passwords['SCRAM-SHA-512'], 'SCRAM-SHA-512');
  });

  describe.each(Object.keys(listeners) as (keyof typeof listeners)[])('over %s', (protocol) => {
    const login = (mechanism: ScramMechanism, password: string): Promise<string> =>
      outcome({
        ...listeners[protocol],
        'security.protocol': protocol === 'SASL_SSL' ? 'sasl_ssl' : 'sasl_plaintext',
        'sasl.mechanisms': mechanism,
        'sasl.username': user,
        'sasl.password': password,
      });

    it.each(Object.keys(passwords) as ScramMechanism[])(
      'log in by %s with their password',
      async (mechanism) => {
        expect(await login(mechanism, passwords[mechanism])).toBe('logged in');
      },
    );

    it.each(Object.keys(passwords) as ScramMechanism[])(
      'are refused by %s with another',
      async (mechanism) => {
        expect(await login(mechanism, 'wrong')).toMatch(/authentication failure/);
      },
    );

    it('have a password for each mechanism', async () => {
      expect(await login('SCRAM-SHA-512', passwords['SCRAM-SHA-256'])).toMatch(/authentication failure/);
    });
  });

  it('log in with the new password alone after it was changed', async () => {
    const changing = uniqueName('user');
    const login = (password: string): Promise<string> =>
      outcome({
        ...listeners.SASL_PLAINTEXT,
        'security.protocol': 'sasl_plaintext',
        'sasl.mechanisms': 'SCRAM-SHA-256',
        'sasl.username': changing,
        'sasl.password': password,
      });
    await kafka.addUser(changing, 'old');
    await kafka.addUser(changing, 'new');
    expect(await login('new')).toBe('logged in');
    expect(await login('old')).toMatch(/authentication failure/);
  });

  it('do not trust the broker without the authority that signed its certificate', async () => {
    const said = await outcome({
      'bootstrap.servers': kafka.sslServers,
      'security.protocol': 'sasl_ssl',
      'sasl.mechanisms': 'SCRAM-SHA-256',
      'sasl.username': user,
      'sasl.password': passwords['SCRAM-SHA-256'],
    });
    expect(said).toMatch(/ssl error/i);
  });
});

const connects: Promise<void>[] = [];
afterAll(() => Promise.all(connects));

/** 'logged in', or the first thing that librdkafka says against it. */
function outcome(config: RdKafka.ProducerGlobalConfig): Promise<string> {
  const client = new RdKafka.Producer({ ...config, log_level: 0 });
  return new Promise((resolve) => {
    client.on('event.error', ({ message }) => resolve(message));
    // Until a producer is ready it polls for no events by itself, and so tells no reason.
    const polling = setInterval(() => client.isConnected() && client.poll(), 20);
    connects.push(
      new Promise((ended) => {
        // librdkafka tries a refused password again and again: only the time limit ends a connect that fails.
        client.connect({ timeout: 5000 }, (error) => {
          clearInterval(polling);
          if (error) ended();
          else client.disconnect(() => (resolve('logged in'), ended()));
        });
      }),
    );
  });
}
