//! Kanji that people write either way: old forms, and the forms of names.

use std::{collections::HashMap, sync::LazyLock};

/// The form that is looked for, after the forms that are found with it.
const TABLE: &str = "
髙高 﨑崎 碕崎 邊辺 邉辺 齋斉 齊斉 斎斉 澤沢 濵浜 濱浜 廣広 德徳 眞真 龍竜 國国 惠恵 櫻桜 嶋島 嶌島 𠮷吉 桒桑 栁柳 舘館 冨富 曻昇 舊旧 體体 醫医 藥薬 學学 會会 變変 應応 對対 發発
傳伝 轉転 狀状 參参 氣気 疊畳 聲声 處処 歸帰 歷歴 圓円 鹽塩 奧奥 橫横 溫温 價価 畫画 懷懐 樂楽 擴拡 殼殻 覺覚 嶽岳 勸勧 卷巻 寬寛 關関 觀観 顏顔 歡歓 罐缶 陷陥 僞偽 戲戯 犧犠 據拠
擧挙 虛虚 峽峡 挾挟 狹狭 鄕郷 曉暁 區区 驅駆 勳勲 薰薫 徑径 莖茎 螢蛍 輕軽 經経 繼継 鷄鶏 藝芸 擊撃 缺欠 硏研 縣県 儉倹 劍剣 險険 圈圏 檢検 權権 獻献 驗験 顯顕 嚴厳 效効 恆恒 黃黄
號号 濟済 碎砕 劑剤 雜雑 棧桟 蠶蚕 慘惨 贊賛 殘残 絲糸 齒歯 兒児 辭辞 濕湿 實実 寫写 釋釈 壽寿 收収 從従 澁渋 獸獣 縱縦 肅粛 緖緒 敍叙 奬奨 燒焼 證証 稱称 乘乗 淨浄 剩剰 孃嬢 讓譲
釀醸 觸触 囑嘱 寢寝 愼慎 盡尽 圖図 粹粋 醉酔 穗穂 隨随 髓髄 樞枢 數数 瀨瀬 淸清 靑青 靜静 攝摂 竊窃 專専 戰戦 淺浅 潛潜 踐践 錢銭 纖繊 禪禅 雙双 壯壮 搜捜 插挿 爭争 總総 騷騒 瘦痩
增増 藏蔵 臟臓 屬属 續続 墮堕 帶帯 滯滞 臺台 瀧滝 擇択 單単 擔担 膽胆 團団 彈弾 斷断 癡痴 遲遅 晝昼 蟲虫 鑄鋳 廳庁 聽聴 敕勅 鎭鎮 遞逓 鐵鉄 點点 黨党 盜盗 燈灯 當当 鬪闘 獨独 讀読
屆届 貳弐 腦脳 惱悩 霸覇 拜拝 廢廃 賣売 麥麦 拔抜 蠻蛮 祕秘 甁瓶 拂払 佛仏 竝並 倂併 餠餅 辨弁 瓣弁 辯弁 舖舗 步歩 寶宝 萠萌 襃褒 豐豊 沒没 飜翻 每毎 萬万 滿満 默黙 彌弥 譯訳 豫予
餘余 與与 譽誉 搖揺 樣様 謠謡 遙遥 來来 賴頼 亂乱 覽覧 兩両 獵猟 綠緑 壘塁 淚涙 勵励 禮礼 隸隷 靈霊 齡齢 戀恋 爐炉 勞労 樓楼 錄録 灣湾 瘉癒 頰頬 剝剥 填塡 嚙噛 搔掻 麴麹 蠟蝋 鷗鴎
瀆涜 廚厨 曾曽 迹跡 沪濾 箇個 卧臥 摑掴 壞壊 墻牆 姙妊 脉脈
";

static PLAIN: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let pairs = TABLE.split_whitespace().filter_map(|pair| {
        let mut both = pair.chars();
        Some((both.next()?, both.next()?))
    });
    pairs.filter(|(from, to)| from != to).collect()
});

/// The form of a kanji that is looked for.
pub(super) fn plain(c: char) -> char {
    PLAIN.get(&c).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_form_leads_to_one_that_leads_on() {
        for to in PLAIN.values() {
            assert_eq!(plain(*to), *to);
        }
    }

    #[test]
    fn names_and_old_forms_meet() {
        for (one, other) in [
            ('髙', '高'),
            ('﨑', '崎'),
            ('邊', '辺'),
            ('邉', '辺'),
            ('齋', '斎'),
            ('醫', '医'),
        ] {
            assert_eq!(plain(one), plain(other));
        }
    }
}
