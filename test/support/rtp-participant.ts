import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import { API_SECRET, type TestJanus } from './janus.ts';

const PCMU = 0;
const SAMPLES = 160;
const PACKET_MS = 20;
const HEADER_BYTES = 12;
/** What G.711 mu-law has for silence, and for the quietest that is not. */
const SILENT = new Set([0xff, 0x7f, 0xfe, 0x7e, 0xfd, 0x7d]);

export interface Joined {
  joined: boolean;
  /** AudioBridge's, where it refuses. */
  code: number | undefined;
}

/** Somebody on the phone: joins a room of AudioBridge's by Janus' own HTTP interface, and talks and listens in plain RTP (G.711, RFC 3551). */
export class RtpParticipant {
  /** What the plugin told of itself, by its kind. */
  readonly events: string[] = [];
  readonly #janus: TestJanus;
  readonly #socket: Socket;
  #theirs: { port: number } | undefined;
  #session = 0;
  #handle = 0;
  #received = 0;
  #heardLoud = 0;
  #sending: NodeJS.Timeout | undefined;
  #isTalking = false;
  #isGone = false;

  private constructor(janus: TestJanus, socket: Socket) {
    this.#janus = janus;
    this.#socket = socket;
    socket.on('message', (packet) => {
      this.#received++;
      const loud = packet.subarray(HEADER_BYTES).filter((sample) => !SILENT.has(sample)).length;
      if (loud > SAMPLES / 2) this.#heardLoud++;
    });
  }

  static async connect(janus: TestJanus): Promise<RtpParticipant> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const one = new RtpParticipant(janus, socket);
    one.#session = (await one.#post('', { janus: 'create' })).data.id;
    one.#handle = (await one.#post(`/${one.#session}`, { janus: 'attach', plugin: 'janus.plugin.audiobridge' })).data.id;
    void one.#follow();
    return one;
  }

  /** Packets of the mix. */
  get received(): number {
    return this.#received;
  }

  /** Those with somebody's voice in them. */
  get heard(): number {
    return this.#heardLoud;
  }

  async join(room: number, pin: string | undefined): Promise<Joined> {
    const { port } = this.#socket.address();
    const answered = new Promise<any>((resolve) => (this.#answer = resolve));
    const rtp = { ip: '127.0.0.1', port, payload_type: PCMU };
    const body = { request: 'join', room, pin, codec: 'pcmu', display: 'phone', rtp };
    await this.#post(`/${this.#session}/${this.#handle}`, { janus: 'message', body });
    const { audiobridge, error_code: code, rtp: theirs } = await answered;
    if (audiobridge !== 'joined') return { joined: false, code };
    this.#theirs = theirs;
    this.#send();
    return { joined: true, code: undefined };
  }

  /** A tone, loud and clear, in place of silence. */
  talk(): void {
    this.#isTalking = true;
  }

  leave(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    clearInterval(this.#sending);
    this.#socket.close();
  }

  /** AudioBridge sends the mix to those only who send something themselves. */
  #send(): void {
    let [sequence, time] = [randomInt(1_000), randomInt(1_000_000)];
    const ssrc = randomInt(2 ** 31);
    this.#sending ??= setInterval(() => {
      const packet = Buffer.alloc(HEADER_BYTES + SAMPLES, 0xff);
      packet[0] = 0x80;
      packet[1] = PCMU;
      packet.writeUInt16BE(sequence++ & 0xffff, 2);
      packet.writeUInt32BE((time += SAMPLES) >>> 0, 4);
      packet.writeUInt32BE(ssrc, 8);
      // A square wave of 500 Hz at a quarter of full scale: in mu-law one code for each half.
      if (this.#isTalking) for (let i = 0; i < SAMPLES; i++) packet[HEADER_BYTES + i] = i % 16 < 8 ? 0x9f : 0x1f;
      if (this.#theirs !== undefined) this.#socket.send(packet, this.#theirs.port, '127.0.0.1');
    }, PACKET_MS);
  }

  #answer: (data: any) => void = () => {};

  /** Long polls: https://janus.conf.meetecho.com/docs/rest.html. */
  async #follow(): Promise<void> {
    while (!this.#isGone) {
      const events: any = await fetch(`${this.#janus.url}/${this.#session}?maxev=10&apisecret=${API_SECRET}`)
        .then((answer) => answer.json())
        .catch(() => undefined);
      if (!Array.isArray(events)) return;
      for (const { plugindata } of events) {
        const data = plugindata?.data;
        if (data === undefined) continue;
        this.events.push(data.audiobridge === 'event' && data.error_code !== undefined ? `error ${data.error_code}` : data.audiobridge);
        if (data.audiobridge === 'joined' ? data.rtp !== undefined : data.error_code !== undefined) this.#answer(data);
      }
    }
  }

  async #post(path: string, body: object): Promise<any> {
    const answer = await fetch(`${this.#janus.url}${path}`, {
      method: 'POST',
      body: JSON.stringify({ transaction: 't', apisecret: API_SECRET, ...body }),
    });
    return answer.json();
  }
}
