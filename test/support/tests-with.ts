import { test } from 'node:test';

type Test = (name: string, body: (t: test.TestContext) => Promise<void>) => void;

/**
 * Tests that need a program. They run where it is or can be installed; where not, that is said loudly, and with CI or `REQUIRE_<PROGRAM>` set each is a
 * failure.
 */
export function testsWith(program: string, find: () => string): Test {
  let missing: string | undefined;
  try {
    find();
  } catch (error) {
    missing = (error as Error).message;
    const line = '='.repeat(100);
    process.stderr.write(`\n${line}\nNOTHING WAS TESTED WITH ${program.toUpperCase()}.\n${missing}\n${line}\n\n`);
  }
  const isRequired = Boolean(process.env.CI || process.env[`REQUIRE_${program.toUpperCase()}`]);
  return (name, body) => {
    if (missing === undefined) test(name, body);
    else if (isRequired) test(name, () => Promise.reject(new Error(missing)));
    else test(name, { skip: `NOTHING WAS TESTED WITH ${program.toUpperCase()}: ${missing}` }, () => {});
  };
}
