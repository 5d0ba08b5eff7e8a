export { BrokerFeed, type BrokerFeedOptions } from './alerts/broker-feed.js';
export { DatabaseFeed, type DatabaseFeedOptions } from './alerts/database-feed.js';
export { FileFeed, type FileFeedOptions } from './alerts/file-feed.js';
export type { AlertFeed, FeedListener, OpenFeed } from './alerts/alert-feed.js';
export * from './page-api.js';
export { type Dashboard, type DashboardOptions, isLoopback, startDashboard } from './start-dashboard.js';
export { embeddedStream } from './stream/embedded-stream.js';
export type { StreamSource } from './stream/stream-source.js';
export { watchedBroker } from './stream/watched-broker.js';
