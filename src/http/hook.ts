import type { FastifyReply, FastifyRequest } from 'fastify';

type Done = (error?: Error) => void;
type Hook = (request: FastifyRequest, reply: FastifyReply, done: Done) => void;

/** A check as a hook of Fastify's: synchronous where the check is, so that what is refused early costs as little as it can. */
export function hook(check: (request: FastifyRequest, reply: FastifyReply) => void | undefined | Promise<void>): Hook {
  return (request, reply, done) => {
    let pending: void | Promise<void>;
    try {
      pending = check(request, reply);
    } catch (error) {
      done(error as Error);
      return;
    }
    if (pending instanceof Promise) pending.then(() => done(), done);
    else done();
  };
}
