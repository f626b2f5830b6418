import { ADMISSION } from '../admission.ts';
import type { EngineAsks } from '../engines.ts';
import { post } from '../server.ts';

const askAt =
  (path: string): EngineAsks =>
  ({ url }, token, { digits, callId, caller, number }) =>
    post(`${url}${path}`, { callId, accessNumber: number, digits, caller }, { 'X-AUTH-TOKEN': token });

export const jsonAsks = askAt(ADMISSION);
/** Without a Janus whoever may come in is told to ask again: test/janus has the engine. */
export const janusAsks = askAt('/admission/janus/join');
