export { channelName, readChannels } from './channel-name.js';
export { classTables, type ClassTable, type ClassTableOptions, FINK_TABLES } from './class-tables.js';
export { escapeSlack } from './escape-slack.js';
export { sendSlackAlerts, type SlackAlertsOptions } from './send-slack-alerts.js';
export { SlackClient, type SlackClientOptions, type SlackContext } from './slack-client.js';
export { SlackNotifier, type PostOptions, type SlackNotifierOptions } from './slack-notifier.js';
