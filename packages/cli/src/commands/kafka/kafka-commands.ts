import type { CommandEntry } from '../../command.js';

const CLUSTER = 'A Kafka of your own, to try and to test with';
const ANY = 'Any broker that you administer';

/** Every command of `apf kafka`, in the order of its help. */
export const KAFKA_COMMANDS: readonly CommandEntry[] = [
  {
    usage: 'start',
    group: CLUSTER,
    description: 'start it, by Docker or Java',
    load: async () => ({ command: (await import('./cluster.js')).start }),
  },
  {
    usage: 'stop',
    group: CLUSTER,
    description: 'stop it; --delete deletes its topics and users too',
    load: async () => ({ command: (await import('./cluster.js')).stop }),
  },
  {
    usage: 'status',
    group: CLUSTER,
    description: 'say which run, and where',
    load: async () => ({ command: (await import('./cluster.js')).status }),
  },
  {
    usage: 'grant',
    group: ANY,
    description: 'let a person read topics: user and permissions at once, and the settings to send',
    load: async () => ({ command: (await import('./grant.js')).grant }),
  },
  {
    usage: 'access',
    group: ANY,
    description: 'make a broker agree with a file of all grants',
    commands: [
      {
        usage: 'plan',
        group: 'The access file',
        description: 'show what differs; nothing is changed',
        load: async () => ({ command: (await import('./access.js')).planCommand }),
      },
      {
        usage: 'apply',
        group: 'The access file',
        description: 'show it, ask, and change it',
        load: async () => ({ command: (await import('./access.js')).applyCommand }),
      },
    ],
  },
  {
    usage: 'topics',
    group: ANY,
    description: 'make, delete, list and describe topics',
    commands: [
      {
        usage: 'create <topics..>',
        group: 'Topics',
        description: 'make them, if they are not there already',
        load: async () => ({ command: (await import('./topics.js')).createTopics }),
      },
      {
        usage: 'delete <topics..>',
        group: 'Topics',
        description: 'delete them, with all that is in them',
        load: async () => ({ command: (await import('./topics.js')).deleteTopics }),
      },
      {
        usage: 'list',
        group: 'Topics',
        description: 'all of them',
        load: async () => ({ command: (await import('./topics.js')).listTopics }),
      },
      {
        usage: 'describe <topics..>',
        group: 'Topics',
        description: 'partitions, offsets and configuration',
        load: async () => ({ command: (await import('./topics.js')).describeTopics }),
      },
    ],
  },
  {
    usage: 'users',
    group: ANY,
    description: 'add, remove and list those who log in by SCRAM',
    commands: [
      {
        usage: 'add <name>',
        group: 'Users',
        description: 'make a user, or change the password of one',
        load: async () => ({ command: (await import('./users.js')).addUser }),
      },
      {
        usage: 'remove <name>',
        group: 'Users',
        description: 'remove a user and all that the user is permitted',
        load: async () => ({ command: (await import('./users.js')).removeUser }),
      },
      {
        usage: 'list',
        group: 'Users',
        description: 'all of them; passwords are known to nobody',
        load: async () => ({ command: (await import('./users.js')).listUsers }),
      },
    ],
  },
  {
    usage: 'acls',
    group: ANY,
    description: 'say who may read and write what, from where',
    commands: [
      {
        usage: 'add',
        group: 'Permissions',
        description: 'permit something to a user',
        load: async () => ({ command: (await import('./acls.js')).addAcls }),
      },
      {
        usage: 'remove',
        group: 'Permissions',
        description: 'take a permission back',
        load: async () => ({ command: (await import('./acls.js')).removeAcls }),
      },
      {
        usage: 'list',
        group: 'Permissions',
        description: 'all of them, or those of a user',
        load: async () => ({ command: (await import('./acls.js')).listAcls }),
      },
    ],
  },
  {
    usage: 'groups',
    group: ANY,
    description: 'see how far consumer groups are, move and delete them',
    commands: [
      {
        usage: 'list',
        group: 'Consumer groups',
        description: 'all of them',
        load: async () => ({ command: (await import('./groups.js')).listGroups }),
      },
      {
        usage: 'describe <groups..>',
        group: 'Consumer groups',
        description: 'members, positions and lag',
        load: async () => ({ command: (await import('./groups.js')).describeGroups }),
      },
      {
        usage: 'delete <groups..>',
        group: 'Consumer groups',
        description: 'forget where they had come to',
        load: async () => ({ command: (await import('./groups.js')).deleteGroups }),
      },
      {
        usage: 'reset <group>',
        group: 'Consumer groups',
        description: 'move one to other offsets; shown first, done with --execute',
        load: async () => ({ command: (await import('./groups.js')).resetGroup }),
      },
    ],
  },
];
