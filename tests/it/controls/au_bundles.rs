//! Bundles without a database: what is sound is found sound, whatever was done to it is found and named, and what is no
//! bundle is none.

use std::io::Write;

use proptest::prelude::*;
use serde_json::Value;
use tsumugi_server::ledger::{
    bundle::{Asked, Kind, Lack, Outcome, Report, Why, examine as examine_file, notes_in},
    entry::Entry,
};
use tsumugi_tests::ledger::{Ledger, Row, entry, examine};
use uuid::Uuid;

fn found(report: &Report) -> (Outcome, Option<(Kind, Option<u64>)>) {
    let alteration = report.alteration.map(|found| (found.kind, found.index));
    (report.outcome, alteration)
}

#[track_caller]
fn finds(ledger: &Ledger, kind: Kind, index: u64) {
    let report = ledger.examine(&[]);
    let expected = (Outcome::Altered, Some((kind, Some(index))));
    assert_eq!(found(&report), expected, "{report:?}");
}

/// Sizes around those of tiles, and how often they were signed.
const LOGS: [(u64, &[u64]); 8] = [
    (0, &[]),
    (1, &[]),
    (40, &[0, 3, 3, 39]),
    (255, &[]),
    (256, &[128]),
    (257, &[256]),
    (600, &[100, 256, 512]),
    (1100, &[]),
];

#[test]
fn au_07_a_sound_log_is_sound_whatever_its_size() {
    for (size, signed) in LOGS {
        let ledger = Ledger::new(size, signed);
        let report = ledger.examine(&ledger.notes);
        assert_eq!(found(&report), (Outcome::Sound, None), "{report:?}");
        assert_eq!((report.size, report.entries), (size, size));
        assert!(report.since.iter().all(|since| since.fits == Some(true)));
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&ledger.bundle()).unwrap();
        let again = examine(&packed.finish().unwrap(), &ledger.verifier(), &ledger.notes);
        assert_eq!(again, report);
    }
}

#[test]
fn au_07_entries_that_wait_for_signature_or_place_are_no_alteration() {
    let mut ledger = Ledger::new(300, &[]);
    ledger.grow(310);
    ledger.rows.push(Row {
        entry: entry(Uuid::from_u128(0x7E), 310),
        why: Why::Unsealed,
    });
    let report = ledger.examine(&[]);
    assert_eq!(report.outcome, Outcome::Sound);
    assert_eq!((report.unsigned, report.unsealed), (10, 1));
}

#[test]
fn au_06_edits_are_named() {
    let edits: [fn(&mut Entry); 9] = [
        |entry| entry.action = "patient.read".to_owned(),
        |entry| entry.who.account = Some(Uuid::from_u128(1)),
        |entry| entry.patients = vec![Uuid::from_u128(9)],
        |entry| entry.at += chrono::TimeDelta::hours(3),
        |entry| entry.salt[0] ^= 1,
        |entry| entry.what.decision = None,
        |entry| entry.place.source_ip = Some("192.0.2.250".to_owned()),
        |entry| entry.outcome = "denied".to_owned(),
        |entry| entry.id = Uuid::from_u128(77),
    ];
    for (size, at) in [(40, 0), (40, 21), (40, 39), (600, 100), (600, 599)] {
        for edit in edits {
            let mut ledger = Ledger::new(size, &[]);
            edit(&mut ledger.rows[at].entry);
            finds(&ledger, Kind::Edited, at as u64);
        }
    }
}

#[test]
fn au_06_deletions_are_named() {
    for (size, at) in [(40, 0), (40, 21), (600, 100), (600, 598)] {
        let mut ledger = Ledger::new(size, &[]);
        ledger.rows.remove(at);
        finds(&ledger, Kind::Deleted, at as u64);
        // With its place.
        ledger.leaves.remove(at);
        finds(&ledger, Kind::Deleted, at as u64);
        // With the others moved up; in a small log nothing tells where, and it looks as if its end was gone.
        let mut moved = ledger.clone();
        moved.shift(at as u64, -1);
        if size > 256 && at < 512 {
            finds(&moved, Kind::Deleted, at as u64);
        } else {
            assert_eq!(moved.examine(&[]).outcome, Outcome::Altered);
        }
    }
    // With everything made to agree, only the signatures tell, and between which two of them.
    let mut ledger = Ledger::new(600, &[200, 300, 400]);
    ledger.rows.remove(250);
    ledger.leaves.remove(250);
    ledger.shift(250, -1);
    ledger.cover_up();
    let report = ledger.examine(&[]);
    assert_eq!(
        found(&report).1,
        Some((Kind::Deleted, Some(200))),
        "{report:?}"
    );
    assert_eq!(report.alteration.unwrap().before, Some(300));
}

#[test]
fn au_06_a_cut_end_is_named() {
    for (size, from) in [(40, 0), (40, 39), (600, 300), (600, 599), (600, 256)] {
        let mut ledger = Ledger::new(size, &[]);
        ledger.rows.truncate(from);
        finds(&ledger, Kind::Truncated, from as u64);
        ledger.leaves.truncate(from);
        finds(&ledger, Kind::Truncated, from as u64);
        ledger.cover_up();
        finds(&ledger, Kind::Truncated, from as u64);
    }
    // With the checkpoints, only who kept one knows.
    let before = Ledger::new(600, &[300]);
    let mut ledger = before.clone();
    ledger.rows.truncate(300);
    ledger.leaves.truncate(300);
    ledger.cover_up();
    ledger.notes.truncate(1);
    assert_eq!(ledger.examine(&[]).outcome, Outcome::Sound);
    let report = ledger.examine(&before.notes);
    assert_eq!(
        found(&report).1,
        Some((Kind::RolledBack, Some(300))),
        "{report:?}"
    );
}

#[test]
fn au_06_insertions_are_named() {
    for size in [40, 600] {
        let whole = Ledger::new(size, &[]);
        let new = entry(Uuid::from_u128(0x7E), 5000);
        for why in [Why::Behind, Why::Rejected] {
            let mut ledger = whole.clone();
            ledger.rows.push(Row {
                entry: new.clone(),
                why,
            });
            let report = ledger.examine(&[]);
            assert_eq!(
                found(&report),
                (Outcome::Altered, Some((Kind::Inserted, None)))
            );
            assert_eq!(report.alteration.unwrap().id, Some(new.id));
        }
        for at in [0, 20, size - 1] {
            let mut ledger = whole.clone();
            ledger.shift(at, 1);
            let mut leaf = ledger.leaves[0].clone();
            (leaf.index, leaf.id, leaf.at, leaf.hash) = (at, new.id, new.at, new.hash());
            ledger.leaves.push(leaf);
            ledger.shift(0, 0);
            ledger.rows.push(Row {
                entry: new.clone(),
                why: Why::Behind,
            });
            finds(&ledger, Kind::Inserted, at);
            ledger.cover_up();
            finds(&ledger, Kind::Inserted, at);
        }
    }
}

#[test]
fn au_06_exchanges_are_named() {
    let exchanges: [fn(&mut Ledger, usize, usize); 6] = [
        // All but the id.
        |ledger, a, b| {
            let (one, other) = (ledger.rows[a].entry.id, ledger.rows[b].entry.id);
            ledger.rows.swap(a, b);
            (ledger.rows[a].entry.id, ledger.rows[b].entry.id) = (one, other);
        },
        // Their times.
        |ledger, a, b| {
            let one = ledger.rows[a].entry.at;
            ledger.rows[a].entry.at = ledger.rows[b].entry.at;
            ledger.rows[b].entry.at = one;
        },
        // Who it was.
        |ledger, a, b| {
            let one = ledger.rows[a].entry.who.clone();
            ledger.rows[a].entry.who = ledger.rows[b].entry.who.clone();
            ledger.rows[b].entry.who = one;
        },
        // The patients.
        |ledger, a, b| {
            let one = ledger.rows[a].entry.patients.clone();
            ledger.rows[a].entry.patients = ledger.rows[b].entry.patients.clone();
            ledger.rows[b].entry.patients = one;
        },
        // What they say, in place: the secret and the time stay.
        |ledger, a, b| {
            let (one, other) = (ledger.rows[a].entry.clone(), ledger.rows[b].entry.clone());
            let stay = |entry: Entry, own: &Entry| Entry {
                id: own.id,
                at: own.at,
                salt: own.salt,
                ..entry
            };
            ledger.rows[a].entry = stay(other.clone(), &one);
            ledger.rows[b].entry = stay(one, &other);
        },
        // Their places.
        |ledger, a, b| {
            let one = ledger.leaves[a].index;
            ledger.leaves[a].index = ledger.leaves[b].index;
            ledger.leaves[b].index = one;
            ledger.shift(0, 0);
        },
    ];
    for (size, a, b) in [
        (40, 0, 39),
        (40, 5, 6),
        (600, 100, 101),
        (600, 3, 599),
        (600, 520, 590),
    ] {
        for (number, exchange) in exchanges.iter().enumerate() {
            let mut ledger = Ledger::new(size, &[]);
            // Two that are about different people and patients.
            let whole = ledger.examine(&[]);
            assert_eq!(whole.outcome, Outcome::Sound);
            exchange(&mut ledger, a, b);
            let report = ledger.examine(&[]);
            if report.outcome == Outcome::Sound {
                continue; // both said the same there
            }
            let expected = Some((Kind::Swapped, Some(a as u64)));
            assert_eq!(
                found(&report).1,
                expected,
                "{size} {a} {b} {number}: {report:?}"
            );
        }
    }
}

#[test]
fn au_06_what_was_covered_up_shows_between_two_checkpoints() {
    let mut ledger = Ledger::new(600, &[100, 200, 400]);
    ledger.rows[333].entry.action = "patient.read".to_owned();
    ledger.cover_up();
    let alteration = ledger.examine(&[]).alteration.unwrap();
    assert_eq!(
        (alteration.kind, alteration.index, alteration.before),
        (Kind::Edited, Some(200), Some(400))
    );
    // One place that was changed with its hash, but not with its tile, is known exactly.
    let mut ledger = Ledger::new(600, &[]);
    ledger.rows[333].entry.action = "patient.read".to_owned();
    ledger.leaves[333].hash = ledger.rows[333].entry.hash();
    finds(&ledger, Kind::Edited, 333);
}

#[test]
fn au_08_a_restored_log_does_not_go_on_from_what_a_witness_kept() {
    let before = Ledger::new(300, &[100]);
    let mut after = before.clone();
    after.grow(500);
    after.sign();
    let witness = after.notes.last().unwrap().clone();
    let report = before.examine(std::slice::from_ref(&witness));
    assert_eq!(found(&report).1, Some((Kind::RolledBack, Some(300))));
    assert_eq!(report.alteration.unwrap().before, Some(500));
    // It went on, differently, and was not signed any more.
    let mut longer = before.clone();
    longer.grow(700);
    for row in &mut longer.rows[300..] {
        row.entry.action = "patients.list".to_owned();
        row.entry.count = None;
    }
    longer.cover_up();
    let report = longer.examine(&[witness]);
    assert_eq!(
        found(&report).1,
        Some((Kind::RolledBack, Some(300))),
        "{report:?}"
    );
    assert_eq!((report.unsigned, report.since[0].fits), (400, Some(false)));
}

#[test]
fn au_07_other_keys_and_forged_checkpoints_are_not_believed() {
    let mut ledger = Ledger::new(40, &[10]);
    let other = tsumugi_server::ledger::note::Key::from_seed(&[6; 32]).verifier(&ledger.origin);
    assert_eq!(
        examine(&ledger.bundle(), &other, &[]).outcome,
        Outcome::BadSignature
    );
    let forged = ledger.notes[1].replace("\n40\n", "\n41\n");
    let report = ledger.examine(std::slice::from_ref(&forged));
    assert_eq!(
        (report.outcome, report.bad_signatures),
        (Outcome::BadSignature, 1)
    );
    ledger.notes.push(forged);
    assert_eq!(ledger.examine(&[]).outcome, Outcome::BadSignature);
    // Without a key, the one that the file names is believed, and it is said.
    let own = examine_file(&Ledger::new(9, &[]).bundle()[..], None, |_, _| {
        Asked::default()
    })
    .unwrap();
    assert!(own.outcome == Outcome::Sound && !own.key_given);
}

#[test]
fn au_07_a_log_that_is_not_signed_any_more_is_stale() {
    let ledger = Ledger::new(40, &[]);
    let at = |not_before| {
        let asked = Asked {
            not_before: Some(not_before),
            ..Asked::default()
        };
        examine_file(&ledger.bundle()[..], Some(&ledger.verifier()), |_, _| asked).unwrap()
    };
    let signed_at = at(0).signed_at.unwrap();
    assert_eq!(at(signed_at).outcome, Outcome::Sound);
    assert_eq!(
        (at(signed_at + 1).outcome, at(signed_at + 1).exit),
        (Outcome::Stale, 4)
    );
}

#[test]
fn au_07_a_part_verifies_by_itself_and_shows_what_was_done_to_it() {
    for (size, part) in [
        (40, 3..17),
        (600, 0..600),
        (600, 256..512),
        (600, 100..300),
        (1100, 1024..1100),
        (70_000, 300..700),
    ] {
        let ledger = Ledger::new(size, &[]);
        let report = examine(&ledger.archive(part.clone()), &ledger.verifier(), &[]);
        assert_eq!(
            found(&report),
            (Outcome::Sound, None),
            "{size} {part:?} {report:?}"
        );
        assert_eq!(report.entries, part.end - part.start);
        let mut edited = ledger.clone();
        let at = part.start + 7;
        edited.rows[usize::try_from(at).unwrap()].entry.count = None;
        let report = examine(&edited.archive(part.clone()), &ledger.verifier(), &[]);
        assert_eq!(found(&report).1, Some((Kind::Edited, Some(at))));
        edited.cover_up();
        let report = examine(&edited.archive(part.clone()), &ledger.verifier(), &[]);
        assert_eq!(found(&report).1.unwrap().0, Kind::Edited, "{report:?}");
    }
}

#[test]
fn au_14_places_in_other_files_are_asked_for() {
    let ledger = Ledger::new(900, &[]);
    let bundle = ledger.bundle_without(&(100..700));
    let report = examine(&bundle, &ledger.verifier(), &[]);
    assert_eq!(
        (report.outcome, &report.lacks[..]),
        (Outcome::Incomplete, &[Lack::Archive][..])
    );
    let given = |archives: &[(u64, u64)]| {
        let asked = Asked {
            archives: archives.iter().map(|(from, to)| *from..*to).collect(),
            ..Asked::default()
        };
        examine_file(&bundle[..], Some(&ledger.verifier()), |_, _| asked).unwrap()
    };
    assert_eq!(given(&[(100, 700)]).outcome, Outcome::Sound);
    assert_eq!(given(&[(0, 400), (400, 900)]).elsewhere, 600);
    assert_eq!(given(&[(100, 699)]).outcome, Outcome::Incomplete);
}

#[test]
fn au_12_a_bundle_of_one_patient_hides_the_others() {
    let ledger = Ledger::new(300, &[]);
    let patient = Uuid::from_u128(0xA000 + 7);
    let mine = ledger
        .rows
        .iter()
        .filter(|row| row.entry.patients.contains(&patient))
        .count();
    assert!(mine > 3);
    let bundle = ledger.of_patient(patient);
    let report = examine(&bundle, &ledger.verifier(), &[]);
    assert_eq!(
        (report.outcome, report.entries),
        (Outcome::Sound, mine as u64),
        "{report:?}"
    );
    let text = String::from_utf8(bundle).unwrap();
    for other in 0..60 {
        let id = Uuid::from_u128(0xA000 + other);
        assert_eq!(text.contains(&id.to_string()), id == patient);
    }
    assert!(!text.contains("secret") && !text.contains("00000000-0000-0000-0000-0000000000c"));
    // Another entry in the place of one is not proven.
    let bent = text.replacen(r#"\"count\":"#, r#"\"count\":1"#, 1);
    let report = examine(bent.as_bytes(), &ledger.verifier(), &[]);
    assert_eq!(report.alteration.unwrap().kind, Kind::Edited);
    let unproven = text.replacen("\"proof\":[", "\"proof\":[\"\",", 1);
    assert_eq!(
        examine(unproven.as_bytes(), &ledger.verifier(), &[]).lacks[0],
        Lack::Malformed
    );
}

#[test]
fn au_07_what_was_opened_has_to_belong_to_its_entry() {
    let ledger = Ledger::new(40, &[]);
    let text = String::from_utf8(ledger.bundle()).unwrap();
    let other = text.replacen("192.0.2.", "198.51.100.", 1);
    assert_ne!(other, text);
    let report = examine(other.as_bytes(), &ledger.verifier(), &[]);
    assert_eq!(
        found(&report),
        (Outcome::Altered, Some((Kind::Edited, Some(0))))
    );
}

#[test]
fn au_07_a_whole_log_hides_nothing() {
    let ledger = Ledger::new(40, &[]);
    let text = String::from_utf8(ledger.bundle()).unwrap();
    let change = |change: &dyn Fn(&mut serde_json::Map<String, Value>)| {
        let changed = text.lines().map(|line| {
            let mut line: Value = serde_json::from_str(line).unwrap();
            if line["t"] == "entry" && line["index"] == 6 {
                change(line.as_object_mut().unwrap());
            }
            line.to_string()
        });
        let changed: Vec<String> = changed.collect();
        let report = examine(changed.join("\n").as_bytes(), &ledger.verifier(), &[]);
        (report.outcome, report.lacks)
    };
    assert_eq!(change(&|_| ()), (Outcome::Sound, vec![]));
    let opened = |line: &Value| line.as_array().unwrap().len();
    for one in 0..4 {
        let hidden = change(&|line| {
            assert_eq!(opened(&line["opened"]), 4);
            line["opened"].as_array_mut().unwrap().remove(one);
        });
        assert_eq!(hidden, (Outcome::Incomplete, vec![Lack::Opened]), "{one}");
    }
    for key in ["opened", "secret"] {
        let hidden = change(&|line| drop(line.remove(key).unwrap()));
        assert_eq!(hidden, (Outcome::Incomplete, vec![Lack::Opened]), "{key}");
    }
}

#[test]
fn au_07_half_a_file_is_incomplete_and_no_line_is_believed_for_its_word() {
    let ledger = Ledger::new(300, &[]);
    let text = String::from_utf8(ledger.bundle()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let outcome = |text: &str| examine(text.as_bytes(), &ledger.verifier(), &[]).outcome;
    for end in [0, 1, 2, 3, 50, 300, lines.len() - 1] {
        assert_eq!(
            outcome(&lines[..end].join("\n")),
            Outcome::Incomplete,
            "{end}"
        );
    }
    assert_eq!(outcome(&text[..text.len() - 20]), Outcome::Incomplete);
    let missing = [&lines[..9], &lines[10..]].concat().join("\n");
    assert_eq!(outcome(&missing), Outcome::Altered); // and the end does not count right
    let more = format!("{text}{{\"t\":\"end\",\"lines\":{}}}\n", lines.len() + 1);
    assert_eq!(outcome(&more), Outcome::Incomplete);
    for (from, to) in [
        ("tsumugi-log/1", "tsumugi-log/2"),
        ("\"to\":300", "\"to\":9007199254740992"),
        ("\"from\":0", "\"from\":1"),
        ("\"from\":0", "\"from\":-0"),
        ("\"index\":7,", "\"index\":7.0,"),
        ("\"index\":7,", "\"index\":7,\"index\":7,"),
        ("\"index\":7,", "\"index\":7,\"more\":1,"),
        ("\"index\":7,", ""),
        ("\"t\":\"checkpoint\"", "\"t\":\"check\""),
        ("\"level\":0", "\"level\":9"),
    ] {
        assert!(text.contains(from), "{from}");
        assert_eq!(
            outcome(&text.replacen(from, to, 1)),
            Outcome::Incomplete,
            "{to}"
        );
    }
    let long = format!(
        "{}\n{{\"t\":\"missing\",{}\"index\":1}}\n",
        lines[0],
        " ".repeat(1 << 20)
    );
    assert_eq!(outcome(&long), Outcome::Incomplete);
    assert_eq!(outcome("\u{1f}\u{8b}"), Outcome::Incomplete);
    let unsigned = text.replacen(&format!("{}\n", lines[1]), "", 1);
    let unsigned = unsigned.replace(
        &format!("\"lines\":{}", lines.len()),
        &format!("\"lines\":{}", lines.len() - 1),
    );
    let report = examine(unsigned.as_bytes(), &ledger.verifier(), &[]);
    assert_eq!(
        (report.outcome, &report.lacks[..]),
        (Outcome::Incomplete, &[Lack::Checkpoint][..])
    );
}

#[test]
fn au_08_checkpoints_are_found_in_letters() {
    let ledger = Ledger::new(40, &[10]);
    let [one, other] = &ledger.notes[..] else {
        panic!()
    };
    let quoted: Vec<String> = other.lines().map(|line| format!("> {line}\r\n")).collect();
    let quoted = quoted.concat();
    let letter =
        format!("10月のチェックポイントです。\n\n{one}\n保管してください。\n{quoted}\n-- \n");
    assert_eq!(notes_in(&letter), [one.clone(), other.clone()]);
    assert_eq!(notes_in(one), std::slice::from_ref(one));
    assert_eq!(notes_in("no\n1\nAAAA\n\n— a b\n"), [""; 0]);
}

/// What can be done to one entry, and what that is called.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Edit(u8),
    Delete(bool),
    Cut(bool),
    Insert,
    Exchange,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        (0_u8..6).prop_map(Deed::Edit),
        any::<bool>().prop_map(Deed::Delete),
        any::<bool>().prop_map(Deed::Cut),
        Just(Deed::Insert),
        Just(Deed::Exchange),
    ]
}

/// Does it, and says what has to be found.
fn do_it(ledger: &mut Ledger, deed: Deed, at: usize, other: usize) -> (Kind, usize) {
    let last = ledger.rows.len() - 1;
    match deed {
        Deed::Edit(how) => {
            let entry = &mut ledger.rows[at].entry;
            match how {
                0 => entry.action.push('x'),
                1 => entry.at += chrono::TimeDelta::microseconds(1),
                2 => entry.who.client = Some(Uuid::from_u128(3)),
                3 => entry.patients.push(Uuid::from_u128(0xFFFF)),
                4 => entry.rules.clear(),
                _ => entry.salt[15] ^= 0x80,
            }
            (Kind::Edited, at)
        }
        Deed::Delete(with_place) => {
            ledger.rows.remove(at);
            if with_place {
                ledger.leaves.remove(at);
            }
            let kind = if at == last {
                Kind::Truncated
            } else {
                Kind::Deleted
            };
            (kind, at)
        }
        Deed::Cut(with_places) => {
            ledger.rows.truncate(at);
            if with_places {
                ledger.leaves.truncate(at);
            }
            (Kind::Truncated, at)
        }
        Deed::Insert => {
            let new = entry(Uuid::from_u128(0x7E), 9999);
            ledger.shift(at as u64, 1);
            let mut leaf = ledger.leaves[0].clone();
            (leaf.index, leaf.id, leaf.at, leaf.hash) = (at as u64, new.id, new.at, new.hash());
            ledger.leaves.push(leaf);
            ledger.shift(0, 0);
            ledger.rows.push(Row {
                entry: new,
                why: Why::Behind,
            });
            (Kind::Inserted, at)
        }
        Deed::Exchange => {
            let (one, two) = (ledger.rows[at].entry.id, ledger.rows[other].entry.id);
            ledger.rows.swap(at, other);
            (ledger.rows[at].entry.id, ledger.rows[other].entry.id) = (one, two);
            (Kind::Swapped, at.min(other))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]
    /// Whatever is done to whatever log, it is found at its first place, and called what it is.
    #[test]
    fn au_06_every_single_alteration_is_found_where_it_is(
        size in 2_u64..700, signed in prop::collection::vec(1_u64..700, 0..4), deed in deed(),
        at in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(),
    ) {
        let mut signed = signed;
        signed.sort_unstable();
        let mut ledger = Ledger::new(size, &signed);
        let count = usize::try_from(size).unwrap();
        let (at, other) = (at.index(count), other.index(count));
        prop_assume!(!matches!(deed, Deed::Exchange) || at != other);
        let whole = ledger.examine(&[]);
        prop_assert_eq!(whole.outcome, Outcome::Sound);
        let (kind, index) = do_it(&mut ledger, deed, at, other);
        let report = ledger.examine(&[]);
        prop_assert_eq!(found(&report), (Outcome::Altered, Some((kind, Some(index as u64)))), "{:?}", report);
    }
}
