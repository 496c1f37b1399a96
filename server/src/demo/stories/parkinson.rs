//! Parkinson's disease: the hours of the medicine, steps that freeze, falls, a changed prescription.

use crate::demo::plot::{
    At, CALM, Cadence, Drift, Due, Home, Measure, Part, Story, phase, reply, scene, seat, voice,
};

const NURSE: &[&str] = &[
    "訪問時オン。表情あり、声も大きい。内服は9時に済。",
    "11時頃からすくみ足が強い。次の内服まで時間あり、座って待つよう声かけ。",
    "起立時ふらつき。臥位{bp}、立位で収縮期-{#14-26}。弾性ストッキング着用を確認。",
    "便は硬め。食物繊維と水分、腹部マッサージを続けている。",
    "流涎あり、胸元にタオル。嚥下は固形物でむせなし。",
    "夜間の寝言が大きいと{key}。「布団をけっていた」とのこと。",
    "内服表に時刻の印をつけている。[ずれなし|1回ずれあり]。",
    "ジスキネジアは食後に軽度。本人は気にならないと。",
    "小声で聞き取りにくい。「お腹から」と声かけで改善。",
    "すり足著明。床のテープを跨ぐと一歩目が出る。",
];

const NURSE_AFTER: &[&str] = &[
    "内服時刻変更後、午前のオフが短くなった。歩行の出だしがスムーズ。",
    "立位での血圧低下は{#6-14}mmHgまで。ふらつきの訴えなし。",
    "幻視の訴えなし。夜間も落ち着いている。",
    "服薬アラームを本人が止め、内服できている。残薬なし。",
    "転倒なし。居間のカーペットは撤去済み。",
];

const THERAPIST: &[&str] = &[
    "メトロノーム90で歩行。歩幅が拡大、すくみは方向転換時のみ。",
    "床上動作、寝返りの順番を声に出しながら練習。起き上がりは軽介助。",
    "立ち上がり練習:「おじぎして」の声かけで1回目で可。",
    "大きな動きの体操を15分。終了後の歩行は10mで{#17-23}秒。",
    "後方へのふらつきあり。方向転換は大きく弧を描くよう指導。",
    "体幹の回旋とストレッチ。こわばりは右優位。",
];

const HELPER: &[&str] = &[
    "お薬の時間(12時)に声をかけ、飲み込みを確認しました。",
    "立ち上がりに時間がかかりましたが、待っているとご自分で立たれました。",
    "トイレの前で足が止まってしまい、「いち、に」の掛け声で動けました。",
    "箸が使いにくそうだったので、スプーンを用意しました。",
    "お風呂は手すりを持って入られました。出るときに時間がかかりました。",
    "来てすぐは動きがよかったのですが、途中から足が重いと言われました。",
    "床の新聞を片付けて、通り道を広くしました。",
];

const DAY: &[&str] = &[
    "来所時は動きがよく、体操もできていました。14時頃から席を立ちにくくなりました。",
    "入浴は2人介助で行いました。着替えに時間がかかりました。",
    "食事は自助具のスプーンで9割召し上がりました。",
    "発声練習の輪に入り、大きな声で歌われました。",
    "床のテープを目印に歩かれていました。",
];

const DOCTOR: &[&str] = &[
    "Yahr 3。ウェアリングオフあり、レボドパの分割を検討。",
    "起立性低血圧、昇圧薬少量。脱水に注意。",
    "便秘強い。エロビキシバット追加。",
    "転倒なし。経過良好。",
    "幻視なし。ドパミンアゴニストは増やさない。",
];

const PHARMACIST: &[&str] = &[
    "1日5回の内服で時刻のずれが週2回。服薬アラームを携帯に設定しました。",
    "高たんぱくの昼食後に効きが遅いとのことで、食前30分の内服を提案しました。",
    "残薬なし。服用時刻の色別の袋分けが好評です。",
    "口の渇きのある薬を1種減らせないか、先生に相談しています。",
];

const MANAGER: &[&str] = &[
    "オンとオフの時間帯を表にして皆様と共有いたしました。入浴と外出は10時台に組み直しております。",
    "特定医療費(指定難病)の更新手続きについて、{key}様と書類を確認いたしました。",
    "「一人でトイレに行きたい」とのご希望が強く、夜間のポータブルトイレの位置を変えました。",
    "住宅改修で廊下の手すりを両側につける計画です。{pt}にも見ていただきました。",
];

pub(super) const STORY: Story = Story {
    home: Home::Any,
    frail: false,
    proxy: false,
    usual: (116, 66, 72, 97, 524),
    oxygen: 0,
    begins: None,
    seats: &[
        seat(Part::CareManager, "担当ケアマネジャー"),
        seat(Part::Physician, "主治医"),
        seat(Part::Nurse, "訪問看護"),
        seat(Part::SecondNurse, "訪問看護"),
        seat(Part::Therapist, "訪問リハビリ"),
        seat(Part::Pharmacist, "薬剤師"),
        seat(Part::Helper, "訪問介護"),
        seat(Part::SecondHelper, "訪問介護"),
        seat(Part::DayCare, "通所"),
        seat(Part::Speech, "言語療法").from(At::In(1, 21)),
        seat(Part::Equipment, "福祉用具"),
    ],
    phases: &[
        phase(70, Drift { systolic: -6, weight: -6, ..CALM }),
        phase(42, Drift { systolic: -16, weight: -14, pulse: 4, ..CALM }),
        phase(70, Drift { systolic: 2, weight: -10, ..CALM }),
    ],
    voices: &[
        voice(Part::Nurse, Cadence::Weekly(1), &[NURSE]).phases(0, 0).measuring(Measure::Usual),
        voice(Part::Nurse, Cadence::Weekly(2), &[NURSE]).phases(1, 1).measuring(Measure::Usual),
        voice(Part::Nurse, Cadence::Weekly(1), &[NURSE_AFTER]).phases(2, 2).measuring(Measure::Usual),
        voice(Part::Therapist, Cadence::Weekly(1), &[THERAPIST]).measuring(Measure::Usual).chance(85),
        voice(Part::Helper, Cadence::Weekly(4), &[HELPER]).chance(50),
        voice(Part::DayCare, Cadence::Weekly(1), &[DAY]).measuring(Measure::Usual),
        voice(Part::Physician, Cadence::Every(4), &[DOCTOR]),
        voice(Part::Pharmacist, Cadence::Every(4), &[PHARMACIST]),
        voice(Part::CareManager, Cadence::Every(4), &[MANAGER]),
    ],
    scenes: &[
        scene(At::In(1, 2), 11, 30, Part::Therapist, "すくみと後方への転倒が今週2回(けがなし)。11時と15時前のオフがはっきりしてきました。内服時刻の見直しをご検討ください。")
            .asking(&[Part::Physician, Part::Pharmacist, Part::Nurse], Due::Hours(48))
            .replied(&[
                reply(Part::Nurse, 70, "訪看でも同じ時間帯に動きにくさがあります。{d+7}までの動きを1時間ごとの表につけてもらっています。"),
                reply(Part::Physician, 300, "表を見て、次回往診で回数を増やす方向で決めます。"),
            ]),
        scene(At::In(1, 16), 14, 30, Part::Physician, "レボドパを1日3回→5回に分割、総量同じ。COMT阻害薬を追加。起立性低血圧と幻視に注意。")
            .asking(&[Part::Pharmacist, Part::Nurse, Part::Helper, Part::DayCare], Due::Hours(30))
            .replied(&[
                reply(Part::Pharmacist, 90, "時刻ごとに色分けした袋で{d+2}にお届けします。7時・10時・13時・16時・19時です。"),
                reply(Part::DayCare, 180, "10時と13時の分は、利用日に当方で声をかけます。"),
            ]),
        scene(At::In(1, 30), 13, 20, Part::Speech, "初回評価。小声と早口。「大きく、ゆっくり」の一言で声量が上がります。[むせはお茶で時々|嚥下は保たれています]。発声の自主練習を1日2回渡しました。"),
        scene(At::In(2, 6), 15, 50, Part::CareManager, "お薬の分割後、転倒は出ておりません。ご本人から「朝から畑を見に出られた」と、うれしいご報告がありました。"),
    ],
};
