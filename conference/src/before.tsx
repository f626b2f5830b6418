import { useEffect, useRef, useState } from 'preact/hooks';
import { type MicrophoneProblem, idOf, listDevices, openCamera, openMicrophone, watchLevel } from './devices.ts';
import { DeviceChoice } from './device-choice.tsx';
import { textOf } from './form.ts';
import { rememberedName, rememberName } from './kept.ts';
import { company, say } from './page.ts';
import { Picture } from './picture.tsx';
import type { Wish } from './session.ts';

/** Something that is seen: a letter, a digit, a sign. */
const SEEN = String.raw`.*[\p{L}\p{N}\p{P}\p{S}].*`;

/** Before anybody hears one: who one is, and which devices. */
export function Before({ join }: { join: (wish: Wish) => void }) {
  const [microphone, setMicrophone] = useState<MediaStream>();
  const [problem, setProblem] = useState<MicrophoneProblem>();
  const [microphones, setMicrophones] = useState<MediaDeviceInfo[]>([]);
  const [cameras, setCameras] = useState<MediaDeviceInfo[]>([]);
  const [camera, setCamera] = useState('');
  const [preview, setPreview] = useState<MediaStream>();
  const [cameraFailed, setCameraFailed] = useState(false);
  const [level, setLevel] = useState(0);
  const stop = useRef<(() => void) | undefined>(undefined);

  const open = async (deviceId?: string): Promise<void> => {
    const opened = await openMicrophone(deviceId);
    setMicrophone((before) => {
      before?.getTracks().forEach((track) => track.stop());
      return opened.stream;
    });
    setProblem(opened.problem);
    stop.current?.();
    stop.current = opened.stream && watchLevel(opened.stream, setLevel);
    setMicrophones(await listDevices('audioinput'));
    setCameras(await listDevices('videoinput'));
  };
  useEffect(() => {
    void open();
    return () => stop.current?.();
  }, []);

  const look = async (deviceId: string): Promise<void> => {
    preview?.getTracks().forEach((track) => track.stop());
    setCamera(deviceId);
    const stream = deviceId === '' ? undefined : await openCamera(deviceId === 'default' ? '' : deviceId);
    setPreview(stream);
    setCameraFailed(deviceId !== '' && stream === undefined);
  };

  const submit = (event: Event): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const name = textOf(form, 'name');
    rememberName(name);
    preview?.getTracks().forEach((track) => track.stop());
    join({
      name,
      microphone,
      muted: form.get('muted') !== null,
      camera: preview === undefined ? undefined : camera === 'default' ? '' : camera,
    });
  };

  return (
    <main class="card">
      <h1>{say('before.heading')}</h1>
      <p class="quiet">{company}</p>
      {problem !== undefined && (
        <p class="wrong" role="alert">
          {say(`microphone.${problem}`)}
        </p>
      )}
      <form onSubmit={submit}>
        <label>
          {say('before.name')}
          <input name="name" required maxLength={60} pattern={SEEN} autocomplete="name" autofocus defaultValue={rememberedName()} />
        </label>
        {microphone !== undefined && (
          <>
            <DeviceChoice
              label={say('before.microphone')}
              devices={microphones}
              chosen={idOf(microphone)}
              change={(deviceId) => void open(deviceId)}
            />
            <meter aria-label={say('before.level')} value={level} max={1} />
          </>
        )}
        {cameras.length > 0 && (
          <label>
            {say('before.camera')}
            <select value={camera} onChange={(event) => void look(event.currentTarget.value)}>
              <option value="">{say('before.cameraOff')}</option>
              {cameras.map(({ deviceId, label }, i) => (
                <option key={deviceId} value={deviceId}>
                  {label || `${say('before.camera')} ${i + 1}`}
                </option>
              ))}
            </select>
          </label>
        )}
        {cameraFailed && (
          <p class="wrong" role="alert">
            {say('camera.failed')}
          </p>
        )}
        {preview !== undefined && <Picture stream={preview} label={say('before.preview')} isOwn />}
        {microphone !== undefined && (
          <label class="check">
            <input type="checkbox" name="muted" />
            {say('before.muted')}
          </label>
        )}
        <button>{microphone === undefined ? say('before.listen') : say('before.join')}</button>
      </form>
    </main>
  );
}
