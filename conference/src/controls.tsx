import { Camera, CameraOff, Hand, type IconNode, Mic, MicOff, MonitorUp, PhoneOff } from 'lucide';
import { Icon } from './icon.tsx';
import { say } from './page.ts';
import type { TrackKind } from './protocol.ts';
import type { Session } from './session.ts';
import type { Screen } from './state.ts';

interface Props {
  screen: Screen;
  own: ReadonlyMap<TrackKind, MediaStream>;
  session: Session;
}

/** What one does oneself, always at hand. */
export function Controls({ screen: { isMuted, hand, hasVideo }, own, session }: Props) {
  const isShowing = { camera: own.has('camera'), screen: own.has('screen') };
  return (
    <footer class="controls">
      <Control
        icon={isMuted ? MicOff : Mic}
        word={say(isMuted ? 'control.unmute' : 'control.mute')}
        label={say(isMuted ? 'unmute' : 'mute')}
        state={isMuted ? 'warns' : 'plain'}
        press={() => void session.toggleMute()}
      />
      {hasVideo && (
        <>
          <Control
            icon={isShowing.camera ? Camera : CameraOff}
            word={say('control.camera')}
            label={say(isShowing.camera ? 'camera.off' : 'camera.on')}
            state={isShowing.camera ? 'on' : 'plain'}
            press={() => void session.toggle('camera')}
          />
          <Control
            icon={MonitorUp}
            word={say('control.screen')}
            label={say(isShowing.screen ? 'screen.off' : 'screen.on')}
            state={isShowing.screen ? 'on' : 'plain'}
            press={() => void session.toggle('screen')}
          />
        </>
      )}
      <Control
        icon={Hand}
        word={say('control.hand')}
        label={say(hand ? 'hand.down' : 'hand.up')}
        state={hand ? 'on' : 'plain'}
        press={() => session.raise(!hand)}
      />
      <Control icon={PhoneOff} word={say('leave')} label={say('leave')} state="danger" press={() => session.leave()} />
    </footer>
  );
}

interface ControlProps {
  icon: IconNode;
  /** What is written below the icon; the label has it too, so that who speaks to the page says what is seen. */
  word: string;
  /** What pressing it does now. */
  label: string;
  state: 'plain' | 'on' | 'warns' | 'danger';
  press: () => void;
}

function Control({ icon, word, label, state, press }: ControlProps) {
  return (
    <button type="button" class={`control ${state}`} aria-label={label} title={label} onClick={press}>
      <Icon of={icon} />
      <span>{word}</span>
    </button>
  );
}
