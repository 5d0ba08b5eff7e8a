import {
  createAPI,
  FindCoordinatorKeyTypes,
  ResponseError,
  Writer,
  type Admin,
  type Reader,
} from '@platformatic/kafka';
import type { GroupMember } from './groups.js';

const API_KEY = 69;

interface Described {
  readonly group: string;
  readonly state: string;
  readonly members: readonly GroupMember[];
}

/**
 * ConsumerGroupDescribe, version 0, which tells of groups of the newer protocol (KIP-848). The client has it too, but
 * takes the list of subscribed topics for text, and so can read no group that has members.
 * https://kafka.apache.org/protocol#The_Messages_ConsumerGroupDescribe
 */
const api = createAPI<[groups: string[]], Described[]>(
  API_KEY,
  0,
  (groups: string[]) =>
    Writer.create()
      .appendArray(groups, (writer, group) => writer.appendString(group), true, false)
      .appendBoolean(false)
      .appendTaggedFields(),
  (_correlation, _key, version, reader) => {
    reader.readInt32(); // throttled for
    return reader.readArray((each) => {
      const code = each.readInt16();
      const message = each.readNullableString();
      if (code !== 0) throw new ResponseError(API_KEY, version, { '/groups': [code, message] }, undefined);
      const group = each.readString();
      const state = each.readString();
      each.readInt32(); // epoch of the group
      each.readInt32(); // epoch of the assignment
      each.readString(); // assignor
      const members = each.readArray(readMember);
      each.readInt32(); // permitted operations
      return { group, state: state.toUpperCase(), members };
    });
  },
);

function readMember(reader: Reader): GroupMember {
  const member = reader.readString();
  reader.readNullableString(); // instance
  reader.readNullableString(); // rack
  reader.readInt32(); // epoch
  const client = reader.readString();
  const host = reader.readString();
  reader.readArray((each) => each.readString(), true, false); // subscribed topics
  reader.readNullableString(); // subscribed regular expression
  const partitions = readAssignment(reader);
  readAssignment(reader); // the one that it is to have
  return { member, client, host, partitions };
}

function readAssignment(reader: Reader): { topic: string; partition: number }[] {
  const topics = reader.readArray((each) => {
    each.readUUID();
    const topic = each.readString();
    return each.readArray((one) => one.readInt32(), true, false).map((partition) => ({ topic, partition }));
  });
  reader.readTaggedFields();
  return topics.flat();
}

export async function describeConsumerGroup(admin: Admin, group: string): Promise<Described> {
  const [coordinator] = await admin.findCoordinator({
    keyType: FindCoordinatorKeyTypes.GROUP,
    keys: [group],
  });
  const connections = await admin.connectToBrokers(coordinator === undefined ? null : [coordinator.nodeId]);
  const [connection] = connections.values();
  const [described] = connection === undefined ? [] : await api.async(connection, [group]);
  return described ?? { group, state: 'DEAD', members: [] };
}
