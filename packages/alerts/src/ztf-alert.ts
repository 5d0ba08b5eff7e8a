import type {
  ZTF_CANDIDATE_FIELDS,
  ZTF_NULL_IN_UPPER_LIMIT,
  ZTF_PRV_CANDIDATE_NAMES,
} from './ztf-candidate-fields.js';
import type { ZTF_FORCED_FIELDS } from './ztf-forced-fields.js';

type Primitive<T extends string> = T extends 'long'
  ? bigint
  : T extends 'string'
    ? string
    : T extends 'float' | 'double' | 'int'
      ? number
      : never;

type Value<T extends string> = T extends `${infer Base}?` ? Primitive<Base> | null : Primitive<T>;

/** What ZTF measured in one exposure. Names, meanings and units: {@link ZTF_CANDIDATE_FIELDS}. */
export type ZtfCandidate = {
  [Field in (typeof ZTF_CANDIDATE_FIELDS)[number] as Field[0]]: Value<Field[1]>;
};

type NullInUpperLimit = (typeof ZTF_NULL_IN_UPPER_LIMIT)[number];

/** An earlier epoch of the same object: a detection, or an upper limit (`candid` and `magpsf` null, `diffmaglim` set). */
export type ZtfPrvCandidate = {
  [Name in (typeof ZTF_PRV_CANDIDATE_NAMES)[number]]: Name extends NullInUpperLimit
    ? ZtfCandidate[Name] | null
    : ZtfCandidate[Name];
};

/** An earlier exposure's forced photometry. Names, meanings and units: {@link ZTF_FORCED_FIELDS}. */
export type ZtfForcedPhotometry = {
  [Field in (typeof ZTF_FORCED_FIELDS)[number] as Field[0]]: Value<Field[1]>;
};

export interface ZtfCutout {
  fileName: string;
  /** A FITS image, 63 x 63 pixels of 1.01 arcsec, gzip; `readFits` reads it. */
  stampData: Buffer;
}

/** An alert of the Zwicky Transient Facility, schema version 3.3 or 4.02. */
export interface ZtfAlert {
  schemavsn: string;
  publisher: string;
  objectId: string;
  candid: bigint;
  candidate: ZtfCandidate;
  prv_candidates: ZtfPrvCandidate[] | null;
  /** From version 4 on. */
  fp_hists?: ZtfForcedPhotometry[] | null;
  cutoutScience: ZtfCutout | null;
  cutoutTemplate: ZtfCutout | null;
  cutoutDifference: ZtfCutout | null;
}
