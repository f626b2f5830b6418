export const EVENT_ID = /^evt_(0|[1-9]\d{0,15})$/;

/** An event is known by its number within the tenant's journal. `evt_0` is none: the place before the first. */
export function eventId(seq: number): string {
  return `evt_${seq}`;
}

export function readEventId(text: string): number | undefined {
  const number = Number(EVENT_ID.exec(text)?.[1]);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** What of a journal's entry its callers are told. */
export interface EventFields {
  seq: number;
  type: string;
  at: number;
  clientId: number | undefined;
  companyId: number | undefined;
  requestId: string;
  data: Readonly<Record<string, unknown>>;
}

/** The same wherever it is told: in a list, on the stream, to a webhook. */
export function toEvent({ seq, type, at, clientId, companyId, requestId, data }: EventFields): object {
  const time = new Date(at).toISOString();
  return { id: eventId(seq), type, at: time, clientId: clientId ?? null, companyId: companyId ?? null, requestId, data };
}
