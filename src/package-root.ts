import { existsSync } from 'node:fs';

/** Where package.json, the guides and the built pages are: one folder up in a clone, two in the published package, which holds what was built in `dist/src/`. */
export const PACKAGE_ROOT: URL = findRoot(new URL('../', import.meta.url));

function findRoot(folder: URL): URL {
  return existsSync(new URL('package.json', folder)) ? folder : new URL('../', folder);
}
