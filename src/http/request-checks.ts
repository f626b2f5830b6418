import type { IncomingMessage } from 'node:http';
import { invalidRequest, ProvisioningError } from '../domain/errors.ts';
import { headersTooLarge } from './errors.ts';
import { MAX_HEADERS } from './limits.ts';

export const LINES_TYPE = 'application/x-ndjson';
const OTHER_FORMATS = /^\s*(?:multipart\/|[^;,]*[/+]xml\b)/i;

/** Shapes that Node's parser lets through and that two readers could understand differently (C11). */
export function refuseAmbiguous({ url = '', rawHeaders, headers, httpVersion }: IncomingMessage): void {
  if (!url.startsWith('/')) throw invalidRequest('Send the path alone in the request line, beginning with a slash.');
  if (rawHeaders.length > 2 * MAX_HEADERS) throw headersTooLarge();
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) throw invalidRequest('Send one Host header.');
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') throw invalidRequest('Send no Transfer-Encoding but chunked.');
}

export function refuseExpectation({ headers }: IncomingMessage): void {
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue') {
    throw new ProvisioningError('EXPECTATION_FAILED', 'Only Expect: 100-continue is understood.');
  }
}

/** The body is JSON whatever the content type says (C11): `curl -d` sends a form's. Only what is plainly something else is refused. */
export function treatBodyAsJson({ headers }: IncomingMessage, type = 'application/json'): void {
  if (headers['content-encoding'] !== undefined) {
    throw new ProvisioningError('UNSUPPORTED_ENCODING', 'Send the body as it is, without Content-Encoding.');
  }
  if (OTHER_FORMATS.test(headers['content-type'] ?? '')) {
    throw new ProvisioningError(
      'UNSUPPORTED_MEDIA_TYPE',
      `Send ${type === LINES_TYPE ? 'lines of JSON' : 'JSON'}, with Content-Type: ${type}.`,
    );
  }
  headers['content-type'] = type;
}
