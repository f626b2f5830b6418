import type { onSendHookHandler } from 'fastify';

/**
 * The answers of one turn of the event loop leave together, at its end. Writing to a socket wakes whoever sleeps at its other end, which costs
 * more than the rest of a small answer; written one after the other, the first wakes a proxy on this machine for all of them.
 * Refusals do not wait: the parser may have more to say of a request that is not complete.
 */
export function leaveTogether(): onSendHookHandler {
  let leaving: (() => void)[] = [];
  const leave = (): void => {
    const all = leaving;
    leaving = [];
    for (const send of all) send();
  };
  return (_request, reply, payload, done) => {
    const send = (): void => {
      if (!reply.raw.headersSent) done(null, payload);
    };
    if (reply.statusCode !== 200) send();
    else if (leaving.push(send) === 1) setImmediate(leave);
  };
}
