import type { AdmissionDialect } from '../dialect.ts';
import { readHttapi, renderHttapi } from './freeswitch-httapi.ts';
import { readDialplan, renderDialplan } from './freeswitch-xml-curl.ts';

/** mod_httapi asks at each step of a call, mod_xml_curl for the whole of it at once: docs/bridges/freeswitch.md. */
export const freeswitchDialect: AdmissionDialect = {
  name: 'freeswitch',
  routes: [
    { kind: 'admission', methods: ['GET', 'POST'], path: '/httapi', joinsAtOnce: true, read: readHttapi, render: renderHttapi },
    { kind: 'admission', methods: ['GET', 'POST'], path: '/xml-curl', joinsAtOnce: true, read: readDialplan, render: renderDialplan },
  ],
};
