use proptest::prelude::*;

use super::*;
use crate::ledger::{
    note::Key,
    signer::cosign::Cosigner,
    tree::{consistency, empty_root, tests::Whole},
};

const ORIGIN: &str = "log.example.jp/access-log/kita/1";
const WITNESS: &str = "witness.example.jp/witness/minami";

fn key() -> Key {
    Key::from_seed(&[3; 32])
}

fn checkpoint(whole: &Whole, size: u64) -> Checkpoint {
    Checkpoint {
        origin: ORIGIN.to_owned(),
        size,
        root: whole.root(size),
    }
}

fn head(whole: &Whole, size: u64) -> Head {
    Head {
        size,
        root: whole.root(size),
    }
}

fn submission(whole: &Whole, old: u64, new: u64) -> Submission {
    let proof = consistency(old, new).map(|ranges| whole.hashes(&ranges));
    Submission {
        old,
        proof: proof.unwrap_or_default(),
        note: checkpoint(whole, new).sign(&key(), 1_800_000_000),
    }
}

/// The example of the specification.
#[test]
fn the_example_of_the_specification_is_read() {
    let text = "old 20852014\n\
        PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\
        jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n\
        5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n\
        /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\
        \n\
        example.com/behind-the-sofa\n\
        20852163\n\
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\
        \n\
        — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
    let read = Submission::parse(text).unwrap();
    assert_eq!((read.old, read.proof.len()), (20_852_014, 4));
    let checkpoint = read.checkpoint().unwrap();
    assert_eq!(checkpoint.origin, "example.com/behind-the-sofa");
    assert_eq!(checkpoint.size, 20_852_163);
    assert_eq!(read.to_string(), text);
}

#[test]
fn what_is_no_submission_is_not_read() {
    let whole = Whole::of(9);
    let good = submission(&whole, 4, 9).to_string();
    assert!(Submission::parse(&good).is_some());
    let hash = STANDARD.encode(empty_root().0);
    for bad in [
        String::new(),
        good.replace("old 4", "old 04"),
        good.replace("old 4", "old +4"),
        good.replace("old 4", "old -4"),
        good.replace("old 4", "old"),
        good.replace("old 4", "4"),
        good.replace("old 4\n", ""),
        good.replace("old 4\n", "old 4\r\n"),
        good.replace("old 4\n", "old 4\nAAAA\n"),
        good.replace("old 4\n", "old 4\n\n"),
        good.replace("old 4", "old 99999999999999999999"),
        good.replace(
            "old 4\n",
            &format!("old 4\n{}", format!("{hash}\n").repeat(64)),
        ),
        good.trim_end().to_owned(),
    ] {
        let read = Submission::parse(&bad).and_then(|read| read.checkpoint());
        assert_eq!(read, None, "{bad:?}");
    }
    let most = format!("old 4\n{}", format!("{hash}\n").repeat(60));
    assert!(Submission::parse(&good.replace("old 4\n", &most)).is_some());
    let large = format!("{ORIGIN}\n9223372036854775808\n{hash}\n");
    let note = Note {
        lines: vec![key().sign(ORIGIN, &large)],
        text: large,
    };
    let large = Submission {
        old: 0,
        proof: Vec::new(),
        note,
    };
    assert_eq!(large.checkpoint(), None);
}

/// What the specification says about each, line by line.
#[test]
fn every_submission_is_judged_as_the_specification_says() {
    let whole = Whole::of(40);
    let mut other = Whole::of(40);
    other.0[2].0[0] ^= 1;
    let empty = Head::empty();
    let last = head(&whole, 7);
    let odd = Head {
        size: 0,
        root: whole.root(1),
    };
    let mut padded = submission(&whole, 0, 9);
    padded.proof.push(empty.root);
    let mut bare = submission(&whole, 7, 9);
    bare.proof.clear();
    for (given, new, last, verdict) in [
        // The first, and one of nothing.
        (
            submission(&whole, 0, 9),
            head(&whole, 9),
            empty,
            Verdict::Grown,
        ),
        (submission(&whole, 0, 0), empty, empty, Verdict::Grown),
        (submission(&whole, 0, 0), odd, empty, Verdict::Inconsistent),
        (padded, head(&whole, 9), empty, Verdict::Inconsistent),
        // Growing, and the same again.
        (
            submission(&whole, 7, 9),
            head(&whole, 9),
            last,
            Verdict::Grown,
        ),
        (submission(&whole, 7, 7), last, last, Verdict::Grown),
        // From elsewhere.
        (
            submission(&whole, 0, 9),
            head(&whole, 9),
            last,
            Verdict::Elsewhere(7),
        ),
        (
            submission(&whole, 8, 9),
            head(&whole, 9),
            last,
            Verdict::Elsewhere(7),
        ),
        (
            submission(&whole, 3, 5),
            head(&whole, 5),
            last,
            Verdict::Elsewhere(7),
        ),
        // Backwards.
        (
            submission(&whole, 7, 5),
            head(&whole, 5),
            last,
            Verdict::Malformed,
        ),
        // Another history, or no proof of this one.
        (
            submission(&other, 7, 9),
            head(&other, 9),
            last,
            Verdict::Inconsistent,
        ),
        (
            submission(&other, 7, 7),
            head(&other, 7),
            last,
            Verdict::Inconsistent,
        ),
        (bare, head(&whole, 9), last, Verdict::Inconsistent),
    ] {
        assert_eq!(judge(&given, new, last), verdict, "{given}");
    }
}

#[test]
fn a_log_is_caught_by_its_own_signatures_only() {
    let whole = Whole::of(9);
    let mut other = Whole::of(9);
    other.0[2].0[0] ^= 1;
    let at = |whole: &Whole, size, time| (head(whole, size), Some(time));
    let last = at(&whole, 7, 100);
    assert!(contradict(last, at(&other, 7, 90)));
    assert!(contradict(last, at(&whole, 5, 101)));
    // An old checkpoint that somebody shows again proves nothing, and neither does one that is larger.
    assert!(!contradict(last, at(&whole, 5, 99)));
    assert!(!contradict(last, (head(&whole, 5), None)));
    assert!(!contradict(last, at(&whole, 7, 120)));
    assert!(!contradict(last, at(&other, 9, 120)));
    assert!(!contradict((Head::empty(), None), at(&whole, 5, 1)));
}

#[test]
fn an_answer_counts_when_the_key_of_the_witness_made_it() {
    let whole = Whole::of(9);
    let asked = checkpoint(&whole, 9).sign(&key(), 1_800_000_000);
    let witness_key = Key::from_seed(&[8; 32]);
    let witness = witness_key.verifier(WITNESS);
    let good = witness_key
        .cosign(WITNESS, &asked.text, 1_800_000_060)
        .to_string();
    let stranger = Key::from_seed(&[9; 32])
        .cosign("other", &asked.text, 1)
        .to_string();
    let read = |status, kind: &str, body: &str| Answer::read(status, kind, body, &asked, &witness);
    for body in [good.clone(), format!("{stranger}{good}")] {
        let Answer::Cosigned { note, time } = read(200, "text/plain", &body) else {
            panic!("{body}");
        };
        assert_eq!(time, 1_800_000_060);
        assert_eq!(witness.signed(&note), Ok(Some(time)));
        assert_eq!(note.lines.len(), 3);
    }
    let of_another = witness_key
        .cosign(WITNESS, "text\n", 1_800_000_060)
        .to_string();
    let untimed = witness_key.sign(WITNESS, &asked.text).to_string();
    for body in ["", "\n", &stranger, &of_another, &untimed, good.trim_end()] {
        assert_eq!(read(200, "text/plain", body), Answer::Odd, "{body:?}");
    }
    assert_eq!(read(409, SIZE_TYPE, "12\n"), Answer::Knows(12));
    assert_eq!(
        read(409, "text/x.tlog.size; charset=utf-8", "0\n"),
        Answer::Knows(0)
    );
    for (kind, body) in [
        ("text/plain", "12\n"),
        (SIZE_TYPE, "12"),
        (SIZE_TYPE, "012\n"),
        (SIZE_TYPE, "-1\n"),
    ] {
        assert_eq!(read(409, kind, body), Answer::Odd, "{kind} {body}");
    }
    let rest = [403, 404, 422, 429, 500, 503, 301].map(|status| read(status, "", ""));
    let expected = [
        Answer::OtherKey,
        Answer::UnknownLog,
        Answer::Inconsistent,
        Answer::Busy,
        Answer::Odd,
        Answer::Busy,
        Answer::Odd,
    ];
    assert_eq!(rest, expected);
}

/// One thing that somebody may send.
#[derive(Debug, Clone)]
struct Try {
    forked: bool,
    old: u64,
    new: u64,
    bare: bool,
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = (
        any::<bool>(),
        0_u64..40,
        0_u64..40,
        prop::bool::weighted(0.1),
    );
    let one = one.prop_map(|(forked, old, new, bare)| Try {
        forked,
        old,
        new,
        bare,
    });
    prop::collection::vec(one, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is submitted, what was cosigned only grows, and is one history.
    #[test]
    fn what_a_witness_knows_never_shrinks(tries in tries()) {
        let whole = Whole::of(40);
        let mut forked = Whole::of(40);
        forked.0[11].0[0] ^= 1;
        let folder = std::env::temp_dir().join(crate::spine::ids::new_id().to_string());
        let cosigner = Cosigner::new([5; 32], folder.clone()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut last = Head::empty();
        let mut seen: Vec<Head> = Vec::new();
        for one in tries {
            let tree = if one.forked { &forked } else { &whole };
            // Whoever tries to do well begins where the witness is.
            let old = if one.old % 2 == 0 { last.size } else { one.old };
            let mut given = submission(tree, old, one.new);
            if one.bare {
                given.proof.clear();
            }
            let new = head(tree, one.new);
            let verdict = judge(&given, new, last);
            let signed = runtime.block_on(cosigner.cosign(WITNESS, &given.note, last, &given.proof, 1));
            // The key refuses by itself whatever does not grow; it does not know of sizes that were only claimed.
            prop_assert_eq!(signed.is_ok(), grows(last, new, &given.proof));
            prop_assert!(verdict != Verdict::Grown || signed.is_ok());
            if signed.is_ok() {
                prop_assert!(new.size >= last.size);
                last = new;
                seen.push(new);
            }
            prop_assert_eq!(cosigner.last(WITNESS, ORIGIN).unwrap(), last);
        }
        // All of it is one history: that of one of the two.
        let of = |tree: &Whole| seen.iter().all(|head| tree.root(head.size) == head.root);
        prop_assert!(of(&whole) || of(&forked));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
