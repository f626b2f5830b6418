import { OperatorError } from '../../domain/errors.ts';
import { ParleyConnectionError, ParleyError, ParleyTimeoutError } from '../../../sdk/src/index.ts';
import type { Target } from './target.ts';
import { optionOf } from './record-options.ts';

const CONNECTION_PROBLEMS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name cannot be looked up now',
  ETIMEDOUT: 'it does not answer',
  ECONNRESET: 'it was closed before the answer was complete',
  UND_ERR_SOCKET: 'it was closed before the answer was complete',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself; give its authority with NODE_EXTRA_CA_CERTS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of an unknown authority; give that with NODE_EXTRA_CA_CERTS',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

/** A failure of a call as sentences that say what to do. Anything else stays what it is. */
export function explain(error: unknown, target: Target): unknown {
  if (!(error instanceof ParleyError)) return error;
  return new OperatorError(sentencesOf(error, target).join('\n'));
}

export function sentencesOf(error: ParleyError, { url, urlSource, tokenSource }: Target): string[] {
  if (error instanceof ParleyTimeoutError)
    return [`${error.message} The server is ${url} (from ${urlSource}). Repeat the command: that is safe.`];
  if (error instanceof ParleyConnectionError) {
    const problem = CONNECTION_PROBLEMS[codeOf(error.cause) ?? ''];
    return [
      `No connection to ${url}${problem === undefined ? '' : `: ${problem}`}. The address is from ${urlSource}; another one is set with PARLEY_URL, --url or parley login.`,
    ];
  }
  if (error.code === 'UNAUTHORIZED')
    return [
      `${url} does not accept the token. It is from ${tokenSource}; set another with PARLEY_TOKEN, PARLEY_TOKEN_FILE or parley login.`,
    ];
  if (error.code === 'SCOPE_REQUIRED') return [`${error.message} The token is from ${tokenSource}.`];
  const fields = Object.entries(error.fields);
  if (fields.length === 0) return [error.message];
  return fields.map(([field, problem]) => {
    const option = optionOf(field);
    return `${field} ${problem}.${option === undefined ? '' : ` The option is ${option}.`}`;
  });
}

/** Fetch wraps what the connection says; several addresses of one host fail as a group. */
function codeOf(cause: unknown): string | undefined {
  for (let error = cause as any, depth = 0; error && depth < 5; error = error.cause ?? error.errors?.[0], depth++) {
    if (typeof error.code === 'string') return error.code;
  }
  return undefined;
}
