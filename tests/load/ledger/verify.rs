//! How long verifying takes, and how much memory: in the database, and from a file.

use std::path::Path;
use std::time::Instant;

use tsumugi_server::spine::sealing;

use crate::process::{Took, run};
use crate::{Result, Site, fill, judged, now, say};

/// The most that verifying a million entries may take.
const SECONDS: f64 = 30.0;
const MEGABYTES: f64 = 300.0;

pub(crate) async fn measure(
    site: &mut Site,
    network: &str,
    count: u64,
    (program, folder): (&Path, &Path),
) -> Result<bool> {
    fill::fill(site, count, now()).await?;
    let begun = Instant::now();
    let sealed = sealing::seal(&site.door(), site.tenant_id).await?;
    let seconds = begun.elapsed().as_secs_f64();
    say(&format!(
        "{sealed} entries sealed and signed in {seconds:.1} s: {:.0}/s",
        u32::try_from(sealed).map_or(0.0, f64::from) / seconds
    ));
    site.client
        .batch_execute("ANALYZE audit_leaves, audit_tiles; CHECKPOINT")
        .await?;
    let mut holds = report(
        "verified in the database",
        &verify(program, &["--network", network])?,
        count,
    )?;
    for name in ["ledger.log", "ledger.log.gz"] {
        let file = folder.join(name);
        let path = file.to_str().ok_or("an odd folder")?;
        let wrote = run(
            program,
            &["audit", "export", "--network", network, "--out", path],
        )?;
        let size = std::fs::metadata(&file)?.len() / 1_000_000;
        say(&format!(
            "written to {name} ({size} MB) in {:.1} s with {:.0} MB",
            wrote.seconds, wrote.megabytes
        ));
        let took = verify(program, &["--bundle", path])?;
        // The limits are for the file as it is; unpacking comes on top.
        let judge = file.extension().is_none_or(|extension| extension != "gz");
        let found = report(&format!("verified from {name}"), &took, count)?;
        holds &= found || !judge;
        std::fs::remove_file(&file)?;
    }
    Ok(holds)
}

fn verify(program: &Path, more: &[&str]) -> Result<Took> {
    run(program, &[&["audit", "verify", "--json"], more].concat())
}

fn report(what: &str, took: &Took, count: u64) -> Result<bool> {
    let said: serde_json::Value = serde_json::from_str(&took.said)?;
    let entries = said
        .pointer("/reports/0/entries")
        .and_then(serde_json::Value::as_u64);
    if said.get("outcome").and_then(serde_json::Value::as_str) != Some("sound")
        || entries.is_none_or(|entries| entries < count)
    {
        return Err(format!("{what}: {}", took.said).into());
    }
    let time = judged(&format!("{what}, time"), took.seconds, SECONDS, "s");
    Ok(judged(&format!("{what}, memory"), took.megabytes, MEGABYTES, "MB") && time)
}
