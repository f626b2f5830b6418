import { ADMISSION } from '../admission.ts';
import type { EngineAsks } from '../engines.ts';
import { post } from '../server.ts';

export const jsonAsks: EngineAsks = ({ url }, token, { digits, callId, caller, number }) =>
  post(`${url}${ADMISSION}`, { callId, accessNumber: number, digits, caller }, { 'X-AUTH-TOKEN': token });
