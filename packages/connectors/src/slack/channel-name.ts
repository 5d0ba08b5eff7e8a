import { readFileSync } from 'node:fs';
import { toError, UsageError } from '@apf/core';

/**
 * The channel of a class, as Fink names it: its letters only, in lower case (`RRLyr` → `#rrlyr`, `EB*WUMa` → `#ebwuma`).
 * Undefined for a class without a letter.
 */
export function channelName(className: string): string | undefined {
  const letters = className.replace(/\P{L}/gu, '').toLowerCase();
  return letters === '' ? undefined : `#${letters}`;
}

/** The channels of a file: a name without its `#` a line; what begins with `#` is a comment. @throws UsageError */
export function readChannels(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`the file of Slack channels '${path}' cannot be read: ${toError(error).message}`, {
      code: 'APF_FILE',
      cause: error,
    });
  }
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => `#${line}`);
}
