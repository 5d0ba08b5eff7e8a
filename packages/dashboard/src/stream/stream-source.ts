import type { GroupState, TopicState } from '../page-api.js';

/** What a broker says of itself at one moment. */
export interface BrokerState {
  readonly topics: readonly TopicState[];
  readonly groups: readonly Omit<GroupState, 'stillSince' | 'stalled'>[];
  readonly unseen: readonly string[];
}

/** A broker that can be looked at again and again. */
export interface StreamSource {
  /** `host:port`, for people. */
  readonly servers: string;
  /** Rejects where the broker does not answer; asking again connects anew. */
  look(): Promise<BrokerState>;
  close(): Promise<void>;
}
