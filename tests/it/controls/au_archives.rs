//! AU-14: the files of old months verify by themselves, and with the database as one tree; what was done to them is found.

use std::fs;

use chrono::{DateTime, Utc};
use tsumugi_server::{
    ledger::bundle::{Kind, Lack, Outcome, Parts},
    setup,
    spine::archive,
};
use uuid::Uuid;

use crate::support::{
    Team,
    archives::{
        archived, bend, entries_of, files_of, first, months, old, outcomes, owner, read, verified,
    },
    log::{Log, seal},
};

/// What is done to a line, how that ends, and what it is called.
type Edit<'a> = (&'a dyn Fn(&str) -> String, Outcome, Option<Kind>);

/// A moment at the edge of March and April in Japan.
fn edge(time: &str) -> DateTime<Utc> {
    format!("2015-03-31T{time}Z").parse().unwrap()
}

/// Writes two months, with entries of each between those of the other.
async fn two_months(team: &Team, kita: Uuid) {
    let world = &team.world;
    for (at, count) in [
        (old("2015-03"), 300),
        (edge("15:00:00"), 2),
        (edge("14:59:20"), 3),
        (old("2015-04"), 20),
    ] {
        entries_of(world, kita, at, team.patient, count).await;
    }
    seal(world, kita).await;
    months(world).await;
}

#[actix_web::test]
async fn au_14_files_are_sound_by_themselves_and_the_whole_tree_is_with_them_and_not_without() {
    let team = Team::new().await;
    let log = Log::of(&team.world).await;
    two_months(&team, log.network).await;
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(archived(log.world, folder.path()).await.len(), 2);
    seal(log.world, log.network).await;
    let files = files_of(folder.path());
    let [march, april] = &files[..] else {
        panic!("{files:?}")
    };
    // The first is; the second names places that are in the first, in whichever order they are given.
    use Outcome::{Incomplete, Sound};
    assert_eq!(outcomes(&verified(&log, &[march]).await.1), [Sound]);
    let (without, reports) = verified(&log, &[april]).await;
    assert_eq!(
        (reports[0].outcome, &reports[0].lacks[..]),
        (Incomplete, &[Lack::Archive][..])
    );
    for order in [[march, april], [april, march]] {
        let (parts, reports) = verified(&log, &order).await;
        assert_eq!(outcomes(&reports), [Sound, Sound]);
        let all = log.verify_with(&parts).await;
        assert_eq!((all.outcome, all.elsewhere), (Sound, 329), "{all:?}");
        assert!(all.since.len() == 2 && all.since.iter().all(|since| since.fits == Some(true)));
    }
    let (first, _) = verified(&log, &[march]).await;
    for parts in [Parts::default(), first, without] {
        let report = log.verify_with(&parts).await;
        assert_eq!(
            (report.outcome, &report.lacks[..]),
            (Incomplete, &[Lack::Archive][..])
        );
    }
    // Whoever reads the file can tell an exchange from a change.
    let lines = read(march);
    let mut entries = lines.iter().filter(|line| line["t"] == "entry");
    assert!(entries.all(|line| {
        line["secret"]
            .as_str()
            .is_some_and(|secret| secret.len() == 32)
    }));
    // Without what says that they went into files, places are empty.
    let kept = format!(
        "DELETE FROM audit_archives WHERE tenant_id = '{}' AND month = '2015-04-01'",
        log.network
    );
    log.attack(&kept).await;
    let report = log.verify(&[], None).await;
    assert_eq!(
        report.alteration.map(|found| found.kind),
        Some(Kind::Deleted)
    );
}

#[actix_web::test]
async fn au_14_what_was_done_to_a_file_is_found_and_named() {
    let team = Team::new().await;
    let log = Log::of(&team.world).await;
    two_months(&team, log.network).await;
    let folder = tempfile::tempdir().unwrap();
    archived(log.world, folder.path()).await;
    seal(log.world, log.network).await;
    let files = files_of(folder.path());
    let bent = folder.path().join("bent");
    let (_, reports) = verified(&log, &[&files[0]]).await;
    let at = reports[0].from + 270;
    let elsewhere = format!(
        r#"{{"t":"archived","from":{at},"to":{},"file":"another","sha256":"00"}}"#,
        at + 1
    );
    let edits: [Edit<'_>; 5] = [
        (
            &|line| format!("{}\n", line.replace("timeline.list", "timeline.read")),
            Outcome::Altered,
            Some(Kind::Edited),
        ),
        (
            &|line| format!("{}\n", line.replace(r#"\"count\":3"#, r#"\"count\":2"#)),
            Outcome::Altered,
            Some(Kind::Edited),
        ),
        (&|_| String::new(), Outcome::Altered, Some(Kind::Deleted)),
        (&|_| format!("{elsewhere}\n"), Outcome::Incomplete, None),
        (&|_| "{}\n".to_owned(), Outcome::Incomplete, None),
    ];
    for (number, (edit, outcome, kind)) in edits.iter().enumerate() {
        bend(&files[0], &bent, at, edit);
        let (parts, reports) = verified(&log, &[&bent, &files[1]]).await;
        let found = reports[0].alteration.map(|found| (found.kind, found.index));
        assert_eq!(reports[0].outcome, *outcome, "{number}: {reports:?}");
        assert_eq!(
            found,
            kind.map(|kind| (kind, Some(at))),
            "{number}: {reports:?}"
        );
        // It stands for nothing.
        let report = log.verify_with(&parts).await;
        assert_eq!(report.lacks, [Lack::Archive], "{number}");
    }
}

/// Places of the neighbouring month are in a file as well; that does not excuse that an entry is gone.
#[actix_web::test]
async fn au_14_an_entry_of_a_month_that_is_still_there_may_not_be_missing_because_a_file_holds_it()
{
    let team = Team::new().await;
    let log = Log::of(&team.world).await;
    two_months(&team, log.network).await;
    let folder = tempfile::tempdir().unwrap();
    let mut owner = owner(log.world).await;
    let april = Some(first("2015-04"));
    let done = setup::archive_log(&mut owner, &log.door(), folder.path(), (10, april)).await;
    assert_eq!(done.unwrap().len(), 1);
    seal(log.world, log.network).await;
    let files = files_of(folder.path());
    let (parts, _) = verified(&log, &[&files[0]]).await;
    let whole = log.verify_with(&parts).await;
    assert_eq!(
        (whole.outcome, whole.elsewhere),
        (Outcome::Sound, 305),
        "{whole:?}"
    );
    let place: i64 = log
        .world
        .db
        .one("SELECT min(leaf_index) FROM audit_leaves WHERE event_at BETWEEN '2015-03-31T15:00:00Z' AND '2015-03-31T16:00:00Z'")
        .await;
    let of_place = format!("tenant_id = $network AND leaf_index = {place}");
    let gone = format!(
        "DELETE FROM audit_events WHERE id = (SELECT event_id FROM audit_leaves WHERE {of_place})"
    );
    let its_leaf = format!("DELETE FROM audit_leaves WHERE {of_place}");
    for attack in [gone, its_leaf] {
        log.attack(&attack).await;
        let report = log.verify_with(&parts).await;
        let found = report.alteration.map(|found| (found.kind, found.index));
        let expected = Some((Kind::Deleted, Some(place.cast_unsigned())));
        assert_eq!(found, expected, "{report:?}");
    }
}

#[actix_web::test]
async fn au_14_what_is_not_what_was_signed_is_neither_written_nor_taken_for_it() {
    let team = Team::new().await;
    let log = Log::of(&team.world).await;
    two_months(&team, log.network).await;
    let folder = tempfile::tempdir().unwrap();
    let door = log.door();
    let month = first("2015-03");
    let write =
        async || archive::write_month(&door, (log.network, "kita"), month, folder.path()).await;
    // Altered in the database, or gone there: nothing gets the name of the file.
    let place = "id = (SELECT event_id FROM audit_leaves JOIN audit_events ON id = event_id AND at = event_at
        WHERE audit_leaves.tenant_id = $network AND at < '2015-03-20' ORDER BY leaf_index OFFSET 9 LIMIT 1)";
    log.save().await;
    for attack in [
        "UPDATE audit_events SET action = 'patient.read' WHERE ",
        "DELETE FROM audit_events WHERE ",
    ] {
        log.attack(&format!("{attack}{place}")).await;
        assert!(write().await.is_err(), "{attack}");
        let named = files_of(folder.path());
        assert!(
            named.iter().all(|path| path.extension().unwrap() == "part"),
            "{named:?}"
        );
        log.restore().await;
    }
    let archive::Month::Written(files) = write().await.unwrap() else {
        panic!("not written")
    };
    let path = folder.path().join(&files[0].name);
    let kept = fs::read(&path).unwrap();
    // One that says of an entry that it is elsewhere, or has another one without a place, does not hold the month.
    let at = files[0].from.cast_unsigned() + 9;
    let to = at + 1;
    let elsewhere = format!(r#"{{"t":"archived","from":{at},"to":{to},"file":"x","sha256":"00"}}"#);
    bend(&path, &path, at, |_| format!("{elsewhere}\n"));
    assert!(write().await.is_err());
    fs::write(&path, &kept).unwrap();
    assert!(matches!(write().await.unwrap(), archive::Month::Written(_)));
}
