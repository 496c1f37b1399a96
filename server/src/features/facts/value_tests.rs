//! What may be said of each kind, and what follows from it.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    catalogue::{self, KINDS, Kind},
    value::{Said, check, completed, headline, next_on, score, size_of, summary, tidied},
};

fn said(value: Value) -> Said {
    match value {
        Value::Object(said) => said,
        other => panic!("{other}"),
    }
}

fn kind(code: &str) -> &'static Kind {
    catalogue::find(code).unwrap()
}

/// The fields that are refused, with the codes.
fn wrong(code: &str, value: Value) -> Vec<(String, &'static str)> {
    let mut errors = Vec::new();
    check(kind(code), &said(value), &mut errors);
    errors
        .into_iter()
        .map(|error| (error.field, error.code))
        .collect()
}

fn fine(code: &str, value: Value) {
    let shown = value.to_string();
    assert_eq!(wrong(code, value), [], "{shown}");
}

#[test]
fn an_allergy_needs_its_substance_and_none_has_no_substance() {
    fine(
        "allergy",
        json!({ "state": "present", "substance": "ペニシリン", "severity": "severe" }),
    );
    for state in ["none", "unknown", "not_asked"] {
        fine("allergy", json!({ "state": state }));
        let found = wrong("allergy", json!({ "state": state, "substance": "卵" }));
        assert_eq!(found, [("value.substance".into(), "not_allowed")]);
    }
    assert_eq!(
        wrong("allergy", json!({ "state": "present" })),
        [("value.substance".into(), "required")]
    );
    assert_eq!(
        wrong("allergy", json!({})),
        [("value.state".into(), "required")]
    );
}

#[test]
fn what_is_not_of_the_kind_is_named() {
    assert_eq!(
        wrong(
            "problem",
            json!({ "name": "慢性心不全", "status": "active", "dose": "1錠" })
        ),
        [("value.dose".into(), "unknown_field")]
    );
    assert_eq!(
        wrong("problem", json!({ "name": 5, "status": "perhaps" })),
        [
            ("value.name".into(), "wrong_type"),
            ("value.status".into(), "not_allowed")
        ]
    );
    assert_eq!(wrong("adl", json!({})), [("value".into(), "required")]);
}

#[test]
fn codes_are_written_as_they_should_be() {
    for good in ["I50", "I50.0", "I500", "J18.9", "M80.08"] {
        fine(
            "problem",
            json!({ "name": "病名", "status": "past", "icd10": good }),
        );
    }
    for bad in [
        "50I",
        "I5",
        "I50.",
        "i50",
        "I.50",
        "I50.0.1",
        "I50 0",
        "心不全",
    ] {
        let found = wrong(
            "problem",
            json!({ "name": "病名", "status": "past", "icd10": bad }),
        );
        assert_eq!(found, [("value.icd10".into(), "not_allowed")], "{bad}");
    }
    fine(
        "medicine",
        json!({ "name": "薬", "yj": "2171022F1029", "hot": "1100346010101" }),
    );
    for (field, bad) in [
        ("yj", "2171022F102"),
        ("yj", "2171022f1029"),
        ("hot", "12345"),
    ] {
        let mut value = said(json!({ "name": "薬" }));
        value.insert(field.to_owned(), bad.into());
        assert_eq!(wrong("medicine", Value::Object(value)).len(), 1, "{bad}");
    }
    fine(
        "contact",
        json!({ "name": "出雲 花子", "relation": "長女", "phone": "090-0000-1204" }),
    );
    assert_eq!(
        wrong(
            "contact",
            json!({ "name": "出雲 花子", "relation": "長女", "phone": "夜のみ" })
        ),
        [("value.phone".into(), "not_allowed")]
    );
    fine(
        "service",
        json!({ "service": "day_care", "provider": "北", "days": ["mon", "thu"], "starts": "09:30" }),
    );
    for bad in ["9:30", "24:00", "09:60", "0930"] {
        let value = json!({ "service": "day_care", "provider": "北", "starts": bad });
        assert!(!wrong("service", value).is_empty(), "{bad}");
    }
    assert_eq!(
        wrong(
            "service",
            json!({ "service": "day_care", "provider": "北", "days": ["mon", "mon"] })
        ),
        [("value.days".into(), "not_allowed")]
    );
}

#[test]
fn days_exist_and_come_in_their_order() {
    for good in ["2024", "2024-02", "2024-02-29"] {
        fine(
            "problem",
            json!({ "name": "病名", "status": "past", "onset": good }),
        );
    }
    for bad in ["24", "2024-13", "2023-02-29", "2024-2-1", "1024", "昨年"] {
        let found = wrong(
            "problem",
            json!({ "name": "病名", "status": "past", "onset": bad }),
        );
        assert_eq!(found, [("value.onset".into(), "not_allowed")], "{bad}");
    }
    let turned = json!({ "name": "薬", "starts_on": "2026-05-02", "ends_on": "2026-05-01" });
    assert_eq!(
        wrong("medicine", turned),
        [("value.ends_on".into(), "out_of_range")]
    );
}

#[test]
fn the_next_exchange_follows_from_the_last_and_the_interval() {
    let device = kind("device");
    let catheter = json!({ "device": "urinary_catheter", "last_exchanged_on": "2026-02-15", "exchange_days": 28 });
    let whole = completed(device, said(catheter));
    assert_eq!(next_on(device, &whole).unwrap().to_string(), "2026-03-15");
    let told = json!({ "device": "gastrostomy", "last_exchanged_on": "2026-01-10", "exchange_days": 180, "next_exchange_on": "2026-06-30" });
    let whole = completed(device, said(told));
    assert_eq!(next_on(device, &whole).unwrap().to_string(), "2026-06-30");
    let unknown = completed(device, said(json!({ "device": "oxygen" })));
    assert_eq!(next_on(device, &unknown), None);
    assert!(!wrong("device", json!({ "device": "oxygen", "exchange_days": 0 })).is_empty());
    assert!(
        !wrong(
            "device",
            json!({ "device": "oxygen", "exchange_days": 1.5 })
        )
        .is_empty()
    );
}

#[test]
fn what_was_left_empty_was_not_said() {
    let value = tidied(&said(
        json!({ "name": " 長女 ", "phone": null, "key_person": false, "days": [] }),
    ));
    assert_eq!(Value::Object(value), json!({ "name": "長女" }));
}

#[test]
fn a_fact_is_told_in_one_line() {
    let line = |code: &str, value| headline(kind(code), &said(value));
    assert_eq!(
        line(
            "device",
            json!({ "device": "urinary_catheter", "size": "16Fr" })
        ),
        "尿道留置カテーテル"
    );
    assert_eq!(
        line(
            "device",
            json!({ "device": "other", "name": "胸腔ドレーン" })
        ),
        "胸腔ドレーン"
    );
    assert_eq!(
        line("pressure_injury", json!({ "site": "heel", "side": "left" })),
        "踵部 左"
    );
    assert_eq!(line("adl", json!({ "moving": "partial" })), "ADL");
}

#[test]
fn a_summary_holds_less_and_never_a_telephone_number() {
    for kind in KINDS.iter() {
        assert!(
            !kind.summary.iter().any(|code| code.contains("phone")),
            "{}",
            kind.code
        );
    }
    let whole = said(json!({ "name": "出雲 花子", "relation": "長女", "phone": "090-0000-1204" }));
    let seen = summary(kind("contact"), &whole);
    assert_eq!(
        Value::Object(seen),
        json!({ "name": "出雲 花子", "relation": "長女" })
    );
}

/// The table of the Japanese Society of Pressure Ulcers, written down apart from the catalogue.
const DESIGN_R: [(&str, &[(&str, u32)]); 6] = [
    ("exudate", &[("e0", 0), ("e1", 1), ("e3", 3), ("E6", 6)]),
    (
        "size",
        &[
            ("s0", 0),
            ("s3", 3),
            ("s6", 6),
            ("s8", 8),
            ("s9", 9),
            ("s12", 12),
            ("S15", 15),
        ],
    ),
    (
        "inflammation",
        &[("i0", 0), ("i1", 1), ("I3C", 3), ("I3", 3), ("I9", 9)],
    ),
    (
        "granulation",
        &[
            ("g0", 0),
            ("g1", 1),
            ("g3", 3),
            ("G4", 4),
            ("G5", 5),
            ("G6", 6),
        ],
    ),
    ("necrosis", &[("n0", 0), ("N3", 3), ("N6", 6)]),
    (
        "pocket",
        &[("p0", 0), ("P6", 6), ("P9", 9), ("P12", 12), ("P24", 24)],
    ),
];
const DEPTHS: [&str; 8] = ["d0", "d1", "d2", "D3", "D4", "D5", "DDTI", "DU"];

/// Every way to choose one of each.
fn every_choice(table: &[(&'static str, &[(&'static str, u32)])]) -> Vec<(Said, u32, String)> {
    let mut all = vec![(Said::new(), 0, String::new())];
    for (field, choices) in table {
        all = all
            .iter()
            .flat_map(|(value, sum, codes)| {
                choices.iter().map(move |(code, points)| {
                    let mut value = value.clone();
                    value.insert((*field).to_owned(), (*code).into());
                    (value, sum + points, format!("{codes}{code}"))
                })
            })
            .collect();
    }
    all
}

#[test]
fn every_design_r_adds_up_and_depth_counts_nothing() {
    let injury = kind("pressure_injury");
    let all = every_choice(&DESIGN_R);
    assert_eq!(all.len(), 4 * 7 * 5 * 6 * 3 * 5);
    for (value, expected, codes) in &all {
        let mut value = value.clone();
        for depth in DEPTHS {
            value.insert("depth".to_owned(), depth.into());
            let found = score(injury, &value).unwrap();
            assert_eq!(
                (found.points, found.highest),
                (*expected, 66),
                "{depth} {codes}"
            );
            assert_eq!(found.notation.unwrap(), format!("{depth}-{codes}"));
        }
    }
    assert_eq!(all.iter().map(|(_, sum, _)| *sum).max(), Some(66));
    // The catalogue has no other choices than the table.
    for (field, choices) in DESIGN_R {
        let known: Vec<(&str, u32)> = injury
            .field(field)
            .unwrap()
            .choices
            .iter()
            .map(|c| (c.code.as_str(), c.points.unwrap()))
            .collect();
        assert_eq!(known, choices);
    }
    let depth = injury.field("depth").unwrap();
    assert!(depth.choices.iter().all(|choice| choice.points.is_none()));
    assert_eq!(
        depth
            .choices
            .iter()
            .map(|choice| choice.code.as_str())
            .collect::<Vec<_>>(),
        DEPTHS
    );
}

#[test]
fn a_design_r_that_lacks_something_has_no_sum() {
    let injury = kind("pressure_injury");
    let (whole, ..) = every_choice(&DESIGN_R).pop().unwrap();
    for (field, _) in DESIGN_R {
        let mut value = whole.clone();
        value.remove(field);
        assert_eq!(score(injury, &value), None, "{field}");
        value.insert("site".to_owned(), "sacrum".into());
        value.insert("depth".to_owned(), "D3".into());
        let found = wrong("pressure_injury", Value::Object(value));
        assert_eq!(found, [(format!("value.{field}"), "required")]);
    }
}

#[test]
fn what_was_measured_and_the_size_agree() {
    for (area, size) in [
        (0.5, "s3"),
        (3.9, "s3"),
        (4.0, "s6"),
        (15.9, "s6"),
        (16.0, "s8"),
        (35.9, "s8"),
        (36.0, "s9"),
        (63.9, "s9"),
        (64.0, "s12"),
        (99.9, "s12"),
        (100.0, "S15"),
        (900.0, "S15"),
    ] {
        assert_eq!(size_of(area), size, "{area}");
    }
    let (mut value, ..) = every_choice(&DESIGN_R).swap_remove(0);
    for (code, chosen) in [("site", "sacrum"), ("depth", "D3"), ("size", "s6")] {
        value.insert(code.to_owned(), chosen.into());
    }
    value.insert("length".to_owned(), json!(3.2));
    value.insert("width".to_owned(), json!(2.5));
    fine("pressure_injury", Value::Object(value.clone()));
    value.insert("width".to_owned(), json!(0.5));
    assert_eq!(
        wrong("pressure_injury", Value::Object(value.clone())),
        [("value.size".into(), "not_allowed")]
    );
    value.insert("width".to_owned(), json!(4.0));
    value.insert("size".to_owned(), json!("s6"));
    assert_eq!(
        wrong("pressure_injury", Value::Object(value)),
        [("value.width".into(), "out_of_range")]
    );
}

#[test]
fn every_barthel_index_adds_up() {
    let barthel = kind("barthel");
    let expected: [(&str, &[u32]); 10] = [
        ("eating", &[10, 5, 0]),
        ("transfer", &[15, 10, 5, 0]),
        ("grooming", &[5, 0]),
        ("toilet", &[10, 5, 0]),
        ("bathing", &[5, 0]),
        ("moving", &[15, 10, 5, 0]),
        ("stairs", &[10, 5, 0]),
        ("dressing", &[10, 5, 0]),
        ("bowels", &[10, 5, 0]),
        ("bladder", &[10, 5, 0]),
    ];
    // Every choice of every item is walked through, in all 46,656 combinations.
    let mut all = vec![(Said::new(), 0)];
    for (field, points) in expected {
        let known: Vec<u32> = barthel
            .field(field)
            .unwrap()
            .choices
            .iter()
            .map(|choice| choice.points.unwrap())
            .collect();
        assert_eq!(known, points, "{field}");
        all = all
            .iter()
            .flat_map(|(value, sum): &(Said, u32)| {
                points.iter().map(move |points| {
                    let mut value = value.clone();
                    value.insert(field.to_owned(), points.to_string().into());
                    (value, sum + points)
                })
            })
            .collect();
    }
    assert_eq!(all.len(), 46_656);
    for (value, expected) in &all {
        assert_eq!(score(barthel, value).unwrap().points, *expected);
    }
    assert_eq!(all.iter().map(|(_, sum)| *sum).max(), Some(100));
}

/// Values as somebody who means no good would send them.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("present")),
        Just(json!("2026-02-30")),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        prop::collection::vec(inner, 0..4).prop_map(Value::from)
    })
}

proptest! {
    #[test]
    fn whatever_is_sent_is_judged_without_harm(place in 0..14usize, values in prop::collection::vec(anything(), 30)) {
        let kind = &KINDS[place];
        let value: Said = kind.fields.iter().zip(values).map(|(field, value)| (field.code.clone(), value)).collect();
        let value = completed(kind, tidied(&value));
        let mut errors = Vec::new();
        check(kind, &value, &mut errors);
        let known = |path: &str| path == "value" || path.strip_prefix("value.").is_some_and(|code| kind.field(code).is_some());
        prop_assert!(errors.iter().all(|error| known(&error.field)));
        let _ = (score(kind, &value), headline(kind, &value), next_on(kind, &value));
    }
}
