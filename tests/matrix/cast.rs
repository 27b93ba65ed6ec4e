//! Who plays in the matrix, and what there is of the target.

use std::collections::BTreeSet;

use ashiato::ids::{GlobalId, Kind};
use serde_json::{Value, json};
use uuid::Uuid;

pub use super::who::Who;
use super::{
    brand_paths, introduction_paths, kiriban_paths, music_paths, notification_paths, photo_paths,
};
use crate::support::world::{Person, World};

/// All of them, the widest first.
pub const AUDIENCES: [&str; 6] = [
    "PUBLIC",
    "MEMBERS",
    "FRIENDS_OF_FRIENDS",
    "FRIENDS",
    "GROUP",
    "ONLY_ME",
];

pub struct Cast<'w> {
    world: &'w World,
    pub target: Person<'w>,
    people: Vec<(Who, Person<'w>)>,
    diaries: Vec<String>,
    comments: Vec<String>,
    variables: Value,
}

/// How old they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ages {
    /// All but who is apart are adults.
    Adults,
    /// All but who is apart are minors.
    Minors,
}

impl Ages {
    /// When everybody was born, and when who is apart was.
    fn births(self) -> [&'static str; 2] {
        let (adult, minor) = ("1986-04-01", "1990-04-01");
        match self {
            Self::Adults => [adult, minor],
            Self::Minors => [minor, adult],
        }
    }
}

impl<'w> Cast<'w> {
    pub async fn new(world: &'w World, ages: Ages) -> Self {
        let [birth, birth_apart] = ages.births();
        let target = world.person_born("target", birth).await;
        let [stranger, second, blocked, blocker, administrator, host] = [
            "stranger",
            "second",
            "blocked",
            "blocker",
            "administrator",
            "host",
        ]
        .map(|name| world.person_born(name, birth));
        let (stranger, second) = (stranger.await, second.await);
        let (blocked, blocker) = (blocked.await, blocker.await);
        let (administrator, host) = (administrator.await, host.await);
        let apart = world.person_born("apart", birth_apart).await;
        world.make_administrator(&administrator).await;
        let moderator = world.moderator_born("moderator", birth).await;
        // The friend was invited.
        let made = target
            .mutate("createInvitation", json!({ "places": 2 }), "code")
            .await;
        let form = json!({
            "username": "friend", "nickname": "friend", "password": "correct horse",
            "birthDate": birth, "invitationCode": made["code"],
        });
        world.anonymous().mutate("signUp", form, "").await;
        let friend = world.known("friend").await;
        friend.befriend(&second).await;
        target.befriend(&host).await;
        let grouped = world.person_born("grouped", birth).await;
        target.befriend(&grouped).await;
        let group = target.make_group("group of target", &[&grouped]).await;

        let introduction = introduction_paths::write(&target, &friend, &host).await;
        kiriban_paths::reach(&target, &host).await;
        let (mut diaries, mut comments) = (Vec::new(), Vec::new());
        for audience in AUDIENCES {
            let title = format!("diary {audience}");
            let diary = match audience {
                "GROUP" => target.write_for(&title, &group).await,
                _ => target.write(&title, audience).await,
            };
            let input = json!({ "diaryId": diary, "body": format!("comment {audience}") });
            let comment = target
                .mutate("commentOnDiary", input, "comment { id }")
                .await;
            comments.push(comment["comment"]["id"].as_str().unwrap().to_owned());
            diaries.push(diary);
        }
        let photos = photo_paths::write(&target, &diaries).await;
        let host_diary = host.write("the host's", "PUBLIC").await;
        let input = json!({ "diaryId": host_diary, "body": "target was here" });
        let comment = target
            .mutate("commentOnDiary", input, "comment { id }")
            .await;
        target
            .mutate("editProfile", json!({ "bio": "bio of target" }), "")
            .await;
        let facts = json!({
            "realName": "fact ONLY_ME", "hometown": "fact FRIENDS",
            "occupation": "fact MEMBERS", "occupationAudience": "MEMBERS",
        });
        target.mutate("editProfileFacts", facts, "").await;
        let input = json!({ "kind": "VIDEO_GAME", "title": "A game", "platform": "Wii" });
        let item = target
            .mutate("addCatalogueItem", input, "item { id }")
            .await;
        let item = item["item"]["id"].clone();
        let input = json!({ "itemId": item, "rating": 4, "body": "review of target" });
        let song = music_paths::write(&target).await;
        let review = target.mutate("reviewItem", input, "review { id }").await;
        let input = json!({ "userId": target.id(), "role": "MODERATOR" });
        administrator.mutate("setRole", input, "").await;
        let visited = [
            &stranger,
            &second,
            &friend,
            &grouped,
            &blocked,
            &blocker,
            &apart,
            &administrator,
            &moderator,
        ];
        for other in visited {
            let input = json!({ "userId": other.id() });
            target.mutate("visitProfile", input, "").await;
        }
        if ages == Ages::Adults {
            brand_paths::run(&target, &host, &visited).await;
        }
        let footprints = "{ viewer { footprints { nodes { id } } } }";
        let seen = stranger.run(footprints, json!({})).await;
        let footprint = seen["viewer"]["footprints"]["nodes"][0]["id"].clone();
        let input = json!({ "userId": stranger.id() });
        let asked = target
            .mutate("requestFriendship", input, "friendRequest { id }")
            .await;
        let notification = notification_paths::first(&stranger).await;
        let input = json!({ "subjectId": comment["comment"]["id"], "reason": "SPAM" });
        stranger.mutate("report", input, "").await;
        // Only now: nothing of the above could be made afterwards.
        target
            .mutate("blockUser", json!({ "userId": blocked.id() }), "")
            .await;
        blocker
            .mutate("blockUser", json!({ "userId": target.id() }), "")
            .await;

        let variables = json!({
            "name": "target", "id": target.id(), "item": item,
            "hostDiary": host_diary, "hostComment": comment["comment"]["id"],
            "review": review["review"]["id"], "footprint": footprint,
            "request": asked["friendRequest"]["id"], "code": made["code"],
            "group": group, "introduction": introduction, "notification": notification, "itemSong": song,
            "photos": photos,
        });
        let people = vec![
            (Who::Stranger, stranger),
            (Who::Second, second),
            (Who::Friend, friend),
            (Who::Grouped, grouped),
            (Who::Blocked, blocked),
            (Who::Blocker, blocker),
            (Who::Apart, apart),
            (Who::Administrator, administrator),
            (Who::Moderator, moderator),
            (Who::Target, target.clone()),
        ];
        Self {
            world,
            target,
            people,
            diaries,
            comments,
            variables,
        }
    }

    /// The person who plays `who`, if one is signed in.
    pub fn member(&self, who: Who) -> Option<&Person<'w>> {
        let mut people = self.people.iter();
        people
            .find(|(other, _)| *other == who)
            .map(|(_, person)| person)
    }

    /// All who are signed in.
    pub fn members(&self) -> impl Iterator<Item = &(Who, Person<'w>)> {
        self.people.iter()
    }

    /// Has the blocks be taken back, or made again: some things are from before.
    pub async fn block(&self, is_made: bool) {
        let name = if is_made { "blockUser" } else { "unblockUser" };
        let person = |who| self.member(who).unwrap();
        for (by, whom) in [
            (Who::Target, person(Who::Blocked)),
            (Who::Blocker, &self.target),
        ] {
            let input = json!({ "userId": whom.id() });
            person(by).mutate(name, input, "").await;
        }
    }

    /// The target's diary for the audience at `place`.
    pub fn diary(&self, place: usize) -> &str {
        &self.diaries[place]
    }

    /// What the documents ask with, of the target.
    pub fn variables(&self, place: usize) -> Value {
        let mut variables = self.variables.clone();
        variables["diary"] = json!(self.diaries[place]);
        variables["comment"] = json!(self.comments[place]);
        variables["photo"] = self.variables["photos"][place].clone();
        variables["picture"] = self.variables["photos"][AUDIENCES.len()].clone();
        variables
    }

    /// The same of what was never there.
    pub fn of_nobody(&self) -> Value {
        let id = |kind, parts: usize| {
            let parts = vec![Uuid::from_u128(0xfeed); parts];
            GlobalId::encode(kind, &parts).to_string()
        };
        let mut variables = self.variables.clone();
        variables["name"] = json!("nobody_at_all");
        variables["id"] = json!(id(Kind::User, 1));
        variables["diary"] = json!(id(Kind::Diary, 2));
        variables["comment"] = json!(id(Kind::DiaryComment, 3));
        // Under a diary that is there.
        let host_diary = variables["hostDiary"].as_str().unwrap();
        let [author, diary] = GlobalId::expect(host_diary, Kind::Diary).unwrap();
        let under = [author, diary, Uuid::from_u128(0xfeed)];
        let under = GlobalId::encode(Kind::DiaryComment, &under);
        variables["hostComment"] = json!(under.to_string());
        variables["review"] = json!(id(Kind::Review, 2));
        variables["footprint"] = json!(id(Kind::Footprint, 2));
        variables["request"] = json!(id(Kind::FriendRequest, 2));
        variables["group"] = json!(id(Kind::FriendGroup, 2));
        variables["notification"] = json!(id(Kind::Notification, 2));
        variables["introduction"] = json!(id(Kind::Introduction, 2));
        variables["photo"] = json!(id(Kind::Photo, 2));
        variables["picture"] = json!(id(Kind::Photo, 2));
        variables
    }

    /// What `who` is answered, about the audience at `place`.
    pub async fn ask(&self, who: Who, document: &str, place: usize) -> Value {
        self.ask_with(who, document, self.variables(place)).await
    }

    /// What `who` is answered, with those of `variables` that the document takes.
    pub async fn ask_with(&self, who: Who, document: &str, variables: Value) -> Value {
        let (head, _) = document.split_once('{').unwrap();
        let taken = variables.as_object().unwrap().iter();
        let taken = taken.filter(|(name, _)| head.contains(&format!("${name}:")));
        let taken: serde_json::Map<_, _> =
            taken.map(|(name, it)| (name.clone(), it.clone())).collect();
        let nobody = self.world.anonymous();
        let person = self.member(who).unwrap_or(&nobody);
        person.answer(document, Value::Object(taken)).await
    }

    /// What is looked for in the answers.
    pub fn marks(&self) -> BTreeSet<String> {
        let of_each = AUDIENCES
            .into_iter()
            .flat_map(|audience| [format!("diary {audience}"), format!("comment {audience}")]);
        let others = [
            "target",
            "bio of target",
            "target was here",
            "review of target",
            "fact MEMBERS",
            "fact FRIENDS",
            "fact ONLY_ME",
            "group of target",
            "introduction of target",
            "introduction by target",
            photo_paths::MARK,
        ];
        let others = others.into_iter().chain(music_paths::MARKS);
        of_each.chain(others.map(str::to_owned)).collect()
    }
}
