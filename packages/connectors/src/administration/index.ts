export {
  ACL_OPERATIONS,
  type Acl,
  type AclGrant,
  aclHost,
  aclKey,
  type AclOperation,
  type AclResource,
  aclsOf,
  consumerAcls,
  type Permission,
  producerAcls,
} from './acl.js';
export { adminLogin, type AdminLogin, type SaslMechanism } from './admin-login.js';
export type { GroupMove, GroupMoves } from './group-reset.js';
export type { GroupDetails, GroupMember, GroupPosition, GroupSummary } from './groups.js';
export { type KafkaAdmin, kafkaAdmin } from './kafka-admin.js';
export type { PartitionDetails, TopicDetails, TopicSpec, TopicSummary } from './topics.js';
export type { ScramUser } from './users.js';
export {
  checkPassword,
  checkTopicName,
  checkUserName,
  SCRAM_MECHANISMS,
  type ScramMechanism,
} from './names.js';
export { resetTarget, type ResetTarget } from './reset-target.js';
export {
  type Access,
  type AccessPlan,
  type AccessState,
  accessState,
  applyAccess,
  isDone,
  planAccess,
  type PlanOptions,
} from './access-plan.js';
export { checkGrant, type Grant, grantAcls, isExpired } from './grant.js';
export type {
  StreamMoment,
  StreamSnapshot,
  WatchedGroup,
  WatchedMember,
  WatchedPartition,
  WatchedPosition,
  WatchedReading,
  WatchedTopic,
} from './stream-snapshot.js';
export { StreamWatch, type StreamWatchOptions } from './stream-watch.js';
