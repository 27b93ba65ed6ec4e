//! The codes of `extensions.code`: of each the word, what it comes from, and what to do about it.

/// Codes: of each its word, why it comes, and what mends it.
macro_rules! codes {
    ($($code:ident => $word:literal, $cause:literal, $mend:literal;)+) => {
        /// The code of an error, in `extensions.code`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode {$(
            #[doc = $cause]
            $code,
        )+}

        impl ErrorCode {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$code),+];

            /// The stable word that a client may switch on.
            pub fn word(self) -> &'static str {
                match self {$(Self::$code => $word,)+}
            }

            /// Why it comes.
            pub fn cause(self) -> &'static str {
                match self {$(Self::$code => $cause,)+}
            }

            /// What to do about it.
            pub fn mend(self) -> &'static str {
                match self {$(Self::$code => $mend,)+}
            }
        }
    };
}

codes! {
    Unauthenticated => "UNAUTHENTICATED",
    "What was asked for needs a signed-in user, or the bearer token names no session that lives: it was ended, or \
     its time is over.",
    "Have the user sign in (`signIn`), and send the new token as `Authorization: Bearer …`. Forget the old one.";

    Forbidden => "FORBIDDEN",
    "The user lacks the role for this: it is for administrators, or for moderators where it is theirs.",
    "Do not offer it to who lacks the role: `Viewer.role` tells it.";

    AccountLeaving => "ACCOUNT_LEAVING",
    "The user has asked for the account to be deleted. Until then nothing can be done with others.",
    "Offer `cancelAccountDeletion`; `Viewer.deletion` tells when the account goes.";

    InvalidId => "INVALID_ID",
    "A global id is none that this service gave, or that of an object of another type.",
    "Send an `id` as it came, unchanged, and of the type that the field's description names.";

    InvalidCursor => "INVALID_CURSOR",
    "A cursor is none that this connection, or this subscription, gave.",
    "Send a `cursor`, `startCursor` or `endCursor` of the same list, unchanged; or begin anew without one.";

    InvalidPage => "INVALID_PAGE",
    "`first` or `last` is out of its range, or both are given; or there are too many `ids`.",
    "Give one of the two, within the range that `extensions` tells.";

    InvalidArgument => "INVALID_ARGUMENT",
    "An argument is against a rule that the schema's types cannot tell.",
    "Mend the call as the message says: this is for whoever writes the client, not for its user.";

    ResponseTooLarge => "RESPONSE_TOO_LARGE",
    "The answer would have more bytes than this service gives out at once. What a mutation did stays done.",
    "Ask for smaller pages, or for fewer long texts.";

    TooManySignIns => "TOO_MANY_SIGN_INS",
    "Too many signed in from this address, too many passwords or codes were wrong, or too many are being checked \
     just now.",
    "Try again after `extensions.retryAfter` seconds, where it is there, and in a moment otherwise. Show the user \
     how long it takes.";

    TooManySignUps => "TOO_MANY_SIGN_UPS",
    "Too many accounts were asked for from this address.",
    "Try again after `extensions.retryAfter` seconds.";

    Throttled => "THROTTLED",
    "The points for operations are used up, or the operation costs more than an hour has (`Query.rateLimit`).",
    "Try again after `extensions.retryAfter` seconds; where that is not there, ask for less: smaller pages, fewer \
     lists within lists.";

    NotConfigured => "NOT_CONFIGURED",
    "This service was not given the secret key that this needs.",
    "Its operator gives one with `--secret-keys-file`. Clients cannot mend it: hide what needs it.";

    IdempotencyKeyReused => "IDEMPOTENCY_KEY_REUSED",
    "An `idempotencyKey` came again with another input than before.",
    "Make a new key for each new intent, and use the same one again only to repeat the very same call.";

    Unavailable => "UNAVAILABLE",
    "The database or another part is busy, full or away just now. Nothing was changed.",
    "Try again, after longer and longer pauses. Over HTTP the status is 503 where nothing could begin.";

    OutcomeUnknown => "OUTCOME_UNKNOWN",
    "A mutation was carried out, or may have been, and what came of it cannot be told.",
    "Repeat it with the same `idempotencyKey`: it is done once. Without a key, look first.";

    Internal => "INTERNAL",
    "A fault of the service.",
    "Try again once; then tell the operator `extensions.requestId`, under which the log says more.";

    Timeout => "TIMEOUT",
    "The operation took longer than operations may, and was given up. A mutation may have been carried out.",
    "Ask for less; repeat a mutation with the same `idempotencyKey`.";

    BadUserInput => "BAD_USER_INPUT",
    "A variable, or an argument, has a value that is not of its type.",
    "Mend the value that the message names: clients with generated types find it as they are built.";

    GraphqlParseFailed => "GRAPHQL_PARSE_FAILED",
    "The document is no GraphQL.",
    "Mend it where `locations` points.";

    GraphqlValidationFailed => "GRAPHQL_VALIDATION_FAILED",
    "The document is not valid by this service's schema: fields, arguments or types that it lacks, a fragment that \
     spreads itself, a root field of a mutation twice.",
    "Mend it where `locations` points, and check documents against `schema.graphql` as the client is built.";

    OperationResolutionFailed => "OPERATION_RESOLUTION_FAILED",
    "The document has several operations and the request names none of them, or one that is not there.",
    "Send `operationName`.";

    IntrospectionDisabled => "INTROSPECTION_DISABLED",
    "The document asks for the schema, which a service in production does not tell.",
    "Use `schema.graphql`, or a service in development.";

    DocumentTooManyTokens => "DOCUMENT_TOO_MANY_TOKENS",
    "The document is longer than documents may be.",
    "Ask in several requests; send long texts as variables.";

    DocumentTooDeep => "DOCUMENT_TOO_DEEP",
    "Fields, fragments or brackets lie deeper in one another than they may.",
    "Ask for what lies deeper in a request of its own, by `node`.";

    DocumentTooManyAliases => "DOCUMENT_TOO_MANY_ALIASES",
    "More fields have an alias, or stand there twice, than may.",
    "Use `nodes(ids:)`, or several requests.";

    DocumentTooManyDirectives => "DOCUMENT_TOO_MANY_DIRECTIVES",
    "The document has more directives than it may.",
    "Leave some out, or ask in several requests.";

    DocumentTooManySelections => "DOCUMENT_TOO_MANY_SELECTIONS",
    "Once its fragments are spread, the document has more selections than it may.",
    "Spread fewer fragments within fragments, or ask in several requests.";

    DocumentTooManyValues => "DOCUMENT_TOO_MANY_VALUES",
    "The arguments have more values than they may, once the variables are put in.",
    "Send long lists in parts.";

    DocumentTooManyNodes => "DOCUMENT_TOO_MANY_NODES",
    "By its page sizes the operation could return more nodes than one may.",
    "Ask for smaller pages: each multiplies what is under it, and counts as 20 where neither `first` nor `last` is \
     given.";

    DocumentTooManyPasswords => "DOCUMENT_TOO_MANY_PASSWORDS",
    "A mutation signs in or up, or proves a password or a code, more than once.",
    "Send each in a request of its own.";

    BadRequest => "BAD_REQUEST",
    "The request is not of the form that GraphQL over HTTP has.",
    "Mend the client as the message says; the usual libraries send what is right.";

    InvalidJson => "INVALID_JSON",
    "What should be JSON is not.",
    "Mend what is sent, at the line and column that `extensions` tells of a body.";

    BatchNotSupported => "BATCH_NOT_SUPPORTED",
    "The body is a list of operations.",
    "Turn batching off in the client; ask for several fields in one operation.";

    NotAcceptable => "NOT_ACCEPTABLE",
    "`Accept` takes none of the media types that answers come in.",
    "Accept `application/graphql-response+json` or `application/json`.";

    UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
    "`Content-Type` is none that requests come in.",
    "Send `application/json`, or `multipart/form-data` with files.";

    MethodNotAllowed => "METHOD_NOT_ALLOWED",
    "The HTTP method is neither GET nor POST.",
    "Send a query by GET or POST, a mutation by POST.";

    MutationNeedsPost => "MUTATION_NEEDS_POST",
    "A mutation came by GET.",
    "Send it by POST.";

    SubscriptionNeedsWebsocket => "SUBSCRIPTION_NEEDS_WEBSOCKET",
    "A subscription came by a plain request.",
    "Start it over a websocket at the same path, with the sub-protocol `graphql-transport-ws`.";

    PreflightRequired => "PREFLIGHT_REQUIRED",
    "A request with files lacks the header that no form of another site can send.",
    "Send `GraphQL-Require-Preflight: 1` with it.";

    PayloadTooLarge => "PAYLOAD_TOO_LARGE",
    "The body, a part of it, or a file has more bytes than it may.",
    "Send less: `extensions.limit` tells how many bytes can be sent. Make pictures smaller before the upload.";

    RequestTimeout => "REQUEST_TIMEOUT",
    "The body did not arrive in time.",
    "Send it again, over a better connection.";

    TooManyUploads => "TOO_MANY_UPLOADS",
    "As many requests of this user with files are under way as can be.",
    "Send them one after the other; try again after `Retry-After`.";

    TooManyOperations => "TOO_MANY_OPERATIONS",
    "As many operations are under way on this websocket as can be.",
    "Complete one first; do not subscribe anew for each part of a page.";

    TooManySubscriptions => "TOO_MANY_SUBSCRIPTIONS",
    "As many subscriptions of this user are under way, over all websockets, as can be.",
    "Complete one first: a closed tab's end with its websocket.";
}
