import { useEffect, useRef, type ReactNode } from 'react';
import { useLocation } from 'react-router';

type Props = { title: string; children: ReactNode; aside?: ReactNode; step?: string };

let shown: string | undefined;

/**
 * A page with its title. After a change of pages (or of the `step` on one) the focus is on its
 * heading: so it is read, and Tab goes on from there. After a load it stays at the top.
 */
export function Page({ title, children, aside, step = '' }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  useEffect(() => {
    document.title = `${title} – Ashiato`;
  }, [title]);
  useEffect(() => {
    const place = key + step;
    if (shown !== undefined && shown !== place) heading.current?.focus();
    shown = place;
  }, [key, step]);
  return (
    <>
      <div className="title">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {aside}
      </div>
      {children}
    </>
  );
}
