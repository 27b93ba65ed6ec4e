//! `/stats`: the same as the query tells, as a page that needs nothing from anywhere.

use ashiato::{
    statistics::{page::POLICY, work::see_to},
    usage::tally::Deeds,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{Duration, NaiveDate};
use entity::values::{Device, HomeRegion};
use reqwest::Response;
use sea_orm::ConnectionTrait;
use sha2::{Digest, Sha256};

use crate::support::{server::Running, sql};

async fn ask(server: &Running, path: &str, language: &str) -> Response {
    let request = server.client.get(server.url(path));
    let asked = request.header("accept-language", language).send().await;
    asked.unwrap()
}

async fn text(server: &Running, path: &str, language: &str) -> String {
    let answer = ask(server, path, language).await;
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

/// Everything between `<tag…>` and `</tag>`.
fn inner<'t>(page: &'t str, tag: &str) -> Vec<&'t str> {
    let [open, close] = [format!("<{tag}"), format!("</{tag}>")];
    let inner = page.split(&open).skip(1).map(|part| {
        let (_, rest) = part.split_once('>').unwrap();
        rest.split_once(&close).unwrap().0
    });
    inner.collect()
}

/// 30 people, of whom 12 came by phone, on the day after.
async fn counted(server: &Running) {
    for (prefix, count, home) in [
        ("tokyo", 18, HomeRegion::Tokyo),
        ("nara", 12, HomeRegion::Nara),
    ] {
        let new: Vec<_> = (0..count)
            .map(|index| ashiato::account::service::NewUser {
                id: server.app.ids.at("2026-10-10T03:00:00Z".parse().unwrap()),
                username: format!("{prefix}{index}"),
                nickname: "<b>&".to_owned(),
                birth_date: "1980-05-02".parse().unwrap(),
                home_region: Some(home),
                joined_at: "2026-10-10T03:00:00Z".parse().unwrap(),
                password_hash: None,
            })
            .collect();
        let day: NaiveDate = "2026-10-31".parse().unwrap();
        for new in new.iter().filter(|_| prefix == "nara") {
            let (user, done) = (Some(new.id), Deeds::READING);
            server
                .app
                .usage
                .count(user, day, Device::FeaturePhone, done);
        }
        let written = server.app.database.write(move |tx| {
            let new = new.clone();
            Box::pin(async move {
                for new in new {
                    ashiato::account::service::insert(tx, new).await?;
                }
                Ok(())
            })
        });
        written.await.unwrap();
    }
    ashiato::usage::counting::write(&server.app).await.unwrap();
    see_to(&server.app).await.unwrap();
}

#[tokio::test]
async fn it_shows_what_the_query_tells_in_charts_and_tables() {
    let server = Running::own().await;
    let before = text(&server, "/stats", "en").await;
    assert!(before.contains("not counted yet"), "{before}");
    assert!(!before.contains("<svg"), "{before}");
    counted(&server).await;
    let page = text(&server, "/stats", "en").await;
    let totals = inner(&page, "dl")[0];
    assert!(totals.contains("<dt>Users</dt><dd>30</dd>"), "{totals}");
    assert!(
        totals.contains("<dt>Diaries</dt><dd>fewer than 10</dd>"),
        "{totals}"
    );
    let figures = inner(&page, "figure");
    assert_eq!(figures.len(), 6);
    for figure in &figures {
        // Each chart has a name, and a table of the same beside it.
        assert_eq!(inner(figure, "table").len(), 1, "{figure}");
        assert!(
            figure.contains("role=\"img\" aria-labelledby=\""),
            "{figure}"
        );
        assert!(inner(figure, "tbody")[0].contains("<th scope=\"row\">"));
    }
    let regions = inner(figures[3], "tbody")[0];
    let row = |name: &str, users: i32, share: &str| {
        format!("<tr><th scope=\"row\">{name}</th><td>{users}</td><td>{share}</td></tr>")
    };
    let expected = row("Tokyo", 18, "60.0%") + &row("Nara", 12, "40.0%");
    assert_eq!(regions, expected);
    let devices = inner(figures[4], "tbody")[0];
    assert_eq!(devices, row("Feature phone", 12, "100.0%"));
    let growth = inner(figures[0], "tbody")[0];
    assert!(
        growth.contains("<th scope=\"row\">2026-10</th><td>30</td><td>30</td>"),
        "{growth}"
    );
    // Of people there is nothing in it but numbers.
    assert!(!page.contains("tokyo0") && !page.contains("<b>"), "{page}");
}

/// In a month in which a device is among the others nobody is told that nobody came with it.
#[tokio::test]
async fn what_is_not_told_of_a_month_is_a_dash() {
    let server = Running::own().await;
    let day: NaiveDate = "2026-10-31".parse().unwrap();
    for _ in 0..3 {
        server
            .app
            .usage
            .count(None, day, Device::Pc, Deeds::READING);
    }
    counted(&server).await;
    let text = "INSERT INTO statistics_days (kind, day, part, figure) VALUES \
        ('ACCESS', '2026-09-01', 'PC', 40), ('ACCESS', '2026-09-01', 'FEATURE_PHONE', 50)";
    let put = server.app.database.write(move |tx| {
        Box::pin(async move {
            tx.sql.execute_raw(sql::own(&tx.sql, text)).await?;
            Ok(())
        })
    });
    put.await.unwrap();
    // They joined in September, so that the month is shown.
    let moved = server.app.database.write(|tx| {
        Box::pin(async move {
            let text = "UPDATE statistics_days SET part = '2026-09' WHERE kind = 'JOINED'";
            tx.sql.execute_raw(sql::own(&tx.sql, text)).await?;
            Ok(())
        })
    });
    moved.await.unwrap();
    let page = text_of(&server).await;
    let figures = inner(&page, "figure");
    let access = inner(figures[5], "table")[0];
    let expected = "<th scope=\"row\">2026-10</th><td>–</td><td>–</td><td>15</td></tr>\
        <tr><th scope=\"row\">2026-09</th><td>50</td><td>40</td><td>–</td></tr>";
    assert!(access.contains(expected), "{access}");
    assert!(
        figures[5].contains("<title>2026-10: – / – / 15</title>"),
        "{}",
        figures[5]
    );
}

async fn text_of(server: &Running) -> String {
    text(server, "/stats", "en").await
}

#[tokio::test]
async fn it_loads_nothing_and_runs_nothing() {
    let server = Running::own().await;
    counted(&server).await;
    let answer = ask(&server, "/stats", "ja").await;
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert_eq!(header("cache-control"), "public, max-age=300");
    assert_eq!(
        header("vary").to_lowercase(),
        "accept-language, accept-encoding"
    );
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("content-language"), "ja");
    let policy = header("content-security-policy");
    assert_eq!(policy, *POLICY);
    let page = answer.text().await.unwrap();
    let styles = inner(&page, "style");
    assert_eq!(styles.len(), 1);
    let hash = STANDARD.encode(Sha256::digest(styles[0].as_bytes()));
    assert!(
        policy.contains(&format!("style-src 'sha256-{hash}';")),
        "{policy}"
    );
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    for loads in [
        "<script", "src=", " style=", "url(", "@import", "http:", "https:", "<link",
    ] {
        assert!(!page.contains(loads), "{loads}");
    }
    assert!(styles[0].contains("prefers-color-scheme: dark"));
}

/// How light a colour such as `#d4702a` is (WCAG 2.2, relative luminance).
fn light(colour: &str) -> f64 {
    let part = |place: usize| {
        let part = u8::from_str_radix(&colour[place..place + 2], 16).unwrap();
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

/// By day and by night, for who sees little (WCAG 2.2, 1.4.3 and 1.4.11).
#[tokio::test]
async fn what_is_written_and_drawn_stands_out_from_the_paper() {
    let server = Running::own().await;
    let page = text(&server, "/stats", "en").await;
    let style = inner(&page, "style")[0];
    let (mut paper, mut seen) = (1.0, 0);
    for (name, rest) in style.split("--").filter_map(|rest| rest.split_once(": #")) {
        let colour = light(&format!("#{}", &rest[..6]));
        let least = match name {
            "paper" => {
                paper = colour;
                continue;
            }
            "line" => continue,
            "ink" | "faint" => 4.5,
            _ => 3.0,
        };
        let (lighter, darker) = (colour.max(paper), colour.min(paper));
        let contrast = (lighter + 0.05) / (darker + 0.05);
        assert!(contrast >= least, "{name} {}: {contrast}", &rest[..6]);
        seen += 1;
    }
    assert_eq!(seen, 2 * 7);
}

#[tokio::test]
async fn it_is_in_the_language_that_is_wished() {
    let server = Running::own().await;
    counted(&server).await;
    for (path, accepted, lang) in [
        ("/stats", "ja-JP,ja;q=0.9,en;q=0.8", "ja"),
        ("/stats", "en-GB,en;q=0.9,ja;q=0.8", "en"),
        ("/stats", "fr", "en"),
        ("/stats?lang=ja", "en", "ja"),
        ("/stats?lang=en", "ja", "en"),
        ("/stats?lang=<script>", "ja", "ja"),
    ] {
        let page = text(&server, path, accepted).await;
        assert!(
            page.contains(&format!("<html lang=\"{lang}\">")),
            "{path} {accepted}"
        );
        assert_eq!(page.contains("東京都"), lang == "ja", "{path} {accepted}");
        assert!(!page.contains("<script"), "{page}");
    }
    let bare = server
        .client
        .get(server.url("/stats"))
        .send()
        .await
        .unwrap();
    assert_eq!(bare.headers()["content-language"], "en");
}

#[tokio::test]
async fn looking_at_it_reads_the_figures_and_nobody_s_rows() {
    let server = Running::own().await;
    counted(&server).await;
    // Were the people themselves looked at, they would be missing.
    let gone = server.app.database.write(|tx| {
        Box::pin(async move {
            let all = sql::own(&tx.sql, "DELETE FROM users");
            tx.sql.execute_raw(all).await?;
            Ok(())
        })
    });
    gone.await.unwrap();
    server.pass(Duration::hours(12));
    let page = text(&server, "/stats", "en").await;
    assert!(page.contains("<dt>Users</dt><dd>30</dd>"), "{page}");
}

#[tokio::test]
async fn in_production_it_is_there_too_and_it_takes_nothing_but_gets() {
    let server = Running::own_with(|transport| {
        transport.profile.explorer = Some(false);
    })
    .await;
    assert_eq!(ask(&server, "/stats", "en").await.status(), 200);
    let posted = server.client.post(server.url("/stats")).send().await;
    assert_eq!(posted.unwrap().status(), 405);
}
