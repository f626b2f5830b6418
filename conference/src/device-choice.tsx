import { useEffect, useState } from 'preact/hooks';
import { listDevices } from './devices.ts';
import { isKeyOn, rememberKey } from './kept.ts';
import { say } from './page.ts';
import type { Session } from './session.ts';

/** Other devices during the conference, and whether a key mutes. A browser names cameras once one was used, so it is asked each time. */
export function Devices({ session, hasVideo }: { session: Session; hasVideo: boolean }) {
  const [microphones, setMicrophones] = useState<MediaDeviceInfo[]>([]);
  const [cameras, setCameras] = useState<MediaDeviceInfo[]>([]);
  const [microphone, setMicrophone] = useState(session.microphoneId);
  const [camera, setCamera] = useState(session.cameraId);
  const look = (): void => {
    void listDevices('audioinput').then(setMicrophones);
    void listDevices('videoinput').then(setCameras);
  };
  useEffect(() => {
    navigator.mediaDevices?.addEventListener('devicechange', look);
    return () => navigator.mediaDevices?.removeEventListener('devicechange', look);
  }, []);
  return (
    <details class="devices" onToggle={look}>
      <summary>{say('devices')}</summary>
      <div>
        {microphones.length > 1 && (
          <DeviceChoice
            label={say('before.microphone')}
            devices={microphones}
            chosen={microphone}
            change={(deviceId) => {
              setMicrophone(deviceId);
              void session.changeMicrophone(deviceId);
            }}
          />
        )}
        {hasVideo && cameras.length > 1 && (
          <DeviceChoice
            label={say('before.camera')}
            devices={cameras}
            chosen={camera}
            change={(deviceId) => {
              setCamera(deviceId);
              void session.changeCamera(deviceId);
            }}
          />
        )}
        <label class="check">
          <input type="checkbox" defaultChecked={isKeyOn()} onChange={(event) => rememberKey(event.currentTarget.checked)} />
          {say('keys')}
        </label>
      </div>
    </details>
  );
}

interface Choice {
  label: string;
  devices: readonly MediaDeviceInfo[];
  chosen: string;
  change: (deviceId: string) => void;
}

export function DeviceChoice({ label, devices, chosen, change }: Choice) {
  return (
    <label>
      {label}
      <select value={chosen} onChange={(event) => change(event.currentTarget.value)}>
        {devices.map((device, i) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || `${label} ${i + 1}`}
          </option>
        ))}
      </select>
    </label>
  );
}
