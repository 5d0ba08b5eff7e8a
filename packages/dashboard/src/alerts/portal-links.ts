import type { AlertIdentity } from '@apf/alerts';
import type { AlertView } from '../page-api.js';

type Links = AlertView['links'];

/** The pages of an object at the brokers that have one of each survey's. ELAsTiCC's objects never were in the sky. */
export function portalLinks({ survey, objectId }: Pick<AlertIdentity, 'survey' | 'objectId'>): Links {
  // Text from an alert: nothing but a survey's own names becomes part of an address.
  if (objectId === null || !/^[A-Za-z0-9]{1,40}$/.test(objectId)) return [];
  if (survey === 'ztf') {
    return [
      { name: 'ALeRCE', url: `https://alerce.online/object/${objectId}` },
      { name: 'Fink', url: `https://ztf.fink-portal.org/${objectId}` },
      { name: 'Lasair', url: `https://lasair-ztf.lsst.ac.uk/objects/${objectId}` },
    ];
  }
  if (survey === 'lsst' && /^\d+$/.test(objectId)) {
    return [
      { name: 'ALeRCE', url: `https://lsst.alerce.online/object/${objectId}` },
      { name: 'Fink', url: `https://lsst.fink-portal.org/${objectId}` },
      { name: 'Lasair', url: `https://lasair.lsst.ac.uk/objects/${objectId}` },
    ];
  }
  return [];
}
