import type { JanusSessions } from '../../domain/janus.ts';
import { type Candidate, MediaError, type MediaEngine, type MediaSeat, type NewSeat } from '../media.ts';
import { AudioSeat } from './audio-seat.ts';
import { JanusSession } from './janus-session.ts';
import { VideoSeat } from './video-seat.ts';

/** Each participant has a session of his own: what one browser sends holds up nobody else. */
export class JanusMedia implements MediaEngine {
  readonly #settings: JanusSessions;

  constructor(settings: JanusSessions) {
    this.#settings = settings;
  }

  async openSeat(seat: NewSeat): Promise<MediaSeat> {
    const session = await JanusSession.open(this.#settings, () => seat.events.lost());
    const audio = new AudioSeat(session, seat);
    const video = seat.room.hasVideo ? new VideoSeat(session, seat) : undefined;
    const requireVideo = (): VideoSeat => {
      if (video === undefined) throw new MediaError('this conference has no video');
      return video;
    };
    return {
      async join() {
        const present = await audio.join();
        await video?.join();
        return present;
      },
      talk: (offer) => audio.talk(offer),
      publish: async (offer, tracks) => requireVideo().publish(offer, tracks),
      unpublish: async () => requireVideo().unpublish(),
      answerWatch: async (answer) => requireVideo().answerWatch(answer),
      candidate: (channel: 'audio' | 'publish' | 'watch', candidate: Candidate) =>
        channel === 'audio' ? audio.candidate(candidate) : video?.candidate(channel, candidate),
      mute: (isMuted) => audio.mute(isMuted),
      describe: (self) => audio.describe(self),
      close: () => session.close(),
    };
  }
}
