import { useEffect, useRef, useState } from 'react';
import { Button } from '@graphiql/react';
import { useAuthorization } from './authorization.js';
import { request } from './fetcher.js';

const DEMO = { username: 'hanako', password: 'footprints-2006' };

const SIGN_IN = `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    token
    user { username nickname }
    userErrors { code message field }
  }
}`;

const SIGN_OUT = `mutation SignOut {
  signOut { signedOut userErrors { code message } }
}`;

const WHO_AM_I = `query WhoAmI {
  viewer { user { username nickname } }
}`;

const SECOND_FACTOR = 'SECOND_FACTOR_REQUIRED';

const failed = (error) => ({ errors: [{ message: error.message }] });

function SignInPanel() {
  const [authorization, setAuthorization] = useAuthorization();
  const [result, setResult] = useState({});
  const [busy, setBusy] = useState(false);
  const [asksForCode, setAsksForCode] = useState(false);
  const panel = useRef(null);

  // Only a token that came from elsewhere (a reload, the headers editor) is asked about, once it is typed out.
  useEffect(() => {
    if (!authorization || result.authorization === authorization) return undefined;
    const show = (next) => setResult({ ...next, authorization });
    let ask = () =>
      request(WHO_AM_I, {}, authorization).then(
        ({ viewer }) => ask && show({ user: viewer?.user }),
        (error) => ask && show(failed(error)),
      );
    const timer = setTimeout(ask, 300);
    return () => {
      clearTimeout(timer);
      ask = null;
    };
  }, [authorization, result.authorization]);

  async function run(action) {
    if (busy) return;
    setBusy(true);
    const next = await action().catch(failed);
    setResult(next);
    setBusy(false);
    if (!next.errors) panel.current?.focus(); // the button that had the focus is gone
  }

  const signIn = (input) =>
    run(async () => {
      const { signIn: answer } = await request(SIGN_IN, { input });
      if (!answer.token) {
        // Only who knows the password is told that there is a second factor.
        if (answer.userErrors.some(({ code }) => code === SECOND_FACTOR)) setAsksForCode(true);
        return { errors: answer.userErrors };
      }
      setAsksForCode(false);
      const next = `Bearer ${answer.token}`;
      setAuthorization(next);
      return { user: answer.user, authorization: next };
    });

  const signOut = () =>
    run(async () => {
      // A session that is over, or a token that never was one, leaves the headers all the same.
      await request(SIGN_OUT, {}, authorization).catch(() => {});
      setAuthorization(undefined);
      return { signedOut: true };
    });

  const errors = result.errors ?? [];
  const hasError = (field) => errors.some((error) => error.field?.includes(field));
  const user = authorization && result.user;
  const status = user
    ? `Signed in as ${user.nickname} (@${user.username}).`
    : result.signedOut && !authorization && 'Signed out.';

  return (
    <section ref={panel} tabIndex={-1} className="ashiato-sign-in" aria-labelledby="sign-in-title">
      <h2 id="sign-in-title">Sign in</h2>
      <p role="status" className={user && 'ashiato-user'}>
        {status}
      </p>
      <div role="alert" id="sign-in-errors">
        {errors.map(({ message }) => (
          <p key={message}>{message}</p>
        ))}
      </div>
      {authorization ? (
        <>
          <p>
            The token stands in the <b>Headers</b> editor of every tab. Requests and subscriptions
            carry it.
          </p>
          <Button type="button" onClick={signOut} aria-disabled={busy}>
            Sign out
          </Button>
        </>
      ) : (
        <SignInForm
          onSubmit={signIn}
          busy={busy}
          hasError={hasError}
          asksForCode={asksForCode}
        />
      )}
    </section>
  );
}

function SignInForm({ onSubmit, busy, hasError, asksForCode }) {
  const field = (name) => ({
    name,
    defaultValue: DEMO[name],
    required: true,
    'aria-invalid': hasError(name),
    'aria-describedby': 'sign-in-errors',
  });

  function submit(event) {
    event.preventDefault();
    // A second factor that is left empty is none: another name may need none.
    const given = [...new FormData(event.currentTarget)].filter(([, value]) => value);
    onSubmit(Object.fromEntries(given));
  }

  return (
    <form onSubmit={submit}>
      <label>
        User name
        <input {...field('username')} autoComplete="username" autoCapitalize="none" />
      </label>
      <label>
        Password
        <input {...field('password')} type="password" autoComplete="current-password" />
      </label>
      {asksForCode && (
        <label>
          Second factor
          <input
            {...field('secondFactor')}
            required={false}
            autoFocus
            autoComplete="one-time-code"
            autoCapitalize="characters"
            placeholder="of your app, or a recovery code"
          />
        </label>
      )}
      <Button type="submit" aria-disabled={busy}>
        Sign in
      </Button>
      <p className="ashiato-hint">
        Filled in is the demo community’s account, <b>{DEMO.username}</b>. The token that you get goes
        into the <b>Headers</b> editor of every tab.
      </p>
    </form>
  );
}

function PersonIcon(props) {
  return (
    <svg viewBox="0 0 24 24" height="1em" fill="none" stroke="currentColor" strokeWidth="1.5" {...props}>
      <circle cx="12" cy="7.5" r="4.5" />
      <path d="M3.5 21a8.5 8.5 0 0 1 17 0" strokeLinecap="round" />
    </svg>
  );
}

export const signInPlugin = { title: 'Sign in', icon: PersonIcon, content: SignInPanel };
