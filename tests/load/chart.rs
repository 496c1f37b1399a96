//! Bar charts of the figures, as SVG.

use std::fmt::Write as _;

use crate::figures::{Figures, Row, Side};

const WIDTH: f64 = 760.0;
const LEFT: f64 = 40.0;
const TOP: f64 = 60.0;
const HEIGHT: f64 = 240.0;

/// Throughput of both sides.
pub(crate) fn throughput(rows: &[Row]) -> String {
    chart(
        rows,
        "Throughput per second (higher is better)",
        0,
        |figures| figures.throughput,
    )
}

/// The time within which 99 of 100 were done.
pub(crate) fn latency(rows: &[Row]) -> String {
    chart(
        rows,
        "99th percentile of the time, ms (lower is better)",
        1,
        |figures| figures.p99,
    )
}

fn chart(rows: &[Row], title: &str, decimals: usize, of: fn(Figures) -> f64) -> String {
    let value = |row: &Row, side: Side| of(row.figures(side));
    let most = rows
        .iter()
        .flat_map(|row| [value(row, Side::Ours), value(row, Side::Pgbench)])
        .fold(f64::MIN_POSITIVE, f64::max);
    let count = u32::try_from(rows.len()).unwrap_or(1).max(1);
    let group = (WIDTH - 2.0 * LEFT) / f64::from(count);
    let bar = group * 0.36;
    let base = TOP + HEIGHT;
    let mut body = String::new();
    for (number, row) in (0_u32..).zip(rows) {
        let start = LEFT + group * f64::from(number) + group * 0.14;
        for (place, side, color) in [
            (0.0, Side::Ours, "#0f766e"),
            (1.0, Side::Pgbench, "#94a3b8"),
        ] {
            let height = value(row, side) / most * HEIGHT;
            let (x, y) = (start + bar * place, base - height);
            let middle = x + bar / 2.0;
            body += &format!(
                r#"<rect x="{x:.1}" y="{y:.1}" width="{:.1}" height="{height:.1}" fill="{color}"/>"#,
                bar - 2.0
            );
            body += &format!(
                r#"<text x="{middle:.1}" y="{:.1}">{:.decimals$}</text>"#,
                y - 4.0,
                value(row, side)
            );
        }
        let middle = start + bar;
        let lines = [
            format!("{} × {}", row.work.name(), row.count),
            format!("{:.0} %", row.ratio() * 100.0),
        ];
        for (place, line) in (1_u32..).zip(lines) {
            let y = base + 16.0 * f64::from(place);
            body += &format!(r#"<text x="{middle:.1}" y="{y:.1}">{line}</text>"#);
        }
        body.push('\n');
    }
    let mut svg = String::new();
    let written = write!(
        svg,
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="11" text-anchor="middle">
<rect width="{WIDTH}" height="{height}" fill="#fff"/>
<g text-anchor="start"><text x="{LEFT}" y="22" font-size="15">{title}</text>
<rect x="{LEFT}" y="32" width="10" height="10" fill="#0f766e"/><text x="54" y="41">Tsumugi</text>
<rect x="120" y="32" width="10" height="10" fill="#94a3b8"/><text x="134" y="41">pgbench, the same SQL; below: work × connections, throughput beside pgbench</text></g>
<line x1="{LEFT}" x2="{right}" y1="{base}" y2="{base}" stroke="#334155"/>
{body}</svg>
"##,
        height = base + 48.0,
        right = WIDTH - LEFT,
    );
    // Writing to a string cannot fail.
    if written.is_err() { String::new() } else { svg }
}
