import type { Profile } from './profile.js';

/** A public broker, as its operators publish it. */
export interface Preset {
  readonly profile: Profile;
  /** What it sends. */
  readonly what: string;
  /** Where to ask for an account; undefined where none is needed. */
  readonly apply?: string;
  /** What `apf login` must be told besides. */
  readonly note?: string;
}

/** Public brokers by the name of their preset. */
export const PRESETS: Readonly<Record<string, Preset>> = {
  'fink-ztf': {
    what: "Fink's filters on ZTF",
    profile: { servers: 'kafka-ztf.fink-broker.org:24499', survey: 'ztf', framing: 'schema-in-key' },
    apply: 'https://forms.gle/2td4jysT4e9pkf889',
    note: 'the group id is the one that Fink gave you: --group',
  },
  'fink-lsst': {
    what: "Fink's filters on LSST",
    profile: { servers: 'kafka-lsst.fink-broker.org:24499', survey: 'lsst', framing: 'schema-in-key' },
    apply: 'https://forms.gle/2td4jysT4e9pkf889',
    note: 'the group id is the one that Fink gave you: --group',
  },
  alerce: {
    what: "ALeRCE's classifications",
    profile: {
      servers: 'kafka.alerce.science:9093',
      mechanism: 'SCRAM-SHA-256',
      tls: false,
      framing: 'container',
    },
    apply: 'by e-mail to the ALeRCE team',
  },
  lasair: {
    what: "Lasair's filters",
    profile: { servers: 'lasair-lsst-kafka_pub.lsst.ac.uk:9092', framing: 'json' },
  },
  babamul: {
    what: 'Babamul (BOOM) on ZTF and LSST',
    profile: {
      servers: 'kaboom.caltech.edu:9093',
      mechanism: 'SCRAM-SHA-512',
      tls: false,
      framing: 'schemaless',
    },
    apply: 'an account of Babamul',
    note: 'group ids begin with your user name and a dash',
  },
  ztf: {
    what: 'all public alerts of ZTF, a topic a night: ztf_20210315_programid1',
    profile: { servers: 'public.alerts.ztf.uw.edu:9092', survey: 'ztf', framing: 'container' },
    apply: 'for brokers with an agreement only',
  },
  rubin: {
    what: 'all alerts of Rubin, for the brokers that have been selected',
    profile: {
      servers: 'rubin-alert-stream-bootstrap.slac.stanford.edu:9094',
      mechanism: 'SCRAM-SHA-512',
      tls: false,
      survey: 'lsst',
      framing: 'confluent',
      registry: 'https://rubin-alert-schemas.slac.stanford.edu/schema-registry/',
    },
    apply: 'for the brokers that Rubin has selected only',
    note: 'group ids begin with your user name',
  },
  scimma: {
    what: "SCiMMA's Hopskotch",
    profile: { servers: 'kafka.scimma.org:9092', mechanism: 'SCRAM-SHA-512', tls: true },
    apply: 'an account of SCiMMA, with a Hopskotch credential',
    note: 'group ids begin with your user name',
  },
};
