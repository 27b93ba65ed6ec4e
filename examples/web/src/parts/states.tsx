import type { ReactNode } from 'react';
import type { CombinedError } from 'urql';
import { useText } from '../i18n/context';
import { useProblemText } from '../i18n/useProblemText';

export function Loading() {
  return (
    <p className="loading" role="status">
      {useText().loading}
    </p>
  );
}

export function Empty({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p>{text}</p>
      {children}
    </div>
  );
}

/** Why something is not there, with a way to go on. */
export function Failed({ error, again }: { error: CombinedError; again: () => void }) {
  const text = useText();
  const { ofFailure } = useProblemText();
  return (
    <div className="empty" role="alert">
      <p>{ofFailure(error)}</p>
      <button type="button" onClick={again}>
        {text.tryAgain}
      </button>
    </div>
  );
}

/** Why something was not done. */
export const Alert = ({ text }: { text: string | undefined }) => (
  <div role="alert">{text && <p className="alert">{text}</p>}</div>
);
