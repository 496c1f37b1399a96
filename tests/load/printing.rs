//! How long it takes to print: the first sheet of a process, and sheets after it, each with other data.
//!
//! `tests/load/run --printing` prints the times in milliseconds and fails when the optimized program needs more than
//! [`LIMIT`] for the middle one of the sheets of about two pages. With a folder as argument it writes the samples
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
/// Milliseconds within which a sheet of two pages is to be printed, once the program is warm.
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

/// A report of about two pages, different for each number.
fn short(number: u64) -> AuditReport {
    let mut report = audit_report_sample(Amount::Little);
    report.emergencies = audit_report_sample(Amount::Usual).emergencies;
    report.made_by = format!("監査 太郎({number}番)");
    for emergency in &mut report.emergencies {
        emergency.reason = format!("{}({number}件目)", emergency.reason);
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
    let (first, printed) = timed(|| print(&printer, &short(0)));
    println!(
        "fonts found in {search:.0} ms; first sheet {first:.0} ms, {} kB",
        printed?.len() / 1000
    );
    for (name, amount) in [("2 pages", None), ("4 pages", Some(Amount::Usual))] {
        let mut times = Vec::new();
        for number in 1..=SHEETS {
            let mut report = amount.map_or_else(|| short(number), audit_report_sample);
            report.patients += number;
            let (time, printed) = timed(|| print(&printer, &report));
            printed?;
            times.push(time);
        }
        let (half, longest) = middle(times);
        println!("{name}: middle {half:.0} ms, longest {longest:.0} ms of {SHEETS} warm sheets");
        if amount.is_none() && !cfg!(debug_assertions) && half > LIMIT {
            println!("within {LIMIT:.0} ms: NOT MET");
            return Ok(ExitCode::FAILURE);
        }
    }
    let (long, printed) = timed(|| print(&printer, &audit_report_sample(Amount::Much)));
    println!("a report of {} kB: {long:.0} ms", printed?.len() / 1000);
    println!("memory: {before} kB before, {} kB after", memory()?);
    if cfg!(debug_assertions) {
        println!("not optimized: judged by nobody");
    } else {
        println!("2 pages within {LIMIT:.0} ms: met");
    }
    Ok(ExitCode::SUCCESS)
}
