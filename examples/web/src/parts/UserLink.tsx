import { Link } from 'react-router';
import { graphql, readFragment, type FragmentType } from '../gql';
import type { VisitOrigin } from '../gql/graphql';

export const UserLinkFragment = graphql(`
  fragment UserLink on User {
    id
    username
    nickname
    photo {
      id
      url(size: SMALL)
    }
  }
`);

type Props = { user: FragmentType<typeof UserLinkFragment>; origin: VisitOrigin };

/** Somebody's picture and name, as a link to their page. The visit there says where it came from. */
export function UserLink(props: Props) {
  const user = readFragment(UserLinkFragment, props.user);
  return (
    <Link className="user" to={`/users/${user.username}`} state={{ origin: props.origin }}>
      {user.photo ? (
        <img className="face" src={user.photo.url} alt="" width="40" height="40" loading="lazy" />
      ) : (
        <span className="face" aria-hidden="true">
          {Array.from(user.nickname)[0]}
        </span>
      )}
      <span className="name">{user.nickname}</span>
    </Link>
  );
}
