import { Parley, ParleyApiError, ParleyError, type Client, type Event, type ProvisionRecord } from '@parley/client';

/** What somebody who installed the package writes: compiled and run in an empty project, by Node and whatever else is there. */
export async function tour(url: string, token: string): Promise<Record<string, unknown>> {
  const parley = new Parley({ url, token, timeoutMs: 10_000 });
  const record: ProvisionRecord = {
    company: { externalId: 50, enterpriseId: 799, name: 'Company Name', isGlobalMeetEnabled: true, isWebConfEnabled: false },
    client: { externalId: 100, password: '', first: 'First', last: 'Last', email: 'me@example.com' },
    contact: { address: '123 Street', city: 'Montreal', state: 'Quebec', country: 'Canada', postalCode: 'H1H1H1' },
  };
  const { clientId, companyId, outcome, passCodes } = await parley.clients.provision(record);
  const again = await parley.clients.provision(record);
  await parley.clients.deactivate(clientId);
  const { status } = await parley.clients.get(clientId);
  await parley.clients.reactivate(clientId);
  const found: Client | undefined = await parley.clients.find({ externalId: 100 });

  const controller = new AbortController();
  const followed: Event['type'][] = [];
  for await (const event of parley.events.follow({ after: 'evt_0', signal: controller.signal })) {
    followed.push(event.type);
    if (event.type === 'client.reactivated') break;
  }
  const listed: number[] = [];
  for await (const client of parley.clients.list({ status: 'active', pageSize: 1 })) listed.push(client.clientId);

  const refused = await parley.clients.provision({ ...record, contact: { country: 'USA' } }).then(
    () => undefined,
    (error: unknown) => (error instanceof ParleyApiError && error instanceof ParleyError ? error : undefined),
  );
  // @ts-expect-error The types know what a record has.
  const incomplete: ProvisionRecord = { company: { externalId: 50 } };
  return {
    outcomes: [outcome, again.outcome],
    isSame: again.clientId === clientId && again.passCodes.moderatorPassCode === passCodes.moderatorPassCode,
    status,
    company: found?.company.companyId === companyId,
    followed,
    listed: listed.length,
    refusal: refused && [
      refused.code,
      refused.status,
      Object.keys(refused.fields),
      (refused.requestId?.length ?? 0) > 0,
      refused.isRetryable,
    ],
    incomplete: Object.keys(incomplete).length,
  };
}
