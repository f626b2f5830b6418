import { deleteRoom, listRooms } from '../livekit.ts';
import type { ConferenceEnder } from './ender.ts';

export const liveKitEnder: ConferenceEnder = {
  canEnd: () => true,
  end: ({ http, now }, bridge, conference) => deleteRoom(http, bridge, conference, now),
  check: ({ http, now }, bridge) => listRooms(http, bridge, now),
};
