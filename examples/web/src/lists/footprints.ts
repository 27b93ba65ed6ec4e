import type { UpdatesConfig } from '@urql/exchange-graphcache';
import { graphql } from '../gql';

/** The list, and from where on the live ones go: both are asked for together, so that nothing falls between. */
export const FootprintsQuery = graphql(`
  query Footprints($after: String) {
    viewer {
      footprints(first: 20, after: $after) {
        edges {
          cursor
          node {
            id
            ...FootprintRow
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export const FootprintLeft = graphql(`
  subscription FootprintLeft($after: String) {
    footprintLeft(after: $after) {
      cursor
      node {
        id
        ...FootprintRow
        visitor {
          id
          nickname
        }
      }
    }
  }
`);

type Left = {
  footprintLeft: {
    __typename: 'FootprintEdge';
    cursor: string;
    node: { __typename: 'Footprint'; id: string };
  };
};
type Seen = { markFootprintsSeen: { newFootprintCount: number | null } | null };

export const footprintUpdates = {
  Subscription: {
    /** Each goes on top. A later visit of the same day has the id of the earlier: it moves up, and is not doubled. */
    footprintLeft(result, _args, cache) {
      const { footprintLeft: edge } = result as Left;
      cache.updateQuery({ query: FootprintsQuery }, (data) => {
        if (!data?.viewer) return data;
        const { footprints } = data.viewer;
        const others = footprints.edges.filter(({ node }) => node.id !== edge.node.id);
        const edges = [edge, ...others];
        return { ...data, viewer: { ...data.viewer, footprints: { ...footprints, edges } } };
      });
    },
  },
  Mutation: {
    markFootprintsSeen(result, _args, cache) {
      const newFootprintCount = (result as Seen).markFootprintsSeen?.newFootprintCount;
      if (typeof newFootprintCount !== 'number') return;
      // The payload says the number, not the viewer whose field it is.
      cache.writeFragment(NewFootprintCount, { __typename: 'Viewer', newFootprintCount });
    },
  },
} satisfies UpdatesConfig;

const NewFootprintCount = graphql(`
  fragment NewFootprintCount on Viewer {
    __typename
    newFootprintCount
  }
`);
