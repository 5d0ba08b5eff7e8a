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
export { adminLogin, type AdminLogin, type SaslMechanism } from './admin-client.js';
export { type GroupMove, type GroupMoves, resetTarget, type ResetTarget } from './group-reset.js';
export type { GroupDetails, GroupMember, GroupPosition, GroupSummary } from './groups.js';
export { type KafkaAdmin, kafkaAdmin } from './kafka-admin.js';
export {
  checkTopicName,
  type PartitionDetails,
  type TopicDetails,
  type TopicSpec,
  type TopicSummary,
} from './topics.js';
export {
  checkPassword,
  checkUserName,
  SCRAM_MECHANISMS,
  type ScramMechanism,
  type ScramUser,
} from './users.js';
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
