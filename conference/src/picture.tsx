import { useEffect, useRef } from 'preact/hooks';

/** A camera or a screen. One's own camera is seen as in a mirror. */
export function Picture({ stream, label, isOwn = false }: { stream: MediaStream; label: string; isOwn?: boolean }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current !== null) video.current.srcObject = stream;
  }, [stream]);
  return (
    <figure class={isOwn ? 'picture own' : 'picture'}>
      <video ref={video} autoplay playsInline muted aria-label={label} />
      <figcaption>{label}</figcaption>
    </figure>
  );
}
