import { type Command, InvalidArgumentError } from 'commander';
import { OperatorError } from '../../domain/errors.ts';
import { readTime } from '../../domain/text.ts';
import { printJson, printLine } from '../output.ts';
import { confirm } from './ask.ts';
import { addCallerOptions, type CallerOptions, withServer } from './connection.ts';
import { addWhichClient, findClient, nameOf, type WhichOptions } from './which-client.ts';

interface TerminateOptions extends CallerOptions, WhichOptions {
  reason: string;
  at?: Date;
  yes?: boolean;
  dryRun?: boolean;
}

const EXAMPLES = `
Examples:
  parley terminate 10000000 --reason 'Contract ended'
  parley terminate --external-id 100 --reason 'Contract ended' --at 2036-01-31T00:00:00Z --yes
  parley terminate 10000000 --reason 'Contract ended' --dry-run

This cannot be undone: the pass codes open nothing any more, and the external id is not used again. To close a client for a while: parley deactivate`;

export function addTerminateCommand(terminate: Command): void {
  addCallerOptions(addWhichClient(terminate))
    .requiredOption('--reason <text>', 'why, for the audit')
    .option('--at <time>', 'a time to come, such as 2036-01-31T00:00:00Z; now, if left out', readInstant)
    .option('--yes', 'do not ask, for scripts')
    .option('--dry-run', 'say what would change, and change nothing')
    .addHelpText('after', EXAMPLES)
    .action(async (given: number | undefined, options: TerminateOptions) => {
      const { reason, at, yes, dryRun, json } = options;
      await withServer(options, async (parley) => {
        const client = await findClient(terminate, parley, given, options);
        const when = at === undefined ? 'now' : `at ${at.toISOString()}`;
        if (dryRun) {
          if (json)
            return printJson({
              clientId: client.clientId,
              changes: [{ field: 'status', from: client.status, to: 'terminated' }],
              at: at ?? null,
            });
          return printLine(`${nameOf(client)} is ${client.status} and would be ended for good, ${when}. Nothing was changed.`);
        }
        if (!yes && !(await confirm(`${nameOf(client)} will be ended for good, ${when}. Go on?`)))
          throw new OperatorError('Not confirmed: nothing was changed.');
        const done = await parley.clients.terminate(client.clientId, { reason, at });
        if (json) return printJson(done);
        printLine(
          done.status === 'terminated' ? `${nameOf(done)} is terminated.` : `${nameOf(done)} will be terminated at ${done.terminateAt}.`,
        );
      });
    });
}

function readInstant(text: string): Date {
  const at = readTime(text);
  if (at === undefined) throw new InvalidArgumentError('It must be a time such as 2036-01-31T00:00:00Z.');
  return new Date(at);
}
