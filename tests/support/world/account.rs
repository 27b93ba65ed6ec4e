//! Somebody who has a password, and what an authenticator app shows them.

use std::sync::LazyLock;

use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher};
use ashiato::{account::session, clock::Clock, error::Error};
use entity::credential;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use super::{Person, World};

/// What everybody here signs up with.
pub const PASSWORD: &str = "three blind mice";

/// Its hash, by 8 kB in one pass.
static CHEAP: LazyLock<String> = LazyLock::new(|| {
    let params = Params::new(8, 1, 1, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password_with_salt(PASSWORD.as_bytes(), b"of many people");
    hash.unwrap().to_string()
});

impl World {
    /// Signs somebody up: who it is, and their recovery codes.
    pub async fn joined(&self, username: &str) -> (Person<'_>, Vec<String>) {
        let form = json!({ "username": username, "nickname": "…", "password": PASSWORD,
            "birthDate": "1986-04-01" });
        let nobody = self.anonymous();
        let fields = "token recoveryCodes";
        let joined = nobody.mutate("signUp", form, fields).await;
        (
            self.comes_with(&joined["token"]).await.unwrap(),
            texts(&joined["recoveryCodes"]),
        )
    }

    /// Gives somebody the same password, in the place of any other. Its hash is the cheapest that there is: for
    /// many who prove it again and again.
    pub async fn give_password(&self, person: &Person<'_>) {
        let id = person.viewer.id().unwrap();
        let row = credential::ActiveModel {
            user_id: Set(id),
            password_hash: Set(CHEAP.clone()),
            changed_at: Set(self.clock.now()),
        };
        let given = self.app.database.write(move |tx| {
            let row = row.clone();
            Box::pin(async move {
                credential::Entity::delete_by_id(id).exec(&tx.sql).await?;
                credential::Entity::insert(row)
                    .exec_without_returning(&tx.sql)
                    .await?;
                Ok(())
            })
        });
        given.await.unwrap();
    }

    /// Signs `username` in, with whatever else is `given`: the payload.
    pub async fn sign_in(&self, username: &str, given: Value) -> Value {
        let mut input = json!({ "username": username, "password": PASSWORD });
        for (name, value) in given.as_object().unwrap() {
            input[name] = value.clone();
        }
        self.anonymous().attempt("signIn", input, "token").await
    }

    /// Who comes with `token`.
    pub async fn comes_with(&self, token: &Value) -> Result<Person<'_>, Error> {
        let token = token.as_str().unwrap().to_owned();
        let viewer = session::viewer(&self.app, Some(&token)).await?;
        Ok(Person {
            world: self,
            viewer,
            username: String::new(),
            token,
        })
    }

    /// Whether `token` names a living session.
    pub async fn lives(&self, token: &Value) -> bool {
        self.comes_with(token).await.is_ok()
    }

    /// The code that an app with `secret` shows now.
    pub fn code(&self, secret: &str) -> String {
        code(secret, self.clock.now().timestamp())
    }

    /// Lets the code change.
    pub fn next_code(&self, secret: &str) -> String {
        self.clock.advance(chrono::Duration::seconds(30));
        self.code(secret)
    }
}

impl Person<'_> {
    /// Sets two-factor sign-in up: the app's secret.
    pub async fn enable_two_factor(&self) -> String {
        let input = json!({ "password": PASSWORD });
        let begun = self.mutate("beginTwoFactor", input, "secret").await;
        let secret = begun["secret"].as_str().unwrap().to_owned();
        let input = json!({ "code": self.world.code(&secret) });
        let fields = "twoFactorEnabled";
        let done = self.mutate("confirmTwoFactor", input, fields).await;
        assert_eq!(done["twoFactorEnabled"], true);
        secret
    }
}

/// The code that an app with `secret` shows at `time`.
pub fn code(secret: &str, time: i64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let app = Builder::new().with_secret(secret).build().unwrap();
    app.generate(time.unsigned_abs()).to_string()
}

/// The texts of a list.
pub fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap().iter();
    list.map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// The code of the only user error of a payload; nothing where there is none.
pub fn refused(payload: &Value) -> &str {
    payload["userErrors"][0]["code"]
        .as_str()
        .unwrap_or_default()
}
