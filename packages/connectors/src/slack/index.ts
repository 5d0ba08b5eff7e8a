export { escapeSlack } from './escape-slack.js';
export { SlackNotifier, type PostOptions, type SlackNotifierOptions } from './slack-notifier.js';
