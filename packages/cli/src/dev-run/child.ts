/**
 * The process in which `apf run` runs a step, its TypeScript compiled in memory. The framework is loaded from the
 * project, so that the step and the runner share one copy of it.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as connectors from '@apf/connectors';
import type { Settings } from '@apf/core';
import { createJiti } from 'jiti';

// If the parent dies without a word, the step must not live on. The channel alone keeps nobody alive.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

const folder = process.cwd();
const resolve = createRequire(join(folder, 'package.json')).resolve;
const { runStep } = (await import(pathToFileURL(resolve('@apf/connectors')).href)) as typeof connectors;
const jiti = createJiti(join(folder, 'settings.ts'));
const settings = await load<Settings>('settings.ts');
const StepClass = await load<connectors.StepClass<unknown, unknown>>('step.ts');
await runStep(settings, StepClass, { load: (path) => jiti.import(path) });

/** Ends the process, in one line that says where, for a file that cannot be loaded. */
async function load<T>(file: string): Promise<T> {
  try {
    return await jiti.import<T>(join(folder, file), { default: true });
  } catch (thrown) {
    const { message, stack = '' } = thrown as Error;
    const text = message.replaceAll(/\s*\n\s*/g, ' ').replaceAll(`${folder}/`, '');
    const at = stack.split('\n').find((line) => line.includes(`${folder}/`) && /^\s*at /.test(line));
    const where = at?.trim().replace(`${folder}/`, '');
    console.error(`apf: ${file} cannot be loaded: ${text}${where === undefined ? '' : ` (${where})`}`);
    process.exit(1);
  }
}
