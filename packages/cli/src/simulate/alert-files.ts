import { ALERT_FILES, listFiles } from '@apf/connectors';
import { codeOf, silent, toError, UsageError } from '@apf/core';

/**
 * The files of alerts and the archives that paths stand for.
 * @throws UsageError for a path that is missing, or holds none: whoever typed it made a mistake
 */
export async function alertFiles(paths: readonly string[]): Promise<readonly string[]> {
  try {
    return await listFiles(paths, ALERT_FILES, silent);
  } catch (error) {
    if (codeOf(error, 'APF_FATAL') !== 'APF_FILE') throw error;
    throw new UsageError(toError(error).message, { code: 'APF_FILE', cause: error });
  }
}
