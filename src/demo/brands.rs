//! The pages of the demo's brands, which are made up, and who follows them.

use entity::{brand, brand_editor, brand_post, followed_brand, sequence};

use super::{
    Community,
    draw::{Draw, Part},
};
use crate::{
    bulk::brands::{Follows, Page, numbered},
    clock::day_in_japan,
    visibility::Majority,
};

/// The most editors of a page here.
const EDITORS: usize = 2;
/// A page is so old, in days, at the least.
const OLD: i64 = 40;

/// What a page is made of.
struct Kind {
    handle: &'static str,
    name: &'static str,
    description: &'static str,
    is_verified: bool,
    /// So many in a hundred follow it.
    followed: usize,
    posts: &'static [&'static str],
}

const KINDS: [Kind; 5] = [
    Kind {
        handle: "kissa_hoshizora",
        name: "喫茶ほしぞら",
        description: "下北沢の小さな喫茶店です。自家焙煎とプリン。日曜定休。",
        is_verified: true,
        followed: 25,
        posts: &[
            "ブログの代わりに、ここでお知らせをはじめました。",
            "今週の豆はグアテマラ。深めに焼いています。",
            "プリン、固めに戻しました。ご意見ありがとうございます。",
            "土曜の夜は弾き語りライブ。投げ銭です。",
            "夏の水出し珈琲、はじめました。",
            "台風のため、明日は15時で閉めます。",
        ],
    },
    Kind {
        handle: "kumori_wear",
        name: "KUMORI",
        description: "毎日着る服。全国120店。",
        is_verified: true,
        followed: 40,
        posts: &[
            "新色のフリースが届きました。全部で14色です。",
            "今週末は感謝祭。Tシャツが590円。",
            "吉祥寺店がオープンしました。",
            "裾上げの受付時間が変わります。くわしくは店頭で。",
            "Our catalogue for autumn is out.",
        ],
    },
    Kind {
        handle: "shirobako",
        name: "しろばこ",
        description: "紙と木と布の、色のない雑貨。",
        is_verified: true,
        followed: 30,
        posts: &[
            "再生紙のノート、5冊組で並びます。",
            "収納ケースを見直しました。すこし浅くなっています。",
            "レトルトカレーに新しい味が加わります。",
            "Notebooks of recycled paper are back.",
        ],
    },
    Kind {
        handle: "mori_no_eiga",
        name: "森の映画館",
        description: "自主上映の会。年に四回、森で映画を見ます。",
        is_verified: false,
        followed: 8,
        posts: &[
            "次回の上映は9月。毛布をお持ちください。",
            "前回の写真を載せました。来てくださった方、ありがとう。",
        ],
    },
    Kind {
        handle: "pixel_koubou",
        name: "ピクセル工房",
        description: "携帯アプリをつくる二人組。",
        is_verified: false,
        followed: 4,
        posts: &["新作パズル「はこにわ」を公開しました。"],
    },
];

impl Community {
    /// All of them, with what they have published.
    pub(super) fn brands(&self) -> Vec<Page> {
        let majority = Majority::on(day_in_japan(self.now), self.adult_age);
        let is_adult = |index: usize| {
            let person = self.people.get(index);
            person.is_some_and(|person| !majority.is_minor(person.birth_date))
        };
        let adults = (0..self.people.len()).filter(|index| is_adult(*index));
        // The first of those who run one is whom the examples sign in as.
        let owners = adults.step_by(3);
        let pages = KINDS.iter().zip(owners).enumerate();
        let mut pages: Vec<_> = pages
            .filter_map(|(index, (kind, owner))| self.page(index, kind, owner, is_adult))
            .collect();
        let posts = pages.iter_mut().flat_map(|page| &mut page.posts);
        let mut posts: Vec<_> = posts.collect();
        posts.sort_by_key(|post| post.id);
        for (number, post) in (1..).zip(posts) {
            post.number = number;
        }
        pages
    }

    fn page(
        &self,
        index: usize,
        kind: &Kind,
        owner: usize,
        is_adult: impl Fn(usize) -> bool,
    ) -> Option<Page> {
        let mut draw = Draw::new(self.seed, Part::Brands, index);
        let (number, owner) = (owner, self.people.get(owner)?);
        let created_at = draw.time(owner.joined_at, self.days_ago(OLD).max(owner.joined_at));
        let row = brand::Model {
            id: draw.id(created_at),
            handle: kind.handle.to_owned(),
            name: kind.name.to_owned(),
            description: kind.description.to_owned(),
            owner_id: owner.id,
            is_verified: kind.is_verified,
            editor_count: 0,
            follower_count: 0,
            post_count: 0,
            post_number: 0,
            created_at,
        };
        let friends = self.graph.friends(number).iter();
        let friends = friends.map(|friend| *friend as usize);
        let editors = friends.filter(|friend| is_adult(*friend)).take(EDITORS);
        let editors: Vec<_> = editors
            .filter_map(|friend| {
                let since = draw.time(created_at, self.now);
                Some(brand_editor::Model {
                    brand_id: row.id,
                    user_id: self.people.get(friend)?.id,
                    id: draw.id(since),
                })
            })
            .collect();
        let owned = draw.id(created_at);
        let posts = kind.posts.iter().map(|body| {
            let at = draw.time(created_at, self.now);
            let authors = editors.iter().map(|row| row.user_id).chain([owner.id]);
            let authors: Vec<_> = authors.collect();
            brand_post::Model {
                brand_id: row.id,
                id: draw.id(at),
                author_id: draw.pick(&authors).unwrap_or(owner.id),
                number: 0,
                body: (*body).to_owned(),
                created_at: at,
                edited_at: None,
            }
        });
        let posts = posts.collect();
        Some(Page {
            row,
            owned,
            editors,
            posts,
        })
    }

    /// What the posts of `pages` are numbered by.
    pub(super) fn post_numbers(&self, pages: &[Page]) -> Option<sequence::Model> {
        let numbers = pages.iter().flat_map(|page| &page.posts);
        numbers.map(|post| post.number).max().map(numbered)
    }

    /// Which of `pages` each follows who follows any.
    pub(super) fn follows<'c>(&'c self, pages: &'c [Page]) -> impl Iterator<Item = Follows> + 'c {
        let people = self.people.iter().enumerate();
        people.filter_map(move |(index, person)| {
            let mut draw = Draw::new(self.seed, Part::Follows, index);
            let mut rows = Vec::new();
            for (page, kind) in pages.iter().zip(&KINDS) {
                let follows = draw.chance(kind.followed);
                let from = person.joined_at.max(page.row.created_at);
                let since = draw.time(from, self.now);
                let id = draw.id(since);
                // Whom the examples sign in as follow all that are known.
                if follows || (index < 2 && page.row.is_verified) {
                    rows.push(followed_brand::Model {
                        user_id: person.id,
                        brand_id: page.row.id,
                        id,
                        since,
                    });
                }
            }
            (!rows.is_empty()).then_some(Follows(rows))
        })
    }
}
