/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

/** Three kinds of test by suffix: `.test.ts` needs nothing, `.broker.test.ts` Kafka, `.e2e.test.ts` whole processes. */
const project = (displayName: string, testMatch: string[], ignore: string[] = []): object => ({
  displayName,
  rootDir: __dirname,
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...ignore],
  modulePathIgnorePatterns: ['<rootDir>/packages/[^/]+/dist', '<rootDir>/templates/step'],
  extensionsToTreatAsEsm: ['.ts'],
  setupFiles: ['<rootDir>/scripts/test/fixed-seed.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  moduleNameMapper: {
    '^@apf/(core|connectors|alerts|dashboard)$': '<rootDir>/packages/$1/src/index.ts',
    '^@apf/alerts/browser$': '<rootDir>/packages/alerts/src/browser.ts',
    '^@apf/core/testing$': '<rootDir>/packages/core/src/testing/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
});

/** Jest runs these once, and only when a test of such a project is run: unit tests alone start no Kafka. */
const onKafka = {
  globalSetup: '<rootDir>/scripts/test/kafka-global-setup.mjs',
  globalTeardown: '<rootDir>/scripts/test/kafka-global-teardown.mjs',
};

const config: Config = {
  projects: [
    project(
      'unit',
      ['**/packages/*/test/**/*.test.ts', '**/scripts/test/**/*.test.ts'],
      ['\\.broker\\.test\\.ts$', '\\.e2e\\.test\\.ts$'],
    ),
    { ...project('broker', ['**/packages/*/test/**/*.broker.test.ts']), ...onKafka },
    { ...project('e2e', ['**/packages/*/test/**/*.e2e.test.ts']), ...onKafka },
  ] as Config['projects'],
  testTimeout: 60_000,
  maxWorkers: 2,
};

export default config;
