import { type Command, InvalidArgumentError } from 'commander';
import type { Event, EventType } from '../../../sdk/src/index.ts';
import { printLine } from '../output.ts';
import { addCallerOptions, type CallerOptions, withServer } from './connection.ts';
import { readId } from './which-client.ts';

interface WatchOptions extends CallerOptions {
  after?: string;
  types?: EventType[];
  clientId?: number;
}

const EXAMPLES = `
Examples:
  parley watch
  parley watch --types client.provisioned,client.deactivated
  parley watch --after evt_120 --json | while read -r event; do ...; done

It ends with Ctrl-C and says where to go on. With --json each event is one line.`;

export function addWatchCommand(watch: Command): void {
  addCallerOptions(watch)
    .option('--after <event>', 'first those after this event (evt_0: all), then what is to come', readEventId)
    .option('--types <list>', 'only these, with commas between', (list) => list.split(',').map((one) => one.trim()))
    .option('--client-id <id>', 'only those of this client', readId)
    .addHelpText('after', EXAMPLES)
    .action(async (options: WatchOptions) => {
      const { after, types, clientId, json } = options;
      await withServer(options, async (parley, { url }) => {
        // A stream goes on trying for ever: what can be wrong from the beginning is asked first, once.
        await parley.identify();
        const stop = new AbortController();
        const end = (): void => stop.abort();
        process.on('SIGINT', end).on('SIGTERM', end);
        // Whoever reads has had enough.
        process.stdout.on('error', end);
        let last = after;
        process.stderr.write(`Watching ${url}. Ctrl-C ends it.\n`);
        try {
          for await (const event of parley.events.follow({ after, types, clientId, signal: stop.signal })) {
            printLine(json ? JSON.stringify(event) : lineOf(event));
            last = event.id;
          }
        } catch (error) {
          if (!stop.signal.aborted) throw error;
        }
        if (last !== undefined) process.stderr.write(`To go on from here: parley watch --after ${last}\n`);
      });
    });
}

function lineOf({ id, at, type, clientId, companyId, data }: Event): string {
  const details = Object.entries(data).map(([name, value]) => `${name}=${Array.isArray(value) ? value.join('+') : JSON.stringify(value)}`);
  const columns = [at.padEnd(24), id.padEnd(10), type.padEnd(28), String(clientId ?? '-').padEnd(10), String(companyId ?? '-').padEnd(8)];
  return `${columns.join(' ')} ${details.join(' ')}`.trimEnd();
}

function readEventId(text: string): string {
  if (!/^evt_\d{1,16}$/.test(text)) throw new InvalidArgumentError('It must be the id of an event, such as evt_120.');
  return text;
}
