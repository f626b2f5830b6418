import { request } from 'node:http';
import type { TestServer } from './server.ts';

export interface Page {
  status: number;
  text: string;
  headers: Record<string, unknown>;
}

/** Follows a link as a browser does that finds the hub at this server: fetch() does not let one choose the Host. */
export function follow(server: Pick<TestServer, 'url'>, link: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Page> {
  const { host, pathname, search } = new URL(link);
  return new Promise((resolve, reject) => {
    request(`${server.url}${pathname}${search}`, { method, headers: { host, ...headers } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode as number, text: Buffer.concat(chunks).toString('utf8'), headers: answer.headers }),
      );
    })
      .on('error', reject)
      .end();
  });
}
