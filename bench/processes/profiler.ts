import { Session } from 'node:inspector/promises';

/** Microseconds of this thread's CPU time by part of the server, garbage and waiting included. */
export type TimeByLayer = Readonly<Record<string, number>>;

const SAMPLE_US = 200;

/** The first that fits a function names its part: by its name, then by the file it is in. A call into SQLite, the system or OpenSSL is counted to the function that makes it. */
const LAYERS: readonly (readonly [layer: string, fits: RegExp])[] = [
  ['waiting', /^\(idle\) /],
  ['garbage', /^\(garbage collector\) /],
  ['writing the socket', /^(writev?|write\w*String|createWriteWrap|handleWriteReq|afterWrite\w*) /],
  ['hashing, sealing, random bytes', /internal\/crypto\/|\/src\/vault\/|random-bytes/],
  ['hand-over to the writer, and back', /^(postMessage|.*) .*(internal\/worker|messageport)|^postMessage /],
  ['SQLite: look-ups and snapshots', /\/src\/store\/sqlite\//],
  ['access log', /\/pino\/|\/src\/log\.ts|safe-stable-stringify|sonic-boom/],
  ['metrics', /\/prom-client\//],
  ['rate limit', /\/@fastify\/rate-limit\//],
  [
    'validation: JSON gate, schema, rules',
    /json-gate|\/ajv|validate\d+ |schemas\/|\/fastify\/lib\/validation|\/src\/domain\/(countr|email|text|invisible|person)/,
  ],
  ['token', /authenticate|\/src\/http\/auth|\/src\/domain\/token/],
  ['Fastify: routing, hooks, reply', /\/fastify\/|find-my-way|\/avvio\/|\/@fastify\//],
  ['node: HTTP, streams, timers, ticks', /node:/],
  ["Parley's own, the rest", /\/src\//],
];
const OTHERS = 'the engine itself, and what has no name';

let session: Session | undefined;

export async function startProfile(): Promise<void> {
  session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US });
  await session.post('Profiler.start');
}

export async function stopProfile(): Promise<TimeByLayer> {
  if (session === undefined) throw new Error('no profile was started');
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  session = undefined;
  const nameOf = new Map(profile.nodes.map(({ id, callFrame }) => [id, `${callFrame.functionName} ${callFrame.url}`]));
  const spent: Record<string, number> = {};
  profile.samples?.forEach((id, i) => {
    const layer = layerOf(nameOf.get(id) ?? '');
    spent[layer] = (spent[layer] ?? 0) + (profile.timeDeltas?.[i] ?? 0);
  });
  return spent;
}

function layerOf(name: string): string {
  return LAYERS.find(([, fits]) => fits.test(name))?.[0] ?? OTHERS;
}
