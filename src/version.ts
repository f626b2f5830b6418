import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from './package-root.ts';

export const VERSION: string = createRequire(import.meta.url)(fileURLToPath(new URL('package.json', PACKAGE_ROOT))).version;
