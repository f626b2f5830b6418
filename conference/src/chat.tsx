import { useEffect, useRef } from 'preact/hooks';
import { textOf } from './form.ts';
import { say } from './page.ts';
import type { ChatLine } from './state.ts';

export function Chat({ lines, send }: { lines: readonly ChatLine[]; send: (text: string) => void }) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.lastElementChild?.scrollIntoView({ block: 'nearest' });
  }, [lines]);
  const submit = (event: Event): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const text = textOf(new FormData(form), 'text');
    if (text !== '') send(text);
    form.reset();
  };
  return (
    <section aria-labelledby="chat">
      <h2 id="chat">{say('chat')}</h2>
      <p class="quiet">{say('chat.what')}</p>
      {lines.length > 0 && (
        <ol class="chat" ref={list} aria-labelledby="chat">
          {lines.map(({ id, name, text, at }) => (
            <li key={`${id}/${at}`}>
              <b>{name}</b> <time dateTime={new Date(at).toISOString()}>{clock(at)}</time>
              <p>{text}</p>
            </li>
          ))}
        </ol>
      )}
      <form class="row" onSubmit={submit}>
        <input name="text" aria-label={say('chat.text')} placeholder={say('chat.text')} maxLength={1000} autocomplete="off" required />
        <button>{say('chat.send')}</button>
      </form>
    </section>
  );
}

function clock(at: number): string {
  return new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: 'numeric', minute: '2-digit' });
}
