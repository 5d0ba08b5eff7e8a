import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { loadSettings, type Settings } from '@apf/core';
import { onboarding } from '../../src/administration/onboarding.js';
import { connection } from '../../src/connection/connection.js';

const GRANT = {
  user: 'jane',
  topics: ['stamp_classifier_*', 'sn.a'],
  groupPrefix: 'uchile',
  hosts: ['192.0.2.7'],
  until: '2027-03-31',
  name: 'Jane Doe',
  institution: 'Universidad de Chile',
  email: 'jane@example.org',
};
const DOOR = { servers: '192.0.2.1:9093', tls: false };
const PASSWORD = 'secret-"\\';

const section = (text: string, head: string): string => {
  const from = text.slice(text.indexOf(head));
  return from.slice(from.indexOf('\n') + 1).split('\n\n')[0]!;
};

it('says who may do what', () => {
  expect(onboarding(GRANT, DOOR, PASSWORD)).toMatch(
    /^Jane Doe \(Universidad de Chile, jane@example\.org\) may come in as 'jane' from 192\.0\.2\.7, until 2027-03-31\.\nTo read: stamp_classifier_\*, sn\.a, in groups whose ids begin with uchile\./,
  );
});

it('has settings that a step takes, with the login of its .env', () => {
  const text = onboarding(GRANT, DOOR, 'pass-word');
  const evaluated: unknown = runInNewContext(`({${section(text, '// settings.ts')}})`);
  const written = JSON.parse(JSON.stringify(evaluated)) as Settings;
  const env = Object.fromEntries(
    section(text, '# .env')
      .split('\n')
      .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
  );
  expect(loadSettings(written, env).settings.CONSUMER_CONFIG).toMatchObject({
    TOPICS: ['^stamp_classifier_.*', 'sn.a'],
    PARAMS: {
      'bootstrap.servers': '192.0.2.1:9093',
      'group.id': 'uchile_my_step',
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.username': 'jane',
      'sasl.password': 'pass-word',
    },
  });
});

it('has credentials that a client takes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'apf-onboarding-'));
  try {
    const file = join(folder, 'credentials.yml');
    writeFileSync(file, section(onboarding(GRANT, DOOR, PASSWORD), '# credentials.yml'));
    const { params, profile } = await connection({ profile: file }, { env: {} });
    expect(params).toMatchObject({
      'bootstrap.servers': '192.0.2.1:9093',
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.username': 'jane',
      'sasl.password': PASSWORD,
    });
    expect(profile).toMatchObject({ group: 'uchile', topics: ['^stamp_classifier_.*', 'sn.a'] });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
