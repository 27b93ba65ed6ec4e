//! The page `/stats`: the same as `Query.statistics`, for people. It is written here whole, with charts in it and
//! without a script, so that it needs nothing from anywhere; beside each chart stands a table that says the same.

mod charts;
mod words;

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use self::{
    charts::{Bar, Column, bars, columns, number, percent},
    words::{Words, words},
};
use super::figures::{DeviceFigure, Statistics, StatisticsMonth};
use crate::language::Language;

const STYLE: &str = include_str!("page/style.css");

/// What the page may load: nothing but the style that stands in it.
pub static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
});

/// The page with `statistics`, where any day is counted.
pub fn page(statistics: Option<&Statistics>, language: Language) -> String {
    let words = words(language);
    let other = language.other();
    let page = html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (words.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (words.title) }
                    a href=(format!("/stats?lang={}", other.tag())) lang=(other.tag()) hreflang=(other.tag()) {
                        (other.name())
                    }
                }
                main {
                    @match statistics {
                        Some(statistics) => (figures(statistics, words)),
                        None => p { (words.not_yet) },
                    }
                }
            }
        }
    };
    page.into_string()
}

fn figures(statistics: &Statistics, words: &Words) -> Markup {
    let day = statistics.day.0.to_string();
    let month = statistics.groups_month.0.format("%Y-%m").to_string();
    html! {
        p { (words.as_of) " " time datetime=(day) { (day) } (words.stop) (words.about) }
        (totals(statistics, words))
        @if !statistics.months.is_empty() {
            (growth(&statistics.months, words))
        }
        p.note { (words.groups_of) " " time datetime=(month) { (month) } (words.stop) }
        (shares("ages", words.ages, words.users, words, statistics.age_bands.iter().map(|figure| {
            Bar {
                label: figure.age_band.map_or(words.others, words.age).to_owned(),
                figure: figure.users,
                share: figure.share,
            }
        })))
        (shares("sexes", words.sexes, words.users, words, statistics.sexes.iter().map(|figure| {
            let unsaid = if figure.is_others { words.others } else { words.unsaid };
            Bar {
                label: figure.sex.map_or(unsaid, words.sex).to_owned(),
                figure: figure.users,
                share: figure.share,
            }
        })))
        (shares("regions", words.regions, words.users, words, statistics.regions.iter().map(|figure| {
            let unsaid = if figure.is_others { words.others } else { words.unsaid };
            Bar {
                label: figure.region.map_or(unsaid, words.region).to_owned(),
                figure: figure.users,
                share: figure.share,
            }
        })))
        (shares("devices", words.devices, words.operations, words, statistics.devices.iter().map(|figure| {
            Bar {
                label: device(figure, words).to_owned(),
                figure: figure.operations,
                share: figure.share,
            }
        })))
        @if statistics.months.iter().any(|month| !month.access.is_empty()) {
            (access(&statistics.months, words))
        }
    }
}

fn device(figure: &DeviceFigure, words: &Words) -> &'static str {
    figure.device.map_or(words.others, words.device)
}

/// The figures that are one number each.
fn totals(statistics: &Statistics, words: &Words) -> Markup {
    let all = [
        (words.users, statistics.users),
        (words.monthly_active, statistics.monthly_active_users),
        (words.active, statistics.active_users),
        (words.friendships, statistics.friendships),
        (words.diaries, statistics.diaries),
        (words.reviews, statistics.reviews),
        (words.footprints, statistics.footprints),
    ];
    html! {
        dl #totals {
            @for (name, figure) in all {
                div {
                    dt { (name) }
                    dd { (few(figure, words)) }
                }
            }
        }
    }
}

/// A figure; in words where it is not shown.
fn few(figure: Option<i32>, words: &Words) -> String {
    figure.map_or_else(|| words.few.to_owned(), number)
}

fn growth(months: &[StatisticsMonth], words: &Words) -> Markup {
    let shown = months.iter().map(|month| Column {
        month: month.month.0,
        stack: vec![month.users],
        within: month.monthly_active_users,
    });
    html! {
        figure #growth {
            figcaption { h2 { (words.growth) } (legend(&[words.users, words.monthly_active])) }
            div.beside {
                (columns("growth", words.growth, &shown.collect::<Vec<_>>()))
                div.scrolls tabindex="0" role="region" aria-labelledby="growth-title" {
                    table {
                        thead { tr {
                            th scope="col" { (words.month) }
                            th scope="col" { (words.users) }
                            th scope="col" { (words.joined) }
                            th scope="col" { (words.monthly_active) }
                        } }
                        tbody {
                            @for month in months.iter().rev() {
                                tr {
                                    th scope="row" { (month.month.0.format("%Y-%m").to_string()) }
                                    td { (number(month.users)) }
                                    td { (number(month.joined)) }
                                    td { (month.monthly_active_users.map_or_else(|| "–".to_owned(), number)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Groups, with a bar each; nothing where no group is told of.
fn shares(
    id: &str,
    title: &str,
    what: &str,
    words: &Words,
    groups: impl Iterator<Item = Bar>,
) -> Markup {
    let groups: Vec<_> = groups.collect();
    html! {
        figure id=(id) {
            figcaption { h2 { (title) } }
            @if groups.is_empty() {
                p { (words.none) }
            } @else {
                div.beside {
                    (bars(id, title, &groups))
                    div.scrolls tabindex="0" role="region" aria-labelledby=(format!("{id}-title")) {
                        table {
                            thead { tr {
                                th scope="col" { (title) }
                                th scope="col" { (what) }
                                th scope="col" { (words.share) }
                            } }
                            tbody {
                                @for group in &groups {
                                    tr {
                                        th scope="row" { (group.label) }
                                        td { (number(group.figure)) }
                                        td { (percent(group.share)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn access(months: &[StatisticsMonth], words: &Words) -> Markup {
    // The columns of the table, and the colours: what is there in any month.
    let mut kinds: Vec<&'static str> = Vec::new();
    for figure in months.iter().flat_map(|month| &month.access) {
        let kind = device(figure, words);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let of = |month: &StatisticsMonth, kind: &str| {
        let mut figures = month.access.iter();
        let found = figures.find(|figure| device(figure, words) == kind);
        found.map_or(0, |figure| figure.operations)
    };
    let over: Vec<_> = months
        .iter()
        .filter(|month| !month.access.is_empty())
        .collect();
    let shown = over.iter().map(|month| Column {
        month: month.month.0,
        stack: kinds.iter().map(|kind| of(month, kind)).collect(),
        within: None,
    });
    html! {
        figure #access {
            figcaption { h2 { (words.access) } (legend(&kinds)) }
            div.beside {
                (columns("access", words.access, &shown.collect::<Vec<_>>()))
                div.scrolls tabindex="0" role="region" aria-labelledby="access-title" {
                    table {
                        thead { tr {
                            th scope="col" { (words.month) }
                            @for kind in &kinds { th scope="col" { (kind) } }
                        } }
                        tbody {
                            @for month in over.iter().rev() {
                                tr {
                                    th scope="row" { (month.month.0.format("%Y-%m").to_string()) }
                                    @for kind in &kinds { td { (number(of(month, kind))) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn legend(names: &[&str]) -> Markup {
    html! {
        ul.legend {
            @for (place, name) in names.iter().enumerate() {
                li { svg width="12" height="12" aria-hidden="true" { rect class=(format!("c{place}")) width="12" height="12" {} } " " (name) }
            }
        }
    }
}
