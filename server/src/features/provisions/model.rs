//! What a record of a provision says. No database, no clock.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::Queryable;
use uuid::Uuid;

use crate::{features::facilities::FacilityRef, spine::access::Ground};

/// On what ground something was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The patient's consent.
    Consent,
    /// Somebody's life or body was in danger.
    Emergency,
}

impl Basis {
    /// The ground on which whoever has this ground for access is given something.
    pub fn of(ground: Ground) -> Self {
        // Whoever has consent as well needs no emergency.
        if ground.emergency && ground.cover.kinds == 0 {
            Self::Emergency
        } else {
            Self::Consent
        }
    }

    /// The code in the database and the interface.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Emergency => "emergency",
        }
    }
}

/// A provision as it is kept, with names.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Provision {
    pub(super) provided_on: NaiveDate,
    pub(super) source: FacilityRef,
    pub(super) recipient: FacilityRef,
    pub(super) recipient_name: String,
    pub(super) kind: String,
    pub(super) basis: String,
    pub(super) consent_id: Option<Uuid>,
    pub(super) first_at: DateTime<Utc>,
}

/// The consent that was the ground: day, giver and method.
pub(super) type Consented = (NaiveDate, String, String);

/// A kind of information in Japanese, as a record for the patient names it.
pub fn kind_ja(kind: &str) -> &str {
    match kind {
        "basic" => "基本情報",
        "note" => "記録・連絡",
        "medical" => "医療職間の記録",
        "vitals" => "バイタルサイン・観察",
        "document" => "文書(診療情報提供書・退院時サマリー等)",
        "roster" => "ケアチームの名簿",
        "consent" => "同意の記録",
        "conditions" => "病名・既往歴・アレルギー・感染症",
        "medication" => "処方・服薬状況",
        "results" => "検査結果・画像",
        "photo" => "写真・動画",
        "assessment" => "アセスメント(褥瘡・ADL・嚥下・栄養・口腔)",
        "admission_information" => "入院時情報提供書",
        "discharge_record" => "退院・退所情報記録書",
        "referral" => "診療情報提供書・退院時サマリー",
        "nursing_order" => "訪問看護指示書",
        "nursing_plan" => "訪問看護計画書・報告書",
        "physician_opinion" => "主治医意見書",
        "care_certification" => "要介護認定の情報",
        "care_plan" => "居宅サービス計画書",
        "conference_record" => "サービス担当者会議の要点・居宅介護支援経過",
        "service_slip" => "サービス利用票・別表",
        "acp" => "人生会議(ACP)の記録",
        "consultation" => "相談の記録",
        other => other,
    }
}

/// The ground in Japanese, as a record for the patient names it.
pub(super) fn basis_ja(basis: &str, consent: Option<&Consented>) -> String {
    let Some((on, by, method)) = consent else {
        return match basis {
            "emergency" => {
                "生命・身体の保護のため緊急に必要(個人情報保護法第27条第1項第2号)".to_owned()
            }
            _ => "本人の同意".to_owned(),
        };
    };
    let by = match by.as_str() {
        "proxy" => "代理人の同意",
        "emergency" => "緊急時の取扱い(本人・代理人の確認前)",
        _ => "本人の同意",
    };
    let method = match method.as_str() {
        "on_screen" => "画面上の署名",
        "card" => "利用者カード",
        _ => "書面",
    };
    format!("{by}({}・{method})", on.format("%Y-%m-%d"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::consents;

    #[test]
    fn every_kind_has_a_name_for_the_patient() {
        for kind in consents::KINDS {
            assert_ne!(kind_ja(kind), kind);
        }
    }

    #[test]
    fn the_ground_is_said_as_it_was_given() {
        let on = "2026-04-01".parse().unwrap();
        let given = |by: &str, method: &str| (on, by.to_owned(), method.to_owned());
        assert_eq!(
            basis_ja("consent", Some(&given("patient", "paper"))),
            "本人の同意(2026-04-01・書面)"
        );
        assert_eq!(
            basis_ja("consent", Some(&given("proxy", "on_screen"))),
            "代理人の同意(2026-04-01・画面上の署名)"
        );
        assert!(basis_ja("emergency", None).contains("第27条第1項第2号"));
    }
}
