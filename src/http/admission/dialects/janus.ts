import type { AdmissionDialect, Rendered } from '../dialect.ts';
import type { RoomAnswer } from '../../../operations/admission/admit-to-room.ts';
import { json, readCall, readReports, SUCCESS } from './json.ts';

/** For those who put callers into Janus' rooms, an SBC say: docs/bridges/janus.md. Asked as the JSON dialect is. */
export const janusDialect: AdmissionDialect = {
  name: 'janus',
  routes: [
    { kind: 'room', methods: ['POST'], path: '/join', read: readCall, render },
    { kind: 'report', methods: ['POST'], path: '/events', read: readReports, render: () => json(SUCCESS) },
  ],
};

function render({ answer, room }: RoomAnswer): Rendered {
  const way = room && { engine: room.engine, number: room.number, pin: room.pin.reveal(), media: room.media };
  return json(JSON.stringify({ ...answer, room: way }));
}
