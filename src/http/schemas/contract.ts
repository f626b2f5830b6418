import { type Static, Type } from 'typebox';
import type { RuleName } from './rules.ts';

/** One schema gives the validation, the types and the OpenAPI document. Unknown members are ignored (C12). */

const rule = (name: RuleName) => ({ 'x-rule': name });

const Id = (description: string, example: number) =>
  Type.Unsafe<number | string>({
    type: ['integer', 'string'],
    ...rule('id'),
    description: `${description} A positive whole number up to 9007199254740991; a string of digits is accepted too.`,
    examples: [example],
  });

const Text = (description: string, example: string) =>
  Type.String({ ...rule('text'), description: `${description} Trimmed; not blank; at most 255 characters.`, examples: [example] });

const PersonName = (description: string, example: string) =>
  Type.String({
    ...rule('personName'),
    description: `${description} Trimmed; at most 255 characters. One of first and last may be "", not both.`,
    examples: [example],
  });

const OptionalText = (description: string, example: string) =>
  Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], ...rule('optionalText'), description, examples: [example] }));

const Flag = (description: string, example: boolean) =>
  Type.Optional(
    Type.Unsafe<boolean | null>({
      type: ['boolean', 'null'],
      ...rule('flag'),
      description: `${description} Missing or null is false.`,
      examples: [example],
    }),
  );

export const ProvisionBody = Type.Object(
  {
    company: Type.Object(
      {
        externalId: Id("The customer's id in the caller's system (customer.id).", 50),
        enterpriseId: Id("The reseller's container of companies.", 799),
        name: Text('Names the company, and its hub when it is made.', 'Company Name'),
        isGlobalMeetEnabled: Flag('Whether the company may use GlobalMeet.', true),
        isWebConfEnabled: Flag('Whether the company may use web conferences.', false),
      },
      rule('object'),
    ),
    client: Type.Object(
      {
        externalId: Id("The plan's id in the caller's system (user_plan.id, not user.id).", 100),
        password: Type.Optional(
          Type.Unsafe<string | null>({
            type: ['string', 'null'],
            ...rule('password'),
            description:
              'Usually "": generated on create and left alone afterwards. Given: 8 to 128 characters with a letter and a digit, not trimmed.',
            examples: [''],
          }),
        ),
        first: PersonName('First name.', 'First'),
        last: PersonName('Last name.', 'Last'),
        email: Type.String({
          ...rule('email'),
          description: 'E-mail address. Need not be unique: a person may hold several plans.',
          examples: ['me@example.com'],
        }),
      },
      rule('client'),
    ),
    contact: Type.Object(
      {
        address: OptionalText('Street.', '123 Street'),
        city: OptionalText('City.', 'Montreal'),
        state: OptionalText('State or province. Required, and not blank, in the United States.', 'Quebec'),
        country: Type.String({
          ...rule('country'),
          description: 'A name in any language, a common alias, or an ISO 3166-1 alpha-2, alpha-3 or numeric code.',
          examples: ['Canada'],
        }),
        postalCode: OptionalText('Postal code.', 'H1H1H1'),
      },
      rule('contact'),
    ),
  },
  rule('object'),
);
export type ProvisionBody = Static<typeof ProvisionBody>;

export const ClientBody = Type.Object({ clientId: Id('The clientId that provision answered.', 12345678) }, rule('object'));
export type ClientBody = Static<typeof ClientBody>;

const IssuedId = (description: string, example: number) => Type.Integer({ description, examples: [example], maximum: 2_147_483_647 });
const PassCode = (description: string, example: string) => Type.String({ description, pattern: '^[1-9][0-9]{9}$', examples: [example] });

const Hub = Type.Object({
  hubId: IssuedId("The company's hub.", 123456),
  hubUrl: Type.String({ description: 'Its host name: no scheme, no slash.', examples: ['company.example.com'] }),
});

export const ProvisionAnswer = Type.Object({
  status: Type.Literal('success'),
  data: Type.Object({
    companyId: IssuedId('The company.', 123456),
    clientId: IssuedId('The client: 8 digits or more. Keep it, the other calls ask for it.', 12345678),
    password: Type.String({ description: 'The same in every repeat; "" where the tenant no longer discloses it.', examples: ['abc123'] }),
    passCodes: Type.Object({
      moderatorPassCode: PassCode('Opens the conference as moderator.', '4827305916'),
      participantPassCode: PassCode('Joins the conference as participant.', '7093164825'),
    }),
    hub: Hub,
  }),
});

export const SuccessAnswer = Type.Object({ status: Type.Literal('success') });

export const ClientAnswer = Type.Object({ clientId: IssuedId('The client.', 12345678), hub: Hub });

export const SignOnAnswer = Type.Object({
  status: Type.Literal('success'),
  data: Type.Object({
    url: Type.String({ description: 'Works once, within 60 seconds.', examples: ['https://company.example.com/signon?token=AXk...'] }),
  }),
});
