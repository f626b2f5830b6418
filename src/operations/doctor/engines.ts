import { type Bridge, DIALECT_NAMES } from '../../domain/bridge.ts';
import { EngineHttp } from '../../engine/engine-http.ts';
import { enderOf } from '../../engine/ending/enders.ts';
import type { ConferencingEngine } from '../../engine/engine.ts';
import type { BridgeRecord } from '../../store/bridges.ts';
import type { Store } from '../../store/store.ts';
import type { Vault } from '../../vault/vault.ts';
import { openSecrets } from '../bridges/bridge-secrets.ts';
import { reasonOf } from '../admission/engine-failure.ts';
import { type Finding, ok, problem } from './finding.ts';

/** Signs in at each engine that this installation talks to, and asks something that changes nothing. */
export async function checkEngines(store: Store, vault: Vault, now: number): Promise<Finding[]> {
  const http = new EngineHttp();
  try {
    const records = (await Promise.all(DIALECT_NAMES.map((dialect) => store.admission.listBridgesOf(dialect)))).flat();
    const bridges = records.filter(({ revokedAt }) => revokedAt === undefined).map((record) => open(vault, record));
    return await Promise.all(bridges.flatMap((bridge) => checkEngine({ http, now }, bridge)));
  } finally {
    await http.close();
  }
}

function checkEngine(tools: { http: EngineHttp; now: number }, bridge: Bridge): Promise<Finding>[] {
  const ender = enderOf(bridge);
  if (ender === undefined) return [];
  const check = `engine ${bridge.name}`;
  return [
    ender.check(tools, bridge).then(
      () => ok(check, `${bridge.dialect}: takes our credentials; live conferences can be ended`),
      (error: unknown) =>
        problem(
          check,
          `${bridge.dialect}: ${reasonOf(error)}. Live conferences of deactivated clients go on there: docs/bridges/${bridge.dialect}.md`,
        ),
    ),
  ];
}

/** The one that Parley keeps rooms at. */
export async function checkRooms(engine: ConferencingEngine | undefined): Promise<Finding[]> {
  if (engine === undefined) return [];
  const check = `engine ${engine.name}`;
  try {
    const rooms = await engine.inventory();
    return [ok(check, `answers, and takes our keys; it has ${rooms.size} rooms`)];
  } catch (error) {
    return [problem(check, `${(error as Error).message}. Nobody comes into its rooms: docs/bridges/${engine.name}.md`)];
  } finally {
    await engine.close();
  }
}

function open(vault: Vault, { tokenHash: _hash, revokedAt: _revokedAt, secretsSealed, dialect, ...record }: BridgeRecord): Bridge {
  const secrets = secretsSealed === undefined ? {} : openSecrets(vault, record, secretsSealed);
  return { ...record, dialect: dialect as Bridge['dialect'], tokenId: undefined, secrets };
}
