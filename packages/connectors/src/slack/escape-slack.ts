/**
 * Text that comes from an alert, fit for a Slack message: `&`, `<` and `>` are Slack's control characters, with which a
 * name could call everybody (`<!channel>`) or pass for a link.
 * https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function escapeSlack(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
