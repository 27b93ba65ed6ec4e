/**
 * Where the token is kept. The service takes it in a header and sets no cookie, so no other site can
 * act with it; what could is a script in this page. Against that stands the policy in `csp.ts`.
 *
 * It is in `sessionStorage`: it ends with the tab, and no other tab of this origin reads it. Who
 * ticks "stay signed in" has it in `localStorage`, until they sign out or the service ends the
 * session (after 30 days, by default). Memory alone would ask for the password at each reload, and
 * a script that can read storage could as well act in the page.
 *
 * A product with a server of its own can do better: keep the token there, behind an HttpOnly cookie
 * with SameSite=Strict, and add the header on the way through.
 */
export type Session = { token: string; username: string };

const KEY = 'ashiato:session';

export function readSession(): Session | null {
  try {
    const text = sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY);
    const session = text === null ? null : (JSON.parse(text) as Partial<Session> | null);
    return session?.token && session.username
      ? { token: session.token, username: session.username }
      : null;
  } catch {
    return null; // storage is forbidden, or holds something else
  }
}

export function keepSession(session: Session, stay: boolean) {
  forgetSession();
  (stay ? localStorage : sessionStorage).setItem(KEY, JSON.stringify(session));
}

export function forgetSession() {
  sessionStorage.removeItem(KEY);
  localStorage.removeItem(KEY);
}

/** Calls `hear` when another tab signed out (or in): storage events come from other tabs alone. */
export function onOtherTab(hear: () => void) {
  const listen = (event: StorageEvent) => {
    if (event.key === KEY || event.key === null) hear();
  };
  addEventListener('storage', listen);
  return () => removeEventListener('storage', listen);
}
