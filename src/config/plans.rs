//! The plans that can be bought.

use std::str::FromStr;

const HELP: &str = "write a plan as NAME:MEGABYTES:YEN:FOOTPRINTS, for example plus:1000:300:30: its name of 1-20 of \
                    a-z, 0-9 and _, the space for photos (1 to 2000), what it costs a month (50 to 1000000), and how \
                    many footprints it lets take back a month (0 to 1000000)";

/// A plan that can be bought (rules.md, Diaries 6, Footprints 6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What it is called.
    pub name: String,
    /// The space for photos that it gives, in megabytes.
    pub megabytes: i64,
    /// What it costs a month, in yen.
    pub yen: i64,
    /// How many footprints can be taken back with it in a month.
    pub take_backs: i64,
}

impl Offer {
    /// The one of the rules.
    pub const USUAL: &str = "plus:1000:300:30";

    /// The plans of the rules.
    pub fn usual() -> Vec<Self> {
        Self::USUAL.parse().into_iter().collect()
    }
}

impl FromStr for Offer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || HELP.to_owned();
        let parts: Vec<_> = text.trim().split(':').collect();
        let [name, megabytes, yen, take_backs] = parts.as_slice() else {
            return Err(wrong());
        };
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !(1..=20).contains(&name.len()) || !name.chars().all(fits) {
            return Err(wrong());
        }
        let number = |text: &str, least: i64, most: i64| {
            let number = text.parse::<i64>().ok();
            let number = number.filter(|number| (least..=most).contains(number));
            number.ok_or_else(wrong)
        };
        Ok(Self {
            name: (*name).to_owned(),
            megabytes: number(megabytes, 1, 2_000)?,
            // Nobody takes less by a card.
            yen: number(yen, 50, 1_000_000)?,
            take_backs: number(take_backs, 0, 1_000_000)?,
        })
    }
}

/// Checks that no two plans have one name.
///
/// # Errors
/// A sentence that says what to change.
pub(super) fn check(plans: &[Offer]) -> anyhow::Result<()> {
    for (place, plan) in plans.iter().enumerate() {
        let name = &plan.name;
        anyhow::ensure!(
            plans.iter().take(place).all(|other| other.name != *name),
            "--plans names {name} twice: give each plan a name of its own"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_its_name_and_three_figures() {
        let plus = Offer {
            name: "plus".to_owned(),
            megabytes: 1000,
            yen: 300,
            take_backs: 30,
        };
        assert_eq!(Offer::usual(), std::slice::from_ref(&plus));
        assert_eq!(" plus:1000:300:30 ".parse(), Ok(plus));
        for wrong in [
            "",
            "plus",
            "plus:1000:300",
            "plus:1000:300:30:1",
            ":1000:300:30",
            "Plus:1000:300:30",
            "a name of its own:1000:300:30",
            "abcdefghijklmnopqrstu:1000:300:30",
            "plus:0:300:30",
            "plus:2001:300:30",
            "plus:1000:49:30",
            "plus:1000:0.5:30",
            "plus:1000:-300:30",
            "plus:1000:300:-1",
        ] {
            assert!(wrong.parse::<Offer>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_name_is_one_plan_s() {
        let plan = |text: &str| text.parse::<Offer>().unwrap();
        assert!(check(&[]).is_ok());
        let (plus, more) = (plan("plus:1000:300:30"), plan("more:2000:500:50"));
        assert!(check(&[plus.clone(), more.clone()]).is_ok());
        assert!(check(&[plus.clone(), more, plus]).is_err());
    }
}
