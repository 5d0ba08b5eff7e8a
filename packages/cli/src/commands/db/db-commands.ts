import type { CommandEntry } from '../../command.js';

const TABLES = 'Its tables';
const ROWS = 'What is in a light-curve database';

/** Every command of `apf db`, in the order of its help. */
export const DB_COMMANDS: readonly CommandEntry[] = [
  {
    usage: 'init',
    group: TABLES,
    description: 'make the tables of an Avro schema, or of a light-curve database',
    load: async () => ({ command: (await import('./tables.js')).init }),
  },
  {
    usage: 'diff',
    group: TABLES,
    description: 'say what migrate would change; it changes nothing itself',
    load: async () => ({ command: (await import('./tables.js')).diff }),
  },
  {
    usage: 'migrate',
    group: TABLES,
    description: 'add what is missing, in one transaction; nothing is ever dropped',
    load: async () => ({ command: (await import('./tables.js')).migrateTables }),
  },
  {
    usage: 'cone <ra> <dec> <radius>',
    group: ROWS,
    description: 'the objects around a position, nearest first',
    load: async () => ({ command: (await import('./cone.js')).cone }),
  },
  {
    usage: 'object <oid>',
    group: ROWS,
    description: 'detections, limits, features and classes of an object',
    load: async () => ({ command: (await import('./object.js')).object }),
  },
  {
    usage: 'alert <candid>',
    group: ROWS,
    description: 'an alert as it was received, cutouts included: JSON, or an .avro file',
    load: async () => ({ command: (await import('./alert.js')).alert }),
  },
];
