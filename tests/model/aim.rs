//! Most deeds are aimed at somebody with whom they can be done: of two who are picked blindly hardly one
//! has asked the other, and what is refused changes nothing.

use super::{
    absence::Absence,
    community::{Community, PEOPLE},
    deed::{Act, Deed},
    grouping::Grouping,
    introducing::Introducing,
    ties::Tie,
};

impl Deed {
    /// The same deed with whom it can be done, if there is somebody; every fourth stays as it is.
    pub fn aimed(mut self, community: &Community) -> Self {
        if self.minutes() % 4 == 3 {
            return self;
        }
        let me = self.pair.me;
        let ends = |pairs: &[[usize; 2]], mine: usize| -> Vec<usize> {
            let of_me = pairs.iter().filter(|pair| pair[mine] == me);
            of_me.map(|pair| pair[1 - mine]).collect()
        };
        let everybody = 0..PEOPLE;
        let others = match self.act {
            Act::Tie(Tie::Accept | Tie::Decline) => ends(&community.received, 1),
            Act::Tie(Tie::Cancel) => ends(&community.sent, 0),
            Act::Tie(Tie::Unblock) => ends(&community.blocks, 0),
            Act::Tie(Tie::End)
            | Act::Group(Grouping::Add(_))
            | Act::Introduce(Introducing::Write) => community.friends_of(me),
            Act::Introduce(Introducing::Remove) => ends(&community.introductions, 1),
            Act::Introduce(Introducing::RemoveReceived) => ends(&community.introductions, 0),
            Act::Group(Grouping::TakeOut(_)) => {
                let groups = community.groups_of(me);
                groups
                    .flat_map(|(_, group)| group.members.clone())
                    .collect()
            }
            Act::Absence(Absence::Lift) => everybody
                .filter(|who| community.is_suspended(*who))
                .collect(),
            Act::Absence(Absence::Stay) => {
                let leaving: Vec<_> = everybody.filter(|who| community.is_leaving(*who)).collect();
                if !leaving.is_empty() {
                    self.pair.me = leaving[me % leaving.len()];
                }
                return self;
            }
            Act::Write(writing) => {
                self.pair.me = writing.theirs(community, me);
                return self;
            }
            _ => return self,
        };
        if !others.is_empty() {
            self.pair.other = others[self.pair.other % others.len()];
        }
        self
    }
}
