//! Where the demo's people are at home: the shares that Mixi published in 2006.

use entity::values::HomeRegion::{self, *};

use super::draw::{Draw, Part, quotas};

/// A region's share of the people in thousandths, and its prefectures by their weight: their
/// population of 2005 in tens of thousands.
const REGIONS: [(usize, &[(HomeRegion, usize)]); 12] = [
    (
        504,
        &[
            (Tokyo, 1258),
            (Kanagawa, 879),
            (Saitama, 705),
            (Chiba, 606),
            (Ibaraki, 298),
            (Gunma, 202),
            (Tochigi, 202),
        ],
    ),
    (
        171,
        &[
            (Osaka, 882),
            (Hyogo, 559),
            (Kyoto, 265),
            (Nara, 142),
            (Shiga, 138),
            (Wakayama, 104),
        ],
    ),
    (
        82,
        &[(Aichi, 725), (Shizuoka, 379), (Gifu, 211), (Mie, 187)],
    ),
    (
        54,
        &[
            (Fukuoka, 505),
            (Kumamoto, 184),
            (Kagoshima, 175),
            (Nagasaki, 148),
            (Oita, 121),
            (Miyazaki, 115),
            (Saga, 87),
        ],
    ),
    (51, &[(Overseas, 1)]),
    (
        31,
        &[
            (Hiroshima, 288),
            (Okayama, 196),
            (Yamaguchi, 149),
            (Shimane, 74),
            (Tottori, 61),
        ],
    ),
    (30, &[(Hokkaido, 1)]),
    (
        29,
        &[
            (Miyagi, 236),
            (Fukushima, 209),
            (Aomori, 144),
            (Iwate, 139),
            (Yamagata, 122),
            (Akita, 115),
        ],
    ),
    (15, &[(Niigata, 243), (Nagano, 220), (Yamanashi, 88)]),
    (
        14,
        &[(Ehime, 147), (Kagawa, 101), (Tokushima, 81), (Kochi, 80)],
    ),
    (13, &[(Ishikawa, 117), (Toyama, 111), (Fukui, 82)]),
    (6, &[(Okinawa, 1)]),
];

/// A home for each of `count` people.
pub(super) fn homes(seed: u64, count: usize) -> Vec<HomeRegion> {
    let shares = REGIONS.map(|(share, _)| share);
    let mut homes = Vec::with_capacity(count);
    for ((_, prefectures), people) in REGIONS.iter().zip(quotas(&shares, count)) {
        let weights: Vec<_> = prefectures.iter().map(|(_, weight)| *weight).collect();
        for ((prefecture, _), people) in prefectures.iter().zip(quotas(&weights, people)) {
            homes.extend(std::iter::repeat_n(*prefecture, people));
        }
    }
    Draw::new(seed, Part::Regions, 0).shuffle(&mut homes);
    homes
}
