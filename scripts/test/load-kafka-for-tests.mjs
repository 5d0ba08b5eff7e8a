import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';

/** Jest's global hooks are loaded by Node itself, which reads no TypeScript; jiti does, without a build before. */
const jiti = createJiti(import.meta.url, {
  alias: {
    '@apf/core': fileURLToPath(new URL('../../packages/core/src/index.ts', import.meta.url)),
  },
});

export const { startForTests, stopForTests } = await jiti.import('./kafka-for-tests.ts');
