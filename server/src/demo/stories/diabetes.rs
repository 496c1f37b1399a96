//! Diabetes with insulin: a low morning sugar, simpler injections, feet that need looking after.

use crate::demo::plot::{
    At, CALM, Cadence, Drift, Due, Home, Measure, Part, Story, phase, reply, scene, seat, voice,
};

const NURSE: &[&str] = &[
    "血糖 朝食前{#108-146}、手帳の記入は{#5-7}日分。低血糖症状なし。",
    "注射部位、[左腹部|右腹部]に硬結あり。場所を2cmずつずらすよう図で説明。",
    "食前血糖{#118-158}mg/dl。インスリンの単位合わせは自立、空打ちを忘れることがある。",
    "足趾の観察。[右第1趾に胼胝|左踵に亀裂]、発赤なし。保湿剤塗布。",
    "視力低下あり、目盛りは拡大鏡で確認している。",
    "間食は[まんじゅう1個|柿1個|せんべい3枚]。食後の散歩と組み合わせて考える。",
    "単位ダイヤルは{key}と読み合わせできている。残量のあるペンが2本、古い方は回収へ。",
    "足のしびれ感あり。靴下の中の小石に気づかず、右母趾に1cmの擦過傷。洗浄し保護。",
    "夕食が遅くなる日があり、注射の時間のずれを確認。",
    "ブドウ糖を枕元と居間に置いている。使い方を復唱できた。",
];

const NURSE_GOOD: &[&str] = &[
    "週1回注射に変更後、打ち忘れなし。朝の血糖{#112-148}。",
    "注射は{key}見守りで本人が実施。手順カードの順に声に出してできた。",
    "体重安定。食事量も落ちておらず低血糖なし。",
    "右母趾の傷は上皮化。靴の中敷きを変えてから擦れなし。",
    "HbA1cの結果を一緒に見て「この年にしては上等」と笑顔。",
    "フットケア、爪はやすりで整える。皮膚温に左右差なし。",
];

const HELPER: &[&str] = &[
    "ごはんは[120|130|150]gで用意し、野菜から召し上がりました。",
    "{dish}は砂糖を控えて作りました。「もう少し甘くても」と笑っておられました。",
    "冷蔵庫にプリンが3個入っていました。{key}に聞いてから一つだけ出しました。",
    "手のふるえと冷や汗はありませんでした。お昼はいつもの時間に食べ始められました。",
    "テーブルの下にお菓子の袋がありました。本人は「もらい物」とのことです。",
    "買い物は[納豆|豆腐|きのこ|鶏むね肉]を中心にしました。",
    "足に傷がないか靴下を替えるときに見ました。変わりありません。",
];

const DOCTOR: &[&str] = &[
    "HbA1c 7.{#4-9}。高齢のため8.0未満を目標、低血糖回避を優先。",
    "HbA1c 7.{#2-7}。腎機能維持。処方同じ。",
    "低血糖なし。足背動脈触知良好。",
    "体重減少に注意。食事制限はゆるめてよい。",
];

const PHARMACIST: &[&str] = &[
    "針の回収容器を交換しました。残りのペンは冷蔵庫の扉側に2本です。",
    "食欲のない日の注射について、シックデイの表を冷蔵庫に貼り直しました。",
    "メトホルミンの飲み残しが7錠ありました。朝の分を忘れやすいようです。",
    "低血糖時のブドウ糖、期限が近いものを交換しました。",
];

const DIETITIAN: &[&str] = &[
    "聞き取りで1450kcal。主食に偏りあり。昼の麺だけの日に卵と野菜を足す提案。",
    "果物は1日[柿半分|みかん1個|りんご4分の1]を目安に。飲み物は[乳酸菌飲料|スポーツドリンク]をお茶へ。",
    "たんぱく質が朝に少ない。ヨーグルトと納豆で補えている。",
];

const MANAGER: &[&str] = &[
    "「甘いものを全部やめるのはさびしい」とのお声がありました。量と時間を決めて楽しめるよう相談しています。",
    "{key}様は勤務のため日中不在です。昼のヘルパーの時間を12時に統一いたしました。",
    "眼科の受診は{key}様が付き添われます。結果を共有いたします。",
    "配食弁当は糖質を抑えた献立に変更いたしました。",
];

pub(super) const STORY: Story = Story {
    home: Home::Any,
    frail: false,
    proxy: false,
    usual: (138, 74, 78, 97, 596),
    oxygen: 0,
    begins: None,
    seats: &[
        seat(Part::CareManager, "担当ケアマネジャー"),
        seat(Part::Physician, "主治医"),
        seat(Part::Nurse, "訪問看護"),
        seat(Part::SecondNurse, "訪問看護"),
        seat(Part::Pharmacist, "薬剤師"),
        seat(Part::Dietitian, "訪問栄養指導"),
        seat(Part::Helper, "訪問介護"),
        seat(Part::SecondHelper, "訪問介護"),
        seat(Part::HealthNurse, "糖尿病重症化予防").until(At::In(1, 30)),
    ],
    phases: &[
        phase(63, Drift { weight: -6, ..CALM }),
        phase(56, Drift { weight: -12, systolic: -4, ..CALM }),
        phase(63, Drift { weight: -4, systolic: -6, ..CALM }),
    ],
    voices: &[
        voice(Part::Nurse, Cadence::Weekly(2), &[NURSE]).phases(0, 0).measuring(Measure::Usual).chance(85),
        voice(Part::Nurse, Cadence::Weekly(1), &[NURSE]).phases(1, 1).measuring(Measure::Weight),
        voice(Part::Nurse, Cadence::Weekly(1), &[NURSE_GOOD]).phases(2, 2).measuring(Measure::Weight),
        voice(Part::Helper, Cadence::Weekly(5), &[HELPER]).chance(40),
        voice(Part::Physician, Cadence::Every(4), &[DOCTOR]),
        voice(Part::Pharmacist, Cadence::Every(2), &[PHARMACIST]).chance(70),
        voice(Part::Dietitian, Cadence::Every(4), &[DIETITIAN]),
        voice(Part::CareManager, Cadence::Every(4), &[MANAGER]),
    ],
    scenes: &[
        scene(At::In(1, 3), 10, 25, Part::Nurse, "訪問時、冷汗と手指振戦あり。血糖52。ブドウ糖10g摂取、15分後104。[朝食を抜いて|朝食が半分で]注射したとのこと。同様のことが先週もあった様子です。")
            .measuring(Measure::Usual, Drift { pulse: 16, systolic: 10, ..CALM })
            .asking(&[Part::Physician, Part::Pharmacist], Due::Hours(5))
            .replied(&[
                reply(Part::Physician, 50, "持効型を10→7単位、SU薬は中止。食べられない朝は打たずに電話を。"),
                reply(Part::Pharmacist, 120, "中止分は本日回収し、単位を大きく書いた紙に貼り替えてきます。"),
            ]),
        scene(At::In(1, 4), 12, 40, Part::Helper, "朝ごはんを食べたか、昼に伺ったときにノートへ書くようにします。")
            .replied(&[reply(Part::CareManager, 45, "ありがとうございます。とても助かります。")]),
        scene(At::In(1, 22), 15, 0, Part::HealthNurse, "地区の担当保健師です。重症化予防の面談を終え、以後は主治医と訪看さんに引き継ぎます。尿アルブミンは前回より低下しています。"),
        scene(At::In(1, 44), 14, 10, Part::Physician, "毎日の注射をやめ、週1回のデュラグルチドへ。注射は訪看の訪問日に。2週間は食欲と嘔気に注意。")
            .asking(&[Part::Nurse, Part::Pharmacist, Part::Helper], Due::Hours(48))
            .replied(&[reply(Part::Nurse, 130, "承知しました。{d+4}の訪問日から開始し、カレンダーに印をつけます。")]),
        scene(At::In(2, 30), 16, 30, Part::CareManager, "週1回の注射になってから、{key}様の朝のご負担がなくなったとのことです。ご本人も「自由になった」と話されていました。"),
    ],
};
