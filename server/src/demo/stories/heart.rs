//! Heart failure that worsens, goes to hospital, and comes home.

use crate::demo::plot::{
    At, CALM, Cadence, Drift, Due, Home, Measure, Part, Story, phase, reply, scene, seat, voice,
};

pub(in crate::demo) const NURSE_QUIET: &[&str] = &[
    "下腿浮腫なし。起座呼吸なく、夜間も平らで眠れている。",
    "両下腿に軽度圧痕残るが先週と変わらず。労作時の息切れなし。",
    "体重の増減[300|400]g以内。塩分は[漬物を一日2切れまで|味噌汁を一日1杯]にできている。",
    "肺雑音なし、頸静脈怒張なし。トイレ歩行後もSpO2低下なし。",
    "水分は一日[1000|1100]ml以内を守れている。手帳の体重も毎朝記入あり。",
    "手帳を確認、体重の記入漏れ{#1-2}日。朝食前に量ることを再度説明。",
    "階段は使わず1階で生活。入浴後の動悸なし。",
    "利尿剤の飲み忘れなし。尿回数は日中{#6-9}回。",
    "足背の浮腫ごく軽度。靴下の跡は薄い。",
    "動悸、胸痛なし。脈の不整は以前からのものと変化なし。",
];

pub(in crate::demo) const NURSE_GAIN: &[&str] = &[
    "体重{wt}kg、この1週間で増加傾向。下腿の圧痕が深くなってきた。",
    "夕方になると靴下の跡がくっきり残る。両足背まで浮腫(+)。",
    "トイレまでの往復で息が上がり、戻ってから2〜3分休んでいる。安静で改善。",
    "「横になるとせきが出る」と枕を2つ重ねて寝ている。右下肺で水泡音かすかに。",
    "食事の味が薄いと、醤油を足していた。{key}にも一緒に説明。",
    "体重{wt}kg。尿量は減った感じがすると本人。残薬は合っており飲み忘れはなさそう。",
    "会話は途切れないが、着替えのあと肩で息をしている。",
    "浮腫は膝下まで。皮膚の張りあり、テープかぶれに注意。",
];

pub(in crate::demo) const HELPER_QUIET: &[&str] = &[
    "体重は手帳に{#1-2}日分書いてありませんでした。",
    "減塩しょうゆに替えてから「慣れてきた」と言われています。",
    "足のむくみは見た目では分かりませんでした。",
    "台所に立って[10|15|20]分ほど一緒に野菜を切られました。",
    "買い物メモに[たくあん|梅干し|かまぼこ]とありましたが、相談して[豆腐|トマト|バナナ]にしました。",
    "水筒に一日分の水を入れて、印をつけておきました。",
    "玄関まで歩いて出てこられました。息切れはないようです。",
    "",
];

pub(in crate::demo) const HELPER_GAIN: &[&str] = &[
    "靴下のゴムの跡が深く残っていました。",
    "洗面所から戻るときハアハアされていたので、いすで休んでもらいました。",
    "「足が重たい」と言われ、掃除の間はずっと座っておられました。",
    "食事は半分ほどで「もう入らん」と言われました。",
    "お菓子の袋([せんべい|柿の種|かりんとう])が増えていました。",
    "夜に何度かせきが出て眠れなかったそうです。",
];

pub(in crate::demo) const DOCTOR_QUIET: &[&str] = &[
    "心不全 NYHA II。浮腫軽度、肺野清。処方同じ。",
    "状態安定。採血 BNP {#140-220}、Cr {#0-0}.{#86-98}。利尿剤継続。",
    "心音不整、ラ音なし。体重目標は現状±1kg。",
    "血圧落ち着いている。脱水に注意、暑い日はアゾセミドを休んでよい基準を本人と確認した。",
    "変わりなし。ワクチンの話をした。",
    "体重管理よくできている。次回採血。",
];

pub(in crate::demo) const PHARMACIST: &[&str] = &[
    "一包化14日分セット。残薬は[朝1包|夕2包|昼1包]。飲み忘れの理由は[外出|昼寝]とのこと。",
    "利尿剤は朝のみ。夕方に飲むと夜トイレが増えるので、自己調整しないよう説明しました。",
    "市販の[葛根湯|ロキソニン|胃薬]が引き出しにありました。むくみやすくなるため服用前に相談いただくようお話ししました。",
    "残薬なし。お薬カレンダーの使い方も問題ありません。",
    "ふらつき、口渇の訴えなし。カリウム製剤は粒が大きく飲みにくいとのことで、{dr}に剤形変更を相談中です。",
];

pub(in crate::demo) const DAY_QUIET: &[&str] = &[
    "来所時の体重{wt}kg。足のむくみは目立ちません。",
    "体操は座って行い、途中{#1-2}回休憩されました。",
    "送迎車から席までの歩行で息切れはありませんでした。",
    "おやつの[せんべい|塩昆布茶]は控え、[果物|ゼリー]にしています。",
    "午後は足を上げて休んでいただきました。",
];

pub(in crate::demo) const DAY_GAIN: &[&str] = &[
    "来所時の体重{wt}kg。先週より増えていました。足の甲にむくみがあります。",
    "席までの歩行で息が上がり、途中のいすで一度休まれました。",
    "体操は見学にし、足を台に上げて過ごしていただきました。昼食は半分ほどでした。",
    "入浴は息切れがあるため、座ってのシャワー浴に変更しました。",
    "靴がきつそうでしたので、帰りは大きめの上履きをお貸ししました。",
    "午後は静養室で上体を起こして休まれました。せきが何度か出ていました。",
];

pub(in crate::demo) const MANAGER: &[&str] = &[
    "ご本人は「このまま家で暮らしたい」とのお気持ちに変わりありません。体重の記録も続けておられます。",
    "ご自宅に伺いました。サービスの利用は予定どおりで、{key}様の負担感も今のところ強くないとのことです。",
    "短期目標「毎朝体重を量り記録する」はおおむね達成です。長期目標は継続といたします。",
    "{key}様より、[通院|買い物]の付き添いが難しい月があるとご相談がありました。来月の予定を調整いたします。",
    "福祉用具(手すり、シャワーチェア)の利用状況も確認し、ゆるみなどはありませんでした。",
];

const WARD: &[&str] = &[
    "利尿剤静注で尿量{#18-26}00ml/日。体重{wt}kg。浮腫は[下腿|足背]に残る。",
    "酸素は[2L|1L|オフ]、SpO2 {sp}%。[病室内歩行開始|トイレ歩行自立]。",
    "減塩食6g、{#7-9}割摂取。水分1日1000ml制限を本人と確認。",
    "内服に切り替え。夜間の起座呼吸なし。",
    "心臓リハビリ開始、病棟内[40|60|80|120]m歩行可。息切れBorg {#11-13}。",
];

const AFTER: &[&str] = &[
    "退院後の体重推移良好、本日{wt}kg。浮腫なし。",
    "退院時指導の内容(体重+2kgで連絡)を復唱でき、冷蔵庫にも貼ってある。",
    "薬が変わったところを薬袋で再確認。古い薬は{ph}が回収済み。",
    "動作後SpO2 {sp}%。入浴は半身浴10分まで守れている。",
    "味付けは減塩だしに替えた。「薄いが慣れた」と。",
    "夜間トイレ2回。起座呼吸なし。塩分の多い惣菜は{key}が買わなくなった。",
];

pub(super) const STORY: Story = Story {
    home: Home::Any,
    frail: false,
    proxy: false,
    usual: (126, 68, 76, 96, 528),
    oxygen: 0,
    begins: None,
    seats: &[
        seat(Part::CareManager, "担当ケアマネジャー"),
        seat(Part::Physician, "主治医"),
        seat(Part::Nurse, "訪問看護 主担当"),
        seat(Part::SecondNurse, "訪問看護 副担当"),
        seat(Part::Pharmacist, "かかりつけ薬剤師"),
        seat(Part::Helper, "訪問介護"),
        seat(Part::DayCare, "通所介護"),
        seat(Part::WardNurse, "入院病棟").from(At::In(2, 0)).until(At::In(3, 13)),
        seat(Part::SocialWorker, "退院支援").from(At::In(2, 2)).until(At::In(3, 13)),
        seat(Part::Dietitian, "訪問栄養指導").from(At::In(3, 3)),
    ],
    phases: &[
        phase(77, CALM),
        phase(18, Drift { weight: 32, spo2: -4, pulse: 16, respiration: 6, systolic: 12, ..CALM }),
        phase(24, Drift { weight: -8, spo2: 0, pulse: 2, systolic: -8, ..CALM }).apart(),
        phase(63, Drift { weight: -5, systolic: -4, ..CALM }),
    ],
    voices: &[
        voice(Part::Nurse, Cadence::Weekly(1), &[NURSE_QUIET]).phases(0, 0).measuring(Measure::Weight),
        voice(Part::Nurse, Cadence::Weekly(2), &[NURSE_GAIN]).phases(1, 1).measuring(Measure::Weight),
        voice(Part::Nurse, Cadence::Weekly(2), &[AFTER]).phases(3, 3).measuring(Measure::Weight).chance(85),
        voice(Part::Helper, Cadence::Weekly(2), &[HELPER_QUIET]).phases(0, 0).chance(60),
        voice(Part::Helper, Cadence::Weekly(2), &[HELPER_GAIN]).phases(1, 1).plain().chance(85),
        voice(Part::Helper, Cadence::Weekly(2), &[HELPER_QUIET]).phases(3, 3).chance(60),
        voice(Part::DayCare, Cadence::Weekly(1), &[DAY_QUIET]).phases(0, 0).measuring(Measure::Weight),
        voice(Part::DayCare, Cadence::Weekly(1), &[DAY_GAIN]).phases(1, 1).measuring(Measure::Weight).plain(),
        voice(Part::DayCare, Cadence::Weekly(1), &[DAY_QUIET]).phases(3, 3).measuring(Measure::Weight),
        voice(Part::Physician, Cadence::Every(2), &[DOCTOR_QUIET]).phases(0, 0),
        voice(Part::Physician, Cadence::Every(2), &[DOCTOR_QUIET]).phases(3, 3),
        voice(Part::Pharmacist, Cadence::Every(4), &[PHARMACIST]).phases(0, 0),
        voice(Part::Pharmacist, Cadence::Every(2), &[PHARMACIST]).phases(3, 3),
        voice(Part::CareManager, Cadence::Every(4), &[MANAGER]).phases(0, 0),
        voice(Part::CareManager, Cadence::Every(4), &[MANAGER]).phases(3, 3),
        voice(Part::WardNurse, Cadence::Weekly(2), &[WARD]).phases(2, 2).measuring(Measure::Weight).in_order(),
    ],
    scenes: &[
        scene(At::In(1, 9), 11, 20, Part::Nurse, "体重が2週間で[1.6|1.8|2.1]kg増えています。浮腫は下腿まで、労作時SpO2 {sp}%。[夜間の咳もあり|枕を高くしないと眠れない]とのこと。利尿剤の調整についてご指示をお願いします。")
            .measuring(Measure::Weight, CALM)
            .asking(&[Part::Physician], Due::Hours(7))
            .replied(&[reply(Part::Physician, 95, "[アゾセミド 30→60mgに増量|フロセミド20mg追加]、今日FAXします。3日後に体重と症状を知らせてください。+1kg以上増えたら電話を。")]),
        scene(At::In(1, 10), 16, 10, Part::Pharmacist, "増量分をお届けしました。朝の包みに[赤線|青シール]をつけています。ふらつきに注意するようお話ししました。"),
        scene(At::In(1, 17), 17, 40, Part::Helper, "今日はトイレから戻るのに途中で座り込まれました。唇の色が少し悪い気がして、{st}さんに電話しました。")
            .replied(&[reply(Part::Nurse, 50, "連絡ありがとうございます。今から臨時訪問します。")]),
        scene(At::In(2, 0), 9, 5, Part::Nurse, "昨夕臨時訪問。SpO2 {sp}%、R{rr}、起座位で喘鳴あり。{dr}へ電話報告し、救急要請。{hosp}へ搬送、心不全増悪で入院となりました。")
            .measuring(Measure::Breath, Drift { spo2: -4, pulse: 18, respiration: 7, systolic: 20, ..CALM })
            .asking(&[Part::CareManager, Part::Helper, Part::DayCare, Part::Pharmacist], Due::Hours(8))
            .replied(&[
                reply(Part::CareManager, 40, "ご連絡ありがとうございます。入院時情報提供書を本日中に{hosp}地域連携室へお送りします。各サービスは本日より休止でお願いいたします。"),
                reply(Part::DayCare, 75, "承知しました。利用を止めておきます。お大事になさってください。"),
            ]),
        scene(At::In(2, 3), 14, 0, Part::SocialWorker, "{hosp}相談員の{me}です。{key}様と面談しました。自宅退院のご希望です。入院期間は[2週間|2〜3週間]の見込みと主治医より説明がありました。"),
        scene(At::In(2, 14), 15, 30, Part::CareManager, "退院前カンファレンスは{d+3}14時から、{hosp}5階の面談室で行います。ご出席の可否をお知らせください。")
            .asking(&[Part::Nurse, Part::Pharmacist, Part::Helper, Part::SocialWorker], Due::Hours(44)),
        scene(At::In(3, 0), 16, 20, Part::Nurse, "本日退院。夕方に初回訪問しました。自宅の体重計で{wt}kg(これを基準にします)。浮腫なし、歩行時息切れなし。薬は退院処方のみとし、古い分は別袋にまとめました。")
            .measuring(Measure::Weight, CALM)
            .asking(&[Part::Physician, Part::Pharmacist], Due::Hours(30))
            .replied(&[reply(Part::Physician, 130, "ありがとう。{d+3}に往診します。")]),
        scene(At::In(3, 10), 15, 0, Part::Dietitian, "初回訪問。24時間思い出し法で食塩約[9|10|11]g/日。汁物と漬物が主。まず「麺の汁は残す」「漬物は1日1回」の2つを目標にしました。"),
        scene(At::In(3, 38), 15, 10, Part::Dietitian, "2回目。食塩約[7|7.5]g/日まで減っています。体重減少なく、たんぱく質は卵1個追加で提案。"),
    ],
};
