import { hostname } from 'node:os';

/** What LSST's scripts set: a new group begins at the oldest alert. */
export function lsstParams(broker: string, group: string | undefined): Readonly<Record<string, string>> {
  return {
    'bootstrap.servers': broker,
    // In a container, HOSTNAME makes a group of each.
    'group.id': group ?? process.env.HOSTNAME ?? hostname(),
    'auto.offset.reset': 'earliest',
  };
}
