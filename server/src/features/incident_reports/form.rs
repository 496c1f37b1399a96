//! The items of the report to the Personal Information Protection Commission (個人情報の保護に関する法律施行規則8条1項),
//! as far as the log can fill them in. The rest is for people to find out and to write.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::report::IncidentReportView;
use crate::spine::clock::japanese_time;

/// What only people can find out.
const TO_BE_WRITTEN: &str = "（調査のうえ記入してください）";

/// The items of the official report.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct ReportFormView {
    /// Whether the report is due from the first person on, because health information is special-care information
    /// (要配慮個人情報).
    pub(super) due_from_one: bool,
    /// Day by which the first report (速報) should be there: five days from when it became known, that day counted.
    pub(super) first_report_by: Option<NaiveDate>,
    /// Day by which the full report (確報) has to be there: thirty days.
    pub(super) full_report_by: Option<NaiveDate>,
    /// The same where somebody acted with a wrongful purpose, such as an intruder: sixty days.
    pub(super) full_report_by_if_wrongful: Option<NaiveDate>,
    /// The items in their order.
    pub(super) items: Vec<ReportItemView>,
}

/// An item of the official report.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReportItemView {
    /// Its number.
    pub(super) number: u8,
    /// What it is called.
    pub(super) title_ja: &'static str,
    /// What the log says, or that it is to be written.
    pub(super) text_ja: String,
}

/// Fills the items in.
pub(super) fn fill(report: &IncidentReportView, known_on: Option<NaiveDate>) -> ReportFormView {
    // The day on which it became known is the first day.
    let by = |days: u64| known_on.and_then(|day| day.checked_add_days(Days::new(days - 1)));
    let written = || TO_BE_WRITTEN.to_owned();
    let texts = [
        ("概要", overview(report)),
        (
            "漏えい等が発生し、又は発生したおそれがある個人データの項目",
            subjects(report),
        ),
        (
            "漏えい等が発生し、又は発生したおそれがある個人データに係る本人の数",
            persons(report),
        ),
        ("原因", written()),
        ("二次被害又はそのおそれの有無及びその内容", written()),
        ("本人への対応の実施状況", written()),
        ("公表の実施状況", written()),
        ("再発防止のための措置", written()),
        ("その他参考となる事項", remarks(report)),
    ];
    let item = |(number, (title_ja, text_ja))| ReportItemView {
        number,
        title_ja,
        text_ja,
    };
    ReportFormView {
        due_from_one: report.persons > 0,
        first_report_by: by(5),
        full_report_by: by(30),
        full_report_by_if_wrongful: by(60),
        items: (1..).zip(texts).map(item).collect(),
    }
}

fn overview(report: &IncidentReportView) -> String {
    let source = &report.source;
    let name = source.name.as_deref().map_or_else(
        || source.value.clone(),
        |name| format!("{name}（{}）", source.value),
    );
    format!(
        "{}から{}までの間に、{}「{name}」を使った個人データへのアクセスが{}件記録されています。\
         ほかに、拒否されたアクセスが{}件あります（情報は出ていません）。",
        moment(report.from),
        moment(report.to),
        source.kind_ja,
        report.accesses,
        report.refused,
    )
}

fn subjects(report: &IncidentReportView) -> String {
    let one = |subject: &super::report::IncidentSubjectView| {
        format!(
            "{}（{}人、{}件）",
            subject.ja, subject.persons, subject.accesses
        )
    };
    let all: Vec<String> = report.subjects.iter().map(one).collect();
    if all.is_empty() {
        return "該当なし".to_owned();
    }
    all.join("、")
}

fn persons(report: &IncidentReportView) -> String {
    format!(
        "{}人（うち内容まで見られた方{}人、一覧に氏名などが表示されただけの方{}人）",
        report.persons, report.persons_with_content, report.persons_listed_only
    )
}

fn remarks(report: &IncidentReportView) -> String {
    let provisions: usize = report
        .affected
        .iter()
        .map(|person| person.provisions.len())
        .sum();
    format!(
        "この一覧は、改ざんを検知できるアクセスログから{}に作成しました。\
         関係する第三者提供の記録は{provisions}件です。診療・介護の情報は要配慮個人情報を含むため、\
         本人の数が1人でも報告の対象です（個人情報の保護に関する法律施行規則第7条第1号）。",
        moment(report.made_at)
    )
}

/// A moment as people in Japan write it.
fn moment(at: DateTime<Utc>) -> String {
    let at = japanese_time(at);
    format!("{}年{}", at.year(), at.format("%-m月%-d日%-H時%M分"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_in_japan() {
        let at = "2026-11-30T15:04:05Z".parse().unwrap();
        assert_eq!(moment(at), "2026年12月1日0時04分");
    }
}
