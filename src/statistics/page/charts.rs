//! Charts, in SVG. Who hears them has the tables.

use chrono::{Datelike, NaiveDate};
use maud::{Markup, html};

/// A month in a chart.
pub(super) struct Column {
    /// Its first day.
    pub(super) month: NaiveDate,
    /// What is piled up, from the bottom, as far as it is told.
    pub(super) stack: Vec<Option<i32>>,
    /// What is drawn within it, if anything is.
    pub(super) within: Option<i32>,
}

/// A group in a chart.
pub(super) struct Bar {
    /// Its name.
    pub(super) label: String,
    /// How many are in it.
    pub(super) figure: i32,
    /// Of all, from 0 to 1.
    pub(super) share: f64,
}

/// What a chart of columns takes, and what is left in it for the axes.
const WIDTH: i64 = 640;
const HEIGHT: i64 = 260;
const LEFT: i64 = 64;
const TOP: i64 = 12;
const BOTTOM: i64 = 28;
/// The lines behind the columns.
const LINES: i64 = 4;
/// What a bar takes, and the names before them and the shares behind.
const ROW: i64 = 26;
const NAMES: i64 = 150;
const SHARES: i64 = 60;
/// Up to so many months each bears its number.
const NUMBERED: usize = 18;

/// A number with its thousands set apart.
pub(super) fn number(number: i32) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The same; a dash where it is not told.
pub(super) fn or_dash(figure: Option<i32>) -> String {
    figure.map_or_else(|| "–".to_owned(), number)
}

/// A share in hundredths.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// The least of 1, 2, 2.5, 4, 5 and 8, and of their tenfold and so on, that is no less than a line's part of `most`:
/// four lines of it reach as high.
fn between_lines(most: i64) -> i64 {
    let least = (most + LINES - 1) / LINES;
    let mut ten = 1;
    loop {
        let steps = [10, 20, 25, 40, 50, 80, 100].map(|tenths| tenths * ten / 10);
        if let Some(step) = steps.into_iter().find(|step| *step >= least.max(1)) {
            return step;
        }
        ten *= 10;
    }
}

/// The columns of months, piled up.
pub(super) fn columns(id: &str, title: &str, months: &[Column]) -> Markup {
    let height = |column: &Column| {
        let parts = column.stack.iter().flatten();
        parts.map(|part| i64::from(*part)).sum::<i64>()
    };
    let step = between_lines(months.iter().map(height).max().unwrap_or(0));
    let (top, room) = (step * LINES, HEIGHT - TOP - BOTTOM);
    let high = |figure: i64| figure * room / top.max(1);
    let count = i64::try_from(months.len()).unwrap_or(1).max(1);
    let left = |place: i64| LEFT + (WIDTH - LEFT) * place / count;
    let gap = if count > 24 { 1 } else { 3 };
    let label = |month: NaiveDate| match month.month() {
        1 => month.year().to_string(),
        number if months.len() <= NUMBERED => number.to_string(),
        _ => String::new(),
    };
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-labelledby=(format!("{id}-title")) {
            title id=(format!("{id}-title")) { (title) }
            @for line in 0..=LINES {
                @let y = HEIGHT - BOTTOM - high(line * step);
                line.line x1=(LEFT) x2=(WIDTH) y1=(y) y2=(y) {}
                text x=(LEFT - 6) y=(y + 4) text-anchor="end" {
                    (number(i32::try_from(line * step).unwrap_or(i32::MAX)))
                }
            }
            @for (column, place) in months.iter().zip(0..) {
                @let (x, wide) = (left(place) + gap, left(place + 1) - left(place) - 2 * gap);
                g {
                    title { (spoken(column)) }
                    @for (class, y, high) in piled(column, high) {
                        rect class=(class) x=(x) y=(y) width=(wide.max(1)) height=(high) {}
                    }
                }
                text x=(x + wide / 2) y=(HEIGHT - 8) text-anchor="middle" { (label(column.month)) }
            }
        }
    }
}

/// What stands beside a column where it is pointed at.
fn spoken(column: &Column) -> String {
    let within = column.within.map(Some);
    let figures = column.stack.iter().copied().chain(within);
    let figures: Vec<_> = figures.map(or_dash).collect();
    format!("{}: {}", column.month.format("%Y-%m"), figures.join(" / "))
}

/// The colour, the upper edge and the height of each part of a column.
fn piled(column: &Column, high: impl Fn(i64) -> i64) -> Vec<(String, i64, i64)> {
    let ground = HEIGHT - BOTTOM;
    let (mut parts, mut sum) = (Vec::new(), 0);
    for (place, part) in column.stack.iter().enumerate() {
        let below = high(sum);
        sum += i64::from(part.unwrap_or(0));
        parts.push((format!("c{place}"), ground - high(sum), high(sum) - below));
    }
    if let Some(within) = column.within {
        let high = high(within.into());
        parts.push((format!("c{}", column.stack.len()), ground - high, high));
    }
    parts
}

/// The bars of groups, one below the other.
pub(super) fn bars(id: &str, title: &str, groups: &[Bar]) -> Markup {
    let most = groups.iter().map(|group| group.figure).max().unwrap_or(0);
    let room = WIDTH - NAMES - SHARES;
    let wide = |figure: i32| i64::from(figure) * room / i64::from(most.max(1));
    let height = ROW * i64::try_from(groups.len()).unwrap_or(1) + 4;
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-labelledby=(format!("{id}-title")) {
            title id=(format!("{id}-title")) { (title) }
            @for (group, place) in groups.iter().zip(0..) {
                @let y = ROW * place + 4;
                text x=(NAMES - 8) y=(y + 14) text-anchor="end" { (group.label) }
                rect.c0 x=(NAMES) y=(y) width=(wide(group.figure).max(1)) height=(ROW - 8) {
                    title { (group.label) ": " (number(group.figure)) }
                }
                text x=(NAMES + wide(group.figure) + 6) y=(y + 14) { (percent(group.share)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_shares_are_as_people_write_them() {
        let said = [0, 999, 1_000, 10_000, 1_234_567, i32::MAX].map(number);
        let expected = ["0", "999", "1,000", "10,000", "1,234,567", "2,147,483,647"];
        assert_eq!(said, expected);
        assert_eq!(
            [0.0, 0.0349, 0.5, 1.0].map(percent),
            ["0.0%", "3.5%", "50.0%", "100.0%"]
        );
    }

    #[test]
    fn four_lines_reach_over_the_highest_column() {
        for most in (0..2_000).chain([99_999, 1_000_001, i32::MAX.into()]) {
            let step = between_lines(most);
            assert!(step * LINES >= most && step >= 1, "{most}: {step}");
            assert!(most < 4 || step * LINES <= most * 2 + 4, "{most}: {step}");
        }
    }
}
