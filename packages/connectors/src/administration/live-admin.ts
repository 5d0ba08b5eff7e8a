import { aclAdmin } from './acls.js';
import { type Run, withAdmin } from './admin-client.js';
import { adminError } from './admin-error.js';
import type { AdminLogin } from './admin-login.js';
import { groupAdmin } from './groups.js';
import type { KafkaAdmin } from './kafka-admin.js';
import { topicAdmin } from './topics.js';
import { userAdmin } from './users.js';

/** As `kafkaAdmin`, which loads this when something is done. */
export function liveAdmin(login: AdminLogin, loginServers: string | undefined): KafkaAdmin {
  const run: Run = async (what, use) => {
    try {
      return await withAdmin(login, use);
    } catch (error) {
      throw adminError(what, error, login);
    }
  };
  return { ...topicAdmin(run), ...userAdmin(run, loginServers), ...aclAdmin(run), ...groupAdmin(run) };
}
