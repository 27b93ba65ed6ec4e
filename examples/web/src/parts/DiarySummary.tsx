import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { graphql, readFragment, type FragmentType } from '../gql';
import type { VisitOrigin } from '../gql/graphql';
import { useText } from '../i18n/context';
import { When } from '../i18n/When';
import { isPending } from '../lists/diaries';

export const DiarySummaryFragment = graphql(`
  fragment DiarySummary on Diary {
    id
    title
    body
    audience
    createdAt
    commentCount
    photos {
      id
      url(size: SMALL)
    }
  }
`);

type Props = {
  diary: FragmentType<typeof DiarySummaryFragment>;
  origin: VisitOrigin;
  author?: ReactNode;
};

export function DiarySummary(props: Props) {
  const text = useText();
  const diary = readFragment(DiarySummaryFragment, props.diary);
  const pending = isPending(diary.id);
  return (
    <article className={pending ? 'card pending' : 'card'} aria-busy={pending}>
      {props.author}
      <h2>
        {pending ? (
          diary.title
        ) : (
          <Link to={`/diaries/${diary.id}`} state={{ origin: props.origin }}>
            {diary.title}
          </Link>
        )}
      </h2>
      <p className="excerpt">{diary.body}</p>
      {diary.photos.length > 0 && (
        <div className="photos">
          {diary.photos.map(({ id, url }) => (
            <img key={id} src={url} alt="" loading="lazy" />
          ))}
        </div>
      )}
      <p className="meta">
        {pending ? text.diaries.sending : <When at={diary.createdAt} />}
        <span>{text.diaries.audiences[diary.audience]}</span>
        <span>{text.diary.comments(diary.commentCount)}</span>
      </p>
    </article>
  );
}
