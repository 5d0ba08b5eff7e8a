import type { Argv } from 'yargs';
import { type Mechanism, MECHANISMS } from './profile.js';

/** The options that every command has which talks to a Kafka broker. */
export interface ConnectionOptions {
  readonly servers?: string | undefined;
  readonly profile?: string | undefined;
  readonly username?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly password?: string | undefined;
  readonly mechanism?: Mechanism | undefined;
  readonly tls?: boolean | undefined;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly kafka?: readonly string[] | undefined;
}

const group = 'The broker:';

/** Adds the options by which a command is told its broker; {@link connection} makes of them what a client needs. */
export function withConnection<T>(yargs: Argv<T>): Argv<T & ConnectionOptions> {
  return yargs.options({
    servers: { group, type: 'string', describe: 'host:port, several with commas between' },
    profile: {
      group,
      type: 'string',
      describe: "What 'apf login' has kept under this name, or a fink_client_conf.py or credentials.yml",
    },
    username: { group, type: 'string', describe: 'The user, where the broker has accounts' },
    'password-file': {
      group,
      type: 'string',
      describe: 'A file with the password; else APF_PASSWORD, the profile, or a question on the terminal',
    },
    password: { group, type: 'string', describe: 'The password itself: others on this machine can see it' },
    mechanism: {
      group,
      choices: MECHANISMS,
      describe: 'How the password is proved; SCRAM-SHA-512 where absent',
    },
    tls: { group, type: 'boolean', describe: 'Encrypt; implied by --ca, --cert and PLAIN' },
    ca: { group, type: 'string', describe: "Who signed the broker's certificate: a PEM file" },
    cert: { group, type: 'string', describe: "The client's own certificate: a PEM file" },
    key: { group, type: 'string', describe: 'The key of --cert: a PEM file' },
    kafka: {
      group,
      alias: 'X',
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'Any property of librdkafka as name=value; may be repeated',
    },
  }) as unknown as Argv<T & ConnectionOptions>;
}
