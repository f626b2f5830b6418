/** What a column of somebody's file can mean. The paths are those of the provision call; the others are of the client itself. */
export const FIELDS = [
  'company.externalId',
  'company.enterpriseId',
  'company.name',
  'company.isGlobalMeetEnabled',
  'company.isWebConfEnabled',
  'client.externalId',
  'client.password',
  'client.first',
  'client.last',
  'client.name',
  'client.email',
  'contact.address',
  'contact.city',
  'contact.state',
  'contact.country',
  'contact.postalCode',
  'status',
  'clientId',
  'moderatorPassCode',
  'participantPassCode',
  'hubName',
] as const;
export type Field = (typeof FIELDS)[number];

export function isField(text: string): text is Field {
  return (FIELDS as readonly string[]).includes(text);
}

export type FieldKind = 'id' | 'code' | 'flag' | 'status' | 'secret' | 'text';

export function kindOf(field: Field): FieldKind {
  if (field.endsWith('Id')) return 'id';
  if (field.endsWith('PassCode')) return 'code';
  if (field.endsWith('Enabled')) return 'flag';
  if (field === 'status') return 'status';
  return field === 'client.password' ? 'secret' : 'text';
}

/** Without these there is no client to be made. A full name stands for first and last. */
export const NEEDED: readonly Field[] = [
  'company.externalId',
  'company.enterpriseId',
  'company.name',
  'client.externalId',
  'client.first',
  'client.last',
  'client.email',
  'contact.country',
];
