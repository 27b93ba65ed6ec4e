import { BrowserRouter, Link, Navigate, Outlet, Route, Routes, useLocation } from 'react-router';
import { useText } from './i18n/context';
import { LanguageProvider } from './i18n/LanguageProvider';
import { DiaryOfAddress } from './pages/Diary';
import { Footprints } from './pages/Footprints';
import { Home } from './pages/Home';
import { MyDiaries } from './pages/MyDiaries';
import { People } from './pages/People';
import { ProfileOfAddress } from './pages/Profile';
import { Requests } from './pages/Requests';
import { SignIn } from './pages/SignIn';
import { SignUp } from './pages/SignUp';
import { Page } from './parts/Page';
import { Shell } from './shell/Shell';
import { SessionProvider } from './session/SessionProvider';
import { useSession } from './session/store';

export function App() {
  return (
    <LanguageProvider>
      <SessionProvider>
        <BrowserRouter>
          <Routes>
            <Route element={<Shell />}>
              <Route path="sign-in" element={<SignIn />} />
              <Route path="sign-up" element={<SignUp />} />
              <Route element={<SignedIn />}>
                <Route index element={<Home />} />
                <Route path="diaries" element={<MyDiaries />} />
                <Route path="diaries/:id" element={<DiaryOfAddress />} />
                <Route path="people" element={<People />} />
                <Route path="requests" element={<Requests />} />
                <Route path="footprints" element={<Footprints />} />
                <Route path="users/:username" element={<ProfileOfAddress />} />
              </Route>
              <Route path="*" element={<Missing />} />
            </Route>
          </Routes>
        </BrowserRouter>
      </SessionProvider>
    </LanguageProvider>
  );
}

/** Whoever is not signed in comes back to where they were going, once they are. */
function SignedIn() {
  const { session } = useSession();
  const { pathname, search } = useLocation();
  if (session) return <Outlet />;
  return <Navigate to="/sign-in" state={{ from: pathname + search }} replace />;
}

function Missing() {
  const text = useText();
  return (
    <Page title={text.missing.title}>
      <p>{text.missing.text}</p>
      <Link to="/">{text.back}</Link>
    </Page>
  );
}
