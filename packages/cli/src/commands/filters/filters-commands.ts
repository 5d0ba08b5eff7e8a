import type { CommandEntry } from '../../command.js';

/** Every command of `apf filters`, in the order of its help. */
export const FILTERS_COMMANDS: readonly CommandEntry[] = [
  {
    usage: 'list',
    group: 'Looking',
    description: 'your own and the built-in ones, with their numbers, surveys and fields',
    load: async () => ({ command: (await import('./list.js')).list }),
  },
  {
    usage: 'test [names..]',
    group: 'Trying',
    description: 'run the tests of your own',
    load: async () => ({ command: (await import('./test.js')).test }),
  },
];
