//! Who has looked, what is withheld and held, and what leaked.

use serde_json::{Value, json};
use tsumugi_client::models::{
    CreateLegalHold, CreateWithholding, ExportAccesses, ExportIncidentReport, IncidentSource,
    ListAccesses, ListLegalHolds, ListWithholdings, ReleaseLegalHold, WithholdingAudience,
};
use tsumugi_client::{Client, Result, new_id};

use super::With::{Key, NoKey};
use super::answers::{AT, line, page};
use super::{ID, Line};

const DAY: &str = "2026-11-21";

fn access() -> Value {
    json!({"id": ID, "at": AT, "class": "seen", "what_ja": "記録・連絡を見た", "what_en": "saw the timeline",
        "refused": false, "purpose": "TREAT", "purpose_ja": "診療・看護・介護のため",
        "purpose_en": "Treatment and care", "provable": true,
        "emergency": {"category": "transport", "ja": "救急搬送のため", "en": "Brought in by ambulance"},
        "who": {"kind": "staff", "organization": "北診療所", "profession": "nurse",
            "profession_ja": "看護師", "profession_en": "Nurse", "name": null, "program": null}})
}

fn withholding() -> Value {
    json!({"id": ID, "patient_id": ID, "from_on": DAY, "to_on": DAY, "audience": "family",
        "legal_basis": "高齢者虐待防止法による調査", "decided_by": "市 高齢福祉課長", "until_on": DAY,
        "in_force": true, "created_at": AT, "created_by": "管理 花子", "ended_at": null,
        "ended_by": null})
}

fn hold() -> Value {
    json!({"id": ID, "from_on": DAY, "to_on": DAY, "patient_id": null, "staff_member_id": ID,
        "reason": "訴訟のため", "created_at": AT, "created_by": "監査 太郎", "released_at": AT,
        "released_by": "監査 太郎", "release_reason": "和解", "archive_files": ["kita.jsonl.gz"]})
}

fn report() -> Value {
    json!({"network": "北", "made_at": AT, "source": {"kind": "client"}, "from": AT, "to": AT,
        "accesses": 3, "refused": 1, "persons": 2, "persons_with_content": 1,
        "persons_listed_only": 1,
        "subjects": [{"ja": "記録・連絡", "en": "the timeline", "persons": 1, "accesses": 2}],
        "form": {"due_from_one": true, "first_report_by": DAY, "full_report_by": DAY,
            "full_report_by_if_wrongful": DAY,
            "items": [{"number": 1, "title_ja": "概要", "text_ja": "…"}]},
        "affected": [{"id": ID, "name": "出雲 和子", "kana": "イズモ カズコ",
            "birth_date": "1943-05-12", "address": "北部市一丁目1", "phone": null,
            "relatives": [{"relation": "長女", "name": "出雲 花子", "email": null}],
            "first_at": AT, "last_at": AT, "contents": 2, "lists": 0, "content": true,
            "subjects_ja": ["記録・連絡"], "provisions": [{"provided_on": DAY,
                "source_facility": "北診療所", "kind": "note", "kind_ja": "記録・連絡"}]}]})
}

#[rustfmt::skip]
pub(super) fn lines() -> Vec<Line> {
    vec![
        line("list_accesses", "GET /v1/patients/{}/accesses?month=2026-11&own=true&routine=false&limit=10",
            NoKey, Value::Null, page(&access())),
        line("find_access_proof", "GET /v1/patients/{}/accesses/{}/proof", NoKey, Value::Null, json!({})),
        line("export_accesses", "GET /v1/patients/{}/accesses/bundle?own=false&routine=false", NoKey,
            Value::Null, json!({})),
        line("list_withholdings", "GET /v1/withholdings?patient_id={}", NoKey, Value::Null,
            page(&withholding())),
        line("create_withholding", "POST /v1/withholdings", Key,
            json!({"patient_id": ID, "from_on": DAY, "to_on": DAY, "audience": "family",
                "legal_basis": "高齢者虐待防止法による調査", "decided_by": "市 高齢福祉課長",
                "until_on": DAY}), withholding()),
        line("end_withholding", "POST /v1/withholdings/{}/end", Key, json!({}), withholding()),
        line("list_legal_holds", "GET /v1/legal-holds?limit=10", NoKey, Value::Null, page(&hold())),
        line("create_legal_hold", "POST /v1/legal-holds", Key,
            json!({"from_on": DAY, "to_on": DAY, "reason": "訴訟のため"}), hold()),
        line("release_legal_hold", "POST /v1/legal-holds/{}/release", Key,
            json!({"reason": "和解"}), hold()),
        line("export_incident_report",
            "GET /v1/access-log/incident-report?client_id={}&from=2026-11-21T00%3A00%3A00Z&to=2026-11-22T00%3A00%3A00Z&known_on=2026-11-21",
            NoKey, Value::Null, report()),
        line("export_audit_report", "GET /v1/access-log/reports/2026-11", NoKey, Value::Null, json!({})),
    ]
}

pub(super) async fn attempt(client: &Client, operation: &str) -> Option<Result<()>> {
    let (accesses, holds) = (client.accesses(), client.legal_holds());
    let withholdings = client.withholdings();
    let day: chrono::NaiveDate = DAY.parse().unwrap();
    Some(match operation {
        "list_accesses" => {
            let query = ListAccesses {
                month: Some("2026-11".to_owned()),
                own: true,
                limit: Some(10),
                ..Default::default()
            };
            accesses.list(ID, &query).await.map(drop)
        }
        "find_access_proof" => accesses.proof(ID, ID).await.map(drop),
        "export_accesses" => {
            let query = ExportAccesses::default();
            accesses.export(ID, &query).await.map(drop)
        }
        "list_withholdings" => {
            let query = ListWithholdings {
                patient_id: Some(ID),
                ..Default::default()
            };
            withholdings.list(&query).await.map(drop)
        }
        "create_withholding" => {
            let new = CreateWithholding {
                id: new_id(),
                patient_id: ID,
                from_on: day,
                to_on: day,
                audience: WithholdingAudience::Family,
                legal_basis: "高齢者虐待防止法による調査".to_owned(),
                decided_by: "市 高齢福祉課長".to_owned(),
                until_on: day,
            };
            withholdings.create(&new).await.map(drop)
        }
        "end_withholding" => withholdings.end(ID).await.map(drop),
        "list_legal_holds" => {
            let query = ListLegalHolds {
                limit: Some(10),
                ..Default::default()
            };
            holds.list(&query).await.map(drop)
        }
        "create_legal_hold" => {
            let new = CreateLegalHold::new(day, day, "訴訟のため");
            holds.create(&new).await.map(drop)
        }
        "release_legal_hold" => {
            let reason = "和解".to_owned();
            holds
                .release(ID, &ReleaseLegalHold { reason })
                .await
                .map(drop)
        }
        "export_incident_report" => {
            let from = "2026-11-21T00:00:00Z".parse().unwrap();
            let to = "2026-11-22T00:00:00Z".parse().unwrap();
            let mut asked = ExportIncidentReport::new(IncidentSource::Client(ID), from, to);
            asked.known_on = Some(day);
            client.incident_reports().find(&asked).await.map(drop)
        }
        "export_audit_report" => client.audit_reports().export("2026-11").await.map(drop),
        _ => return None,
    })
}
