export { Catalogue, type CatalogueColumn, type CatalogueMatch } from './catalogue.js';
export type { CatalogueOptions } from './catalogue-columns.js';
export { CrossMatch, type CrossMatchOptions, type MatchedValue } from './cross-match.js';
export { loadCatalogue } from './load-catalogue.js';
export { watchlist } from './watchlist.js';
