//! Fields that are in no row of the matrix, and why.

/// Where something stands that says who sees what otherwise.
pub const ELSEWHERE: [(&str, &str); 10] = [
    ("User.viewerFootprint", "one's own: tests/visitors/left.rs"),
    (
        "RatingSummary.histogram",
        "figures over everybody: tests/reviews.rs",
    ),
    (
        "RatingBar.count",
        "figures over everybody: tests/reviews.rs",
    ),
    ("BlockedUserConnection.totalCount", "tests/block/counts.rs"),
    (
        "Viewer.unreadNotificationCount",
        "of each who looks other things, counted as they are listed: tests/notifications/ends.rs",
    ),
    (
        "FriendRequestConnection.totalCount",
        "tests/block/counts.rs",
    ),
    ("RestDigest.footprintCount", "tests/rest/digests.rs"),
    ("RestDigest.friendRequestCount", "tests/rest/digests.rs"),
    ("RestDigest.diaryCommentCount", "tests/rest/digests.rs"),
    ("RestDigest.notificationCount", "tests/rest/digests.rs"),
];

/// What leads to nothing of anybody's, or to one's own self alone.
pub const NOBODYS: [&str; 38] = [
    "Query.rateLimit",
    "Viewer.rest",
    "Rest.hours",
    "Viewer.dataExports",
    "DataExportConnection.totalCount",
    "Viewer.deletion",
    "Viewer.photoSpace",
    "Viewer.sessions",
    "SessionConnection.totalCount",
    "Query.viewer",
    "Query.catalogueItem",
    "Query.searchCatalogue",
    "Query.joining",
    "CatalogueItem.rating",
    "CatalogueItemConnection.totalCount",
    "Review.item",
    "Viewer.factAudiences",
    "Viewer.invitations",
    "InvitationConnection.totalCount",
    "ProfileFacts.birthday",
    "UserConnection.totalCount",
    "FriendSuggestionConnection.totalCount",
    "AuditEntryConnection.totalCount",
    "ReportConnection.totalCount",
    "RatingSummary.count",
    "Viewer.user",
    "ProfileView.facts",
    "Viewer.visitCount",
    "Query.nodes",
    "CatalogueItem.artist",
    "Artist.items",
    "Query.artist",
    "Query.searchArtists",
    "ArtistConnection.totalCount",
    // A chart of everybody names nobody; that of one's friends stands in a row.
    "Query.songChart",
    "SongChart.entries",
    "SongChartEntry.song",
    "SongChartEntryConnection.totalCount",
];
