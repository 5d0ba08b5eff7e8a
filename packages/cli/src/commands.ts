import type { CommandEntry } from './command.js';

/** Every command of `apf`, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    usage: 'demo',
    group: 'To begin with',
    description: 'play alerts to a broker of its own and find supernovae among them',
    load: () => import('./commands/demo.js'),
  },
  {
    usage: 'new-step <name>',
    group: 'A step of your own',
    description: 'make a project: settings, step, test, Dockerfile',
    load: () => import('./commands/new-step.js'),
  },
  {
    usage: 'run [folder]',
    group: 'A step of your own',
    description: 'run the step of a folder, again after each change',
    load: () => import('./commands/run.js'),
  },
  {
    usage: 'kafka <action>',
    group: 'Kafka',
    description: 'start, stop or show a Kafka of your own, to try and to test with',
    load: () => import('./commands/kafka.js'),
  },
];
