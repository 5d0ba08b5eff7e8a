import { type AclAdmin, aclAdmin } from './acls.js';
import { type AdminLogin, type Run, withAdmin } from './admin-client.js';
import { adminError } from './admin-error.js';
import { type GroupAdmin, groupAdmin } from './groups.js';
import { type TopicAdmin, topicAdmin } from './topics.js';
import { type UserAdmin, userAdmin } from './users.js';

/** What whoever may do everything on a cluster does. An error is one line that says what failed and why. */
export interface KafkaAdmin extends TopicAdmin, UserAdmin, AclAdmin, GroupAdmin {}

/** @param loginServers where a new user's login is tried, if it can be: only that shows that it is known. */
export function kafkaAdmin(login: AdminLogin, loginServers?: string): KafkaAdmin {
  const run: Run = async (what, use) => {
    try {
      return await withAdmin(login, use);
    } catch (error) {
      throw adminError(what, error, login);
    }
  };
  return { ...topicAdmin(run), ...userAdmin(run, loginServers), ...aclAdmin(run), ...groupAdmin(run) };
}
