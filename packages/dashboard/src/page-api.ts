import type { LightCurve } from '@apf/alerts/browser';

/**
 * What the page and its server say to each other: JSON over the routes of {@link ROUTES}. Hardly more than types, so that the
 * page bundles nothing of the server. Ids and every 64-bit integer are text, since JSON's numbers would round them; times are
 * milliseconds since 1970 unless they say MJD; null: not known. All text may come from an alert: it is shown as text,
 * never as HTML.
 *
 * Every error has the status 400 (a mistake of the one who asks), 401, 403, 404, 409 or 500 and the body
 * {@link ApiError}. A POST takes `application/json`.
 */
export const ROUTES = {
  /** GET → {@link DashboardInfo} */
  info: '/api/info',
  /** GET → server-sent events, see {@link EventData}; each event's name is a key of it, its data JSON. */
  events: '/api/events',
  /** GET → {@link StreamView} */
  stream: '/api/stream',
  /** GET, query {@link AlertsQuery} → {@link AlertsView} */
  alerts: '/api/alerts',
  /** GET, query {@link AlertQuery} → {@link AlertView} */
  alert: '/api/alert',
  /** GET, query {@link AlertQuery} → the message's bytes as they came, as a download */
  raw: '/api/alert/raw',
  /** GET, query {@link AlertQuery} → the whole alert as JSON, 64-bit integers as digits, bytes in base64, as a download */
  json: '/api/alert/json',
  /** GET → {@link LettersView} */
  letters: '/api/letters',
  /** GET, query `id` → {@link LetterView} */
  letter: '/api/letter',
  /** GET, query `id` → the message's bytes as they came, as a download */
  letterRaw: '/api/letter/raw',
  /** POST {@link ReplayRequest} → {@link ReplayResult}; 403 unless the server runs with `--allow-replay` */
  replay: '/api/letters/replay',
  /** GET, query `topic` (optional) → {@link SkyView} */
  sky: '/api/sky',
} as const;

export interface ApiError {
  /** One line: what is wrong and what helps. */
  readonly error: string;
  /** One of the product's error codes, such as `APF_USAGE`. */
  readonly code: string;
  /** For a filter: where in the expression it is wrong, counted from 0. */
  readonly at?: number;
}

export interface DashboardInfo {
  readonly version: string;
  /** What the page is about, in a few words: the broker, the file of the database, the folder. */
  readonly title: string;
  readonly source: 'broker' | 'embedded broker' | 'database' | 'files';
  /** The views that have something to show. A database and files have no stream. */
  readonly views: readonly ('stream' | 'alerts' | 'letters' | 'sky')[];
  /** Topics whose alerts are read; for a database and files one name that stands for all. */
  readonly topics: readonly string[];
  readonly allowReplay: boolean;
}

/** The server-sent events. A page that connects gets one of each at once. */
export interface EventData {
  /** Twice a second. */
  readonly stream: StreamSnapshot;
  /** Whenever alerts came, twice a second at most: time to ask for {@link AlertsView} again, unless paused. */
  readonly alerts: AlertsTick;
  /** Whenever the number changed, and every second where there is no stream. */
  readonly letters: LettersTick;
}

export interface AlertsTick {
  readonly topics: readonly TopicSampling[];
}

export interface LettersTick {
  /** Null where no place of dead letters was named. */
  readonly count: number | null;
}

// --- The stream --------------------------------------------------------------------------------------------------

export interface StreamView {
  readonly now: StreamSnapshot;
  readonly history: StreamHistory;
}

export interface StreamSnapshot {
  readonly time: number;
  /** `host:port`, without any credential; null where there is no broker. */
  readonly servers: string | null;
  /** Why the last look at the broker failed; the rest is then what was seen before. */
  readonly error: string | null;
  /** What this user may not see of what was asked for, and why: a line each. */
  readonly unseen: readonly string[];
  readonly topics: readonly TopicState[];
  readonly groups: readonly GroupState[];
  readonly steps: readonly StepState[];
  /** Dead letters that wait; null where no place of dead letters was named. */
  readonly deadLetters: number | null;
}

export interface TopicState {
  readonly name: string;
  readonly partitions: readonly PartitionState[];
  /** Messages that are kept. */
  readonly messages: number;
  /** Messages written per second, over the last seconds. */
  readonly rate: number | null;
  /** The latest timestamp of a message. */
  readonly newest: number | null;
}

export interface PartitionState {
  readonly partition: number;
  /** The first offset that is kept, and the one that the next message gets. */
  readonly begin: number;
  readonly end: number;
}

export interface GroupState {
  readonly name: string;
  /** As the broker says it: `Stable`, `Empty`, …; null where it cannot say. */
  readonly state: string | null;
  readonly members: number | null;
  /** Messages that are not processed and committed yet, all partitions together. */
  readonly lag: number | null;
  /** Messages committed per second, over the last seconds. */
  readonly rate: number | null;
  /**
   * From the timestamp of the newest message that is committed to now, of the partition most behind: end to end [s]. Null
   * where nothing waits.
   */
  readonly latency: number | null;
  /** Since when nothing was committed though messages wait; null while it goes on. */
  readonly stillSince: number | null;
  /** It has been still for a second or more, and half as long again as is usual between its commits. */
  readonly stalled: boolean;
  readonly partitions: readonly GroupPartition[];
}

export interface GroupPartition {
  readonly topic: string;
  readonly partition: number;
  /** The next offset to read; null where nothing was committed. */
  readonly committed: number | null;
  readonly end: number;
  readonly lag: number | null;
}

/** A step by its own /metrics. */
export interface StepState {
  readonly name: string;
  /** `host:port` of its metrics. */
  readonly where: string;
  readonly up: boolean;
  /** Why it could not be asked. */
  readonly error: string | null;
  /** Alerts executed per second. */
  readonly rate: number | null;
  readonly lag: number | null;
  readonly deadLetters: number | null;
  readonly retries: number | null;
  /** From the broker's time of a message until it is executed, over the last ten seconds [s]; upper bounds. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
}

/** The last ten minutes or less, two points a second; all series are as long as `times`. */
export interface StreamHistory {
  readonly times: readonly number[];
  /** Messages per second, by topic. */
  readonly topicRate: Readonly<Record<string, readonly (number | null)[]>>;
  /** Messages, by group. */
  readonly groupLag: Readonly<Record<string, readonly (number | null)[]>>;
  /** Messages per second, by group. */
  readonly groupRate: Readonly<Record<string, readonly (number | null)[]>>;
  /** End-to-end latency [s], by group; null while nothing waited. */
  readonly groupLatency: Readonly<Record<string, readonly (number | null)[]>>;
  /** Median end-to-end latency [s], by step. */
  readonly stepLatency: Readonly<Record<string, readonly (number | null)[]>>;
  readonly deadLetters: readonly (number | null)[];
}

// --- Alerts ------------------------------------------------------------------------------------------------------

export interface AlertsQuery {
  /** Absent: of all topics. */
  readonly topic?: string;
  /** An expression of `apf consume --where`, such as `candidate.rb > 0.6`. */
  readonly filter?: string;
  /** 200 where absent, 1000 at most. */
  readonly limit?: string;
}

export interface AlertsView {
  /** The columns that all surveys have, then those of the survey of the most rows. */
  readonly columns: readonly AlertColumn[];
  /** The latest first. */
  readonly rows: readonly AlertRow[];
  /** Alerts that are kept, and how many of them the filter takes. */
  readonly kept: number;
  readonly matching: number;
  readonly sampling: readonly TopicSampling[];
}

/** What is shown of a topic: at high rates not every alert is decoded. */
export interface TopicSampling {
  readonly topic: string;
  /** Messages that came since the server started, and how many of them were decoded. */
  readonly read: number;
  readonly shown: number;
  /** Of the last seconds: one of so many is shown; 1 where all are. */
  readonly oneOf: number;
  /** Messages that could not be decoded, and why the last one could not. */
  readonly undecodable: number;
  readonly lastError: string | null;
}

export interface AlertColumn {
  /** A path in the alert, such as `candidate.magpsf`, or the name of something reckoned. */
  readonly key: string;
  readonly title: string;
  /** `mag`, `deg`, `arcsec`, …; null for none. */
  readonly unit: string | null;
  readonly kind: 'id' | 'text' | 'number' | 'time';
  /** Digits after the point, for numbers. */
  readonly digits?: number;
}

export interface AlertRow {
  readonly at: AlertPosition;
  /** Candid or diaSourceId, and the object's: exact. */
  readonly alertId: string | null;
  readonly objectId: string | null;
  readonly survey: 'ztf' | 'lsst' | 'elasticc' | null;
  /** Parallel to {@link AlertsView.columns}. A time is MJD in UTC. */
  readonly cells: readonly (string | number | null)[];
}

/** Where an alert stands: the message, and the alert in it (a file may hold many). */
export interface AlertPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly record: number;
}

/** By position, or by `id`: that of an alert, or of an object, whose last alert it is then. */
export interface AlertQuery {
  readonly topic?: string;
  readonly partition?: string;
  readonly offset?: string;
  readonly record?: string;
  readonly id?: string;
}

export interface AlertView {
  readonly at: AlertPosition;
  /** When the message was written. */
  readonly timestamp: number | null;
  readonly alertId: string | null;
  readonly objectId: string | null;
  readonly survey: 'ztf' | 'lsst' | 'elasticc' | null;
  /** MJD in UTC [d]. */
  readonly time: number | null;
  /** J2000 [deg]. */
  readonly ra: number | null;
  readonly dec: number | null;
  readonly band: string | null;
  readonly classification: Classification | null;
  /** Science, template, difference, in this order: those that there are. */
  readonly cutouts: readonly CutoutView[];
  readonly lightCurve: LightCurveView | null;
  /** The whole alert. */
  readonly fields: FieldNode;
  /** The alert's pages elsewhere, by https. */
  readonly links: readonly { readonly name: 'ALeRCE' | 'Fink' | 'Lasair'; readonly url: string }[];
  /** Bytes of the message. */
  readonly size: number;
}

export interface Classification {
  /** `SN`, `AGN`, …: of which classifier it is. */
  readonly name: string;
  readonly classifier: string;
  /** 0 to 1. */
  readonly probability: number | null;
  /** All classes of that classifier, the most probable first. */
  readonly all: readonly { readonly name: string; readonly probability: number }[];
}

/** An image as it is looked at: rows from the top, turned so that north is near the top and east near the left. */
export interface CutoutView {
  readonly name: 'Science' | 'Template' | 'Difference';
  readonly width: number;
  readonly height: number;
  /** Base64 of `width * height` 32-bit floats, little-endian, row by row from the top; NaN: no pixel. */
  readonly pixels: string;
  /** Unit vectors in the picture, x to the right, y up; null where the image does not tell. */
  readonly compass: {
    readonly north: readonly [x: number, y: number];
    readonly east: readonly [x: number, y: number];
  } | null;
  /** From where the compass is known: `WCS`, or the survey's convention; null with it. */
  readonly oriented: 'WCS' | 'survey' | null;
  /** Side of a pixel [arcsec]. */
  readonly pixelSize: number | null;
  /** Why it could not be read; there are no pixels then (0 × 0). */
  readonly error: string | null;
}

export interface LightCurveView {
  /** The last 10 000 measurements at most. */
  readonly curve: LightCurve;
  /** How many alerts of the object it is put together from. */
  readonly alerts: number;
  /** A period that the alert names [d]; null for none. */
  readonly period: number | null;
}

/** A value of an alert. */
export interface FieldNode {
  /** Its field, or its index in an array. */
  readonly name: string;
  readonly kind: 'record' | 'array' | 'number' | 'integer' | 'text' | 'boolean' | 'bytes' | 'null';
  /** As it is shown: every digit of an integer; `1 234 bytes` for bytes; null for what has children. */
  readonly value: string | null;
  /** Of a record or an array. */
  readonly children?: readonly FieldNode[];
  /** What the schema says about it. */
  readonly doc?: string;
  /** Children, or characters, that were left out because they are too many. */
  readonly leftOut?: number;
}

// --- Dead letters ------------------------------------------------------------------------------------------------

export interface LettersView {
  /** The folder, or the topic and its broker; null where none was named. */
  readonly where: string | null;
  readonly reasons: readonly LetterReason[];
  /** The latest first; 500 at most. */
  readonly letters: readonly LetterRow[];
  readonly count: number;
  readonly allowReplay: boolean;
}

/** Dead letters of the same code, stage and topic; the most first. */
export interface LetterReason {
  readonly code: string;
  readonly stage: string;
  readonly topic: string;
  readonly count: number;
  /** When the first and the last of them were set aside, ISO 8601. */
  readonly first: string;
  readonly last: string;
  /** The error of the last one. */
  readonly error: string;
}

export interface LetterRow {
  /** `topic-partition-offset`: where the message came from. */
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly code: string;
  readonly error: string;
  readonly stage: string;
  readonly step: string;
  /** When it was set aside, ISO 8601. */
  readonly time: string;
}

export interface LetterView extends LetterRow {
  /** The message's own time. */
  readonly timestamp: number | null;
  readonly key: string | null;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** Bytes of the message; null for a tombstone. */
  readonly size: number | null;
  /** The first 4096 bytes, in lines as `hexdump -C` has them. */
  readonly hex: string;
  /** What its bytes are taken for, and what they decode to, as far as they do. */
  readonly framing: string | null;
  readonly decoded: FieldNode | null;
  readonly undecodable: string | null;
}

export interface ReplayRequest {
  /** Ids of {@link LetterRow}, or all that there are. */
  readonly letters: readonly string[] | 'all';
}

export interface ReplayResult {
  /** Dead letters that their topics have taken again. */
  readonly replayed: number;
}

// --- The sky -----------------------------------------------------------------------------------------------------

export interface SkyView {
  /** The latest last; 5000 at most. */
  readonly positions: readonly SkyPoint[];
  /** The classes that occur, the most frequent first. */
  readonly classes: readonly { readonly name: string | null; readonly count: number }[];
}

export interface SkyPoint {
  readonly at: AlertPosition;
  readonly objectId: string | null;
  /** J2000 [deg]. */
  readonly ra: number;
  readonly dec: number;
  /** Null: not classified. */
  readonly class: string | null;
  /** MJD in UTC [d]. */
  readonly time: number | null;
}
