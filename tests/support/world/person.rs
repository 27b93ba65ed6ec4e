//! Somebody who asks.

use ashiato::{
    account::session,
    loaders::Loaders,
    viewer::{Caller, Viewer},
};
use async_graphql::{Request, Response, Variables};
use futures_util::{Stream, StreamExt};
use serde_json::{Value, json};

use super::World;

/// Somebody who asks.
#[derive(Clone)]
pub struct Person<'w> {
    pub world: &'w World,
    pub viewer: Viewer,
    pub username: String,
    pub token: String,
}

impl Person<'_> {
    /// The global id.
    pub fn id(&self) -> String {
        use ashiato::ids::{GlobalId, Kind};
        GlobalId::encode(Kind::User, &[self.viewer.id().unwrap()]).to_string()
    }

    /// Who asks, as a transport finds out before each request; where the session has ended, or the
    /// database is away, as it was before.
    async fn caller(&self) -> Caller {
        let token = (!self.token.is_empty()).then_some(&*self.token);
        let caller = session::caller(&self.world.app, token).await;
        caller.unwrap_or_else(|_| self.known())
    }

    /// Who asks, of whom nothing else is known.
    fn known(&self) -> Caller {
        Caller {
            viewer: self.viewer,
            ..Caller::ANONYMOUS
        }
    }

    fn request(&self, caller: Caller, document: &str, variables: Value) -> Request {
        let loaders = Loaders::new(self.world.app.clone(), caller);
        Request::new(document)
            .variables(Variables::from_json(variables))
            .data(loaders)
    }

    /// The whole answer: `data` and `errors`.
    pub async fn answer(&self, document: &str, variables: Value) -> Value {
        let request = self.request(self.caller().await, document, variables);
        let response = self.world.schema.execute(request).await;
        serde_json::to_value(response).unwrap()
    }

    /// The data, where nothing may go wrong.
    pub async fn run(&self, document: &str, variables: Value) -> Value {
        let answer = self.answer(document, variables).await;
        assert!(answer.get("errors").is_none(), "{document}: {answer:#}");
        answer["data"].clone()
    }

    /// The data as a text, its fields in the order of the answer, where nothing may go wrong.
    pub async fn text(&self, document: &str) -> String {
        let request = self.request(self.caller().await, document, Value::Null);
        let response = self.world.schema.execute(request).await;
        assert!(response.errors.is_empty(), "{document}: {response:#?}");
        serde_json::to_string(&response.data).unwrap()
    }

    /// The payload of a mutation that must have no `userErrors`.
    pub async fn mutate(&self, name: &str, input: Value, fields: &str) -> Value {
        let payload = self.attempt(name, input, fields).await;
        assert_eq!(payload["userErrors"], json!([]), "{name}");
        payload
    }

    /// The payload of a mutation.
    pub async fn attempt(&self, name: &str, input: Value, fields: &str) -> Value {
        let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let document = format!(
            "mutation($input: {kind}!) {{ {name}(input: $input) {{ {fields} userErrors {{ code field }} }} }}"
        );
        self.run(&document, json!({ "input": input })).await[name].clone()
    }

    /// The code of the only user error of a mutation.
    pub async fn refusal(&self, name: &str, input: Value) -> String {
        let payload = self.attempt(name, input, "").await;
        let errors = payload["userErrors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{name}: {payload}");
        errors[0]["code"].as_str().unwrap().to_owned()
    }

    /// The code of the only top-level error.
    pub async fn error(&self, document: &str, variables: Value) -> String {
        let request = self.request(self.caller().await, document, variables);
        let response = self.world.schema.execute(request).await;
        let [error] = response.errors.as_slice() else {
            panic!("{document}: {:?}", response.errors);
        };
        error
            .source::<ashiato::error::Error>()
            .unwrap_or_else(|| panic!("{document}: {error:?}"))
            .code()
            .to_owned()
    }

    /// A subscription's responses.
    pub fn events(&self, document: &str, variables: Value) -> impl Stream<Item = Response> + use<> {
        self.world
            .schema
            .execute_stream(self.request(self.known(), document, variables))
    }

    /// A subscription's responses, as a client reads them.
    pub fn subscribe(&self, document: &str, variables: Value) -> impl Stream<Item = Value> + use<> {
        self.events(document, variables)
            .map(|response| serde_json::to_value(response).unwrap())
    }

    /// Makes friends by request and approval.
    pub async fn befriend(&self, other: &Person<'_>) {
        self.mutate("requestFriendship", json!({ "userId": other.id() }), "")
            .await;
        other
            .mutate(
                "requestFriendship",
                json!({ "userId": self.id() }),
                "becameFriends",
            )
            .await;
    }

    /// Writes a diary. Gives its id.
    pub async fn write(&self, title: &str, audience: &str) -> String {
        let input = json!({ "title": title, "body": "…", "audience": audience });
        let payload = self.mutate("writeDiary", input, "diary { id }").await;
        payload["diary"]["id"].as_str().unwrap().to_owned()
    }

    /// The id of the group of close friends.
    pub fn close_friends(&self) -> String {
        use ashiato::ids::{GlobalId, Kind};
        let key = [self.viewer.id().unwrap(), uuid::Uuid::nil()];
        GlobalId::encode(Kind::FriendGroup, &key).to_string()
    }

    /// Makes a group of friends. Gives its id.
    pub async fn make_group(&self, name: &str, friends: &[&Person<'_>]) -> String {
        let input = json!({ "name": name });
        let made = self
            .mutate("createFriendGroup", input, "friendGroup { id }")
            .await;
        let group = made["friendGroup"]["id"].as_str().unwrap().to_owned();
        if !friends.is_empty() {
            self.regroup("addToFriendGroup", &group, friends).await;
        }
        group
    }

    /// Puts friends into a group, or takes them out.
    pub async fn regroup(&self, mutation: &str, group: &str, friends: &[&Person<'_>]) {
        let users: Vec<_> = friends.iter().map(|friend| friend.id()).collect();
        let input = json!({ "friendGroupId": group, "userIds": users });
        self.mutate(mutation, input, "").await;
    }

    /// Writes a diary for a group. Gives its id.
    pub async fn write_for(&self, title: &str, group: &str) -> String {
        let input =
            json!({ "title": title, "body": "…", "audience": "GROUP", "friendGroupId": group });
        let payload = self.mutate("writeDiary", input, "diary { id }").await;
        payload["diary"]["id"].as_str().unwrap().to_owned()
    }
}
