/** An identifier as SQL takes it literally: letters, case, spaces and quotes stay as they are. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
