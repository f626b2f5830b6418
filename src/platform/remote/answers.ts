import { isObject } from '../../domain/json-gate.ts';
import { type ClientId, type CompanyId, type HubId, readPositiveId } from '../../domain/ids.ts';
import { Secret } from '../../domain/secret.ts';
import { type VendorClient, VendorError, type VendorStatus } from './vendor.ts';

/** From here on a gateway gives out ids to sandboxes. */
const MAX_VENDOR_ID = 1_999_999_999;
const PASS_CODE = /^[0-9]{4,20}$/;
const PASSWORD_MAX = 1_024;
/** A host name (RFC 1123 2.1), so that nothing else is ever shown or followed as one. */
const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i;

type Json = Readonly<Record<string, unknown>>;

/** The contract's answer to a provision, whole and sane: one that is not is as good as none. */
export function readProvisioned(answer: unknown): VendorClient {
  const { status, data } = object(answer, 'the answer');
  if (status !== 'success') throw nonsense('status');
  const { companyId, clientId, password, passCodes, hub } = object(data, 'data');
  const { moderatorPassCode, participantPassCode } = object(passCodes, 'data.passCodes');
  if (moderatorPassCode === participantPassCode) throw nonsense('data.passCodes');
  if (password !== undefined && password !== null && (typeof password !== 'string' || password.length > PASSWORD_MAX))
    throw nonsense('data.password');
  return {
    companyId: id<CompanyId>(companyId, 'data.companyId'),
    clientId: id<ClientId>(clientId, 'data.clientId'),
    password: password ? new Secret(password) : undefined,
    moderatorPassCode: passCode(moderatorPassCode, 'data.passCodes.moderatorPassCode'),
    participantPassCode: passCode(participantPassCode, 'data.passCodes.participantPassCode'),
    hub: readHub(hub, 'data.hub'),
  };
}

export function readSuccess(answer: unknown): void {
  if (object(answer, 'the answer').status !== 'success') throw nonsense('status');
}

/** Bare, as the contract has it. The status is a header, which not every vendor sends. */
export function readClient(answer: unknown, asked: ClientId, statusHeader: string | undefined): VendorStatus {
  const { clientId, hub } = object(answer, 'the answer');
  if (id<ClientId>(clientId, 'clientId') !== asked) throw nonsense('clientId');
  const status = statusHeader === 'active' || statusHeader === 'inactive' ? statusHeader : undefined;
  return { hub: readHub(hub, 'hub'), status };
}

export function readSignOn(answer: unknown): string {
  const { status, data } = object(answer, 'the answer');
  const { url } = object(data, 'data');
  if (status !== 'success' || typeof url !== 'string' || url.length > 4_096 || !URL.canParse(url)) throw nonsense('data.url');
  if (new URL(url).protocol !== 'https:') throw nonsense('data.url');
  return url;
}

function readHub(value: unknown, path: string): VendorClient['hub'] {
  const { hubId, hubUrl } = object(value, path);
  if (typeof hubUrl !== 'string' || !HOST.test(hubUrl)) throw nonsense(`${path}.hubUrl`);
  return { hubId: id<HubId>(hubId, `${path}.hubId`), hubUrl };
}

function passCode(value: unknown, path: string): Secret {
  if (typeof value !== 'string' || !PASS_CODE.test(value)) throw nonsense(path);
  return new Secret(value);
}

function id<T extends ClientId | CompanyId | HubId>(value: unknown, path: string): T {
  const read = typeof value === 'number' ? readPositiveId<T>(value) : undefined;
  if (read === undefined || read > MAX_VENDOR_ID) throw nonsense(path);
  return read;
}

function object(value: unknown, path: string): Json {
  if (!isObject(value)) throw nonsense(path);
  return value;
}

/** Whether it did what it was asked is not known. Which part is wrong may be told, its value never. */
export function nonsense(path: string, cause?: unknown): VendorError {
  return new VendorError('wrong', `the vendor's answer is not the contract's: ${path}`, { cause });
}
