import type { ReactNode } from 'react';
import { Provider } from 'urql';
import { useSession } from './store';

export function SessionProvider({ children }: { children: ReactNode }) {
  const { api, session } = useSession();
  // The key has everything below begin anew: nothing of one person's is left on the screen of the next.
  return (
    <Provider key={session?.token} value={api.client}>
      {children}
    </Provider>
  );
}
