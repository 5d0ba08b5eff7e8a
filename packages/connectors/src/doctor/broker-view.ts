import { AclOperations, Connection, metadataV12, ResponseError } from '@platformatic/kafka';
import { adminLogin } from '../administration/admin-login.js';
import type { Params } from '../kafka/client-params.js';

/** What a broker tells an account of one topic. */
export interface TopicAccess {
  /** `hidden`: a topic of this name may not be seen, and whether there is one is not told. */
  readonly state: 'there' | 'absent' | 'hidden';
  readonly mayRead: boolean;
  readonly mayWrite: boolean;
}

/** What a broker tells of itself. */
export interface BrokerView {
  /** The addresses at which the brokers say that they are; clients use these after the first contact. */
  readonly advertised: readonly { readonly node: number; readonly host: string; readonly port: number }[];
  readonly topics: ReadonlyMap<string, TopicAccess>;
}

const UNKNOWN_TOPIC = 3;
const NOT_AUTHORIZED = 29;
/** In place of permissions where a broker does not tell any. */
const UNTOLD = -2_147_483_648;

type Response = metadataV12.MetadataResponse;

/**
 * Asks one broker, by the very address that is given: nothing that it says about others is followed, so that it answers
 * where those cannot be reached. No topic is made by the question.
 * @param address `host:port`
 * @returns undefined where this cannot be asked: another login than SCRAM or PLAIN, a broker before 3.0, no answer
 */
export async function viewBroker(
  params: Params,
  { host, port }: { readonly host: string; readonly port: number },
  topics: readonly string[],
  within: number,
): Promise<BrokerView | undefined> {
  let connection: Connection | undefined;
  try {
    const { username, password, mechanism = 'SCRAM-SHA-512', tls } = adminLogin(params);
    connection = new Connection('apf-doctor', {
      connectTimeout: within,
      requestTimeout: within,
      ...(username !== undefined && password !== undefined
        ? { sasl: { mechanism, username, password } }
        : {}),
      ...(tls ? { tls, tlsServerName: host } : {}),
    });
    await connection.connect(host, port);
    return viewOf(await ask(connection, topics));
  } catch {
    return undefined;
  } finally {
    await connection?.close().catch(() => undefined);
  }
}

async function ask(connection: Connection, topics: readonly string[]): Promise<Response> {
  try {
    return await metadataV12.api.async(connection, [...topics], false, true);
  } catch (error) {
    // A topic that is not there makes an error of the whole answer.
    const { response } = error as { readonly response?: Response };
    if (error instanceof ResponseError && response) return response;
    throw error;
  }
}

function viewOf({ brokers, topics }: Response): BrokerView {
  return {
    advertised: brokers.map(({ nodeId, host, port }) => ({ node: nodeId, host, port })),
    topics: new Map(
      topics.flatMap(({ name, errorCode, topicAuthorizedOperations: told }) => {
        const may = (operation: number): boolean => told === UNTOLD || (told & (1 << operation)) !== 0;
        const state =
          errorCode === NOT_AUTHORIZED ? 'hidden' : errorCode === UNKNOWN_TOPIC ? 'absent' : 'there';
        const isHidden = state === 'hidden';
        const access: TopicAccess = {
          state,
          mayRead: !isHidden && may(AclOperations.READ),
          mayWrite: !isHidden && may(AclOperations.WRITE),
        };
        return typeof name !== 'string' ? [] : [[name, access] as const];
      }),
    ),
  };
}
