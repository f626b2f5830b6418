export type MicrophoneProblem = 'denied' | 'none' | 'busy' | 'insecure';

export interface Opened {
  stream: MediaStream | undefined;
  problem: MicrophoneProblem | undefined;
}

/** Asks for the microphone. What went wrong is said by its kind, so that the page can say what to do. */
export async function openMicrophone(deviceId: string | undefined): Promise<Opened> {
  if (!window.isSecureContext || navigator.mediaDevices === undefined) return { stream: undefined, problem: 'insecure' };
  try {
    const audio = { echoCancellation: true, noiseSuppression: true, ...(deviceId !== undefined && { deviceId: { exact: deviceId } }) };
    return { stream: await navigator.mediaDevices.getUserMedia({ audio }), problem: undefined };
  } catch (error) {
    return { stream: undefined, problem: problemOf(error as DOMException) };
  }
}

export async function openCamera(deviceId: string): Promise<MediaStream | undefined> {
  const video = { width: { ideal: 1280 }, height: { ideal: 720 }, ...(deviceId !== '' && { deviceId: { exact: deviceId } }) };
  return navigator.mediaDevices.getUserMedia({ video }).catch(() => undefined);
}

export async function openScreen(): Promise<MediaStream | undefined> {
  return navigator.mediaDevices.getDisplayMedia({ video: true }).catch(() => undefined);
}

export async function listDevices(kind: MediaDeviceKind): Promise<MediaDeviceInfo[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices.filter((device) => device.kind === kind && device.deviceId !== '');
}

/** Told with each new level, from 0 to 1, until the answer is called. */
export function watchLevel(stream: MediaStream, tell: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    tell(Math.min(1, loudest * 2));
  }, 100);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}

/** For who only listens: the server sends sound to those alone who send some. */
export function makeSilence(): MediaStream {
  return new AudioContext().createMediaStreamDestination().stream;
}

/** https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia */
function problemOf({ name }: DOMException): MicrophoneProblem {
  switch (name) {
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'none';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'denied';
  }
}

/** Which device a stream comes from. */
export function idOf(stream: MediaStream | undefined): string {
  return stream?.getTracks()[0]?.getSettings().deviceId ?? '';
}
