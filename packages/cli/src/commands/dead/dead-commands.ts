import type { CommandEntry } from '../../command.js';

const LOOK = 'Looking';
const ACT = 'Doing something about them';

/** Every command of `apf dead`, in the order of its help. */
export const DEAD_COMMANDS: readonly CommandEntry[] = [
  {
    usage: 'list',
    group: LOOK,
    description: 'how many there are of each reason; --all for each letter',
    load: async () => ({ command: (await import('./list.js')).list }),
  },
  {
    usage: 'show <letter>',
    group: LOOK,
    description: 'one of them: why, headers, bytes, and what can be decoded',
    load: async () => ({ command: (await import('./show.js')).show }),
  },
  {
    usage: 'replay [letters..]',
    group: ACT,
    description: 'send them to their topic again, or through a step',
    load: async () => ({ command: (await import('./replay.js')).replay }),
  },
  {
    usage: 'drop [letters..]',
    group: ACT,
    description: 'give them up',
    load: async () => ({ command: (await import('./drop.js')).drop }),
  },
];
