//! What visits leave (rules.md, Footprints 1-3, 7 and 8): the one place of the rule, for one visit and
//! for many in one transaction.

use std::collections::BTreeSet;

use super::{
    ledger::Ledger,
    store::Held,
    visit::{PassedBy, Visit, Visited, Visiting},
};
use crate::{
    app::App,
    database::Tx,
    diary::access,
    error::Error,
    friendship::reach::People,
    rejection::{Answer, UserError, answer},
    user::service::no_such_user,
};

/// Carries out `visits`, as if one after the other. The answers are in their order; those that have
/// none, because somebody is passed by, as `held` says, have left nothing.
///
/// # Errors
/// The database's.
pub async fn leave_all(
    app: &App,
    tx: &Tx,
    visits: &[Visiting],
    held: Held,
) -> Result<Vec<Result<Answer<Visit>, PassedBy>>, Error> {
    let (refusals, people) = refusals(app, tx, visits).await?;
    // One's own profile or diary: nothing is left.
    let is_own = |visit: &Visiting| visit.visitor == visit.visited.owner();
    let leaving = visits.iter().zip(&refusals);
    let leaving = leaving.filter(|(visit, refusal)| refusal.is_none() && !is_own(visit));
    let leaving = leaving.map(|(visit, _)| visit);
    let mut ledger = Ledger::open(app, tx, leaving, people, held).await?;
    let answers = visits.iter().zip(refusals);
    let answers = answers.map(|(visit, refusal)| match refusal {
        Some(reasons) => Ok(Err(reasons)),
        None if is_own(visit) => Ok(Ok(Visit::UNCOUNTED)),
        None => ledger.count(visit, |now| app.ids.at(now)),
    });
    let answers = answers.collect();
    ledger.write(app, tx).await?;
    Ok(answers)
}

/// Of each of `visits`, why it is refused, if it is: what is hidden is absent. And what was found on the
/// way of the people.
async fn refusals(
    app: &App,
    tx: &Tx,
    visits: &[Visiting],
) -> Result<(Vec<Option<Vec<UserError>>>, People), Error> {
    let veiled = |visitor, user| app.absent_for_acts(visitor).veiled(user);
    let to_profile = |visit: &Visiting| match visit.visited {
        Visited::Profile(user) | Visited::Named { user, .. } => {
            Some([visit.visitor, veiled(visit.visitor, user)])
        }
        Visited::Diary(_) => None,
    };
    let pairs: BTreeSet<_> = visits.iter().filter_map(to_profile).collect();
    let pairs: Vec<_> = pairs.into_iter().collect();
    let (seen, people) = People::seen_among(&tx.sql, &pairs).await?;
    let mut refusals = Vec::with_capacity(visits.len());
    for visit in visits {
        refusals.push(match visit.visited {
            Visited::Profile(user) | Visited::Named { user, .. } => {
                let user = veiled(visit.visitor, user);
                let is_seen = seen.contains(&[visit.visitor, user]);
                (!is_seen).then(|| vec![no_such_user()])
            }
            Visited::Diary(key) => {
                let visible = access::visible(app, tx, visit.visitor, key).await;
                answer(visible)?.err()
            }
        });
    }
    Ok((refusals, people))
}
