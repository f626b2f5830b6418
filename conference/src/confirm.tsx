import { useEffect, useRef } from 'preact/hooks';
import { say } from './page.ts';

export interface Question {
  text: string;
  yes: () => void;
}

/** Before what cannot be undone. The browser's own dialog keeps the keyboard inside, and gives it back. */
export function Confirm({ question, done }: { question: Question; done: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const answer = (isYes: boolean): void => {
    if (isYes) question.yes();
    done();
  };
  return (
    <dialog ref={dialog} onClose={() => answer(false)} aria-labelledby="question">
      <p id="question">{question.text}</p>
      <div class="row">
        <button type="button" class="danger" onClick={() => answer(true)}>
          {say('confirm.yes')}
        </button>
        <button type="button" class="plain" autofocus onClick={() => answer(false)}>
          {say('confirm.no')}
        </button>
      </div>
    </dialog>
  );
}
