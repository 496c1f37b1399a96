//! Japanese addresses in one form, from the municipality down to the house number: so that two ways of writing the same
//! house meet. Rooms, buildings, prefectures and postal codes are left out, because people leave them out.
//!
//! The form is for comparing only. Of people who work here not even that is kept, but a keyed digest of it.

use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::{seal::Seal, text};

/// What a digest of an address is made for.
const MAC: &str = "home address";

const PREFECTURES: [&str; 47] = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
];

/// What follows a number that is part of the name of a quarter: 北1条西, 第3地割, 1区, 2丁 (where a 丁 is a quarter).
const OF_NAMES: [&str; 8] = ["条", "線", "地割", "区", "町", "部", "軒", "番町"];

/// What stands between or after the numbers of a house, the longer ones first.
const BETWEEN: [&str; 10] = [
    "丁目",
    "番地の",
    "番地",
    "番戸",
    "番の",
    "番",
    "号の",
    "号",
    "の",
    "-",
];

/// The digest of an address in a network; nothing when it names no house.
pub fn digest(seal: &Seal, tenant_id: Uuid, address: &str) -> Option<[u8; 32]> {
    let form = form(address)?;
    Some(seal.mac(MAC, &[tenant_id.as_bytes(), form.as_bytes()].concat()))
}

/// The form in which addresses are compared: `quarter|numbers`; nothing when no house is named.
pub fn form(address: &str) -> Option<String> {
    let plain: Vec<char> = plain(address);
    let plain = arabic(&plain);
    let (quarter, numbers) = house(&plain)?;
    let quarter = quarter_of(&quarter);
    let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
    (!quarter.is_empty()).then(|| format!("{quarter}|{}", numbers.join("-")))
}

/// Stands where a space was between two numbers: the room after the house.
const BREAK: char = '|';

/// One width, no spaces but between numbers, one kind of hyphen, no postal code.
fn plain(address: &str) -> Vec<char> {
    let mut plain: Vec<char> = Vec::new();
    let mut spaced = false;
    for c in address.nfkc().filter(|c| !matches!(c, '〒' | '〠' | '|')) {
        if c.is_whitespace() {
            spaced = true;
            continue;
        }
        let c = match c {
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '─' | '━' => '-',
            _ => c,
        };
        let between = spaced && c.is_ascii_digit();
        if between && plain.last().is_some_and(char::is_ascii_digit) {
            plain.push(BREAK);
        }
        spaced = false;
        plain.push(c);
    }
    // The mark of a long vowel is a hyphen where it stands between numbers; 〇 is a digit, and a sign where it is not.
    for at in 1..plain.len() {
        let around = (plain.get(at - 1).copied(), plain.get(at + 1).copied());
        if let (Some(before), Some(after)) = around
            && plain.get(at) == Some(&'ー')
            && is_number(before)
            && is_number(after)
            && let Some(mark) = plain.get_mut(at)
        {
            *mark = '-';
        }
    }
    let is_postal_code = |digits: &[char]| {
        let digit = |place: usize| digits.get(place).is_some_and(char::is_ascii_digit);
        (0..3).all(digit) && digits.get(3) == Some(&'-') && (4..8).all(digit) && !digit(8)
    };
    if is_postal_code(&plain) {
        plain.drain(..8);
    }
    plain
}

fn is_number(c: char) -> bool {
    c.is_ascii_digit() || digit_of(c).is_some() || unit_of(c).is_some()
}

fn digit_of(c: char) -> Option<u64> {
    let place = "〇一二三四五六七八九".chars().position(|d| d == c)?;
    u64::try_from(place).ok()
}

fn unit_of(c: char) -> Option<u64> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => None,
    }
}

/// Kanji numbers as digits where they count houses; in names (三条町, 六本木, 百人町) they stay.
fn arabic(plain: &[char]) -> Vec<char> {
    let mut written = Vec::with_capacity(plain.len());
    let mut rest = plain;
    while let Some(first) = rest.first().copied() {
        let length = rest
            .iter()
            .take_while(|c| digit_of(**c).is_some() || unit_of(**c).is_some())
            .count();
        let (number, after) = rest.split_at(length);
        if length > 0 && counts(&written, after) {
            written.extend(value(number).to_string().chars());
            rest = after;
        } else if length > 0 {
            written.extend(number);
            rest = after;
        } else {
            written.push(first);
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    written
}

/// Whether a kanji number between these is one of a house, or of a quarter that is counted.
fn counts(before: &[char], after: &[char]) -> bool {
    let follows = |word: &str| starts_with(after, word);
    let leads = |word: &str| ends_with(before, word);
    if follows("番町") || follows("番丁") || follows("番街") {
        return false;
    }
    let counted = ["丁目", "番", "号", "条", "線", "地割", "-"];
    if counted.into_iter().any(follows) {
        return true;
    }
    let inside = ["丁目", "番地", "番地の", "番", "-"].into_iter().any(leads);
    let branch = leads("の") && before.iter().rev().nth(1).is_some_and(char::is_ascii_digit);
    (inside || branch) && !after.first().is_some_and(|c| matches!(c, '階' | '号'))
}

fn starts_with(text: &[char], word: &str) -> bool {
    let mut text = text.iter();
    word.chars().all(|c| text.next() == Some(&c))
}

fn ends_with(text: &[char], word: &str) -> bool {
    let mut text = text.iter().rev();
    word.chars().rev().all(|c| text.next() == Some(&c))
}

/// 百二十三, 十, 一二〇四.
fn value(number: &[char]) -> u64 {
    if !number.iter().any(|c| unit_of(*c).is_some()) {
        return number
            .iter()
            .filter_map(|c| digit_of(*c))
            .fold(0, |sum, digit| sum.saturating_mul(10).saturating_add(digit));
    }
    let (mut sum, mut pending) = (0_u64, None);
    for c in number {
        match (digit_of(*c), unit_of(*c)) {
            (Some(digit), _) => pending = Some(digit),
            (_, Some(unit)) => {
                sum = sum.saturating_add(pending.take().unwrap_or(1).saturating_mul(unit));
            }
            _ => {}
        }
    }
    sum.saturating_add(pending.unwrap_or(0))
}

/// The quarter, and the numbers of the house in it.
fn house(plain: &[char]) -> Option<(String, Vec<u64>)> {
    let mut at = 0;
    while at < plain.len() {
        let rest = plain.get(at..)?;
        let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
        if digits == 0 {
            at += 1;
            continue;
        }
        let after = rest.get(digits..).unwrap_or_default();
        if OF_NAMES.iter().any(|word| starts_with(after, word)) {
            at += digits;
            continue;
        }
        let quarter: String = plain.get(..at)?.iter().collect();
        return Some((quarter, numbers(rest)));
    }
    None
}

/// The numbers with which this begins, at most down to the house: rooms are left out.
fn numbers(mut rest: &[char]) -> Vec<u64> {
    let mut found = Vec::new();
    // 丁目, 番 and 号 are three; a 番地 has at most a branch.
    let mut longest = 3;
    loop {
        let digits: String = rest.iter().take_while(|c| c.is_ascii_digit()).collect();
        let Ok(number) = digits.parse::<u64>() else {
            return found;
        };
        rest = rest.get(digits.len()..).unwrap_or_default();
        found.push(number);
        let between = BETWEEN.iter().find(|word| starts_with(rest, word));
        let Some(between) = between else {
            return found;
        };
        if between.starts_with('番') {
            longest = found.len() + 1;
        }
        if found.len() >= longest || *between == "号" {
            return found;
        }
        rest = rest.get(between.chars().count()..).unwrap_or_default();
    }
}

/// Municipality and quarter without what is written or left out at will.
fn quarter_of(text: &str) -> String {
    let text = PREFECTURES
        .iter()
        .find_map(|prefecture| text.strip_prefix(prefecture))
        .unwrap_or(text);
    let text = without_county(text).replace("大字", "");
    let mut quarter: Vec<char> = Vec::new();
    for c in text.chars() {
        let after_place = quarter
            .last()
            .is_some_and(|last| matches!(last, '町' | '村' | '市' | '区'));
        if !(c == '字' && after_place) {
            quarter.push(c);
        }
    }
    let quarter: String = quarter.into_iter().collect();
    // 霞ヶ関, 霞ケ関, 霞が関; 茶ノ木台, 茶の木台, 茶之木台.
    let folded = text::fold(&quarter).replace(['ゖ', 'ゕ', 'が', 'ヶ'], "け");
    folded
        .replace('之', "の")
        .trim_end_matches(['-', '第'])
        .to_owned()
}

/// Without 郡 before a town or village; cities with the sign in their names (郡山市, 蒲郡市) keep it.
fn without_county(text: &str) -> &str {
    let Some((before, rest)) = text.split_once('郡') else {
        return text;
    };
    let town = rest.find(['町', '村']);
    let is_city = before.contains('市')
        || rest
            .find('市')
            .is_some_and(|city| town.is_none_or(|town| city < town));
    if before.is_empty() || before.chars().count() > 4 || town.is_none() || is_city {
        text
    } else {
        rest
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn all_the_same(ways: &[&str]) {
        let forms: Vec<_> = ways.iter().map(|way| (way, form(way))).collect();
        assert!(
            forms
                .iter()
                .all(|(_, form)| form.is_some() && *form == forms[0].1),
            "{forms:#?}"
        );
    }

    #[test]
    fn ways_of_writing_one_house_meet() {
        all_the_same(&[
            "島根県出雲市つむぎ町1204番地",
            "島根県出雲市つむぎ町１２０４番地",
            "島根県出雲市つむぎ町一二〇四番地",
            "島根県出雲市つむぎ町千二百四番地",
            "出雲市つむぎ町1204",
            "〒693-0001 島根県 出雲市 つむぎ町 1204",
            "693-0001島根県出雲市つむぎ町1204番地 つむぎ荘101号室",
            "島根県出雲市大字つむぎ町字1204番地",
        ]);
        all_the_same(&[
            "静岡県静岡市葵区茶ノ木台一丁目45番地の3",
            "静岡市葵区茶ノ木台1-45-3",
            "静岡市葵区茶の木台１丁目４５－３",
            "静岡市葵区茶ノ木台一丁目四十五番三号",
            "静岡市葵区茶ノ木台1丁目45番3号 急須橋ハイツ 201",
            "静岡市葵区茶ノ木台1−45−3−201",
            "静岡市葵区茶ノ木台1-45-3 201",
            "静岡市葵区 茶ノ木台 1丁目 45番地の 3　201号室",
            "静岡市葵区茶ノ木台一ー四十五ー三",
            "静岡市葵区茶ノ木台１丁目４５の３",
        ]);
        all_the_same(&[
            "東京都千代田区霞が関3丁目2番1号",
            "千代田区霞ヶ関三丁目二番一号",
            "東京都千代田区霞ケ関3-2-1 中央合同庁舎 10階",
        ]);
        all_the_same(&[
            "北海道札幌市中央区北一条西二丁目3番地",
            "札幌市中央区北1条西2丁目3",
            "札幌市中央区北１条西２－３",
        ]);
        all_the_same(&[
            "島根県仁多郡奥出雲町三成358番地1",
            "奥出雲町三成358-1",
            "島根県仁多郡奥出雲町大字三成三五八番地の一",
        ]);
        all_the_same(&["京都市東山区三条町12番地", "京都府京都市東山区三条町12"]);
        all_the_same(&["福島県郡山市朝日一丁目23番7号", "郡山市朝日1-23-7"]);
        all_the_same(&["三沢市髙橋町1-2", "三沢市高橋町1番2号"]);
        all_the_same(&["岩手県九戸郡洋野町第三地割12番地", "洋野町第3地割12"]);
    }

    #[test]
    fn different_houses_stay_apart() {
        let houses = [
            "島根県出雲市つむぎ町1204番地",
            "島根県出雲市つむぎ町1204番地の1",
            "島根県出雲市つむぎ町1205番地",
            "島根県出雲市絹坂町1204番地",
            "島根県松江市つむぎ町1204番地",
            "静岡市葵区茶ノ木台一丁目45番地の3",
            "静岡市葵区茶ノ木台三丁目45番地の3",
            "京都市東山区三条町12番地",
            "京都市東山区四条町12番地",
            "港区六本木6丁目10番1号",
            "千代田区一番町23番地",
            "千代田区二番町23番地",
            "札幌市中央区北1条西2丁目3",
            "札幌市中央区北2条西1丁目3",
        ];
        let forms: std::collections::BTreeSet<_> =
            houses.iter().map(|house| form(house).unwrap()).collect();
        assert_eq!(forms.len(), houses.len(), "{forms:#?}");
    }

    #[test]
    fn names_with_numbers_stay_names() {
        assert_eq!(
            form("東京都港区六本木六丁目十番一号").unwrap(),
            "港区六本木|6-10-1"
        );
        assert_eq!(
            form("東京都千代田区一番町二十三番地").unwrap(),
            "千代田区一番町|23"
        );
        assert_eq!(form("八王子市千人町3-4").unwrap(), "八王子市千人町|3-4");
        assert_eq!(
            form("四日市市三重一丁目二番三号").unwrap(),
            "四日市市三重|1-2-3"
        );
    }

    #[test]
    fn what_names_no_house_is_no_address() {
        for vague in [
            "",
            "島根県出雲市",
            "島根県出雲市つむぎ町",
            "住所不定",
            "12-3",
            "〒693-0001",
        ] {
            assert_eq!(form(vague), None, "{vague}");
        }
    }

    #[test]
    fn networks_and_keys_have_digests_of_their_own() {
        let folder = tempfile();
        let seal = Seal::at(&folder).unwrap();
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let home = digest(&seal, one, "島根県出雲市つむぎ町1204番地").unwrap();
        assert_eq!(digest(&seal, one, "出雲市つむぎ町１２０４"), Some(home));
        assert_ne!(digest(&seal, other, "出雲市つむぎ町1204"), Some(home));
        assert_eq!(digest(&seal, one, "出雲市"), None);
        std::fs::remove_dir_all(folder).unwrap();
    }

    fn tempfile() -> std::path::PathBuf {
        std::env::temp_dir().join(crate::spine::ids::new_id().to_string())
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_no_fault(text in "\\PC{0,60}") {
            let _form = form(&text);
        }

        #[test]
        fn numbers_in_kanji_and_in_digits_meet(a in 1u64..60, b in 1u64..9999, c in 1u64..99) {
            let digits = format!("松江市殿町{a}丁目{b}番{c}号");
            let kanji = format!("松江市殿町{}丁目{}番{}号", kanji(a), kanji(b), kanji(c));
            prop_assert_eq!(form(&digits), form(&kanji));
            prop_assert_eq!(form(&digits), form(&format!("島根県松江市殿町{a}-{b}-{c}")));
        }

        #[test]
        fn a_room_changes_nothing(b in 1u64..9999, room in 101u64..999) {
            let house = format!("松江市殿町{b}番地");
            prop_assert_eq!(form(&house), form(&format!("{house} 城山荘{room}号室")));
        }
    }

    /// A number below ten thousand, as it is written in an address.
    fn kanji(number: u64) -> String {
        let digits: Vec<char> = "〇一二三四五六七八九".chars().collect();
        let mut text = String::new();
        for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
            let digit = number / unit % 10;
            if digit > 0 {
                if digit > 1 || unit == 1 {
                    text.push(digits[usize::try_from(digit).unwrap()]);
                }
                text.push_str(name);
            }
        }
        text
    }
}
