//! A broken hip: home after the operation, fear of falling, and the garden reached again.

use crate::demo::plot::{
    At, CALM, Cadence, Drift, Due, Home, Measure, Part, Story, phase, reply, scene, seat, voice,
};

const WALK: &[&str] = &[
    "起立は手すりと軽介助。歩行器で10m、患側に荷重をかけるのを怖がる。",
    "歩行器で居室内自立。トイレへの移動も見守り。荷重時痛NRS3。",
    "歩行器で廊下20mを2往復。術側の外転筋力は弱い。",
    "伝い歩きを開始。「また転ぶんじゃないか」と足が止まる。ゆっくり反復。",
    "階段3段を二足一段、手すりで可。TUG 29秒。",
    "T字杖で室内歩行。荷重時痛なし。横歩きと片脚立ち(支持あり)を追加。",
    "玄関の上がり框を手すりで昇降。庭の敷石を5m、付き添いで歩いた。",
    "屋外50m、杖で休まず。TUG 22秒。「こわさが減った」と。",
    "買い物の距離(往復120m)を一緒に歩いた。最後の坂で1回休憩。",
    "床からの立ち上がりを台を使って練習。片膝立ちが安定。",
    "畑の畝間を杖で歩く練習。段差でのつまずきなし。",
    "目標の墓参り(石段8段)を達成。介護予防の体操に移行を検討。",
];

const NURSE: &[&str] = &[
    "創部は閉鎖し発赤・熱感なし。荷重時痛NRS{#1-3}。",
    "術側下腿の浮腫軽度、疼痛・熱感なくDVTの徴候なし。",
    "鎮痛薬は頓用で週{#1-3}回。胃部不快なし。",
    "夜間トイレ{#1-2}回、ポータブルを使用。排泄は自立。",
    "骨粗鬆症の注射後も副作用なし。次回は半年後の予定。",
    "本人「外に出るのがまだ恐い」と話す。玄関先まで一緒に歩いてみた。",
    "食事は魚と卵を毎日。体重も少しずつ戻る。",
    "起立時の血圧低下なし。靴はかかとのあるものへ替えた。",
];

const HELPER: &[&str] = &[
    "台所に立って、いすに腰かけながら一緒に[きゅうりを刻み|米をとぎ]ました。",
    "浴室の手すりを使い、シャワーチェアで洗体されました。またぐ時だけ支えました。",
    "床の電気コードをまとめて、足を引っかけないようにしました。",
    "洗濯物を干すとき、かごは私が持ち、ご本人が物干しへ掛けられました。",
    "掃除の間、廊下を5往復歩かれました。歩く練習だそうです。",
    "玄関のマットがめくれていたので、滑り止めを敷きました。",
    "買い物に付き添いました。カートを押すと足が軽いとのことです。",
];

const DAY: &[&str] = &[
    "平行棒5往復。足の運びが軽くなりました。",
    "マシンで[5|8|10]分のペダルこぎをしました。痛みの訴えはありません。",
    "歩行器で館内を2周されました。",
    "入浴のまたぎは手すりでご自分でされました。",
    "仲間の方に「前より歩くのが速い」と声をかけられ、照れておられました。",
];

const DOCTOR: &[&str] = &[
    "術側股関節可動域良好。疼痛時アセトアミノフェン可。",
    "X線で骨癒合順調との紹介先からの報告あり。全荷重継続。",
    "貧血改善傾向。鉄剤は終了。",
    "骨粗鬆症治療を継続。ビタミンD確認。",
];

const MANAGER: &[&str] = &[
    "「[畑に出たい|墓参りに行きたい|一人で風呂に入りたい]」というご希望を目標にしております。",
    "住宅改修(浴室の手すり2本、脱衣所の段差解消)の見積もりをいただきました。",
    "{key}様から、日中の見守りセンサーの費用についてご質問がありました。資料をお渡ししました。",
    "歩行器はT字杖に変更となります。用具担当者様に返却の手配をお願いしました。",
];

pub(super) const STORY: Story = Story {
    home: Home::Any,
    frail: false,
    proxy: false,
    usual: (132, 74, 76, 97, 441),
    oxygen: 0,
    begins: Some(30),
    seats: &[
        seat(Part::CareManager, "担当ケアマネジャー"),
        seat(Part::Physician, "主治医"),
        seat(Part::Therapist, "訪問リハビリ"),
        seat(Part::Nurse, "訪問看護"),
        seat(Part::SecondNurse, "訪問看護"),
        seat(Part::Helper, "訪問介護"),
        seat(Part::SecondHelper, "訪問介護"),
        seat(Part::DayCare, "通所").from(At::In(1, 7)),
        seat(Part::Equipment, "福祉用具"),
        seat(Part::WardNurse, "退院元 病棟").until(At::In(0, 40)),
    ],
    phases: &[
        phase(49, CALM),
        phase(63, Drift { weight: 8, systolic: -4, ..CALM }),
        phase(70, Drift { weight: 16, systolic: -4, ..CALM }),
    ],
    voices: &[
        voice(Part::Therapist, Cadence::Every(2), &[WALK]).measuring(Measure::Usual).in_order(),
        voice(Part::Nurse, Cadence::Weekly(1), &[NURSE]).measuring(Measure::Weight),
        voice(Part::Helper, Cadence::Weekly(3), &[HELPER]).phases(1, 2).chance(60),
        voice(Part::DayCare, Cadence::Weekly(2), &[DAY]).phases(1, 2).measuring(Measure::Usual).chance(70),
        voice(Part::Physician, Cadence::Every(4), &[DOCTOR]),
        voice(Part::CareManager, Cadence::Every(4), &[MANAGER]).phases(1, 2).in_order(),
    ],
    scenes: &[
        scene(At::In(0, 31), 14, 20, Part::WardNurse, "右大腿骨[頚部|転子部]骨折術後の方です。本日退院されました。歩行器歩行、入浴は見守り。看護サマリーの補足があればご連絡ください。"),
        scene(At::In(0, 32), 10, 30, Part::Nurse, "退院翌日訪問。創部の発赤なし、荷重時痛NRS4。入浴は浴槽をまたがずシャワーで。ベッドから玄関までの動線に電気コードあり、片付けました。")
            .measuring(Measure::Usual, CALM)
            .asking(&[Part::CareManager, Part::Therapist, Part::Helper], Due::Hours(24)),
        scene(At::In(1, 11), 16, 0, Part::Equipment, "歩行器のブレーキを調整し、玄関に縦手すりを仮置きしました。高さは{pt}と現場で合わせています。"),
        scene(At::In(1, 32), 13, 10, Part::Helper, "今日はご自分で浴槽に入られました。半年ぶりの湯船で、15分ほどゆっくりされました。")
            .replied(&[reply(Part::Therapist, 95, "練習の成果ですね。しばらくはまたぐ間だけ見守りをお願いします。")]),
        scene(At::In(2, 21), 15, 20, Part::CareManager, "目標が「室内で転ばない」から「一人で近所に出る」に進みました。次回のプランでは訪問リハを減らし、通所を週2回にする案です。ご意見をお願いいたします。")
            .asking(&[Part::Therapist, Part::Nurse, Part::DayCare, Part::Helper], Due::Hours(96))
            .replied(&[reply(Part::Therapist, 140, "賛成です。自主練習表を通所と共通のものにしましょう。")]),
    ],
};
