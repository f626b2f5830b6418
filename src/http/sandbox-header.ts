import { FAULT_SYNTAX } from '../domain/sandbox-fault.ts';

export const SANDBOX_HEADER = 'X-Sandbox-Fault';

export const SANDBOX_HEADERS = {
  [SANDBOX_HEADER]: `For sandbox tokens (\`parley_test_...\`) alone: what is to go wrong the first times this request comes. It is ${FAULT_SYNTAX}.`,
};
