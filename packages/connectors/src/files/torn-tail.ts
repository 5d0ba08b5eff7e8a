import { printable } from '@apf/core';
import { appendFile } from 'node:fs/promises';
import type { Logger } from '@apf/core';
import type { AppendFile } from './append-file.js';
import { cannotWrite } from './cannot-write.js';

const [LF, QUOTE] = [0x0a, 0x22] as const;

/**
 * Moves a last record that does not end in a line break, as a crash in the middle of a write leaves it, from the file
 * to `<file>.torn`: what is appended then stays readable, and nothing is thrown away. It had not been confirmed, so its
 * alert comes again.
 *
 * @param quotes whether a line break between double quotes is a part of the record (CSV)
 */
export async function setTornTailAside(file: AppendFile, quotes: boolean, logger: Logger): Promise<void> {
  const { path, length } = file;
  if (length === 0) return;
  try {
    const end = await endOfLastRecord(file, quotes);
    if (end === length) return;
    const tail = Buffer.alloc(length - end);
    await file.handle.read(tail, 0, tail.length, end);
    await appendFile(`${path}.torn`, tail, { flush: true });
    await file.cut(end);
  } catch (error) {
    throw cannotWrite('outputs', path, 'APF_SINK', error);
  }
  logger.warn(
    { file: printable(path), bytes: length - file.length },
    'the last record had no end; it was moved to the file of the same name with .torn',
  );
}

async function endOfLastRecord({ handle, length }: AppendFile, quotes: boolean): Promise<number> {
  if (!quotes) {
    const last = Buffer.alloc(1);
    await handle.read(last, 0, 1, length - 1);
    if (last[0] === LF) return length;
  }
  let end = 0;
  let at = 0;
  let quoted = false;
  for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) {
    const bytes = chunk as Buffer;
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] === QUOTE && quotes) quoted = !quoted;
      else if (bytes[i] === LF && !quoted) end = at + i + 1;
    }
    at += bytes.length;
  }
  return end;
}
