import { type Command, Option } from 'commander';

type Kind = 'text' | 'flag';

/** Each detail of a record and the option that gives it. A password has none: other users can read the arguments of a process. */
const DETAILS: readonly [field: string, option: string, description: string, kind: Kind][] = [
  ['client.externalId', '--external-id <id>', 'your id of the plan', 'text'],
  ['client.first', '--first <name>', 'first name', 'text'],
  ['client.last', '--last <name>', 'last name', 'text'],
  ['client.email', '--email <address>', 'e-mail address', 'text'],
  ['company.externalId', '--company-external-id <id>', 'your id of the customer', 'text'],
  ['company.enterpriseId', '--enterprise-id <id>', 'the container of companies', 'text'],
  ['company.name', '--company-name <name>', 'name of the customer', 'text'],
  ['company.isGlobalMeetEnabled', '--global-meet <yes|no>', 'whether the company may use GlobalMeet', 'flag'],
  ['company.isWebConfEnabled', '--web-conf <yes|no>', 'whether the company may use web conferences', 'flag'],
  ['contact.address', '--address <street>', 'street', 'text'],
  ['contact.city', '--city <city>', 'city', 'text'],
  ['contact.state', '--state <state>', 'state or province; needed in the United States', 'text'],
  ['contact.country', '--country <country>', 'name or ISO 3166 code', 'text'],
  ['contact.postalCode', '--postal-code <code>', 'postal code', 'text'],
];

export type LooseRecord = Record<string, Record<string, unknown>>;

export function addRecordOptions(command: Command): Command {
  for (const [, flags, description, kind] of DETAILS) {
    const option = new Option(flags, description);
    command.addOption(kind === 'flag' ? option.choices(['yes', 'no']) : option);
  }
  return command;
}

/** The option by which a field is given, for the sentence that says what is wrong with it. */
export function optionOf(field: string): string | undefined {
  if (field === 'client.password') return '--password-file';
  const found = DETAILS.find(([path]) => path === field);
  return found?.[1].split(' ')[0];
}

/** What the options say goes before what the record says. */
export function mergeOptions(record: LooseRecord, options: Readonly<Record<string, unknown>>): LooseRecord {
  const merged: LooseRecord = { ...record, company: { ...record.company }, client: { ...record.client }, contact: { ...record.contact } };
  for (const [field, flags, description, kind] of DETAILS) {
    const value = options[new Option(flags, description).attributeName()];
    const [part, name] = field.split('.') as [string, string];
    if (value !== undefined) (merged[part] as Record<string, unknown>)[name] = kind === 'flag' ? value === 'yes' : value;
  }
  return merged;
}
