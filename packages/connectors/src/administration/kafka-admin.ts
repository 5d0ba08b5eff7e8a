import type { AclAdmin } from './acls.js';
import type { AdminLogin } from './admin-login.js';
import type { GroupAdmin } from './groups.js';
import type { TopicAdmin } from './topics.js';
import type { UserAdmin } from './users.js';

/** What whoever may do everything on a cluster does. An error is one line that says what failed and why. */
export interface KafkaAdmin extends TopicAdmin, UserAdmin, AclAdmin, GroupAdmin {}

/** All of them: the compiler misses one that is left out. */
const METHODS: Readonly<Record<keyof KafkaAdmin, true>> = {
  listTopics: true,
  describeTopic: true,
  createTopic: true,
  ensureTopic: true,
  deleteTopic: true,
  dropTopic: true,
  deleteRecords: true,
  listUsers: true,
  addUser: true,
  removeUser: true,
  listAcls: true,
  addAcls: true,
  removeAcls: true,
  allow: true,
  listGroups: true,
  describeGroup: true,
  deleteGroup: true,
  planReset: true,
  reset: true,
};

type Work = (...given: readonly unknown[]) => Promise<unknown>;

/**
 * The client that administers takes long to load, and most who run a step never need it: it is loaded when something is
 * done.
 * @param loginServers where a new user's login is tried, if it can be: only that shows that it is known.
 */
export function kafkaAdmin(login: AdminLogin, loginServers?: string): KafkaAdmin {
  const live = async (): Promise<Readonly<Record<string, Work>>> => {
    const { liveAdmin } = await import('./live-admin.js');
    return liveAdmin(login, loginServers) as unknown as Readonly<Record<string, Work>>;
  };
  const methods = Object.keys(METHODS).map((name): [string, Work] => [
    name,
    async (...given) => (await live())[name]!(...given),
  ]);
  return Object.fromEntries(methods) as unknown as KafkaAdmin;
}

/** Whether a broker serves requests at this address now. */
export async function isServing(login: AdminLogin): Promise<boolean> {
  const { withAdmin } = await import('./admin-client.js');
  try {
    return await withAdmin(login, async (admin) => (await admin.metadata({ topics: [] })).brokers.size > 0);
  } catch {
    return false;
  }
}
