//! An old couple caring for each other: a spouse who grows tired, and a team that notices.

use crate::demo::plot::{
    At, CALM, Cadence, Drift, Due, Home, Measure, Part, Story, phase, reply, scene, seat, voice,
};

const NURSE: &[&str] = &[
    "{spouse}が食事介助まで一人でされている。介護の手順はていねい。",
    "{spouse}「夜3回起こされる」と。目の下にくまあり、傾聴する。",
    "本人の体位変換、{spouse}の腰痛が強くスライディングシートを使う方法を一緒に練習。",
    "{spouse}の血圧も測定、{#148-168}/{#82-92}。受診がのびのびになっているとのこと。",
    "オムツかぶれ軽度。洗浄と撥水クリームを{spouse}と確認。",
    "本人は穏やか。「{spouse}に世話をかける」と小声で話される。",
    "爪切り、耳掃除を実施。{spouse}は横でうたた寝をされていた。",
    "褥瘡なし。仙骨部の発赤は消退している。",
];

const NURSE_REST: &[&str] = &[
    "ショート利用後。皮膚トラブルなし、本人も「飯がうまかった」と。{spouse}の表情がやわらかい。",
    "夜間のトイレ対応が1回に減り、{spouse}も続けて5時間眠れている。",
    "{spouse}は先週自分の受診に行けた。降圧薬が始まったとのこと。",
    "訪問入浴の日を楽しみにしている。皮膚の保湿状態よい。",
    "移乗はリフトの練習中。{spouse}「腰が楽」と。",
    "娘から電話があり、週末は交代で来てくれることになった。",
];

const HELPER: &[&str] = &[
    "{dish}を[やわらかくして|細かく刻んで]用意し、{#5-9}割召し上がりました。",
    "お茶はコップ[半分|1杯]をゆっくり飲まれました。",
    "オムツ交換のあと、{spouse}様と一緒に体の向きを変えました。",
    "{spouse}様の分も昼食({dish})を用意し、お二人で召し上がりました。",
    "洗濯物が3日分たまっていたので回しました。",
    "{spouse}様が「昨夜は寝ておらん」と言われ、訪問中は隣の部屋で横になられました。",
    "台所の流しに洗い物が残っていました。いつもはきれいにされる方です。",
    "お二人で昔の新婚旅行の写真を見ておられました。",
    "{spouse}様が腰をさすっておられたので、抱え上げる介助は二人で行いました。",
];

const STAY: &[&str] = &[
    "夜間は2時間ごとの巡視で、よく休まれました。",
    "食事は主食9割、副食8割です。とろみは不要でした。",
    "入浴は特浴で2回行いました。皮膚の異常ありません。",
    "夕方に「家に帰る」と言われましたが、お茶を飲まれると落ち着かれました。",
    "レクリエーションの歌に参加されました。手拍子も出ていました。",
];

const DAY: &[&str] = &[
    "{spouse}様が玄関まで見送られました。",
    "昼食のあと、静養室で1時間ほど休まれました。",
    "連絡帳に{spouse}様から「今朝は機嫌がわるかった」とありましたが、到着後は穏やかでした。",
    "車いすで集団体操の輪に入り、手だけ動かしておられました。",
];

const DOCTOR: &[&str] = &[
    "本人安定。介護者の疲労が目立つ。レスパイトを勧めた。",
    "食事量保たれている。処方変更なし。",
    "介護者の血圧高値、当院で診る。",
    "皮膚良好。拘縮の進行なし。",
];

const MANAGER: &[&str] = &[
    "{spouse}様より「つい大きな声を出してしまう」とのお話がありました。責めずにお聴きし、休める時間を増やす方向でご相談しています。",
    "遠方の娘様と電話でお話しし、月に1度帰省していただけることになりました。",
    "短期入所は月7日を継続する計画です。次回の空きを確認しております。",
    "介護者の会のご案内をお渡ししました。「一度のぞいてみようか」とのことです。",
];

pub(super) const STORY: Story = Story {
    home: Home::Couple,
    frail: true,
    proxy: true,
    usual: (124, 68, 72, 96, 462),
    oxygen: 0,
    begins: None,
    seats: &[
        seat(Part::CareManager, "担当ケアマネジャー"),
        seat(Part::Physician, "主治医"),
        seat(Part::Nurse, "訪問看護"),
        seat(Part::SecondNurse, "訪問看護"),
        seat(Part::Helper, "訪問介護"),
        seat(Part::SecondHelper, "訪問介護"),
        seat(Part::DayCare, "通所介護"),
        seat(Part::CareWorker, "短期入所").from(At::In(1, 7)),
        seat(Part::SupportCenter, "地域包括支援センター"),
        seat(Part::Equipment, "福祉用具"),
    ],
    phases: &[
        phase(70, Drift { weight: -8, ..CALM }),
        phase(35, Drift { weight: -12, systolic: 4, ..CALM }),
        phase(77, Drift { weight: 2, ..CALM }),
    ],
    voices: &[
        voice(Part::Nurse, Cadence::Weekly(2), &[NURSE]).phases(0, 1).measuring(Measure::Usual).chance(80),
        voice(Part::Nurse, Cadence::Weekly(1), &[NURSE_REST]).phases(2, 2).measuring(Measure::Usual),
        voice(Part::Helper, Cadence::Weekly(5), &[HELPER]).chance(42),
        voice(Part::DayCare, Cadence::Weekly(1), &[DAY]).measuring(Measure::Usual),
        voice(Part::CareWorker, Cadence::Every(2), &[STAY]).phases(2, 2).measuring(Measure::Usual),
        voice(Part::Physician, Cadence::Every(4), &[DOCTOR]),
        voice(Part::CareManager, Cadence::Every(2), &[MANAGER]).chance(60),
    ],
    scenes: &[
        scene(At::In(0, 51), 12, 10, Part::Helper, "訪問すると{spouse}様が台所で座り込んでおられました。「立ちくらみがした」とのことで、水を飲んでもらい10分ほどで落ち着かれました。けがはありません。")
            .asking(&[Part::CareManager, Part::Nurse], Due::Hours(4))
            .replied(&[
                reply(Part::Nurse, 28, "午後に訪問を早め、{spouse}の血圧も測ります。強い頭痛や麻痺があれば救急車を呼んでください。"),
                reply(Part::CareManager, 52, "ご連絡ありがとうございます。本日中に{spouse}様のご受診と、短期入所の空きを確認いたします。"),
            ]),
        scene(At::In(1, 4), 15, 30, Part::CareManager, "{spouse}様のお疲れが強く、明らかな限界のサインと受け止めております。{d+3}に緊急の担当者会議をご自宅で行いたく、ご都合をお聞かせください。")
            .asking(&[Part::Nurse, Part::Helper, Part::DayCare, Part::Physician, Part::SupportCenter], Due::Hours(24))
            .replied(&[reply(Part::SupportCenter, 60, "出席いたします。虐待の芽として見るより、まず休める環境づくりを一緒に考えさせてください。")]),
        scene(At::In(1, 10), 16, 0, Part::CareManager, "会議の要点です。\n・月7日の短期入所を開始\n・夜間のおむつは吸収量の多いものに変更\n・訪問看護は介護者の体調も毎回確認\n・{spouse}様ご自身も要支援の認定申請")
            .asking(&[Part::Nurse, Part::Helper, Part::DayCare, Part::CareWorker], Due::Hours(48)),
        scene(At::In(1, 20), 16, 40, Part::CareWorker, "初めての短期入所でした。初日の夜は2回起きられましたが、2日目からはよく眠られました。{spouse}様が面会に来られ、「久しぶりに朝まで寝た」と言われていました。"),
        scene(At::In(2, 24), 14, 0, Part::Equipment, "移乗用のスライディングボードと電動リフトを試されました。{spouse}様が「これなら一人でもできる」と、{d+7}から本利用です。"),
    ],
};
