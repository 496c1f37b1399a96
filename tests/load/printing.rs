//! How long it takes to print: the first sheet of a process, and sheets after it, each with other words and figures in
//! every table.
//!
//! `tests/load/run --printing` prints the times in milliseconds and fails when the optimized program needs more than
//! [`LIMIT`] for the middle one of the short reports, which have three pages. With a folder as argument it writes the samples
//! there instead, for people and other programs to look at.

#![expect(clippy::print_stdout, reason = "a program that prints figures")]

use std::{error::Error, fs, path::Path, process::ExitCode, time::Instant};

use chrono::{DateTime, Utc};
use tsumugi_server::{
    config,
    print::{Amount, AuditReport, Document, Printer, Sheet, audit_report_sample, fingerprint, qr},
};

/// Sheets that are timed.
const SHEETS: u64 = 20;
/// Milliseconds within which a short sheet is to be printed, once the program is warm.
const LIMIT: f64 = 300.0;
/// Something like a signed summary of a log with three countersignatures.
const CHECKPOINT: &str = "audit.tsumugi.example.jp/0190f3c1-5a3e-7c20-9a51-3f6d2b7c8e10\n1226743\n\
    XB8Omn07TCiG4fCpW31sPioZCPfm1cSzopGAcG9eTTw=\n\n\
    — audit.tsumugi.example.jp AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIj\n\
    — witness.kita.example.jp KlMnOpQrStUvWxYz0123456789AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKlMnOpQrStU\n\
    — witness.ishikai.example.jp UvWxYz0123456789AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKlMnOpQrStUvWxYz01\n";

fn print(printer: &Printer, report: &AuditReport) -> Result<Vec<u8>, Box<dyn Error>> {
    let code = fingerprint("AR", report)?;
    let sheet = Sheet {
        title: "監査月次報告書",
        network: "つむぎ在宅医療・介護連携ネットワーク",
        code: &code,
        date: DateTime::<Utc>::from_timestamp(1_790_813_100, 0).unwrap_or_default(),
        pictures: vec![qr("checkpoint", CHECKPOINT)?],
    };
    Ok(printer.pdf_here(Document::AuditReport, &sheet, report)?)
}

/// A report that has nothing in common with that of another number but the layout and its fixed words.
fn report(amount: Amount, number: u64) -> AuditReport {
    let mut report = audit_report_sample(amount);
    let mark = |text: &mut String| *text = format!("{number}番の{text}");
    mark(&mut report.made_by);
    report.patients += number;
    report.log.size += number;
    for row in &mut report.by_place {
        row.allowed += number;
        mark(&mut row.facility);
    }
    for row in report.by_purpose.iter_mut().chain(&mut report.by_action) {
        row.allowed += number;
        mark(&mut row.name);
    }
    for count in report.hours.0.iter_mut().flatten() {
        *count += number;
    }
    for emergency in &mut report.emergencies {
        mark(&mut emergency.person);
        mark(&mut emergency.reason);
    }
    for row in &mut report.findings {
        row.found += number;
        mark(&mut row.rule);
    }
    for reviewed in &mut report.reviewed {
        mark(&mut reviewed.subject);
    }
    for session in &mut report.maintenance {
        mark(&mut session.reason);
    }
    report
}

/// Milliseconds that something took, and what it gave.
fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let begun = Instant::now();
    let given = work();
    (begun.elapsed().as_secs_f64() * 1000.0, given)
}

fn middle(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let at = |place: usize| values.get(place).copied().unwrap_or_default();
    (at(values.len() / 2), at(values.len().saturating_sub(1)))
}

/// Kibibytes of memory that the process holds.
fn memory() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.unwrap_or_default().parse()?)
}

fn write_samples(printer: &Printer, folder: &Path) -> Result<(), Box<dyn Error>> {
    for (name, amount) in [
        ("little", Amount::Little),
        ("usual", Amount::Usual),
        ("much", Amount::Much),
    ] {
        let file = folder.join(format!("audit-report-{name}.pdf"));
        fs::write(&file, print(printer, &audit_report_sample(amount))?)?;
        println!("{}", file.display());
    }
    Ok(())
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let printer = Printer::new(&config::font_dirs());
    if let Some(folder) = std::env::args_os().nth(1) {
        write_samples(&printer, Path::new(&folder))?;
        return Ok(ExitCode::SUCCESS);
    }
    let before = memory()?;
    let (search, found) = timed(|| printer.ready());
    found?;
    let (first, printed) = timed(|| print(&printer, &report(Amount::Little, 0)));
    println!(
        "fonts found in {search:.0} ms; first sheet {first:.0} ms, {} kB",
        printed?.len() / 1000
    );
    let mut met = true;
    for (name, amount) in [
        ("short, 3 pages", Amount::Little),
        ("usual, 4 pages", Amount::Usual),
    ] {
        let mut times = Vec::new();
        for number in 1..=SHEETS {
            let (time, printed) = timed(|| print(&printer, &report(amount, number)));
            printed?;
            times.push(time);
        }
        let (half, longest) = middle(times);
        println!("{name}: middle {half:.0} ms, longest {longest:.0} ms of {SHEETS} warm sheets");
        met &= amount != Amount::Little || half <= LIMIT;
    }
    println!("memory: {before} kB before, {} kB now", memory()?);
    let (long, printed) = timed(|| print(&printer, &audit_report_sample(Amount::Much)));
    println!("long, 28 pages: {long:.0} ms, {} kB", printed?.len() / 1000);
    println!("memory: {} kB now", memory()?);
    if cfg!(debug_assertions) {
        println!("not optimized: judged by nobody");
        return Ok(ExitCode::SUCCESS);
    }
    let verdict = if met { "met" } else { "NOT MET" };
    println!("short within {LIMIT:.0} ms: {verdict}");
    Ok(if met {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
