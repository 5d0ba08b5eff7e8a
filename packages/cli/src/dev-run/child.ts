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
const settings = await jiti.import<Settings>(join(folder, 'settings.ts'), { default: true });
const StepClass = await jiti.import<connectors.StepClass<unknown, unknown>>(join(folder, 'step.ts'), {
  default: true,
});
await runStep(settings, StepClass, { load: (path) => jiti.import(path) });
