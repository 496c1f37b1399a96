use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::model::*;
use crate::spine::clock::minute_of;

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+09:00").parse().unwrap()
}

#[test]
fn quiet_hours_may_go_over_midnight() {
    let night = Quiet {
        from: 1260,
        to: 420,
    };
    assert_eq!(night.until(at("2026-11-30T20:59")), None);
    assert_eq!(
        night.until(at("2026-11-30T21:00")),
        Some(at("2026-12-01T07:00"))
    );
    assert_eq!(
        night.until(at("2026-12-01T06:59")),
        Some(at("2026-12-01T07:00"))
    );
    assert_eq!(night.until(at("2026-12-01T07:00")), None);
    let noon = Quiet { from: 720, to: 780 };
    assert_eq!(
        noon.until(at("2026-12-01T12:30")),
        Some(at("2026-12-01T13:00"))
    );
    assert_eq!(noon.until(at("2026-12-01T13:00")), None);
    assert_eq!(
        Quiet { from: 60, to: 60 }.until(at("2026-12-01T01:00")),
        None
    );
}

#[test]
fn every_kind_is_known_by_its_code() {
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.code()), Some(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
    }
}

proptest! {
    #[test]
    fn quiet_hours_end_where_they_end(from in 0..1440i16, to in 0..1440i16, minutes in 0..3_000_000i64) {
        let now = at("2026-11-30T00:00") + TimeDelta::minutes(minutes);
        let quiet = Quiet { from, to };
        if let Some(until) = quiet.until(now) {
            prop_assert!(until > now && until - now <= TimeDelta::days(1));
            prop_assert_eq!(minute_of(until), to);
            prop_assert_eq!(quiet.until(until), None);
            // It stays quiet until then.
            prop_assert_eq!(quiet.until(until - TimeDelta::minutes(1)), Some(until));
        }
    }

    #[test]
    fn nobody_is_woken_but_for_what_is_urgent(
        from in 0..1440i16, to in 0..1440i16, minutes in 0..3_000_000i64, urgent: bool, kind in 0..11usize,
    ) {
        let now = at("2026-11-30T00:00") + TimeDelta::minutes(minutes);
        let quiet = Quiet { from, to };
        let settings = Settings { quiet: Some(quiet), ..Settings::default() };
        let moments = settings.moments(Kind::ALL[kind], now, urgent);
        let push_at = moments.push_at.unwrap();
        prop_assert!(push_at >= now);
        if urgent {
            prop_assert_eq!(push_at, now);
        } else {
            prop_assert_eq!(quiet.until(push_at), None);
        }
        if let Some(mail_at) = moments.mail_at {
            prop_assert!(mail_at >= now && mail_at - now <= TimeDelta::days(1));
        }
    }
}
