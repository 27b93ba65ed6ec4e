//! How often the friends of a person are friends of each other.

use super::graph::Graph;

/// The most people that are looked at: enough for the third decimal.
const SAMPLE: usize = 10_000;

/// The mean, over those who have two friends or more, of the share of their friends' pairs who
/// are friends (Watts and Strogatz, 1998).
pub(super) fn clustering(graph: &Graph, people: usize) -> f64 {
    let step = people.div_ceil(SAMPLE).max(1);
    let mut marked = vec![false; people];
    let (mut sum, mut looked_at) = (0.0, 0_u32);
    for person in (0..people).step_by(step) {
        let friends = graph.friends(person);
        if friends.len() < 2 {
            continue;
        }
        mark(&mut marked, friends, true);
        let closed: usize = friends
            .iter()
            .flat_map(|friend| graph.friends(*friend as usize))
            .filter(|other| marked.get(**other as usize).copied().unwrap_or(false))
            .count();
        mark(&mut marked, friends, false);
        // Each pair was met from both its ends.
        sum += closed as f64 / (friends.len() * (friends.len() - 1)) as f64;
        looked_at += 1;
    }
    if looked_at == 0 {
        0.0
    } else {
        sum / f64::from(looked_at)
    }
}

fn mark(marked: &mut [bool], people: &[u32], with: bool) {
    for person in people {
        if let Some(mark) = marked.get_mut(*person as usize) {
            *mark = with;
        }
    }
}
