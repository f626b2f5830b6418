import type { IconNode } from 'lucide';
import { h } from 'preact';

/** A drawing beside a word that says the same. */
export function Icon({ of: parts, size = 22 }: { of: IconNode; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      {parts.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  );
}
