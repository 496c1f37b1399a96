//! A pressure sore that heals: reports by DESIGN-R, changed dressings, nutrition and a better mattress.

use crate::demo::plot::{
    At, CALM, Cadence, Drift, Due, Home, Measure, Part, Story, phase, reply, scene, seat, voice,
};

const WOUND_BAD: &[&str] = &[
    "仙骨部褥瘡4.2×3.0cm、黄色壊死組織6割、浸出液多量(ガーゼ1日2回交換)。DESIGN-R 24点。",
    "仙骨部4.0×3.0cm、ポケット8時方向1.2cm。臭気軽度。微温湯洗浄後、ヨウ素軟膏充填。",
    "周囲皮膚の浸軟あり、撥水クリーム塗布。創は4.0×2.8cm、壊死組織は軟化してきた。",
    "先生のデブリードマン後、出血なし。3.9×2.8cm、赤色の部分が3割に。",
    "浸出液は中等量に減少。3.8×2.6cm、DESIGN-R 20点。臭気消失。",
];

const WOUND_GOOD: &[&str] = &[
    "仙骨部3.5×2.4cm、肉芽6割。浸出液中等量、臭気なし。DESIGN-R 17点。",
    "3.3×2.2cm、ポケットは0.5cmまで縮小。痛みは処置時のみ。",
    "3.0×2.0cm、良性肉芽8割。被覆材を2日に1回交換へ。",
    "2.7×1.8cm。辺縁から上皮化始まる。DESIGN-R 13点。",
    "2.5×1.5cm、ポケット消失。周囲の発赤なし。",
    "2.1×1.3cm、浸出液少量。ハイドロコロイドに変更し3日貼付。",
    "1.8×1.0cm、浅くなり段差わずか。DESIGN-R 9点。",
    "1.5×0.8cm。座位時間を延ばした翌日も悪化なし。",
    "1.2×0.6cm、上皮化すすむ。",
    "0.8×0.5cm。フィルム材で保護のみ。",
    "ほぼ上皮化、点状のびらんのみ。除圧とスキンケアは継続。",
    "上皮化完了。瘢痕部に発赤なし。再発予防として体位と栄養をみていく。",
];

const NURSE_MORE: &[&str] = &[
    "左右30度側臥位で休まれている。クッションの当て方よい。",
    "背上げ時のずれあり、背抜きを{key}と再確認。",
    "踵の発赤なし、両下腿の下に枕を入れ浮かせている。",
    "摂取量は[7|8]割。補助飲料は[コーヒー味|いちご味]なら飲めている。",
    "オムツ内の便汚染あり、洗浄し保護。",
    "エアマットの圧設定、体重に合っていることを確認。",
    "",
];

const HELPER: &[&str] = &[
    "{dish}を[やわらかくして|細かく刻んで]用意し、{#5-9}割召し上がりました。",
    "お茶はコップ[半分|1杯]をゆっくり飲まれました。",
    "オムツ交換と陰部洗浄をしました。ガーゼは汚れていませんでした。",
    "右向きから左向きに体の向きを変え、クッションを入れました。",
    "お昼はベッドを起こして[15|20|25]分で召し上がりました。",
    "栄養のジュースは半分飲まれ、残りは3時に飲まれるそうです。",
    "ガーゼの端がはがれていたので、{key}に伝えています。",
    "シーツのしわを伸ばし、パジャマの背中も引き下げました。",
    "踵の下のクッションがずれていたので直しました。",
];

const DOCTOR: &[&str] = &[
    "創部確認。壊死を切除。感染徴候なし、外用継続。",
    "肉芽良好。処置は現行のまま。Alb再検する。",
    "改善傾向。被覆材の切り替え可。",
    "全身状態安定。たんぱく質と亜鉛を意識して。",
];

const DIETITIAN: &[&str] = &[
    "推定1100kcal、たんぱく質38g。目標1300kcal/50gに対し不足。[卵豆腐|ヨーグルト]を朝に1品追加。",
    "1250kcal、たんぱく質46gまで増加。補助飲料は間食時が飲みやすい。",
    "体重+0.6kg。{key}様の作る[茶わん蒸し|鮭フレークのおかゆ]がよく進んでいる。",
    "目標量に到達。補助飲料は1日1本に減らして体重をみる。",
];

const MANAGER: &[&str] = &[
    "{key}様は「夜中の体位交換がなくなって眠れる」と話されていました。自動体位変換のマットが合っているようです。",
    "訪問看護は処置のため週3回を継続しております。創の状態は写真で{dr}にもご覧いただいています。",
    "車いすに座る時間を1日1時間、2回に分けて確保する計画です。",
];

pub(super) const STORY: Story = Story {
    home: Home::Couple,
    frail: true,
    proxy: true,
    usual: (118, 64, 76, 96, 408),
    oxygen: 0,
    begins: None,
    seats: &[
        seat(Part::CareManager, "担当ケアマネジャー"),
        seat(Part::Physician, "主治医"),
        seat(Part::Nurse, "訪問看護(創処置)"),
        seat(Part::SecondNurse, "訪問看護"),
        seat(Part::Helper, "訪問介護"),
        seat(Part::SecondHelper, "訪問介護"),
        seat(Part::Equipment, "福祉用具"),
        seat(Part::Dietitian, "訪問栄養指導").from(At::In(1, 0)),
        seat(Part::Pharmacist, "薬剤師"),
    ],
    phases: &[
        phase(28, Drift { weight: -8, ..CALM }),
        phase(35, Drift { weight: -12, temperature: 3, pulse: 5, ..CALM }),
        phase(119, Drift { weight: 14, ..CALM }),
    ],
    voices: &[
        voice(Part::Nurse, Cadence::Weekly(1), &[NURSE_MORE]).phases(0, 0).measuring(Measure::Usual),
        voice(Part::Nurse, Cadence::Weekly(1), &[WOUND_BAD]).phases(1, 1).measuring(Measure::Usual).in_order(),
        voice(Part::Nurse, Cadence::Weekly(2), &[NURSE_MORE]).phases(1, 2).measuring(Measure::Usual).chance(65),
        voice(Part::Nurse, Cadence::Weekly(1), &[WOUND_GOOD]).phases(2, 2).measuring(Measure::Usual).in_order(),
        voice(Part::Helper, Cadence::Weekly(5), &[HELPER]).chance(42),
        voice(Part::Physician, Cadence::Every(2), &[DOCTOR]).phases(1, 2),
        voice(Part::Dietitian, Cadence::Every(4), &[DIETITIAN]).phases(1, 2).in_order(),
        voice(Part::CareManager, Cadence::Every(4), &[MANAGER]),
    ],
    scenes: &[
        scene(At::In(0, 23), 10, 20, Part::Helper, "おむつ交換のとき、お尻の骨のところの皮がむけて赤黒くなっていました。[{spouse}さんは昨日までは気づかなかったそうです。|写真は撮っていません。]")
            .asking(&[Part::Nurse, Part::CareManager], Due::Hours(5))
            .replied(&[reply(Part::Nurse, 30, "連絡ありがとうございます。本日夕方に臨時で伺います。ガーゼを当てるだけで、こすらないようにお願いします。")]),
        scene(At::In(0, 23), 17, 10, Part::Nurse, "仙骨部に4.0×3.0cmの潰瘍、黒色壊死を伴う。周囲発赤、熱感軽度。マットレスは標準のまま、背上げ座位で[日中5時間|ほぼ一日]過ごしている。処置とエアマット導入のご指示をお願いします。")
            .measuring(Measure::Usual, Drift { temperature: 4, ..CALM })
            .asking(&[Part::Physician, Part::CareManager, Part::Equipment], Due::Hours(20))
            .replied(&[
                reply(Part::Physician, 100, "明日往診し切開要否をみる。洗浄+ヨウ素軟膏、特別指示書を出す。"),
                reply(Part::Equipment, 130, "自動体位変換つきのエアマットを明日の午前中にお持ちできます。"),
            ]),
        scene(At::In(1, 8), 14, 40, Part::Nurse, "KT{kt}、創周囲の発赤拡大なし。浸出液増加のためガーゼ交換を1日2回へ。{spouse}に手順書を渡し、手技は一緒に2回行って確認した。")
            .measuring(Measure::Usual, Drift { temperature: 7, ..CALM })
            .asking(&[Part::Physician], Due::Hours(24))
            .replied(&[reply(Part::Physician, 150, "培養を出します。全身症状なければ抗菌薬は不要。")]),
        scene(At::In(2, 1), 15, 0, Part::Pharmacist, "軟膏をスルファジアジン銀からトラフェルミン噴霧に変更。冷所保存のため、冷蔵庫の扉側に置く場所を決めました。溶解後2週間で廃棄です。"),
        scene(At::In(2, 44), 11, 30, Part::CareManager, "創の縮小に伴い、特別指示書は今月で終了の見込みです。{d+7}以降の訪問看護は週2回を予定しております。ご意見をお願いいたします。")
            .asking(&[Part::Nurse, Part::Physician, Part::Helper], Due::Hours(60))
            .replied(&[reply(Part::Nurse, 160, "週2回で対応できます。入浴日の翌日に創の確認が入るとよいです。")]),
    ],
};
