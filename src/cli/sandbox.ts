import { type Command, InvalidArgumentError } from 'commander';
import { environmentWith } from '../config.ts';
import { OperatorError } from '../domain/errors.ts';
import { SANDBOX_FAULTS } from '../domain/sandbox-fault.ts';
import { runDrill } from './drill/run-drill.ts';
import { JSON_OPTION, type OutputOptions, printJson, printTable } from './output.ts';

interface DrillCommandOptions extends OutputOptions {
  url: URL;
  port: number;
  timeout: number;
}

const STANDARD_PORT = 8090;
const STANDARD_TIMEOUT_SECONDS = 120;

export function addSandboxCommands(sandbox: Command): void {
  sandbox
    .command('drill')
    .description(
      "let every fault happen to your own code, and say what it does about each: the report card's exit code is 1 where one failed",
    )
    .requiredOption('--url <url>', 'the server with the sandbox', readUrl)
    .option('--port <port>', 'where your code finds the drill, on this machine', readNumber(0, 65_535), STANDARD_PORT)
    .option('--timeout <seconds>', 'how long your code may take for one fault', readNumber(1, 3_600), STANDARD_TIMEOUT_SECONDS)
    .option(...JSON_OPTION)
    .argument(
      '[command...]',
      'after --: provisions a client through PARLEY_URL; run once for each fault. Without one, point your system at the drill yourself',
    )
    .action(async (command: string[], { url, port, timeout, json }: DrillCommandOptions) => {
      const tell = (line: string): void => void process.stderr.write(`${line}\n`);
      const verdicts = await runDrill({
        url,
        port,
        timeoutMs: timeout * 1_000,
        command,
        environmentWith,
        onReady: (address) =>
          tell(
            command.length > 0
              ? `Drilling at ${address}`
              : `Point your system at ${address} with a sandbox token, and let it provision ${SANDBOX_FAULTS.length} clients.`,
          ),
        onTrial: (fault) => tell(`  ${fault}`),
      });
      if (json) printJson(verdicts);
      else
        printTable(
          ['Fault', 'Attempts', 'Result', 'Remark'],
          verdicts.map(({ fault, attempts, result, remark }) => [fault, String(attempts), result, remark]),
        );
      const failed = verdicts.filter(({ result }) => result !== 'passed').map(({ fault }) => fault);
      if (failed.length > 0) throw new OperatorError(`Not passed: ${failed.join(', ')}. docs/sandbox.md says what a correct caller does.`);
    });
}

function readUrl(text: string): URL {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new InvalidArgumentError('It must be a URL such as http://127.0.0.1:8080.');
  return new URL(text);
}

function readNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d{1,6}$/.test(text) || number < least || number > most)
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return number;
  };
}
