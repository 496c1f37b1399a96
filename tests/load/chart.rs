//! Bar charts of the figures, as SVG.

use crate::figures::{Figures, Row, Side};

const WIDTH: f64 = 760.0;
const LEFT: f64 = 40.0;
const TOP: f64 = 60.0;
const HEIGHT: f64 = 240.0;
const BASE: f64 = TOP + HEIGHT;
const SIDES: [(f64, Side, &str); 2] = [
    (0.0, Side::Ours, "#0f766e"),
    (1.0, Side::Pgbench, "#94a3b8"),
];

/// Throughput of both sides.
pub(crate) fn throughput(rows: &[Row]) -> String {
    let title = "Throughput per second (higher is better)";
    chart(rows, title, 0, |figures| figures.throughput)
}

/// The time within which 99 of 100 were done.
pub(crate) fn latency(rows: &[Row]) -> String {
    let title = "99th percentile of the time, ms (lower is better)";
    chart(rows, title, 1, |figures| figures.p99)
}

fn chart(rows: &[Row], title: &str, decimals: usize, of: fn(Figures) -> f64) -> String {
    let both = |row: &Row| SIDES.map(|(_, side, _)| of(row.figures(side)));
    let most = rows.iter().flat_map(both).fold(f64::MIN_POSITIVE, f64::max);
    let width = (WIDTH - 2.0 * LEFT) / f64::from(u32::try_from(rows.len()).unwrap_or(1).max(1));
    let groups: Vec<String> = (0_u32..)
        .zip(rows)
        .map(|(number, row)| {
            group(
                row,
                LEFT + width * f64::from(number),
                width,
                most,
                decimals,
                of,
            )
        })
        .collect();
    let (height, right) = (BASE + 48.0, WIDTH - LEFT);
    let font = r#"font-family="sans-serif" font-size="11" text-anchor="middle""#;
    [
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {font}>"#
        ),
        format!(r##"<rect width="{WIDTH}" height="{height}" fill="#fff"/>"##),
        format!(r#"<text x="{LEFT}" y="22" font-size="15" text-anchor="start">{title}</text>"#),
        r##"<rect x="40" y="32" width="10" height="10" fill="#0f766e"/>"##.to_owned(),
        r##"<rect x="120" y="32" width="10" height="10" fill="#94a3b8"/>"##.to_owned(),
        r#"<g text-anchor="start"><text x="54" y="41">Tsumugi</text>"#.to_owned(),
        r#"<text x="134" y="41">pgbench, the same SQL; below: work × connections, "#.to_owned()
            + "throughput beside pgbench</text></g>",
        groups.join("\n"),
        format!(r##"<line x1="{LEFT}" x2="{right}" y1="{BASE}" y2="{BASE}" stroke="#334155"/>"##),
        "</svg>\n".to_owned(),
    ]
    .join("\n")
}

/// The bars of one row.
fn group(
    row: &Row,
    at: f64,
    width: f64,
    most: f64,
    decimals: usize,
    of: fn(Figures) -> f64,
) -> String {
    let (start, bar) = (at + width * 0.14, width * 0.36);
    let mut parts = Vec::new();
    for (place, side, color) in SIDES {
        let value = of(row.figures(side));
        let height = value / most * HEIGHT;
        let (x, y) = (start + bar * place, BASE - height);
        let (middle, above, inner) = (x + bar / 2.0, y - 4.0, bar - 2.0);
        parts.push(format!(
            r#"<rect x="{x:.1}" y="{y:.1}" width="{inner:.1}" height="{height:.1}" fill="{color}"/>"#
        ));
        parts.push(format!(
            r#"<text x="{middle:.1}" y="{above:.1}">{value:.decimals$}</text>"#
        ));
    }
    let middle = start + bar;
    let lines = [
        format!("{} × {}", row.work.name(), row.count),
        format!("{:.0} %", row.ratio() * 100.0),
    ];
    for (place, line) in (1_u32..).zip(lines) {
        let y = BASE + 16.0 * f64::from(place);
        parts.push(format!(r#"<text x="{middle:.1}" y="{y:.1}">{line}</text>"#));
    }
    parts.concat()
}
