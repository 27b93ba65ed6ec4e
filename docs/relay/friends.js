// What Relay asks of a schema: objects that are fetched again by `node(id:)`, lists that are paged and kept, ids in payloads
// that put what was written into its place, and live events.

import { graphql } from "relay-runtime";

graphql`
  fragment friends_list on User
  @refetchable(queryName: "friendsPageQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    friends(first: $count, after: $cursor) @connection(key: "friends_list_friends") {
      totalCount
      edges {
        node {
          id
          nickname
          ageBand
        }
      }
    }
  }
`;

graphql`
  query friendsQuery($username: String!) {
    user(username: $username) {
      id
      ...friends_list
    }
  }
`;

graphql`
  query friendsFeedQuery {
    viewer {
      homeFeed(first: 20) @connection(key: "friends_homeFeed") {
        edges {
          node {
            id
            title
            author {
              id
              nickname
            }
          }
        }
      }
    }
  }
`;

graphql`
  mutation friendsEndMutation($input: EndFriendshipInput!, $connections: [ID!]!) {
    endFriendship(input: $input) {
      user {
        id @deleteEdge(connections: $connections)
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`;

graphql`
  subscription friendsFootprintsSubscription($after: String, $connections: [ID!]!) {
    footprintLeft(after: $after) @prependEdge(connections: $connections) {
      cursor
      node {
        id
        visitedAt
      }
    }
  }
`;
