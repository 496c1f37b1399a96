//! Invented reports, to look at a layout, to test it, and to measure how long it takes.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    AccessRow, AuditReport, Checkpoint, Counted, Emergency, EmergencyCounts, FindingRow, LeftOut,
    LegalHold, Log, MaintenanceSession, Month, Review, ReviewedFinding, Verification, WeekHours,
    Witness,
};

/// How much is in a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// A network that has just begun.
    Little,
    /// A month of a city: two or three pages.
    Usual,
    /// More than anybody expects: long names, long reasons, many rows.
    Much,
}

const FACILITIES: [&str; 9] = [
    "つむぎ市立病院",
    "花城医院",
    "訪問看護ステーションひだまり",
    "青葉調剤薬局",
    "居宅介護支援事業所みどり",
    "北町ヘルパーステーション",
    "南部地域包括支援センター",
    "さくら歯科クリニック",
    "リハビリテーションセンター朝日",
];
/// The professions of each of these facilities.
const PROFESSIONS: [&[&str]; 9] = [
    &["医師", "看護師", "医療ソーシャルワーカー", "薬剤師"],
    &["医師", "看護師"],
    &["看護師", "理学療法士"],
    &["薬剤師"],
    &["介護支援専門員"],
    &["介護福祉士", "訪問介護員"],
    &["保健師", "社会福祉士", "主任介護支援専門員"],
    &["歯科医師", "歯科衛生士"],
    &["医師", "理学療法士", "作業療法士"],
];
const PURPOSES: [&str; 7] = [
    "診療・介護",
    "ケアマネジメント",
    "緊急時の診療",
    "システムの管理",
    "監査",
    "本人からの求め",
    "家族からの求め",
];
const ACTS: [&str; 9] = [
    "タイムラインの閲覧",
    "投稿・編集",
    "文書の閲覧・受信",
    "患者情報の閲覧",
    "患者の登録・番号の追加",
    "ケアチームの変更",
    "同意の記録・撤回",
    "施設・職員の管理",
    "サインイン",
];
const RULES: [&str; 6] = [
    "担当を外れた直後の閲覧",
    "同じ姓の患者の閲覧",
    "短時間に多数の患者を閲覧",
    "勤務時間外の集中した閲覧",
    "拒否の繰り返し",
    "長期間使われていないアカウントの利用",
];
const REASONS: [&str; 3] = [
    "救急搬送され、意識がないため、既往と服薬の確認が必要",
    "当番医として往診の要請を受け、状態の確認が必要",
    "施設で急変し、主治医と連絡がつかない",
];
const LONG_REASON: &str = "救急搬送され、意識がないため、既往と服薬の確認が必要。家族とは連絡がつかず、\
    かかりつけ医は休診日であった。髙橋・山﨑・𠮷田・渡邉の各氏が対応し、搬送先の担当者へ口頭で引き継いだ。\
    連絡先は https://example.jp/kinkyu/2026-09/renraku?bangou=0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ を参照。";

/// A number that looks like chance and is always the same.
fn any(seed: u64, below: u64) -> u64 {
    let mixed = (seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed >> 33) % below.max(1)
}

fn pick<'a>(from: &[&'a str], seed: u64) -> &'a str {
    let place = usize::try_from(any(seed, from.len() as u64)).unwrap_or_default();
    from.get(place).copied().unwrap_or_default()
}

/// A moment of September 2026.
fn moment(seed: u64) -> DateTime<Utc> {
    moment_at(any(seed, 30 * 24 * 60))
}

/// So many minutes after the month has begun in Japan.
fn moment_at(minutes: u64) -> DateTime<Utc> {
    let begin = DateTime::from_timestamp(1_788_188_400, 0).unwrap_or_default();
    begin + TimeDelta::minutes(i64::try_from(minutes).unwrap_or_default())
}

/// A report.
pub fn audit_report(amount: Amount) -> AuditReport {
    let (places, events) = match amount {
        Amount::Little => (1, 0),
        Amount::Usual => (9, 3),
        Amount::Much => (120, 90),
    };
    let by_place = by_place(places, amount);
    let allowed = by_place.iter().map(|row| row.allowed).sum();
    let denied = by_place.iter().map(|row| row.denied).sum();
    AuditReport {
        month: Month {
            year: 2026,
            month: 9,
        },
        as_of: None,
        made_by: "監査 太郎(監査者)".to_owned(),
        log: log(allowed + denied, amount),
        allowed,
        denied,
        people: by_place.iter().map(|row| row.people).sum(),
        patients: places * 63,
        by_purpose: shares(&PURPOSES, allowed, denied),
        by_action: shares(&ACTS, allowed, denied),
        hours: hours(allowed + denied),
        by_place,
        emergency_counts: EmergencyCounts {
            all: events,
            waiting: (events + 1) / 3,
            overdue: if amount == Amount::Much {
                (events + 1) / 3
            } else {
                0
            },
        },
        emergencies: (0..events).map(|n| emergency(n, amount)).collect(),
        findings: RULES.iter().zip(0..).map(finding(amount)).collect(),
        reviewed: (0..events).map(reviewed).collect(),
        maintenance: (0..events.min(2)).map(maintenance).collect(),
        legal_holds: (0..events.min(1)).map(legal_hold).collect(),
        left_out: LeftOut::default(),
    }
}

/// `sum` accesses over the week of people who work by day.
fn hours(sum: u64) -> WeekHours {
    let weight = |day: u64, hour: u64| {
        let busy = match hour {
            8..=11 => 14,
            13..=17 => 12,
            12 | 18 => 7,
            6 | 7 | 19 | 20 => 3,
            _ => 0,
        };
        let busy = if day < 5 { busy * 9 } else { busy * 3 };
        busy + any(day * 24 + hour, 9)
    };
    let all: u64 = (0..7)
        .flat_map(|day| (0..24).map(move |hour| weight(day, hour)))
        .sum();
    let mut hours = WeekHours::default();
    let mut rest = sum;
    for (day, row) in (0_u64..).zip(&mut hours.0) {
        for (hour, count) in (0_u64..).zip(row) {
            *count = sum * weight(day, hour) / all.max(1);
            rest -= *count;
        }
    }
    // What rounding has left over, on a Monday morning.
    if let Some(count) = hours.0.first_mut().and_then(|row| row.get_mut(9)) {
        *count += rest;
    }
    hours
}

fn log(entries: u64, amount: Amount) -> Log {
    let size = 1_204_317 + entries;
    let witness = |name: &str, seed| Witness {
        name: name.to_owned(),
        at: Some(moment(seed)),
        size: Some(size - any(seed, 5_000)),
    };
    let mut witnesses = vec![
        witness("隣接ネットワーク(北部在宅ケアネット)", 3),
        witness("県医師会 情報システム室", 4),
    ];
    if amount != Amount::Little {
        witnesses.push(Witness {
            name: "監査用保管庫".to_owned(),
            at: None,
            size: None,
        });
    }
    Log {
        entries,
        size,
        range: Some((1_204_317, size - 1)),
        waiting: 0,
        checkpoint: Some(Checkpoint {
            origin: "audit.tsumugi.example.jp/0190f3c1-5a3e-7c20-9a51-3f6d2b7c8e10".to_owned(),
            size,
            root: "5c1f0e9a7d3b4c2886e1f0a95b7d6c3e2a1908f7e6d5c4b3a29180706f5e4d3c".to_owned(),
            at: moment_at(30 * 24 * 60 - 7),
        }),
        verification: match amount {
            Amount::Much => Verification::NotSound {
                at: moment_at(30 * 24 * 60 + 500),
                first: Some(1_300_004),
                what: "記録の内容が、署名された要約と一致しない".to_owned(),
            },
            _ => Verification::Sound {
                at: moment_at(30 * 24 * 60 + 500),
                checked: entries,
            },
        },
        witnesses,
    }
}

fn by_place(places: u64, amount: Amount) -> Vec<AccessRow> {
    let mut rows = Vec::new();
    for place in 0..places {
        let number = usize::try_from(place).unwrap_or_default();
        let number = number % FACILITIES.len();
        let name = FACILITIES.get(number).copied().unwrap_or_default();
        let professions = PROFESSIONS.get(number).copied().unwrap_or_default();
        let facility = match amount {
            Amount::Much => format!(
                "{name} 第{}分院(社会医療法人つむぎ会 地域連携部門)",
                place + 1
            ),
            _ => name.to_owned(),
        };
        for profession in professions {
            let scale = if amount == Amount::Much {
                90_000
            } else {
                2_400
            };
            let allowed = 40 + any(place * 7 + rows.len() as u64, scale);
            rows.push(AccessRow {
                facility: facility.clone(),
                profession: (*profession).to_owned(),
                people: 1 + allowed / 200,
                allowed,
                denied: any(allowed, 9),
            });
        }
    }
    rows
}

/// Each half of what is left by those before it, and the first what the last leave.
fn shares(names: &[&str], allowed: u64, denied: u64) -> Vec<Counted> {
    let part = |sum: u64, place: usize| match place {
        0 => sum / 2 + (sum / 2 - (1..names.len()).map(|p| sum >> (p + 1)).sum::<u64>()) + sum % 2,
        _ => sum >> (place + 1),
    };
    let counted = |(place, name): (usize, &&str)| Counted {
        name: (*name).to_owned(),
        allowed: part(allowed, place),
        denied: part(denied, place),
    };
    names.iter().enumerate().map(counted).collect()
}

fn emergency(number: u64, amount: Amount) -> Emergency {
    let at = moment(number * 11);
    let by = "管理 花子".to_owned();
    let reviewed = at + TimeDelta::hours(20);
    Emergency {
        at,
        ended_at: (number != 1).then(|| at + TimeDelta::minutes(42)),
        person: "髙橋 一郎".to_owned(),
        profession: "医師".to_owned(),
        facility: pick(&["つむぎ市立病院", "花城医院"], number).to_owned(),
        patient: format!("患者番号 {:06}", 1_000 + any(number, 90_000)),
        reason: match amount {
            Amount::Much => LONG_REASON.to_owned(),
            _ => pick(&REASONS, number).to_owned(),
        },
        review: match number % 3 {
            0 => Review::Justified {
                by,
                at: reviewed,
                note: "当直表と搬送記録で確認した。".to_owned(),
            },
            1 => Review::Waiting {
                overdue: amount == Amount::Much,
            },
            _ => Review::NotJustified {
                by,
                at: reviewed,
                note: "担当者が在席しており、同意を得る時間があった。本人へ指導した。".to_owned(),
            },
        },
    }
}

fn finding(amount: Amount) -> impl Fn((&&str, u64)) -> FindingRow {
    move |(rule, number)| {
        let found = if amount == Amount::Little {
            0
        } else {
            any(number, 9)
        };
        let open = found / 4;
        FindingRow {
            rule: (*rule).to_owned(),
            found,
            open,
            justified: (found - open) / 2,
            not_justified: found - open - (found - open) / 2,
            other: 0,
        }
    }
}

fn reviewed(number: u64) -> ReviewedFinding {
    let (by, at) = ("監査 太郎".to_owned(), moment(number * 5 + 2));
    ReviewedFinding {
        rule: pick(&RULES, number).to_owned(),
        subject: format!("山﨑 次郎({})", pick(&FACILITIES, number)),
        review: if number % 3 == 2 {
            let note = "業務上の必要が認められなかった。施設の管理者へ連絡し、再発防止を求めた。"
                .to_owned();
            Review::NotJustified { by, at, note }
        } else {
            let note = "退院後の引き継ぎのための閲覧であり、必要があった。".to_owned();
            Review::Justified { by, at, note }
        },
    }
}

fn maintenance(number: u64) -> MaintenanceSession {
    let at = moment(number + 40);
    MaintenanceSession {
        at,
        ended_at: Some(at + TimeDelta::minutes(35)),
        person: "保守 三郎(運用受託者)".to_owned(),
        approved_by: "管理 花子".to_owned(),
        reason: "サーバー証明書の更新と動作の確認".to_owned(),
        acts: 12 + number,
    }
}

fn legal_hold(number: u64) -> LegalHold {
    LegalHold {
        subject: format!("患者番号 {:06} の記録の全部", 4_410 + number),
        reason: "開示請求に係る審査が終わるまで".to_owned(),
        at: moment(number + 60),
        by: "運営委員会".to_owned(),
        lifted_at: None,
    }
}
