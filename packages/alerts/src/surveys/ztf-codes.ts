const BANDS = ['g', 'r', 'i'] as const;

/** ZTF's filter by its number (`fid`); null for an unknown one. */
export function bandOfZtf(fid: unknown): (typeof BANDS)[number] | null {
  return typeof fid === 'number' || typeof fid === 'bigint' ? (BANDS[Number(fid) - 1] ?? null) : null;
}

/**
 * The sign of ZTF's difference flux by `isdiffpos`, in every way that it has been written: `t` or `1`, brighter than the
 * reference, `f` or `0`, fainter; as text, number or boolean. Null for anything else.
 */
export function signOfZtf(isdiffpos: unknown): 1 | -1 | null {
  switch (String(isdiffpos).toLowerCase()) {
    case 't':
    case 'true':
    case '1':
      return 1;
    case 'f':
    case 'false':
    case '0':
      return -1;
    default:
      return null;
  }
}
