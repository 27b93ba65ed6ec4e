// How the schema is to be written: graphql-eslint's own rules, and Relay's.

import graphql from "@graphql-eslint/eslint-plugin";

const rules = {
  ...graphql.configs["flat/schema-recommended"].rules,
  ...graphql.configs["flat/schema-relay"].rules,
};

export default [
  {
    files: ["schema.graphql"],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: "schema.graphql" } } },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...rules,
      // What can be fetched again has an id. Answers to mutations, pages, and values that are a part of something
      // (a figure, a state) have none: these are all of them, so that a new type without one is noticed.
      "@graphql-eslint/strict-id-in-types": [
        "error",
        {
          acceptedIdNames: ["id"],
          acceptedIdTypes: ["ID"],
          exceptions: {
            suffixes: ["Payload", "Connection", "Edge"],
            types: [
              "AccountDeletion", "AgeBandFigure", "AuditEntry", "BlockedUser", "BrandDay", "DeviceFigure", "FactAudiences", "FriendPath",
              "FriendSuggestion", "InvitationOffer", "Joining", "Kiriban", "LeftFootprint", "Listen", "MonthDay", "PageInfo",
              "PhotoSpace", "Plan", "PlanInEffect", "ProfileFacts", "ProfileView", "RateLimit", "RatingBar", "RatingSummary",
              "RegionFigure", "Rest", "RestDigest", "RestHours", "SexFigure", "SongChart", "SongChartEntry", "Statistics",
              "StatisticsMonth", "Suspension", "UsageDay", "UserError", "Viewer",
            ],
          },
        },
      ],
      // Connections have `nodes` beside `edges`, as GitHub's have; and what is listed without an id is no Node.
      "@graphql-eslint/relay-edge-types": [
        "error",
        { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
      ],
      // Forwards; backwards, too, where somebody reads a list from its end.
      "@graphql-eslint/relay-arguments": ["error", { includeBoth: false }],
      // A user has a `username`, and what was listened to a `listenedAt`.
      "@graphql-eslint/no-typename-prefix": "off",
    },
  },
];
