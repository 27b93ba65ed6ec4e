import { useState } from 'react';
import { useText } from '../i18n/context';
import { focusAtFirst } from './focus';

type Props = {
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
  fetching: boolean;
  onMore: (after: string) => void;
};

/** A button, and not a list that grows by scrolling: what stands below a list can be reached, also by key. */
export function More({ pageInfo, fetching, onMore }: Props) {
  const text = useText();
  const [pressed, setPressed] = useState(false);
  const { hasNextPage, endCursor } = pageInfo;
  if (!hasNextPage || !endCursor)
    // The button goes with the last page. Whoever pressed it is not left at the top of everything.
    return pressed ? (
      <p className="hint more" tabIndex={-1} ref={focusAtFirst}>
        {text.end}
      </p>
    ) : null;
  return (
    // Not disabled while it loads: that would take the focus off it.
    <button
      type="button"
      className="more"
      aria-disabled={fetching}
      onClick={() => {
        if (fetching) return;
        setPressed(true);
        onMore(endCursor);
      }}
    >
      {fetching ? text.loading : text.more}
    </button>
  );
}
