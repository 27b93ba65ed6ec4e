import { useText } from '../i18n/context';
import { silence, useSaid } from './announcer';

/** The region is there before there is anything in it: else screen readers do not read what comes. */
export function Announcements() {
  const text = useText();
  const said = useSaid();
  return (
    <div className="announcements">
      <div role="status" aria-live="polite">
        {said && <p key={said.number}>{said.text}</p>}
      </div>
      {said && (
        <button type="button" className="plain" onClick={silence}>
          <span aria-hidden="true">×</span>
          <span className="unseen">{text.dismiss}</span>
        </button>
      )}
    </div>
  );
}
