interface Told {
  type: string;
  data: { name: string; nesting: number; file?: string; details?: { duration_ms: number; type?: string } };
}

const MOST = 10;

/** A reporter of node:test that says at the end which tests took longest, and in which file. */
export default async function* slowestTests(events: AsyncIterable<Told>): AsyncGenerator<string> {
  const tests: { name: string; file: string; ms: number }[] = [];
  for await (const { type, data } of events) {
    const isTest = (type === 'test:pass' || type === 'test:fail') && data.details?.type !== 'suite';
    if (isTest)
      tests.push({ name: data.name, file: (data.file ?? '').replace(/^.*\/test\//, 'test/'), ms: data.details?.duration_ms ?? 0 });
  }
  const slowest = tests.toSorted((a, b) => b.ms - a.ms).slice(0, MOST);
  if (slowest.length === 0) return;
  const lines = slowest.map(({ name, file, ms }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${file}: ${name.slice(0, 120)}`);
  yield `\nThe slowest of ${tests.length} tests:\n${lines.join('\n')}\n`;
}
