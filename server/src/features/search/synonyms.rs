//! Words of the field that professionals use for the same thing, so that whoever looks for one finds the others.
//!
//! Only what nobody in the field would keep apart: 転倒 (falling down) and 転落 (falling from) are two words.

use std::sync::LazyLock;

use super::words::{Folded, fold_plainly};

/// A line for each thing; the first word stands for all of them.
const TABLE: &str = "
褥瘡 褥創 じょく瘡 じょく創 じょくそう 床ずれ 床擦れ 床づれ とこずれ
発熱 熱発 熱が出 熱がで
転倒 転んだ ころんだ 転んで ころんで 転ばれ ころばれ
嚥下 えんげ 飲み込み 飲みこみ のみこみ 飲込み
浮腫 むくみ
嘔吐 おう吐 吐いた 吐かれ
下痢 げり
便秘 べんぴ
疼痛 とう痛 痛み いたみ
掻痒 そう痒 そうよう かゆみ 痒み
倦怠感 けんたい感 けん怠感 だるさ
呼吸困難 呼吸苦 息苦し 息ぐるし
麻痺 まひ
拘縮 こう縮 こうしゅく
痙攣 けいれん
譫妄 せん妄 せんもう
失禁 しっきん
残薬 飲み残し のみ残し 飲みのこし
血糖値 血糖
酸素飽和度 サチュレーション spo2
在宅酸素療法 在宅酸素
胃瘻 胃ろう
気管切開 気切
人工肛門 ストーマ
尿道留置カテーテル 膀胱留置カテーテル 尿道カテーテル バルーンカテーテル
インスリン インシュリン
訪問看護 訪看
訪問介護員 ホームヘルパー ヘルパー
介護支援専門員 ケアマネジャー ケアマネージャー ケアマネ
通所介護 デイサービス
通所リハビリテーション 通所リハビリ 通所リハ デイケア
短期入所生活介護 短期入所 ショートステイ
サービス担当者会議 サ担会議 担当者会議
看取り みとり 看とり
人生会議 アドバンス・ケア・プランニング アドバンスケアプランニング
認知症 痴呆
誤嚥性肺炎 嚥下性肺炎
";

struct Synonym {
    /// A word, in the form in which words are looked for.
    word: Vec<char>,
    /// The word that stands for it.
    stands: Vec<char>,
}

/// The longest first.
static SYNONYMS: LazyLock<Vec<Synonym>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for line in TABLE.lines() {
        let mut words = line.split_whitespace().map(fold_plainly);
        let Some(first) = words.next() else { continue };
        all.extend(words.map(|word| Synonym {
            word,
            stands: first.clone(),
        }));
        // Whatever is longer and holds the word of another line is not taken apart.
        all.push(Synonym {
            word: first.clone(),
            stands: first,
        });
    }
    all.sort_by_key(|synonym| std::cmp::Reverse(synonym.word.len()));
    all
});

/// The text with every word replaced by the one that stands for it; nothing when there is none to replace.
pub(super) fn canonical(text: &Folded) -> Option<Folded> {
    let mut made = Folded::default();
    let mut changed = false;
    let mut at = 0;
    while let Some(rest) = text.chars.get(at..).filter(|rest| !rest.is_empty()) {
        let known = SYNONYMS
            .iter()
            .find(|synonym| rest.starts_with(&synonym.word));
        let (stands, length) = match known {
            Some(synonym) => (synonym.stands.as_slice(), synonym.word.len()),
            None => (rest.get(..1).unwrap_or_default(), 1),
        };
        changed |= known.is_some_and(|synonym| synonym.word != synonym.stands);
        let start = text.from.get(at).map_or(0, |range| range.0);
        let end = text
            .from
            .get(at + length - 1)
            .map_or(start, |range| range.1);
        let same = known.is_none_or(|synonym| synonym.word == synonym.stands);
        for (place, c) in stands.iter().enumerate() {
            made.chars.push(*c);
            let own = text.from.get(at + place).filter(|_| same);
            made.from.push(own.copied().unwrap_or((start, end)));
        }
        at += length;
    }
    changed.then_some(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::search::words::fold;

    #[test]
    fn one_word_stands_for_all_of_its_line() {
        for written in ["床ずれ", "じょくそう", "ジョクソウ", "褥創", "褥瘡"] {
            let folded = fold(written);
            let stands = canonical(&folded).map_or(folded.text(), |made| made.text());
            assert_eq!(stands, "褥瘡", "{written}");
        }
        assert!(canonical(&fold("転落した")).is_none());
    }

    #[test]
    fn what_stands_for_a_word_is_not_replaced_again() {
        for line in TABLE.lines() {
            for word in line.split_whitespace() {
                let once = canonical(&fold(word));
                let once = once.map_or(word.to_owned(), |made| made.text());
                let twice = canonical(&fold(&once)).map_or(once.clone(), |made| made.text());
                assert_eq!(once, twice, "{word}");
            }
        }
    }

    #[test]
    fn places_lead_back_to_the_word_as_written() {
        let made = canonical(&fold("かかとに床ずれあり")).unwrap();
        assert_eq!(made.text(), "かかとに褥瘡あり");
        assert_eq!(made.from[4], (4, 7));
        assert_eq!(made.from[6], (7, 8));
    }
}
