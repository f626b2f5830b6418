import { useEffect, useState } from 'preact/hooks';
import { listDevices } from './devices.ts';
import { say } from './page.ts';

/** Another microphone during the conference; one that is plugged in meanwhile is there too. */
export function Devices({ current, change }: { current: string; change: (deviceId: string) => void }) {
  const [chosen, setChosen] = useState(current);
  const [microphones, setMicrophones] = useState<MediaDeviceInfo[]>([]);
  useEffect(() => {
    const look = (): void => void listDevices('audioinput').then(setMicrophones);
    look();
    navigator.mediaDevices?.addEventListener('devicechange', look);
    return () => navigator.mediaDevices?.removeEventListener('devicechange', look);
  }, []);
  if (microphones.length < 2) return null;
  return (
    <section>
      <MicrophoneChoice
        microphones={microphones}
        chosen={chosen}
        change={(deviceId) => {
          setChosen(deviceId);
          change(deviceId);
        }}
      />
    </section>
  );
}

interface Choice {
  microphones: readonly MediaDeviceInfo[];
  chosen: string;
  change: (deviceId: string) => void;
}

export function MicrophoneChoice({ microphones, chosen, change }: Choice) {
  return (
    <label>
      {say('before.microphone')}
      <select value={chosen} onChange={(event) => change(event.currentTarget.value)}>
        {microphones.map(({ deviceId, label }) => (
          <option key={deviceId} value={deviceId}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
