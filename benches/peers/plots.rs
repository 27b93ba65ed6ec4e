//! What was measured in each size, as pictures.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::{
    backend::SVGBackend,
    chart::{ChartBuilder, SeriesLabelPosition},
    element::{Circle, PathElement},
    prelude::{IntoDrawingArea, IntoLogRange},
    series::LineSeries,
    style::{BLACK, Color, IntoFont, Palette, Palette99, WHITE},
};

use crate::{
    flat::{Size, at},
    operations::Operation,
    server::Kind,
};

/// A line of a plot: what it is called, and a point a size.
type Line = (String, Vec<(f64, f64)>);

/// Draws every plot into `folder`.
///
/// # Errors
/// Where a file cannot be written.
pub fn draw(folder: &Path, operations: &[Operation], sizes: &[Size]) -> Result<()> {
    let costs = operations
        .iter()
        .map(|operation| {
            let point = |size: &Size| {
                let cost = size.report.cost(operation.name, Kind::Ashiato)?;
                Some((users(size), cost))
            };
            let points = sizes.iter().filter_map(point).collect();
            (operation.name.to_owned(), points)
        })
        .collect();
    plot(
        &folder.join("cpu.svg"),
        "CPU a request, without the object cache",
        "milliseconds, server and PostgreSQL",
        costs,
    )?;
    plot(
        &folder.join("feed.svg"),
        "The home feed of few and of many friends",
        "milliseconds",
        latencies(sizes, "feed", &[0.5, 0.99]),
    )?;
    plot(
        &folder.join("tarento.svg"),
        "Pages of a tarento's lists, and of a member's",
        "milliseconds, p99",
        [
            latencies(sizes, "friends", &[0.99]),
            latencies(sizes, "footprints", &[0.99]),
        ]
        .concat(),
    )
}

#[expect(clippy::cast_precision_loss, reason = "users are few")]
fn users(size: &Size) -> f64 {
    size.users as f64
}

/// A line for each page whose name begins with `start`, and each of `quantiles`.
fn latencies(sizes: &[Size], start: &str, quantiles: &[f64]) -> Vec<Line> {
    let of = |size: &'_ Size| {
        let uncached = size.pages.iter().find(|(kind, _)| *kind == Kind::Ashiato);
        let pages = uncached.into_iter().flat_map(|(_, pages)| pages);
        let wanted = pages.filter(|page| page.name.starts_with(start));
        let points = wanted.flat_map(|page| {
            let at = |quantile: &f64| (page.name, *quantile, at(page, *quantile));
            quantiles.iter().map(at)
        });
        points.collect::<Vec<_>>()
    };
    let mut lines: Vec<Line> = Vec::new();
    for size in sizes {
        for (name, quantile, latency) in of(size) {
            let name = format!("{name}, p{:.0}", quantile * 100.0);
            let point = (users(size), latency);
            match lines.iter_mut().find(|(known, _)| *known == name) {
                Some((_, points)) => points.push(point),
                None => lines.push((name, vec![point])),
            }
        }
    }
    lines
}

fn plot(path: &Path, title: &str, unit: &str, lines: Vec<Line>) -> Result<()> {
    let failed = |error: &dyn std::fmt::Display| anyhow!("{}: {error}", path.display());
    let points = || lines.iter().flat_map(|(_, points)| points);
    let least = points().map(|(x, _)| *x).fold(f64::INFINITY, f64::min) / 1.3;
    let most = points().map(|(x, _)| *x).fold(1.0, f64::max) * 1.3;
    let highest = points().map(|(_, y)| *y).fold(0.0, f64::max) * 1.15;
    let area = SVGBackend::new(path, (1000, 560)).into_drawing_area();
    area.fill(&WHITE).map_err(|error| failed(&error))?;
    let (picture, legend) = area.split_horizontally(720);
    let mut chart = ChartBuilder::on(&picture)
        .caption(title, ("sans-serif", 22).into_font())
        .margin(12)
        .x_label_area_size(48)
        .y_label_area_size(64)
        .build_cartesian_2d((least..most).log_scale(), 0.0..highest)
        .map_err(|error| failed(&error))?;
    chart
        .configure_mesh()
        .x_desc("users")
        .y_desc(unit)
        .axis_desc_style(("sans-serif", 16))
        .label_style(("sans-serif", 14))
        .x_label_formatter(&|users| {
            // Every line has one, and they would lie over each other.
            let power = users.log10();
            let is_one = (power - power.round()).abs() < 1e-6;
            if is_one {
                format!("{users:.0}")
            } else {
                String::new()
            }
        })
        .y_label_formatter(&|value| format!("{value:.2}"))
        .light_line_style(WHITE)
        .draw()
        .map_err(|error| failed(&error))?;
    // The legend stands beside the picture: over it, it hides lines.
    let mut beside = ChartBuilder::on(&legend)
        .margin(12)
        .build_cartesian_2d(0.0..1.0, 0.0..1.0)
        .map_err(|error| failed(&error))?;
    for (index, (name, points)) in lines.iter().enumerate() {
        let color = Palette99::pick(index).to_rgba();
        chart
            .draw_series(LineSeries::new(
                points.iter().copied(),
                color.stroke_width(2),
            ))
            .map_err(|error| failed(&error))?;
        let dots = points
            .iter()
            .map(|point| Circle::new(*point, 4, color.filled()));
        chart.draw_series(dots).map_err(|error| failed(&error))?;
        beside
            .draw_series(std::iter::empty::<Circle<(f64, f64), i32>>())
            .map_err(|error| failed(&error))?
            .label(name)
            .legend(move |(x, y)| {
                PathElement::new(vec![(x, y), (x + 20, y)], color.stroke_width(3))
            });
    }
    beside
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .label_font(("sans-serif", 15))
        .border_style(BLACK.mix(0.0))
        .draw()
        .map_err(|error| failed(&error))?;
    area.present().map_err(|error| failed(&error))
}
