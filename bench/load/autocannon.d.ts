/** As much of autocannon as is used here; it comes without types. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  export interface Request {
    method?: 'GET';
    path?: string;
    body?: string;
    setupRequest?: (request: object) => object;
  }

  export interface Client {
    setRequests(requests: Request[]): void;
  }

  export interface Options {
    url: string;
    method: 'POST';
    headers: Record<string, string>;
    connections: number;
    duration: number;
    sampleInt: number;
    overallRate?: number;
    requests?: Request[];
    setupClient: (client: Client) => void;
  }

  export interface Result {
    duration: number;
    errors: number;
    timeouts: number;
    non2xx: number;
    statusCodeStats: Record<string, { count: number }>;
  }

  export default function autocannon(options: Options): EventEmitter & Promise<Result>;
}
