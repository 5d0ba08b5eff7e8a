import { type Outgoing, PoisonError, type Refused } from '@apf/core';
import type { Compose } from './slack-sink.js';

/** Slack recommends at most 4,000 characters, and cuts beyond 40,000. */
const LONGEST = 4_000;

/**
 * Posts of results that are texts, or objects with a `text` and perhaps a `channel`: what goes to one channel is put
 * together, a text a line, as long as Slack recommends.
 * @param channel where a result goes that names none.
 */
export function composeMessages(channel: string | undefined): Compose {
  return (batch: readonly Outgoing[]) => {
    const posts: { channel: string; text: string; outgoing: Outgoing[] }[] = [];
    const open = new Map<string, (typeof posts)[number]>();
    const refused: Refused[] = [];
    for (const outgoing of batch) {
      const message = messageOf(outgoing.value, channel);
      if (message instanceof PoisonError) {
        refused.push({ outgoing, error: message });
        continue;
      }
      const last = open.get(message.channel);
      if (last && last.text.length + 1 + message.text.length <= LONGEST) {
        last.text += `\n${message.text}`;
        last.outgoing.push(outgoing);
      } else {
        const post = { ...message, outgoing: [outgoing] };
        open.set(message.channel, post);
        posts.push(post);
      }
    }
    return { posts, refused };
  };
}

function messageOf(
  value: unknown,
  standard: string | undefined,
): PoisonError | { channel: string; text: string } {
  const { text, channel = standard } = (typeof value === 'string' ? { text: value } : (value ?? {})) as {
    readonly text?: unknown;
    readonly channel?: unknown;
  };
  const refuse = (what: string): PoisonError => new PoisonError(what, { code: 'APF_SLACK' });
  if (typeof text !== 'string' || text.trim() === '')
    return refuse("a result for Slack is a text, or an object with a 'text' and perhaps a 'channel'");
  if (typeof channel !== 'string' || channel === '')
    return refuse("the result names no 'channel', nor do the settings: write PARAMS: { channel: '#name' }");
  return { channel, text };
}
