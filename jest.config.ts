/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

/** Three kinds of test by suffix: `.test.ts` needs nothing, `.broker.test.ts` Kafka, `.e2e.test.ts` whole processes. */
const project = (displayName: string, testMatch: string[], ignore: string[] = []): object => ({
  displayName,
  rootDir: __dirname,
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...ignore],
  modulePathIgnorePatterns: ['<rootDir>/packages/[^/]+/dist', '<rootDir>/templates'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  moduleNameMapper: {
    '^@apf/(core|connectors|alerts)$': '<rootDir>/packages/$1/src/index.ts',
    '^@apf/core/testing$': '<rootDir>/packages/core/src/testing/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
});

const config: Config = {
  projects: [
    project(
      'unit',
      ['**/packages/*/test/**/*.test.ts', '**/scripts/test/**/*.test.ts'],
      ['\\.broker\\.test\\.ts$', '\\.e2e\\.test\\.ts$'],
    ),
    project('broker', ['**/packages/*/test/**/*.broker.test.ts']),
    project('e2e', ['**/packages/*/test/**/*.e2e.test.ts']),
  ] as Config['projects'],
  testTimeout: 60_000,
  maxWorkers: 2,
};

export default config;
