import { useEffect, useState } from 'react';
import { Link, NavLink, Outlet, useNavigate } from 'react-router';
import { useQuery } from 'urql';
import { graphql } from '../gql';
import { useLanguage } from '../i18n/context';
import { Icon } from '../parts/Icon';
import { endSession, useSession } from '../session/store';
import { Announcements } from './Announcements';
import { BadgesQuery, Live } from './Live';

const SignOut = graphql(`
  mutation SignOut {
    signOut {
      signedOut
    }
  }
`);

export function Shell() {
  const { language, text, setLanguage } = useLanguage();
  const { session } = useSession();
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {text.skip}
      </a>
      <header>
        <Link to="/" className="brand">
          <img src="/footprints.svg" alt="" width="28" height="28" />
          Ashiato
        </Link>
        <button
          type="button"
          className="plain"
          lang={language === 'ja' ? 'en' : 'ja'}
          onClick={() => setLanguage(language === 'ja' ? 'en' : 'ja')}
        >
          {text.other}
        </button>
        {session && <SignOutButton />}
      </header>
      {session && <Pages />}
      <main id="content" tabIndex={-1}>
        <Offline />
        <Outlet />
      </main>
      <Announcements />
      {session && <Live />}
    </div>
  );
}

function SignOutButton() {
  const { text } = useLanguage();
  const { api } = useSession();
  const navigate = useNavigate();
  function signOut() {
    // First here: the service closes the socket with the session, which is then no surprise. Where the
    // network is away the session stays at the service, and ends there by itself.
    void navigate('/sign-in');
    endSession();
    void api.client.mutation(SignOut, {}).toPromise();
  }
  return (
    <button type="button" className="plain" onClick={signOut}>
      {text.nav.signOut}
    </button>
  );
}

function Pages() {
  const { text } = useLanguage();
  const [{ data }] = useQuery({ query: BadgesQuery });
  const pages = [
    { to: '/', label: text.nav.home, icon: 'home', count: 0 },
    { to: '/diaries', label: text.nav.diaries, icon: 'diary', count: 0 },
    { to: '/people', label: text.nav.people, icon: 'people', count: 0 },
    {
      to: '/requests',
      label: text.nav.requests,
      icon: 'requests',
      count: data?.viewer?.incomingFriendRequests.totalCount ?? 0,
    },
    {
      to: '/footprints',
      label: text.nav.footprints,
      icon: 'footprints',
      count: data?.viewer?.newFootprintCount ?? 0,
    },
  ] as const;
  return (
    <nav aria-label={text.nav.label}>
      <ul>
        {pages.map(({ to, label, icon, count }) => (
          <li key={to}>
            <NavLink to={to} end>
              <Icon name={icon} />
              <span>{label}</span>{' '}
              {count > 0 && (
                <span className="badge">
                  {count > 99 ? '99+' : count}
                  <span className="unseen"> {text.nav.unread}</span>
                </span>
              )}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Offline() {
  const { text } = useLanguage();
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    addEventListener('online', look);
    addEventListener('offline', look);
    return () => {
      removeEventListener('online', look);
      removeEventListener('offline', look);
    };
  }, []);
  return <div role="status">{!online && <p className="notice">{text.offline}</p>}</div>;
}
