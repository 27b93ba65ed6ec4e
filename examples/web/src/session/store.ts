import { useSyncExternalStore } from 'react';
import { openApi, type Api } from '../api/client';
import { forgetSession, keepSession, onOtherTab, readSession, type Session } from './token';

type State = {
  session: Session | null;
  api: Api;
  /** The service ended the session, not its owner. */
  expired: boolean;
};

const listeners = new Set<() => void>();
let state: State = openState(readSession(), false);

function openState(session: Session | null, expired: boolean): State {
  const token = session?.token ?? null;
  const expire = () => {
    // A late answer to a token that was replaced says nothing about the one in its place.
    if (token === null || state.session?.token !== token) return;
    forgetSession();
    change(null, true);
  };
  return { session, expired, api: openApi(token, expire) };
}

function change(session: Session | null, expired: boolean) {
  state.api.close();
  state = openState(session, expired);
  for (const tell of listeners) tell();
}

export function beginSession(session: Session, stay: boolean) {
  keepSession(session, stay);
  change(session, false);
}

export function endSession() {
  forgetSession();
  change(null, false);
}

onOtherTab(() => {
  const session = readSession();
  if (session?.token !== state.session?.token) change(session, false);
});

const subscribe = (tell: () => void) => {
  listeners.add(tell);
  return () => void listeners.delete(tell);
};

/** Who is signed in, and the client that speaks for them. It stands outside of React: it outlives any component. */
export const useSession = () => useSyncExternalStore(subscribe, () => state);
