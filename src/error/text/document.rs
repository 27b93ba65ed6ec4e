//! What is said of documents and variables that are not executed.
//!
//! What a library says of a document stands in its English, quoted, whatever the language: it names parts of
//! the schema, for whoever writes the client.

use crate::{error::code::ErrorCode, message::messages};

messages! {
    /// What is said of documents and variables that are not executed.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum DocumentText: ErrorCode {
        TooManyTokens { limit: u32 } => DocumentTooManyTokens,
        "The document has more than {limit} tokens. Ask in several requests.",
        "ドキュメントのトークンが{limit}個を超えています。複数のリクエストに分けてください。";

        TooDeep { limit: u32 } => DocumentTooDeep,
        "The document nests more than {limit} levels. Ask for what lies deeper in a request of its own.",
        "ドキュメントの入れ子が{limit}段を超えています。さらに深いものは別のリクエストで取得してください。";

        TooManyAliases { limit: u32 } => DocumentTooManyAliases,
        "The document has more than {limit} aliases and repeated fields.",
        "ドキュメントのエイリアスと重複フィールドが{limit}個を超えています。";

        TooManyDirectives { limit: u32 } => DocumentTooManyDirectives,
        "The document has more than {limit} directives.",
        "ドキュメントのディレクティブが{limit}個を超えています。";

        TooManySelections { limit: u32 } => DocumentTooManySelections,
        "The document has more than {limit} selections once its fragments are spread.",
        "フラグメントを展開すると、選択が{limit}個を超えます。";

        TooManyValues { limit: u32 } => DocumentTooManyValues,
        "The document's arguments have more than {limit} values once the variables are put in.",
        "変数を代入すると、引数の値が{limit}個を超えます。";

        TooManyNodes { limit: u32 } => DocumentTooManyNodes,
        "The operation could return more than {limit} nodes. Ask for smaller pages with `first` or `last`: each multiplies what is under it, and counts as 20 if left out.",
        "この操作は{limit}個を超えるノードを返す可能性があります。`first` か `last` でページを小さくしてください。それぞれが下位の数に掛け合わされ、省略すると20と数えます。";

        TooManyPasswords => DocumentTooManyPasswords,
        "A document can have 1 password or code: send each in a request of its own.",
        "パスワードやコードは、1つのドキュメントに1つまでです。それぞれ別のリクエストで送ってください。";

        IntrospectionDisabled => IntrospectionDisabled,
        "This service does not tell its schema: `schema.graphql` has it.",
        "このサービスはスキーマを公開していません。`schema.graphql` をご覧ください。";

        FragmentCycle => GraphqlValidationFailed,
        "A fragment spreads itself.",
        "フラグメントが自分自身を展開しています。";

        RepeatedMutation => GraphqlValidationFailed,
        "A mutation has each root field once under one name: give the others an alias.",
        "ミューテーションのルートフィールドは、同じ名前では一度しか書けません。ほかのものにはエイリアスを付けてください。";

        DifferentLists { field: String, argument: String } => GraphqlValidationFailed,
        "`{field}` is selected more than once with different values of `{argument}`: give one an alias.",
        "`{field}` が、異なる `{argument}` で複数回選択されています。どちらかにエイリアスを付けてください。";

        ScalarHasNoValue { scalar: String } => GraphqlValidationFailed,
        "The scalar `{scalar}` has no such value.",
        "スカラー `{scalar}` に、そのような値はありません。";

        FieldGivenTwice { field: String } => GraphqlValidationFailed,
        "The input field `{field}` is given more than once.",
        "入力フィールド `{field}` が複数回指定されています。";

        VariableMisplaced { variable: String, needed: String } => GraphqlValidationFailed,
        "The variable `{variable}` stands where `{needed}` is needed.",
        "`{needed}` が必要なところに、変数 `{variable}` があります。";

        Invalid { said: String } => GraphqlValidationFailed,
        "{said}",
        "ドキュメントがスキーマに合いません: {said}";

        Unparsable { said: String } => GraphqlParseFailed,
        "The document cannot be parsed: {said}",
        "ドキュメントを解析できません: {said}";

        UnparsableAtAll => GraphqlParseFailed,
        "The document cannot be parsed.",
        "ドキュメントを解析できません。";

        EndlessBlockString => GraphqlParseFailed,
        "The document cannot be parsed: a block string has no end.",
        "ドキュメントを解析できません: ブロック文字列が閉じられていません。";

        EscapeOfNone => GraphqlParseFailed,
        "The document cannot be parsed: an escape in a string is no character.",
        "ドキュメントを解析できません: 文字列に、文字ではないエスケープがあります。";

        NamelessOperation => GraphqlParseFailed,
        "An operation without a name must be the document's only one.",
        "名前のない操作は、ドキュメントに1つだけのときに書けます。";

        OperationTwice => GraphqlParseFailed,
        "Two operations of the document have the same name.",
        "ドキュメントに、同じ名前の操作が2つあります。";

        FragmentTwice => GraphqlParseFailed,
        "Two fragments of the document have the same name.",
        "ドキュメントに、同じ名前のフラグメントが2つあります。";

        NoOperation => GraphqlParseFailed,
        "The document has no operation.",
        "ドキュメントに操作がありません。";

        NoSuchOperation => OperationResolutionFailed,
        "The document has no operation with the name in `operationName`.",
        "`operationName` の名前の操作は、ドキュメントにありません。";

        WhichOperation => OperationResolutionFailed,
        "The document has several operations: say which in `operationName`.",
        "ドキュメントに操作が複数あります。`operationName` でどれかを指定してください。";

        VariableUnfit { variable: String, said: String } => BadUserInput,
        "The variable {variable} has no value that fits. {said}",
        "変数 {variable} の値が型に合いません: {said}";

        VariableHoldsNo { variable: String, scalar: String } => BadUserInput,
        "The variable {variable} has no value that fits. It holds no {scalar}.",
        "変数 {variable} の値が型に合いません。{scalar} として読めない値があります。";

        InputUnfit { said: String } => BadUserInput,
        "{said}",
        "値が型に合いません: {said}";
    }
}
