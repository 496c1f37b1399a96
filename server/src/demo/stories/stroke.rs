//! After a stroke: home from the rehabilitation ward, walking and words come back step by step.

use crate::demo::plot::{
    At, CALM, Cadence, Drift, Due, Home, Measure, Part, Story, phase, reply, scene, seat, voice,
};

const WALK: &[&str] = &[
    "起立動作は手すりで見守り、立位保持30秒。ベッドから車いすへの移乗は軽介助。",
    "立位保持1分。平行棒内2往復、右足先の引きずりあり。",
    "短下肢装具の装着を{key}と練習。4点杖で室内5mを軽介助。",
    "4点杖で室内10m、方向転換時のみ介助。装具の発赤なし。",
    "トイレまで4点杖・見守りで往復。TUG 41秒。",
    "廊下20mを2往復。段差3cmは声かけで可能。TUG 36秒。",
    "玄関の上がり框20cmを手すりで昇降(軽介助)。10m歩行24秒。",
    "屋外へ。家の前のアスファルトを30m、途中休憩1回。TUG 31秒。",
    "T字杖へ変更を試みる。室内は見守りで安定。10m歩行19秒。",
    "屋外歩行100m。傾斜は杖を先に出すよう修正。TUG 26秒。",
    "T字杖で近所の[ポスト|自治会館|バス停]まで往復150m。本人「ここまで来られるとは」と。",
    "外出後も疲労なし。週1回は{key}と散歩する自主練習に移行。",
];

const HAND: &[&str] = &[
    "右手の促通と洗濯ばさみのつまみ動作。5個で手指の疲労。",
    "左手で食事は自立。右手は茶わんを押さえる補助手として使えている。",
    "更衣は麻痺側からの順番を紙に書いて練習。上衣は[10分|8分]で自立。",
    "台所に立ち、いすを使って[みそ汁の具を切る|りんごの皮をむく]。釘付きまな板は使いやすい。",
    "ペットボトルのふた開けが両手でできた。書字は名前まで。",
    "浴槽またぎの練習、バスボードで軽介助から見守りへ。",
];

const WORDS: &[&str] = &[
    "呼称{#10-13}/20。喚語困難あり、語頭音のヒントで出る。",
    "短文の音読は可。電話で名前を言う練習を始めた。",
    "構音は「ラ行」「サ行」の歪み。ゆっくり区切って話すと通じる。",
    "呼称16/20。家族との会話量が増えた、と{key}。",
    "新聞の見出し音読と要約。言いたいことは身振りを足して伝えられる。",
];

const NURSE: &[&str] = &[
    "麻痺側の肩に疼痛NRS{#1-4}。アームスリングの位置を調整。",
    "家庭血圧の手帳、朝は[130台|120台]で経過。",
    "抗血小板薬の飲み忘れなし。皮下出血、黒色便なし。",
    "右足部の浮腫軽度。装具のすれなし。",
    "「なかなか思うように言えん」と涙ぐむ場面あり。待つ姿勢で傾聴。",
    "意欲あり、自主練習表に毎日丸がついている。",
    "夜間トイレはポータブルで自立。",
];

const DAY: &[&str] = &[
    "歩行訓練は[60|80|100|120]mを見守りで行いました。",
    "食事は左手でスプーンを使い、全部召し上がりました。",
    "将棋の相手をされ、勝って大笑いされていました。",
    "送迎車のステップは手すりを使い、ご自分で上がられました。",
    "言葉が出にくいときは、絵カードを指さして伝えてくださいます。",
];

const DOCTOR: &[&str] = &[
    "血圧良好、再発徴候なし。アムロジピン継続。",
    "痙縮やや増。装具併用で経過をみる。",
    "LDL 88。脂質・血圧とも目標内。",
    "抑うつ気分あり、少量SSRIを開始。4週で評価。",
];

const MANAGER: &[&str] = &[
    "ご本人の目標は「[孫の結婚式に歩いて出る|自分で買い物に行く|畑に出る]」です。各職種で共有をお願いいたします。",
    "{key}様の送迎の負担を考え、通所の日を[火・金|月・木]に変更いたしました。",
    "住宅改修(玄関とトイレの手すり)が完了いたしました。",
    "装具の耐用年数の確認を{dr}にお願いしております。",
];

pub(super) const STORY: Story = Story {
    home: Home::Couple,
    frail: false,
    proxy: false,
    usual: (146, 82, 74, 97, 582),
    oxygen: 0,
    begins: Some(21),
    seats: &[
        seat(Part::CareManager, "担当ケアマネジャー"),
        seat(Part::Physician, "主治医"),
        seat(Part::Therapist, "訪問リハビリ(理学療法)"),
        seat(Part::Occupational, "リハビリ(作業療法)"),
        seat(Part::Speech, "言語療法").from(At::In(1, 0)),
        seat(Part::Nurse, "訪問看護"),
        seat(Part::SecondNurse, "訪問看護"),
        seat(Part::DayCare, "通所").from(At::In(1, 14)),
        seat(Part::Equipment, "福祉用具"),
        seat(Part::Pharmacist, "薬剤師"),
    ],
    phases: &[
        phase(35, CALM),
        phase(77, Drift { systolic: -16, diastolic: -8, weight: -8, ..CALM }),
        phase(70, Drift { systolic: -18, diastolic: -9, weight: -4, ..CALM }),
    ],
    voices: &[
        voice(Part::Therapist, Cadence::Every(2), &[WALK]).measuring(Measure::Usual).in_order(),
        voice(Part::Occupational, Cadence::Every(2), &[HAND]).phases(1, 2),
        voice(Part::Speech, Cadence::Every(4), &[WORDS]).phases(1, 2).in_order(),
        voice(Part::Nurse, Cadence::Weekly(1), &[NURSE]).measuring(Measure::Usual),
        voice(Part::DayCare, Cadence::Weekly(2), &[DAY]).phases(1, 2).measuring(Measure::Usual).chance(60),
        voice(Part::Physician, Cadence::Every(4), &[DOCTOR]),
        voice(Part::CareManager, Cadence::Every(4), &[MANAGER]),
    ],
    scenes: &[
        scene(At::In(0, 22), 15, 30, Part::CareManager, "リハビリ病院から退院されました。左[被殻出血|中大脳動脈梗塞]後の右片麻痺と失語があります。当面は週に訪問リハ2回・訪問看護1回です。")
            .asking(&[Part::Therapist, Part::Nurse, Part::Physician, Part::Occupational, Part::Equipment], Due::Hours(48))
            .replied(&[reply(Part::Therapist, 110, "初回評価で伺いました。玄関は段差解消台、トイレは縦手すりを希望します。")]),
        scene(At::In(1, 8), 11, 0, Part::Nurse, "家庭血圧が朝150〜160台で続いています。本日BP{bp}。塩分の聞き取りでは[麺の汁|漬物]が多め。降圧薬の調整をお願いします。")
            .measuring(Measure::Usual, Drift { systolic: 12, ..CALM })
            .asking(&[Part::Physician], Due::Hours(24))
            .replied(&[reply(Part::Physician, 130, "アムロジピン2.5→5mg。2週間後の手帳の値を教えてください。")]),
        scene(At::In(1, 24), 10, 40, Part::Nurse, "増量後2週間の朝の血圧は平均132/76です。ふらつき、浮腫はありません。")
            .measuring(Measure::Usual, CALM),
        scene(At::In(2, 3), 16, 20, Part::Therapist, "T字杖での屋外歩行を始めてよいか、血圧の運動中止基準とあわせてご指示をお願いします。")
            .medical()
            .asking(&[Part::Physician], Due::Hours(48))
            .replied(&[reply(Part::Physician, 180, "可。安静時180/100以上、脈120以上で中止。")]),
        scene(At::In(2, 29), 13, 0, Part::Equipment, "4点杖を回収し、T字杖の長さを合わせました。据置手すりは寝室側の1本を返却されます。"),
    ],
};
