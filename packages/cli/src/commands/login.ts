import { nearest, UsageError } from '@apf/core';
import { defineCommand } from '../command.js';
import { withConnection } from '../connection/connection-options.js';
import { PRESETS } from '../connection/presets.js';
import { isProfileFile, readProfileFile } from '../connection/profile-file.js';
import { cleanServers, type Profile } from '../connection/profile.js';
import { ProfileStore } from '../connection/profile-store.js';
import { askSecret, secretFromFile } from '../connection/read-secret.js';
import { FRAMINGS_OF_STREAMS, SURVEY_NAMES } from '../consume/consume-choices.js';

/** `apf login NAME`: keeps how to reach a broker, for its owner's eyes alone. */
export const command = defineCommand(
  (yargs) =>
    withConnection(yargs.positional('name', { type: 'string', describe: 'The name of the profile' }))
      .options({
        preset: { type: 'string', describe: `A public broker: ${Object.keys(PRESETS).join(', ')}` },
        presets: { type: 'boolean', default: false, describe: 'List the public brokers, and where to apply' },
        list: {
          type: 'boolean',
          default: false,
          describe: 'List the profiles that are kept, without their secrets',
        },
        remove: { type: 'boolean', default: false, describe: 'Forget the profile' },
        topics: { type: 'string', array: true, describe: 'The topics to read where none is named' },
        group: { type: 'string', describe: 'The consumer group' },
        'group-prefix': { type: 'string', describe: 'What group ids must begin with' },
        framing: { choices: FRAMINGS_OF_STREAMS, describe: 'How alerts stand in messages' },
        survey: { choices: SURVEY_NAMES, describe: 'Whose alerts these are' },
        schema: { type: 'string', describe: 'The schema of alerts that carry none' },
        schemas: { type: 'string', describe: 'A folder with schemas by their ids' },
        registry: { type: 'string', describe: "The schema registry's URL" },
      })
      .example('apf login fink --preset fink-ztf --username me --group mine', 'a public broker')
      .example('apf login fink --profile fink_client/fink_client_conf.py', "what Fink's client uses"),
  async (options) => {
    const store = new ProfileStore();
    if (options.presets) {
      for (const [preset, { what, profile, apply, note }] of Object.entries(PRESETS)) {
        const rest = [apply && `apply: ${apply}`, note].filter(Boolean).join('; ');
        console.log(
          `${preset.padEnd(10)} ${what}, ${profile.servers}${rest === '' ? '' : `\n${' '.repeat(11)}${rest}`}`,
        );
      }
      return;
    }
    if (options.list) {
      for (const name of await store.names()) console.log(described(name, await store.get(name)));
      return;
    }
    const { name } = options;
    if (name === undefined) throw new UsageError('name the profile: apf login NAME');
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(name))
      throw new UsageError(`'${name}' cannot name a profile: use letters, digits, - and _`);
    if (options.remove) {
      if (!(await store.remove(name))) throw new UsageError(`there is no profile '${name}'`);
      console.log(`the profile '${name}' is forgotten`);
      return;
    }
    const base = await baseOf(options.preset, options.profile);
    const {
      username = base.username,
      mechanism,
      tls,
      ca,
      cert,
      key,
      group,
      groupPrefix,
      framing,
      survey,
    } = options;
    const servers = cleanServers(options.servers ?? base.servers ?? '');
    if (servers === '')
      throw new UsageError('name the broker: --servers host:port, --preset or --profile FILE');
    const given = { mechanism, tls, ca, cert, key, group, groupPrefix, framing, survey };
    const more = { schema: options.schema, schemas: options.schemas, registry: options.registry };
    const profile: Profile = {
      ...base,
      ...present({ ...given, ...more, topics: options.topics?.flatMap((topic) => topic.split(',')) }),
      servers,
      ...present({ username, password: await passwordOf(options, base, username) }),
    };
    await store.put(name, profile);
    console.log(described(name, profile));
    const preset = options.preset === undefined ? undefined : PRESETS[options.preset];
    if (preset?.note !== undefined && group === undefined) console.log(`  note: ${preset.note}`);
    console.log(`  use it with: apf consume --profile ${name}${profile.topics ? '' : ' --topics …'}`);
  },
);

async function baseOf(preset: string | undefined, file: string | undefined): Promise<Partial<Profile>> {
  if (preset !== undefined && file !== undefined)
    throw new UsageError('give --preset or --profile, not both');
  if (preset !== undefined) {
    const known = Object.hasOwn(PRESETS, preset) ? PRESETS[preset] : undefined;
    if (known) return known.profile;
    const near = nearest(preset, Object.keys(PRESETS));
    throw new UsageError(
      `there is no preset '${preset}'; ${near ? `did you mean '${near}'?` : `there are: ${Object.keys(PRESETS).join(', ')}`}`,
    );
  }
  if (file === undefined) return {};
  if (!isProfileFile(file))
    throw new UsageError(`--profile '${file}' names no file: a .py or .yml of Fink's client`);
  const { fetchSchema: _fetch, overwrite: _overwrite, ...profile } = await readProfileFile(file);
  return profile;
}

async function passwordOf(
  options: { readonly password?: string | undefined; readonly passwordFile?: string | undefined },
  base: Partial<Profile>,
  username: string | undefined,
): Promise<string | undefined> {
  if (options.passwordFile !== undefined) return secretFromFile(options.passwordFile);
  if (options.password !== undefined) {
    console.error(
      'apf: warning: --password is seen by others on this machine; use --password-file or APF_PASSWORD',
    );
    return options.password;
  }
  if (process.env.APF_PASSWORD) return process.env.APF_PASSWORD;
  if (base.password !== undefined && username === base.username) return base.password;
  if (username === undefined) return undefined;
  // Fink gives names without a password; an empty answer is one.
  return (await askSecret(`Password of ${username} (empty where there is none)`)) || undefined;
}

function described(name: string, { servers, username, password, mechanism, group, topics }: Profile): string {
  const parts = [
    servers,
    username && `user ${username}`,
    username &&
      (password === undefined ? 'without a password' : `password kept, ${mechanism ?? 'SCRAM-SHA-512'}`),
    group && `group ${group}`,
    topics && `topics ${topics.join(', ')}`,
  ];
  return `${name}: ${parts.filter(Boolean).join(', ')}`;
}

/** Without what is undefined. */
function present<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
