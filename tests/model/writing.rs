//! Diaries and comments.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    community::{Audience, Comment, Community, Diary, Refused},
    deed::{Call, Came, Pair, came},
    grouping::which,
    look::Names,
};

/// For whom something is written.
#[derive(Clone, Copy, Debug)]
pub enum For {
    Audience(Audience),
    /// A group: see [`Community::group`].
    Group(usize),
}

/// Diaries are counted back from the last.
#[derive(Clone, Copy, Debug)]
pub enum Writing {
    Write(For),
    Edit(usize, For),
    Delete(usize),
    Comment(usize),
    RemoveComment(usize, usize),
}

pub fn audience() -> impl Strategy<Value = Audience> {
    prop::sample::select(Audience::PLAIN.to_vec())
}

pub fn back() -> impl Strategy<Value = usize> {
    0..6_usize
}

fn whom() -> impl Strategy<Value = For> {
    prop_oneof![
        3 => audience().prop_map(For::Audience),
        1 => which().prop_map(For::Group),
    ]
}

pub fn writing() -> impl Strategy<Value = Writing> {
    prop_oneof![
        4 => whom().prop_map(Writing::Write),
        2 => (back(), whom()).prop_map(|(diary, whom)| Writing::Edit(diary, whom)),
        1 => back().prop_map(Writing::Delete),
        6 => back().prop_map(Writing::Comment),
        3 => (back(), 0..2_usize).prop_map(|(diary, comment)| Writing::RemoveComment(diary, comment)),
    ]
}

impl Writing {
    pub fn by_the_rules(self, Pair { me, other }: Pair, community: &mut Community) -> Came {
        let back = match self {
            Self::Write(whom) => return came(community.write(me, other, whom)),
            Self::Edit(back, _)
            | Self::Delete(back)
            | Self::Comment(back)
            | Self::RemoveComment(back, _) => back,
        };
        let Some(diary) = community.diaries.len().checked_sub(back + 1) else {
            return Came::Done;
        };
        came(match self {
            Self::Write(_) => unreachable!("it was written"),
            Self::Edit(_, whom) => community.edit(me, other, diary, whom),
            Self::Delete(_) => community.delete(me, diary),
            Self::Comment(_) => community.comment(me, diary),
            Self::RemoveComment(_, comment) => {
                if comment >= community.diaries[diary].comments.len() {
                    return Came::Done;
                }
                community.remove_comment(me, diary, comment)
            }
        })
    }

    pub fn call(self, pair: Pair, names: &Names) -> Option<Call> {
        let of = |back| {
            let diary = names.diary(back)?;
            Some(json!({ "diaryId": names.diaries[diary] }))
        };
        let (name, input, fields) = match self {
            Self::Write(whom) => {
                let input = json!({ "title": "t", "body": "b" });
                (
                    "writeDiary",
                    names.meant_for(pair, whom, input),
                    "diary { id }",
                )
            }
            Self::Edit(back, whom) => ("editDiary", names.meant_for(pair, whom, of(back)?), ""),
            Self::Delete(back) => ("deleteDiary", of(back)?, ""),
            Self::Comment(back) => {
                let mut input = of(back)?;
                input["body"] = json!("b");
                ("commentOnDiary", input, "comment { id }")
            }
            Self::RemoveComment(back, comment) => {
                let comment = names.comments[names.diary(back)?].get(comment)?;
                ("deleteDiaryComment", json!({ "commentId": comment }), "")
            }
        };
        Some(Call::of(pair.me, name, input).asking(fields))
    }

    /// Who can do it, if anybody: of what is there the author, or else `me`.
    pub fn theirs(self, community: &Community, me: usize) -> usize {
        let diary = |back: usize| {
            let place = community.diaries.len().checked_sub(back + 1);
            place.map(|place| &community.diaries[place])
        };
        match self {
            Self::Edit(back, _) | Self::Delete(back) => diary(back).map_or(me, |it| it.author),
            Self::RemoveComment(back, comment) => diary(back)
                .and_then(|diary| diary.comments.get(comment)?.author)
                .unwrap_or(me),
            Self::Write(_) | Self::Comment(_) => me,
        }
    }

    /// What is new gets a name.
    pub fn note(self, answer: &Value, names: &mut Names) {
        match self {
            Self::Write(_) => {
                names.diaries.push(answer["diary"]["id"].clone());
                names.comments.push(Vec::new());
            }
            Self::Comment(back) => {
                let diary = names.diary(back).unwrap();
                names.comments[diary].push(answer["comment"]["id"].clone());
            }
            _ => {}
        }
    }
}

impl Community {
    /// The audience and the group that `whom` means to `me`.
    fn meant(
        &self,
        me: usize,
        other: usize,
        whom: For,
    ) -> Result<(Audience, Option<usize>), &'static str> {
        Ok(match whom {
            For::Audience(audience) => (audience, None),
            For::Group(which) => (Audience::Group, Some(self.group(me, other, which)?)),
        })
    }

    fn write(&mut self, me: usize, other: usize, whom: For) -> Refused {
        let (audience, group) = self.meant(me, other, whom)?;
        self.diaries.push(Diary {
            author: me,
            audience: Some(audience),
            group,
            comments: Vec::new(),
        });
        Ok(())
    }

    fn is_theirs(&self, me: usize, diary: usize) -> Refused {
        match self.sees_diary(Some(me), diary) {
            false => Err("NOT_FOUND"),
            true if self.diaries[diary].author != me => Err("NOT_YOURS"),
            true => Ok(()),
        }
    }

    fn edit(&mut self, me: usize, other: usize, diary: usize, whom: For) -> Refused {
        self.is_theirs(me, diary)?;
        let (audience, group) = self.meant(me, other, whom)?;
        let diary = &mut self.diaries[diary];
        (diary.audience, diary.group) = (Some(audience), group);
        Ok(())
    }

    fn delete(&mut self, me: usize, diary: usize) -> Refused {
        self.is_theirs(me, diary)?;
        let diary = &mut self.diaries[diary];
        (diary.audience, diary.group) = (None, None);
        Ok(())
    }

    pub fn may_comment(&self, me: usize, diary: usize) -> bool {
        let author = self.diaries[diary].author;
        let are_here = !self.is_absent(me) && !self.is_absent(author);
        self.sees_diary(Some(me), diary) && are_here && !self.are_apart(me, author)
    }

    fn comment(&mut self, me: usize, diary: usize) -> Refused {
        if !self.may_comment(me, diary) {
            return Err("NOT_FOUND");
        }
        let comment = Comment {
            author: Some(me),
            is_there: true,
        };
        self.diaries[diary].comments.push(comment);
        Ok(())
    }

    fn remove_comment(&mut self, me: usize, diary: usize, comment: usize) -> Refused {
        let sees = self.sees_diary(Some(me), diary);
        let under = &self.diaries[diary];
        let found = under.audience.and(under.comments.get(comment));
        let Some(found) = found.filter(|comment| comment.is_there) else {
            return Err("NOT_FOUND");
        };
        let hidden = [found.author, Some(under.author)]
            .into_iter()
            .flatten()
            .any(|other| self.are_hidden(Some(me), other));
        match () {
            () if hidden => Err("NOT_FOUND"),
            // What one wrote oneself can be taken back whatever has become of the diary's audience.
            () if found.author == Some(me) || under.author == me => {
                self.diaries[diary].comments[comment].is_there = false;
                Ok(())
            }
            () if sees => Err("NOT_YOURS"),
            () => Err("NOT_FOUND"),
        }
    }
}
