//! The layers below the document: JSON, primitive values, narrative, OperationOutcome.

use super::json::{self, Json};
use super::primitive::Primitive;
use super::{definitions, narrative, operation_outcome, read_bundle, structure};

#[test]
fn narrative_becomes_text_and_never_markup() {
    let text = |html: &str| {
        narrative::plain_text(&format!(
            "<div xmlns=\"http://www.w3.org/1999/xhtml\">{html}</div>"
        ))
    };
    assert_eq!(text("血圧 120/70<br/>脈拍&#160;72"), "血圧 120/70\n脈拍 72");
    assert_eq!(
        text("<ul><li>一</li><li>二</li></ul><ol><li>三</li></ol>"),
        "・一\n・二\n1. 三"
    );
    assert_eq!(
        text(
            "<table><tr><th>日</th><td><p>値</p></td></tr><tr><td>1</td><td>2</td></tr></table>後"
        ),
        "日 | 値\n1 | 2\n後"
    );
    assert_eq!(
        text("CRP <5 & BNP<100 &lt;b&gt; &unknown; &#x3042;"),
        "CRP <5 & BNP<100 <b> &unknown; あ"
    );
    assert_eq!(
        text("<script>alert(1)</script>前<style>p{}</style><!-- <b> -->後<![CDATA[<i>]]>"),
        "前後<i>"
    );
    assert_eq!(text("<pre>a\n  b</pre><p>c</p>\n<p>d</p>"), "a\nb\nc\nd");
    assert_eq!(text("a\u{202e}b\u{0}c&#0;&#8238;"), "abc");
    assert_eq!(narrative::one_line("あいう\nえお", 4), "あいう…");
}

#[test]
fn primitives_are_checked_as_fhir_writes_them() {
    let text = |kind: &str, value: &str| {
        Primitive::named(kind)
            .unwrap()
            .check(&Json::String(value.to_owned()))
            .is_ok()
    };
    let number = |kind: &str, value: &str| {
        Primitive::named(kind)
            .unwrap()
            .check(&Json::Number(value.to_owned()))
            .is_ok()
    };
    for right in ["1938", "1938-08", "1938-08-21", "2024-02-29"] {
        assert!(text("date", right), "{right}");
    }
    for wrong in [
        "",
        "38-08-21",
        "1938-13",
        "2023-02-29",
        "1938/08/21",
        "昭和13年",
        "1938-8-21",
        "0000-01-01",
    ] {
        assert!(!text("date", wrong), "{wrong}");
    }
    for right in [
        "2026-11-20T16:40:00+09:00",
        "2026-11-20T16:40:00.123Z",
        "2026",
    ] {
        assert!(text("dateTime", right), "{right}");
    }
    for wrong in [
        "2026-11-20T16:40+09:00",
        "2026-11-20T16:40:00",
        "2026-11-20T24:00:00Z",
        "2026-11-20 16:40:00Z",
        "2026-11-20T16:40:00+0900",
    ] {
        assert!(!text("dateTime", wrong), "{wrong}");
    }
    assert!(!text("instant", "2026-11-20"));
    assert!(text("code", "a b") && !text("code", " a") && !text("code", "a  b"));
    assert!(text("id", "A-1.b") && !text("id", "a_b") && !text("id", &"x".repeat(65)));
    assert!(!text("string", "") && !text("string", " ") && text("string", "a\nb"));
    assert!(
        text("base64Binary", "AAAA\nBBB=")
            && !text("base64Binary", "AAA")
            && !text("base64Binary", "A=AA")
    );
    assert!(
        text("uri", "urn:oid:1.2.3")
            && !text("uri", "urn:oid:1.2.a")
            && !text("uri", "a b")
            && !text("uri", "urn:uuid:1")
    );
    assert!(
        number("positiveInt", "1")
            && !number("positiveInt", "0")
            && !number("integer", "1.5")
            && number("decimal", "-1.50")
    );
}

#[test]
fn json_is_read_strictly_and_numbers_as_written() {
    let parsed = json::parse(br#"{"a":[1.50,-0,"\"2\\",3e2],"b":{"c":7}}"#).unwrap();
    let numbers = format!("{parsed:?}");
    for number in ["\"1.50\"", "\"-0\"", "\"3e2\"", "\"7\""] {
        assert!(numbers.contains(number), "{number} in {numbers}");
    }
    let code = |text: &str| json::parse(text.as_bytes()).unwrap_err().code;
    assert_eq!(code(r#"{"a":1,"a":2}"#), "duplicate_key");
    assert_eq!(code("{} {}"), "not_json");
    assert_eq!(code(""), "not_json");
    assert_eq!(code(&"[".repeat(100_000)), "too_deep");
    assert!(json::parse(format!("{}1{}", "[".repeat(64), "]".repeat(64)).as_bytes()).is_ok());
    assert!(json::parse("\u{feff}{}".as_bytes()).is_ok());
}

#[test]
fn outcome_is_itself_sound_fhir() {
    let issues = read_bundle(include_bytes!(
        "../../../tests/fixtures/fhir/bad/no-patient.json"
    ))
    .unwrap_err();
    for outcome in [operation_outcome(&issues), operation_outcome(&[])] {
        let parsed = json::parse(outcome.to_string().as_bytes()).unwrap();
        let findings = structure::check(&definitions::R4, parsed.as_object().unwrap());
        assert!(findings.issues.is_empty(), "{:#?}", findings.issues);
    }
}
