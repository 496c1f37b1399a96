//! The last months at home with cancer: pain, eating less, wishes, the family's nights.

use crate::demo::plot::{
    At, CALM, Cadence, Drift, Due, Home, Measure, Part, Story, phase, reply, scene, seat, voice,
};

const NURSE_EARLY: &[&str] = &[
    "疼痛NRS 安静時{#1-3}、体動時{#3-5}。レスキュー使用は昨日[0|1]回。",
    "オキシコドン定時内服できている。便秘なし、眠気は昼食後に軽度。",
    "食事は少量ずつ。[そうめん|茶わん蒸し|りんごのすりおろし]は入る。嘔気なし。",
    "「病院より家がええ」と話される。庭が見える位置にベッドを動かした。",
    "倦怠感はあるが、午前中は[新聞|ラジオ|将棋番組]を楽しめている。",
    "腹部膨満軽度、下腿浮腫(+)。足浴と軽いマッサージで「楽になった」。",
    "{key}と病状の受け止めについて話す。「苦しまんようにだけ」との希望。",
    "レスキューを我慢しがち。痛くなる前に使ってよいことを再度説明。",
    "入浴は見守りで10分。湯船で「極楽」と。出た後の疲労は30分で回復。",
];

const NURSE_LATE: &[&str] = &[
    "傾眠の時間が増えた。呼びかけに開眼し、うなずきあり。",
    "経口は[水分数口|アイス二口|氷片]。口腔ケア実施、口唇に保湿。",
    "疼痛表情なし。フェントステープ{#2-4}mg継続、レスキュー坐薬1回/日。",
    "眉間のしわなく穏やか。体位は右側臥位が楽な様子。",
    "呼吸は不規則になる時があるが苦痛様なし。{key}に今後起こりうる変化を説明書を用いて話した。",
    "尿量減少、濃縮尿。四肢末梢冷感。膝に触れて孫が話しかけていた。",
    "夜間のせん妄あり、[クエチアピン|リスペリドン液]で朝まで休めた。",
    "{key}は疲労の色あり。夜は[姉と交代|妹と交代]することを一緒に相談。",
];

const HELPER: &[&str] = &[
    "体を拭き、パジャマを替えました。背中をさすると気持ちよさそうでした。",
    "シーツ交換。体の向きを変えるとき痛そうだったので、ゆっくり行いました。",
    "好物の[バニラアイス|桃の缶詰|たまご豆腐]を少し召し上がりました。",
    "{key}が買い物に出る間、そばで過ごしました。昔の[仕事|旅行|祭り]の話をされました。",
    "足湯をしました。「ありがとう」と何度も言ってくださいました。",
    "口をガーゼで湿らせ、唇にリップを塗りました。",
];

const DOCTOR_EARLY: &[&str] = &[
    "疼痛おおむね良好。オキシコドン現量。下剤追加。",
    "腹水軽度。利尿剤少量。予後は数か月と家族に説明済。",
    "食欲低下にデキサメタゾン2mg開始。2週で評価。",
    "痛みやや増。定時を20%増量、レスキューも見直し。",
    "本人、積極的治療は希望しないと再確認。家で最期まで、の意向。",
];

const DOCTOR_LATE: &[&str] = &[
    "内服困難。貼付剤へ変更済、疼痛なし。点滴は家族と相談のうえ行わない。",
    "週単位。家族に説明、夜間は訪看・当院いつでも連絡可と伝えた。",
    "苦痛なし。持続皮下注の準備だけしておく。",
    "日にちの単位が近い。連絡順(訪看→当院)を再確認。",
];

const PHARMACIST: &[&str] = &[
    "麻薬の残数を確認(定時・レスキューとも帳簿と一致)。保管は鍵付きの箱です。",
    "貼付剤の貼り替え曜日をカレンダーに記入しました。前の分は回収済みです。",
    "レスキューは1日2回まで使われています。便秘は[ナルデメジン|酸化マグネシウム]で1日1回あるとのことです。",
    "味覚の変化があり、薬は[ゼリー|とろみ水]で飲まれています。",
];

const MANAGER: &[&str] = &[
    "ご本人は「庭の[もみじ|柿の木|金木犀]を見ていたい」とのことです。ベッドの位置は窓際のままでお願いいたします。",
    "{key}様が「夜が不安」と話されていました。訪問看護の24時間の番号を電話の横に貼っております。",
    "区分変更の結果が[要介護3|要介護4]で届きました。サービスの回数は現在のまま対応できます。",
    "お孫様が{d+5}に帰省されるそうです。その日は訪問の時間を[午前中に|15時以降に]寄せていただけると助かります。",
];

pub(super) const STORY: Story = Story {
    home: Home::Any,
    frail: true,
    proxy: false,
    usual: (116, 64, 82, 96, 486),
    oxygen: 0,
    begins: Some(21),
    seats: &[
        seat(Part::CareManager, "担当ケアマネジャー"),
        seat(Part::Physician, "主治医(在宅)"),
        seat(Part::Nurse, "訪問看護 主担当"),
        seat(Part::SecondNurse, "訪問看護 副担当"),
        seat(Part::Pharmacist, "訪問薬剤管理"),
        seat(Part::Helper, "訪問介護").from(At::In(1, 7)),
        seat(Part::Equipment, "福祉用具"),
        seat(Part::SocialWorker, "退院元 相談室").until(At::In(1, 20)),
    ],
    phases: &[
        phase(35, CALM),
        phase(98, Drift { weight: -48, systolic: -8, pulse: 8, ..CALM }),
        phase(49, Drift { weight: -82, systolic: -22, diastolic: -6, pulse: 16, spo2: -2, temperature: 2, ..CALM }).apart(),
    ],
    voices: &[
        voice(Part::Nurse, Cadence::Weekly(2), &[NURSE_EARLY]).phases(0, 1).measuring(Measure::Usual),
        voice(Part::Nurse, Cadence::Weekly(5), &[NURSE_LATE]).phases(2, 2).measuring(Measure::Breath).chance(85),
        voice(Part::Helper, Cadence::Weekly(3), &[HELPER]).phases(1, 2).chance(70),
        voice(Part::Physician, Cadence::Every(2), &[DOCTOR_EARLY]).phases(0, 1).in_order(),
        voice(Part::Physician, Cadence::Every(1), &[DOCTOR_LATE]).phases(2, 2).in_order(),
        voice(Part::Pharmacist, Cadence::Every(2), &[PHARMACIST]),
        voice(Part::CareManager, Cadence::Every(4), &[MANAGER]),
    ],
    scenes: &[
        scene(At::In(0, 22), 14, 10, Part::SocialWorker, "[膵がん|胃がん術後再発|肺がん]で当院外来通院中の方です。緩和ケア中心の方針となり、在宅療養へ移行されます。病名・予後ともご本人へ説明済みです。")
            .asking(&[Part::Physician, Part::Nurse, Part::CareManager], Due::Hours(48)),
        scene(At::In(1, 16), 11, 10, Part::Nurse, "体動時NRS 6まで上昇、レスキュー3回/日。[夜間に痛みで2回覚醒|背部痛が強い]。定時量の調整をお願いします。")
            .medical()
            .measuring(Measure::Usual, Drift { pulse: 6, ..CALM })
            .asking(&[Part::Physician, Part::Pharmacist], Due::Hours(6))
            .replied(&[
                reply(Part::Physician, 60, "オキシコドン徐放 20→30mg/日。レスキュー5mg。今夜から。"),
                reply(Part::Pharmacist, 110, "本日18時にお届けします。旧規格は回収します。"),
            ]),
        scene(At::In(1, 58), 15, 30, Part::CareManager, "ご本人・{key}様・{dr}・訪問看護とでこれからのことを話し合いました(要点)。\n・最期まで家で過ごしたい\n・苦痛を取る治療は希望、心肺蘇生は望まない\n・気持ちが変わったらいつでも変えてよい")
            .asking(&[Part::Physician, Part::Nurse, Part::Pharmacist, Part::Helper], Due::Hours(72)),
        scene(At::In(2, 9), 17, 20, Part::Nurse, "内服がむせて難しくなっています。貼付剤への切り替えについてご指示ください。{key}は「もう薬はつらそう」と。")
            .medical()
            .asking(&[Part::Physician, Part::Pharmacist], Due::Hours(5))
            .replied(&[reply(Part::Physician, 42, "フェントステープ2mgへ。レスキューは坐薬。明朝から。")]),
        scene(At::Ago(1), 9, 10, Part::SecondNurse, "夜間1:40 {key}より呼吸が荒いと電話、2:20訪問。下顎呼吸ではなく、体位と枕の調整、坐薬使用で落ち着く。{key}は「来てもらって安心した」と。朝まで休めたと電話で確認。")
            .asking(&[Part::Physician, Part::CareManager], Due::Hours(8)),
    ],
};
