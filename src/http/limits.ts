/** G8: every size and time has a bound. */
export const MAX_BODY_BYTES = 256 * 1024;
export const MAX_HEADER_BYTES = 16 * 1024;
export const MAX_HEADERS = 100;
export const MAX_CONNECTIONS = 10_000;
export const HEADERS_TIMEOUT_MS = 10_000;
export const REQUEST_TIMEOUT_MS = 20_000;
/** Longer than a load balancer usually keeps an idle connection (60 s), so that it never sends on one that we are closing. */
export const KEEP_ALIVE_TIMEOUT_MS = 75_000;
