//! What comes out on paper: read back as other programs read it, and looked at before it is written.

use std::sync::LazyLock;

use lopdf::{Dictionary, Object};
use proptest::prelude::*;
use typst::{
    layout::{Frame, FrameItem, Point},
    visualize::{Color, Paint},
};
use typst_layout::PagedDocument;

use super::*;
use crate::config;

static PRINTER: LazyLock<Printer> = LazyLock::new(|| Printer::new(&config::font_dirs()));

const TITLE: &str = "監査月次報告書";
const NETWORK: &str = "花城地域ネットワーク";

fn sheet(code: &str) -> Sheet<'_> {
    Sheet {
        title: TITLE,
        network: NETWORK,
        code,
        date: "2026-10-01T00:05:00Z".parse().unwrap(),
        pictures: vec![qr("checkpoint", "audit.example/1\n42\nAAAA\n").unwrap()],
    }
}

fn print(report: &AuditReport) -> Vec<u8> {
    let printed = PRINTER.pdf_here(Document::AuditReport, &sheet("AR-1"), report);
    printed.unwrap()
}

/// The pages before they are written.
fn lay_out(report: &AuditReport) -> PagedDocument {
    let order = world::Order::new(Document::AuditReport, &sheet("AR-1"), report).unwrap();
    world::lay_out(PRINTER.press().unwrap(), &order, text::Care::Usual).unwrap()
}

/// The text of each page, as another program reads it, without spaces and ends of lines.
fn read(pdf: &[u8]) -> Vec<String> {
    let file = lopdf::Document::load_mem(pdf).unwrap();
    let page = |number| {
        let text = file.extract_text(&[number]).unwrap();
        text.chars().filter(|c| !is_gap(*c)).collect()
    };
    file.get_pages().into_keys().map(page).collect()
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || c == '\u{200b}'
}

const BLACK: Paint = Paint::Solid(Color::BLACK);

/// A piece of text on a page: left, right, baseline, size.
struct Piece {
    left: f64,
    right: f64,
    base: f64,
    size: f64,
    text: String,
}

fn pieces(frame: &Frame, at: Point, found: &mut Vec<Piece>) {
    for (offset, item) in frame.items() {
        let at = at + *offset;
        match item {
            FrameItem::Group(group) => pieces(&group.frame, at, found),
            FrameItem::Text(text) if !text.text.trim().is_empty() => {
                assert_eq!(text.fill, BLACK, "{} is not black", text.text);
                found.push(Piece {
                    left: at.x.to_pt(),
                    right: (at.x + text.width()).to_pt(),
                    base: at.y.to_pt(),
                    size: text.size.to_pt(),
                    text: text.text.to_string(),
                });
            }
            FrameItem::Shape(shape, _) => {
                assert!(shape.fill.as_ref().is_none_or(|fill| *fill == BLACK));
                if let Some(line) = &shape.stroke {
                    assert!(line.paint == BLACK && line.thickness.to_pt() >= 0.5);
                }
            }
            _ => {}
        }
    }
}

/// Fails when a letter is off the page, too small for a fax, or on another, or when anything is not black.
fn all_is_legible(report: &AuditReport) {
    for page in lay_out(report).pages() {
        let (width, height) = (page.frame.width().to_pt(), page.frame.height().to_pt());
        let mut found = Vec::new();
        pieces(&page.frame, Point::zero(), &mut found);
        for (place, piece) in found.iter().enumerate() {
            let Piece {
                left,
                right,
                base,
                size,
                text,
            } = piece;
            assert!(
                *left > 20.0 && *right < width - 20.0,
                "{text} is off the page"
            );
            assert!(
                *base > 20.0 && *base < height - 20.0,
                "{text} is off the page"
            );
            assert!(*size >= 6.5, "{text} is small");
            for other in found.iter().take(place) {
                let beside = right.min(other.right) - left.max(other.left) < 0.6;
                let apart = (base - other.base).abs() > 0.6 * size.min(other.size);
                assert!(beside || apart, "{text} is over {}", other.text);
            }
        }
    }
}

#[test]
fn a_report_is_an_archivable_and_accessible_pdf() {
    let pdf = print(&audit_report_sample(Amount::Usual));
    let file = lopdf::Document::load_mem(&pdf).unwrap();
    assert_eq!(file.version, "1.7");
    let catalog = file.catalog().unwrap();
    let metadata = catalog.get(b"Metadata").unwrap().as_reference().unwrap();
    let metadata = file.get_object(metadata).unwrap().as_stream().unwrap();
    let metadata = String::from_utf8(metadata.content.clone()).unwrap();
    for said in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        TITLE,
        "2026-10-01T00:05:00",
    ] {
        assert!(metadata.contains(said), "{said} is not in {metadata}");
    }
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"ja-JP");
    for key in [
        &b"StructTreeRoot"[..],
        b"OutputIntents",
        b"MarkInfo",
        b"Outlines",
    ] {
        assert!(catalog.has(key), "{}", String::from_utf8_lossy(key));
    }
    assert!(file.trailer.has(b"ID") && !file.is_encrypted());
}

#[test]
fn every_font_of_a_report_is_inside_it_and_only_what_is_used() {
    let pdf = print(&audit_report_sample(Amount::Much));
    let file = lopdf::Document::load_mem(&pdf).unwrap();
    let is_font = |object: &&Dictionary| object.has_type(b"FontDescriptor");
    let described: Vec<_> = file
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(is_font)
        .collect();
    assert!(!described.is_empty());
    for font in described {
        assert!(font.has(b"FontFile3") || font.has(b"FontFile2"));
        let name = font.get(b"FontName").and_then(Object::as_name).unwrap();
        assert!(name.contains(&b'+'), "a whole font is inside");
    }
    assert!(pdf.len() < 3_000_000, "{} bytes", pdf.len());
}

#[test]
fn the_first_page_says_what_matters() {
    let pages = read(&print(&audit_report_sample(Amount::Usual)));
    for said in [
        TITLE,
        NETWORK,
        "令和8年9月分（2026年9月）",
        "作成日時令和8年10月1日(木)9時05分",
        "作成者監査太郎(監査者)",
        "22,426件",
        "異常なし",
        "緊急時アクセス1件が、確認を待っています。",
        "当月の副署がない第三者があります（監査用保管庫）。",
        "封印番号1,204,317から1,226,742まで",
        "5c1f0e9a7d3b4c28",
        "文書番号AR-1",
    ] {
        assert!(pages[0].contains(said), "{said} is not in {}", pages[0]);
    }
    let count = pages.len();
    for (page, number) in pages.iter().zip(1..) {
        assert!(page.contains(&format!("{number}／{count}ページ")), "{page}");
        assert!(
            page.contains(NETWORK) && page.contains("文書番号AR-1"),
            "{page}"
        );
    }
}

#[test]
fn what_is_wrong_stands_on_the_first_page() {
    let pages = read(&print(&audit_report_sample(Amount::Much)));
    for said in [
        "不一致あり",
        "アクセスログがチェックポイントと一致しません（封印番号1,300,004から。",
        "緊急時アクセス30件が、確認の期限を過ぎています。",
    ] {
        assert!(pages[0].contains(said), "{said} is not in {}", pages[0]);
    }
}

#[test]
fn a_quiet_month_says_that_there_is_nothing() {
    let pages = read(&print(&audit_report_sample(Amount::Little)));
    assert!(pages.len() <= 3, "{} pages", pages.len());
    assert!(pages[0].contains("対応が必要な事項はありません。"));
    assert!(pages.concat().matches("該当はありません。").count() >= 4);
}

#[test]
fn every_row_of_a_long_report_is_printed_under_its_head() {
    let mut report = audit_report_sample(Amount::Much);
    for (number, row) in report.by_place.iter_mut().enumerate() {
        row.profession = format!("職種{number:04}番");
    }
    for (number, use_) in report.emergencies.iter_mut().enumerate() {
        use_.reason = format!("{}理由{number:04}番", use_.reason);
    }
    let pages = read(&print(&report));
    assert!(pages.len() > 20, "{} pages", pages.len());
    let all = pages.concat();
    for (number, _) in report.by_place.iter().enumerate() {
        assert_eq!(all.matches(&format!("職種{number:04}番")).count(), 1);
    }
    for (number, _) in report.emergencies.iter().enumerate() {
        assert_eq!(all.matches(&format!("理由{number:04}番")).count(), 1);
    }
    for page in &pages {
        let has_rows = page.contains("職種0") || page.contains("職種1") || page.contains("職種2");
        assert!(
            !has_rows || page.contains("施設・職種利用者許可拒否拒否の割合"),
            "{page}"
        );
    }
}

#[test]
fn no_letter_is_off_the_page_or_on_another() {
    for amount in [Amount::Little, Amount::Usual, Amount::Much] {
        all_is_legible(&audit_report_sample(amount));
    }
}

#[test]
fn the_same_report_is_the_same_file() {
    let report = audit_report_sample(Amount::Usual);
    let first = print(&report);
    typst::comemo::evict(0);
    assert!(first == print(&report));
    let mut other = sheet("AR-1");
    other.date += chrono::TimeDelta::minutes(1);
    let other = PRINTER.pdf_here(Document::AuditReport, &other, &report);
    assert!(first != other.unwrap());
    let code = fingerprint("AR", &report).unwrap();
    assert_eq!(code, fingerprint("AR", &report).unwrap());
    assert_eq!(code.len(), "AR-0000-0000-0000-0000".len());
}

/// A report with this text in every place that takes some.
fn filled_with(text: &str) -> AuditReport {
    let mut report = audit_report_sample(Amount::Usual);
    let put = |place: &mut String| text.clone_into(place);
    put(&mut report.made_by);
    report
        .log
        .witnesses
        .iter_mut()
        .for_each(|witness| put(&mut witness.name));
    report.by_place.iter_mut().take(3).for_each(|row| {
        put(&mut row.facility);
        put(&mut row.profession);
    });
    report
        .by_purpose
        .iter_mut()
        .take(2)
        .for_each(|row| put(&mut row.name));
    report
        .findings
        .iter_mut()
        .take(2)
        .for_each(|row| put(&mut row.rule));
    for emergency in &mut report.emergencies {
        put(&mut emergency.person);
        put(&mut emergency.patient);
        put(&mut emergency.reason);
    }
    for reviewed in &mut report.reviewed {
        put(&mut reviewed.subject);
        if let Review::Justified { by, note, .. } = &mut reviewed.review {
            put(by);
            put(note);
        }
    }
    report
        .maintenance
        .iter_mut()
        .for_each(|session| put(&mut session.reason));
    report
        .legal_holds
        .iter_mut()
        .for_each(|hold| put(&mut hold.subject));
    report
}

#[test]
fn odd_text_becomes_a_sheet() {
    let long = "W".repeat(300);
    let marks = format!("e{}", "\u{301}\u{323}\u{20dd}".repeat(40));
    for odd in [
        "",
        " \n\n\t ",
        "#panic() $x$ *a* _b_ <c> @d `e` \\ //f /*",
        "= 見出し\n- 一覧\n+ 番号",
        "محمد עברית \u{202e}abc\u{202c}",
        "👩‍👩‍👧‍👦🙂🏳️‍🌈\u{1f1ef}\u{1f1f5}",
        "か\u{3099}き\u{309a} ﾊﾟﾊﾞ ㍿ ㊤ ①",
        "\0\u{1}\u{1b}[31m\u{7f}\u{85}\u{2028}\u{feff}\u{fffe}\u{ffff}",
        "\u{e000}\u{f8ff}\u{10ffff}",
        "กรุงเทพ नेपाल 김철수 Nguyễn Thị Hằng",
        "ーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーーー",
        "（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（（",
        "。、。、。、。、。、。、。、。、。、。、。、。、。、。、。、。、。、。、。、。、。、。、。、。、。",
        &long,
        &marks,
    ] {
        let report = filled_with(odd);
        assert!(print(&report).starts_with(b"%PDF-1.7"), "{odd:?}");
        all_is_legible(&report);
    }
}

#[test]
fn a_very_long_text_goes_on_over_many_pages() {
    let mut report = audit_report_sample(Amount::Little);
    let mut emergency = audit_report_sample(Amount::Usual).emergencies.remove(0);
    // A hundred thousand bytes, with a number every sixteen letters to see that nothing is left out.
    let words = (0..2_100).map(|n| format!("救急搬送のため既往と服薬{n:04}番を確認"));
    emergency.reason = words.collect();
    assert!(emergency.reason.len() > 100_000);
    report.emergencies = vec![emergency];
    let pages = read(&print(&report));
    assert!(pages.len() > 12, "{} pages", pages.len());
    let all = pages.concat();
    for number in 0..2_100 {
        assert!(all.contains(&format!("{number:04}番")), "{number}");
    }
}

#[test]
fn what_no_font_has_is_marked_and_named() {
    let mut report = audit_report_sample(Amount::Usual);
    report.emergencies[0].reason = "体調\u{e0ff}\u{e0fe}良好".to_owned();
    let all = read(&print(&report)).concat();
    assert!(all.contains("体調〓良好"), "{all}");
    assert!(all.contains("（文字番号：U+E0FE、U+E0FF）"), "{all}");
    let all = read(&print(&audit_report_sample(Amount::Usual))).concat();
    assert!(!all.contains('〓'));
}

#[test]
fn a_script_that_cannot_be_set_costs_its_letters_not_the_sheet() {
    let mut report = audit_report_sample(Amount::Usual);
    report.emergencies[0].reason = "ຆ ກຳ ᭄ 𑄁 ᩠ と確認".to_owned();
    let order = world::Order::new(Document::AuditReport, &sheet("AR-1"), &report).unwrap();
    let press = PRINTER.press().unwrap();
    for care in [text::Care::Usual, text::Care::Utmost] {
        let pages = world::lay_out(press, &order, care).unwrap();
        assert!(!pages.pages().is_empty());
    }
    let all = read(&print(&report)).concat();
    assert!(all.contains("と確認"), "{all}");
}

#[test]
fn rare_characters_of_names_come_out() {
    let mut report = audit_report_sample(Amount::Usual);
    let names = "髙橋 山﨑 𠮷田 渡邉 渡邊 濵田 神谷 祐介 德永 𠮟";
    report.emergencies[0].reason = names.to_owned();
    // A variant that the font has, and one that no font has.
    report.emergencies[1].reason = "葛\u{e0100}城 葛\u{e0101}飾".to_owned();
    report.emergencies[2].reason = "葛\u{e01e0}城".to_owned();
    let all = read(&print(&report)).concat();
    for name in names.split(' ') {
        assert!(all.contains(name), "{name} is not in {all}");
    }
    assert!(!all.contains("印字できない文字"), "{all}");
    assert!(all.contains("標準の字形で印字しています：葛"), "{all}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_text_becomes_a_sheet(text in "\\PC{0,80}", other in any::<String>()) {
        let mut report = filled_with(&text);
        report.emergencies[0].reason = other;
        prop_assert!(print(&report).starts_with(b"%PDF-1.7"));
    }
}

#[test]
fn without_a_japanese_font_nothing_is_printed() {
    let folder = std::env::temp_dir().join("tsumugi-no-fonts-here");
    let printer = Printer::new(std::slice::from_ref(&folder));
    let error = printer.ready().unwrap_err();
    assert_eq!(error.code(), "print_font_missing");
    assert!(error.to_string().contains("tsumugi-no-fonts-here"));
    let report = audit_report_sample(Amount::Little);
    let printed = printer.pdf_here(Document::AuditReport, &sheet("AR-1"), &report);
    assert_eq!(printed.unwrap_err().code(), "print_font_missing");
}

#[test]
fn too_much_is_refused_before_it_is_set() {
    let report = filled_with(&"長".repeat(400_000));
    let printed = PRINTER.pdf_here(Document::AuditReport, &sheet("AR-1"), &report);
    assert_eq!(printed.unwrap_err().code(), "print_too_long");
    let text = "0123456789ABCDEF".repeat(300);
    assert_eq!(
        qr("checkpoint", &text).unwrap_err().code(),
        "print_too_long"
    );
}

#[test]
fn a_picture_that_is_none_ends_in_an_error_that_tells_no_text() {
    let mut broken = sheet("AR-1");
    broken.pictures[0].bytes = b"<svg>".to_vec();
    let report = audit_report_sample(Amount::Usual);
    let error = PRINTER.pdf_here(Document::AuditReport, &broken, &report);
    let error = error.unwrap_err();
    assert_eq!(error.code(), "print_failed");
    assert!(!error.to_string().contains("svg>"), "{error}");
}

#[tokio::test]
async fn several_sheets_at_once_wait_for_their_turn() {
    let report = audit_report_sample(Amount::Little);
    let sheet = sheet("AR-1");
    let one = || PRINTER.pdf(Document::AuditReport, &sheet, &report);
    let (first, second, third) = tokio::join!(one(), one(), one());
    let first = first.unwrap();
    assert!(first == second.unwrap() && first == third.unwrap());
}
