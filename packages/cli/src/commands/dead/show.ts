import type { StoredLetter } from '@apf/connectors';
import { hexDump, inspectFile, printable, toJson } from '@apf/core';
import { defineCommand } from '../../command.js';
import { chosenLetters, withLetters } from './letters-options.js';

/** Bytes that are shown of a message, and characters of what it decodes to. */
const SHOWN_BYTES = 256;
const SHOWN_JSON = 4_000;

/** `apf dead show` */
export const show = defineCommand(
  (yargs) =>
    withLetters(
      yargs.positional('letter', {
        type: 'string',
        demandOption: true,
        describe: 'topic-partition-offset, as apf dead list --all shows it',
      }),
    ).option('json', { type: 'boolean', default: false, describe: 'Print one line of JSON' }),
  async ({ letter: id, json, ...options }) => {
    const { letters } = await chosenLetters(options, [id]);
    for (const letter of letters) {
      const bytes = await letter.bytes();
      const decoded = bytes === null ? undefined : await decode(bytes);
      if (json)
        console.log(toJson({ ...plain(letter), bytes: bytes?.toString('base64') ?? null, ...decoded }));
      else print(letter, bytes, decoded);
    }
  },
);

interface Decoded {
  readonly framing: string;
  readonly alerts: readonly unknown[];
  readonly undecodable?: string;
}

/** What can be made of the bytes without the settings of the step: the framing is detected. */
async function decode(bytes: Buffer): Promise<Decoded> {
  const { description, values } = await inspectFile(bytes);
  const { framing, error } = description;
  return { framing, alerts: values, ...(error === undefined ? {} : { undecodable: error }) };
}

const plain = ({ id, code, stage, step, error, time, timestamp, key, headers }: StoredLetter): object => ({
  letter: id,
  code,
  stage,
  step,
  error,
  time,
  timestamp: timestamp ?? null,
  key: key?.toString() ?? null,
  headers: headers.flatMap((header) =>
    Object.entries(header).map(([name, value]) => ({ name, value: value.toString() })),
  ),
});

function print(letter: StoredLetter, bytes: Buffer | null, decoded: Decoded | undefined): void {
  const line = (name: string, value: string): void =>
    console.log(`${name.padEnd(11)}${printable(value, 2_000)}`);
  line('letter', letter.id);
  line('why', `${letter.code}: ${letter.error}`);
  line('when', `${letter.time}, by ${letter.step}, when it was to ${letter.stage}`);
  if (letter.timestamp !== undefined) line('message', new Date(letter.timestamp).toISOString());
  line('key', letter.key === null ? 'none' : letter.key.toString());
  for (const header of letter.headers) {
    for (const [name, value] of Object.entries(header)) line('header', `${name}: ${value.toString()}`);
  }
  if (bytes === null) {
    line('bytes', 'none: a tombstone');
    return;
  }
  line('bytes', `${bytes.length}${bytes.length > SHOWN_BYTES ? `, of which the first ${SHOWN_BYTES}` : ''}`);
  console.log(hexDump(bytes.subarray(0, SHOWN_BYTES)).replaceAll(/^/gm, '  '));
  if (!decoded) return;
  line('framing', `${decoded.framing} (detected)`);
  if (decoded.undecodable !== undefined) line('decoded', `no: ${decoded.undecodable}`);
  for (const alert of decoded.alerts) line('alert', toJson(alert).slice(0, SHOWN_JSON));
}
