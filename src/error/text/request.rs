//! What is said of requests and messages that are none of the protocol's.

use crate::{error::code::ErrorCode, message::messages};

messages! {
    /// What is said of requests and messages that are none of the protocol's.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum RequestText: ErrorCode {
        ParameterTwice => BadRequest,
        "The body has a parameter twice.",
        "本文に同じパラメーターが2つあります。";

        NoObject => BadRequest,
        "The body is a JSON object with a `query`.",
        "本文は `query` を持つ JSON オブジェクトです。";

        QueryMissing => BadRequest,
        "`query` is missing: send the document in it.",
        "`query` がありません。ドキュメントを入れて送ってください。";

        QueryNoString => BadRequest,
        "`query` is a string.",
        "`query` は文字列です。";

        OperationNameNoString => BadRequest,
        "`operationName` is a string or null.",
        "`operationName` は文字列か null です。";

        NotAnObject { parameter: &'static str } => BadRequest,
        "`{parameter}` is an object or null.",
        "`{parameter}` はオブジェクトか null です。";

        UrlNotUtf8 => BadRequest,
        "The URL's parameters are not UTF-8.",
        "URL のパラメーターが UTF-8 ではありません。";

        UrlUnreadable => BadRequest,
        "The URL's parameters cannot be read.",
        "URL のパラメーターを読み取れません。";

        BodyBrokenOff => BadRequest,
        "The request's body did not arrive whole.",
        "リクエストの本文が最後まで届きませんでした。";

        TwoAuthorizations => BadRequest,
        "Send one Authorization header.",
        "Authorization ヘッダーは1つだけ送ってください。";

        OneHost => BadRequest,
        "Send one Host header.",
        "Host ヘッダーは1つだけ送ってください。";

        TooManyHeaders { limit: usize } => BadRequest,
        "Send at most {limit} headers.",
        "ヘッダーは{limit}個までです。";

        NoBoundary => BadRequest,
        "The form's boundary is missing.",
        "フォームの境界（boundary）がありません。";

        MapNoLists => BadRequest,
        "`map` is a JSON object of lists, such as {{\"0\": [\"variables.input.file\"]}}.",
        "`map` はリストを持つ JSON オブジェクトです（例: {{\"0\": [\"variables.input.file\"]}}）。";

        TooManyFiles { limit: usize } => BadRequest,
        "A request has at most {limit} files.",
        "1つのリクエストで送れるファイルは{limit}個までです。";

        MapOnePlace => BadRequest,
        "`map` names one place for each file.",
        "`map` は、ファイルごとに1つの場所を指定します。";

        MapNoNull => BadRequest,
        "`map` names a place of the variables that holds null for each file.",
        "`map` が指す変数の場所は、ファイルごとに null でなければなりません。";

        FormOrder => BadRequest,
        "The form begins with the fields `operations` and `map`, in this order.",
        "フォームは `operations`、`map` の順に始まります。";

        PartUnknown => BadRequest,
        "The form has a part that `map` does not name once.",
        "フォームに、`map` がちょうど一度指していない部分があります。";

        FileMissing => BadRequest,
        "The form lacks a file that `map` names.",
        "`map` が指すファイルが、フォームにありません。";

        FormUnreadable => BadRequest,
        "The form cannot be read, or did not arrive whole.",
        "フォームを読み取れないか、最後まで届きませんでした。";

        InvalidJson { line: usize, column: usize } => InvalidJson,
        "The body is not valid JSON (line {line}, column {column}).",
        "本文が正しい JSON ではありません（{line}行目、{column}文字目）。";

        ParameterNoJson { parameter: &'static str } => InvalidJson,
        "`{parameter}` is not valid JSON.",
        "`{parameter}` が正しい JSON ではありません。";

        NoBatches => BatchNotSupported,
        "Batches are not taken: send each operation in a request of its own, or several fields in one operation.",
        "バッチには対応していません。操作ごとにリクエストを分けるか、1つの操作に複数のフィールドを書いてください。";

        NotAcceptable => NotAcceptable,
        "Accept application/graphql-response+json or application/json.",
        "Accept には application/graphql-response+json か application/json を指定してください。";

        UnsupportedMediaType => UnsupportedMediaType,
        "Send the request as application/json in UTF-8, or as multipart/form-data where it has files.",
        "リクエストは UTF-8 の application/json で、ファイルがあれば multipart/form-data で送ってください。";

        MethodNotAllowed => MethodNotAllowed,
        "Send a query by GET or POST, a mutation by POST.",
        "クエリは GET か POST で、ミューテーションは POST で送ってください。";

        MutationNeedsPost => MutationNeedsPost,
        "A mutation is sent by POST.",
        "ミューテーションは POST で送ってください。";

        SubscriptionNeedsWebsocket => SubscriptionNeedsWebsocket,
        "A subscription is started over a websocket at this same path, with the sub-protocol graphql-transport-ws.",
        "サブスクリプションは、同じパスの WebSocket（サブプロトコル graphql-transport-ws）で始めてください。";

        PreflightRequired => PreflightRequired,
        "Send a request with files with the header GraphQL-Require-Preflight: 1.",
        "ファイルのあるリクエストには、ヘッダー GraphQL-Require-Preflight: 1 を付けてください。";

        BodyTooLarge { limit: usize } => PayloadTooLarge,
        "A request's body has at most {limit} bytes.",
        "リクエストの本文は{limit}バイトまでです。";

        PartTooLarge { part: &'static str, limit: usize } => PayloadTooLarge,
        "`{part}` has at most {limit} bytes.",
        "`{part}` は{limit}バイトまでです。";

        FileTooLarge { limit: usize } => PayloadTooLarge,
        "A file has at most {limit} bytes.",
        "ファイルは{limit}バイトまでです。";

        BodyTooSlow => RequestTimeout,
        "The request's body took too long to arrive.",
        "リクエストの本文が届くまでに時間がかかりすぎました。";

        FilesTooSlow => RequestTimeout,
        "The request's files took too long to arrive.",
        "リクエストのファイルが届くまでに時間がかかりすぎました。";

        TooManyUploads { limit: u32 } => TooManyUploads,
        "At most {limit} requests of yours with files are taken at once.",
        "ファイルのあるリクエストを同時に受け付けられるのは{limit}件までです。";

        NoRoomForFiles => Unavailable,
        "Too many files are being taken just now. Nothing was done; try again in a moment.",
        "ただいまファイルの受け付けが混み合っています。何も行われていません。少し待ってからお試しください。";

        TooManyRequests => Unavailable,
        "There are too many requests under way from your address. Try again when some are answered.",
        "お使いのネットワークからのリクエストが多すぎます。応答が返ってから、もう一度お試しください。";

        TooManyOperations { limit: u32 } => TooManyOperations,
        "A socket has at most {limit} operations under way: complete one first.",
        "1つのソケットで同時に実行できる操作は{limit}件までです。先にどれかを完了してください。";

        TooManySubscriptions { limit: u32 } => TooManySubscriptions,
        "You have at most {limit} subscriptions over all websockets: complete one first.",
        "サブスクリプションは、すべての WebSocket を合わせて{limit}件までです。先にどれかを完了してください。";
    }
}
