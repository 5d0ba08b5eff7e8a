import fc from 'fast-check';
import { addressOf } from '../../page/frame/api.js';
import { hrefOf, parseRoute, VIEWS } from '../../page/frame/route.js';

describe('routes', () => {
  it('are read from the hash', () => {
    expect(parseRoute('#/alerts?topic=ztf&filter=rb%20%3E%200.6')).toEqual({
      view: 'alerts',
      query: { topic: 'ztf', filter: 'rb > 0.6' },
    });
    expect(parseRoute('#/sky')).toEqual({ view: 'sky', query: {} });
    expect(parseRoute('')).toBeNull();
    expect(parseRoute('#/nowhere')).toBeNull();
  });

  it('come back as they were, whatever is in them', () => {
    const query = fc.dictionary(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.string({ minLength: 1, unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...VIEWS), query, (view, given) => {
        expect(parseRoute(hrefOf(view, given))).toEqual({ view, query: { ...given } });
      }),
    );
  });

  it('leave out what is not given', () => {
    expect(hrefOf('alerts', { topic: undefined, filter: '', limit: 50 })).toBe('#/alerts?limit=50');
    expect(addressOf('/api/alerts', { topic: null, limit: 0 })).toBe('/api/alerts?limit=0');
  });
});
