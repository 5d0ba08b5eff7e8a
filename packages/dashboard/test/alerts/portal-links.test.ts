import { portalLinks } from '../../src/alerts/portal-links';

describe('links to the pages of an object elsewhere', () => {
  it('are of its survey', () => {
    expect(portalLinks({ survey: 'ztf', objectId: 'ZTF18acsbutg' }).map(({ name }) => name)).toEqual([
      'ALeRCE',
      'Fink',
      'Lasair',
    ]);
    for (const { url } of portalLinks({ survey: 'lsst', objectId: '169298433216610349' }))
      expect(url).toMatch(/^https:\/\/[\w.-]+\/.*169298433216610349$/);
    expect(portalLinks({ survey: 'elasticc', objectId: '1' })).toEqual([]);
  });

  it.each(['../x', 'a b', '<script>', 'javascript:alert(1)', '', 'x'.repeat(41), 'a?b', 'a#b', '2024 AB1'])(
    'are none for %j, which is no name of an object',
    (objectId) => {
      expect(portalLinks({ survey: 'ztf', objectId })).toEqual([]);
    },
  );
});
