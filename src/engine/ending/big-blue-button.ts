import { askMeetings, endMeeting } from '../big-blue-button.ts';
import type { ConferenceEnder } from './ender.ts';

export const bigBlueButtonEnder: ConferenceEnder = {
  canEnd: () => true,
  end: ({ http }, bridge, conference) => endMeeting(http, bridge, conference),
  check: ({ http }, bridge) => askMeetings(http, bridge),
};
