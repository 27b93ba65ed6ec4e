import { useSyncExternalStore } from 'react';

/** What was last said to everybody: on the screen for a while, and by screen readers. */
let said: { text: string; number: number } | null = null;
const listeners = new Set<() => void>();
let timer: number | undefined;

function set(next: typeof said) {
  said = next;
  for (const tell of listeners) tell();
}

export function announce(text: string) {
  clearTimeout(timer);
  // The number has the same words said again be a change, which screen readers go by.
  set({ text, number: (said?.number ?? 0) + 1 });
  timer = window.setTimeout(silence, 8000);
}

export function silence() {
  clearTimeout(timer);
  set(null);
}

const subscribe = (tell: () => void) => {
  listeners.add(tell);
  return () => void listeners.delete(tell);
};

export const useSaid = () => useSyncExternalStore(subscribe, () => said);
