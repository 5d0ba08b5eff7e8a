import { FatalError } from '@apf/core';

/** What librdkafka calls in its own way, as the options of a command call it. */
const OPTIONS: readonly (readonly [RegExp, string])[] = [
  [/\(PARAMS\['sasl\.username'\]\)/g, '(--username or --profile)'],
  [/PARAMS\['bootstrap\.servers'\]/g, '--servers'],
  [/(PARAMS\[)?'security\.protocol'\]?/g, '--tls'],
  [/(PARAMS\[)?'sasl\.username'\]?/g, '--username'],
  [/(PARAMS\[)?'sasl\.password'\]?/g, '--password-file'],
  [/(PARAMS\[)?'sasl\.mechanism'\]?/g, '--mechanism'],
  [/(PARAMS\[)?'ssl\.ca\.location'\]?/g, '--ca'],
  [/PARAMS\['group\.id'\]/g, '--group'],
  [/PARAMS\['([\w.]+)'\]/g, '--kafka $1'],
  [/\bdoes not take PARAMS\b/g, 'does not take these properties'],
  [/\bFRAMING\b/g, '--framing'],
];

/** An error of the connection in the words of whoever typed options, not settings. */
export function inOptions(error: Error): Error {
  if (!(error instanceof FatalError)) return error;
  const text = OPTIONS.reduce((said, [name, option]) => said.replace(name, option), error.message);
  return text === error.message ? error : new FatalError(text, { code: error.code, cause: error });
}
