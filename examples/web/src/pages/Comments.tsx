import { useState, type SyntheticEvent } from 'react';
import { useAction } from '../api/useAction';
import { graphql, readFragment, type FragmentType } from '../gql';
import { useText } from '../i18n/context';
import { useProblemText } from '../i18n/useProblemText';
import { When } from '../i18n/When';
import { CommentOnDiary } from '../lists/visits';
import { TextArea } from '../parts/Field';
import { More } from '../parts/More';
import { Alert, Empty } from '../parts/states';
import { UserLink } from '../parts/UserLink';
import { announce } from '../shell/announcer';

const CommentListFragment = graphql(`
  fragment CommentList on Diary {
    id
    commentCount
    viewerCanComment
    comments(first: 20, after: $after) {
      edges {
        cursor
        node {
          id
          ...Comment
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const CommentFragment = graphql(`
  fragment Comment on DiaryComment {
    id
    body
    createdAt
    author {
      id
      ...UserLink
    }
  }
`);

type Props = {
  diary: FragmentType<typeof CommentListFragment>;
  fetching: boolean;
  onMore: (after: string) => void;
};

export function Comments({ diary: masked, fetching, onMore }: Props) {
  const text = useText();
  const diary = readFragment(CommentListFragment, masked);
  const { edges, pageInfo } = diary.comments;
  return (
    <section>
      <h2>{text.diary.comments(diary.commentCount)}</h2>
      {edges.length === 0 && <Empty text={text.diary.noComments} />}
      <ol className="comments">
        {edges.map(({ node }) => (
          <Comment key={node.id} comment={node} />
        ))}
      </ol>
      <More pageInfo={pageInfo} fetching={fetching} onMore={onMore} />
      {diary.viewerCanComment && <Write diaryId={diary.id} />}
    </section>
  );
}

function Comment(props: { comment: FragmentType<typeof CommentFragment> }) {
  const text = useText();
  const { author, body, createdAt } = readFragment(CommentFragment, props.comment);
  return (
    <li className="card">
      {author ? <UserLink user={author} origin="DIARY" /> : <p>{text.diary.gone}</p>}
      <p className="text">{body}</p>
      <p className="meta">
        <When at={createdAt} />
      </p>
    </li>
  );
}

function Write({ diaryId }: { diaryId: string }) {
  const text = useText();
  const { act, busy, problem } = useAction(CommentOnDiary);
  const { ofField, ofWhole } = useProblemText();
  const [body, setBody] = useState('');

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (!(await act({ diaryId, body }))) return;
    setBody('');
    announce(text.diary.written);
  }

  return (
    <form onSubmit={submit} className="card">
      <TextArea
        label={text.diary.comment}
        error={ofField(problem, 'body')}
        rows={3}
        value={body}
        onChange={({ target }) => setBody(target.value)}
        required
      />
      <Alert text={ofWhole(problem, ['body'])} />
      <button type="submit" className="main" disabled={busy}>
        {text.diary.submit}
      </button>
    </form>
  );
}
