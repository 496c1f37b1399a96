//! Dementia, living alone: forgotten medicines, a pan on the stove, a walk in the evening, neighbours.

use crate::demo::plot::{
    At, CALM, Cadence, Drift, Due, Home, Measure, Part, Story, phase, reply, scene, seat, voice,
};

const NURSE: &[&str] = &[
    "服薬カレンダー、[火曜夕|土曜朝|日曜朝]の分が残。曜日の認識あいまい。",
    "「財布を盗られた」と訴えあり。一緒に探し、[仏壇の引き出し|冷凍庫|布団の下]から見つかり安心された。",
    "今日の日付は答えられないが、昔の[女学校|勤め先|漁]の話は鮮明。",
    "更衣が数日できていない様子。清拭し着替えると「さっぱりした」。",
    "体重維持。冷蔵庫に同じ[豆腐|食パン|納豆]が4つ。食べた形跡は少ない。",
    "同じ質問を5分おきにされる。表情は穏やか。",
    "訪問を忘れており「どなた」と言われるが、名札を見せると招き入れてくださる。",
    "昼夜逆転なし。近所の方が毎朝雨戸を見てくれている。",
];

const HELPER: &[&str] = &[
    "声をかけて、薬を飲まれるところまで見届けました。「もう飲んだ」と2回言われました。",
    "冷蔵庫に賞味期限切れの[牛乳|卵|総菜]があり、ご本人と相談して処分しました。",
    "ゴミの日を間違えて出しておられたので、持ち帰って分別しました。",
    "玄関の鍵が開いたままでした。貴重品は変わりありません。",
    "エアコンのリモコンとテレビのリモコンを間違えておられました。",
    "洗濯機に入れたままの洗濯物を干し直しました。",
    "郵便受けに通販の[健康食品|布団]のちらしと振込用紙がありました。写しを取り、{key}さん宛ファイルに入れました。",
    "回覧板を一緒に隣の家へ届けました。近所の方とにこにこ話されていました。",
    "お風呂は「昨日入った」と断られ、足だけ洗わせてもらいました。",
    "一緒に買い物へ。お金の支払いはゆっくりですがご自分でされました。",
];

const DAY: &[&str] = &[
    "お迎え時「今日は行かん」と言われましたが、[お茶を飲んで|歌の話をして]から出発できました。",
    "帰りたいと何度か立ち上がられましたが、洗濯物たたみをお願いすると落ち着かれました。",
    "隣の席の方に編み物を教えておられました。",
    "入浴されました。下着が3枚重ね着になっていました。",
    "昼食は全部召し上がりました。食べたことはすぐ忘れられますが機嫌はよいです。",
];

const DOCTOR: &[&str] = &[
    "HDS-R {#11-14}点。ドネペジル継続。行動面は落ち着いている。",
    "血圧良好。服薬は1日1回にまとめた。",
    "易怒性なし。夕方の不安あり、抑肝散を少量で。",
    "変化なし。独居の限界について次回、家族と話す。",
];

const MANAGER: &[&str] = &[
    "県外の{key}様とオンラインで面談しました。「本人が家にいたいなら続けさせたい」とのお考えです。",
    "民生委員さん、隣家の方にもご協力いただき、朝の雨戸の確認を続けてくださっています。",
    "配食弁当は手渡しでの安否確認つきに変更いたしました。受け取りは[毎日できて|週に1回忘れて]いるとのことです。",
    "火の元が心配なため、IHの電磁調理器への交換を{key}様と進めております。",
    "お金の管理について、日常生活自立支援事業の申し込みを社会福祉協議会に相談いたしました。",
];

pub(super) const STORY: Story = Story {
    home: Home::Alone,
    frail: false,
    proxy: true,
    usual: (134, 74, 72, 97, 472),
    oxygen: 0,
    begins: None,
    seats: &[
        seat(Part::CareManager, "担当ケアマネジャー"),
        seat(Part::Physician, "主治医"),
        seat(Part::Nurse, "訪問看護"),
        seat(Part::SecondNurse, "訪問看護"),
        seat(Part::Pharmacist, "薬剤師"),
        seat(Part::Helper, "訪問介護"),
        seat(Part::SecondHelper, "訪問介護"),
        seat(Part::DayCare, "通所介護"),
        seat(Part::SupportCenter, "地域包括支援センター"),
        seat(Part::HealthNurse, "認知症初期集中支援").until(At::In(1, 30)),
    ],
    phases: &[
        phase(49, CALM),
        phase(70, Drift { weight: -16, systolic: 6, ..CALM }),
        phase(63, Drift { weight: -6, systolic: -2, ..CALM }),
    ],
    voices: &[
        voice(Part::Nurse, Cadence::Weekly(1), &[NURSE]).measuring(Measure::Weight),
        voice(Part::Helper, Cadence::Weekly(6), &[HELPER]).chance(45),
        voice(Part::DayCare, Cadence::Weekly(2), &[DAY]).measuring(Measure::Usual).chance(75),
        voice(Part::Physician, Cadence::Every(4), &[DOCTOR]),
        voice(Part::CareManager, Cadence::Every(4), &[MANAGER]),
    ],
    scenes: &[
        scene(At::In(0, 24), 17, 50, Part::Helper, "台所で[鍋|やかん]の底が真っ黒に焦げていました。火は消えていました。ご本人は覚えておられません。")
            .asking(&[Part::CareManager, Part::SupportCenter], Due::Hours(16))
            .replied(&[reply(Part::CareManager, 35, "ご連絡ありがとうございます。{key}様へお電話し、電磁調理器への交換をご相談いたします。")]),
        scene(At::In(0, 38), 15, 0, Part::HealthNurse, "チーム員会議の報告です。服薬とガスの管理が当面の課題で、サービスの受け入れは良好です。{d+14}にもう一度訪問し、引き継ぎを終える予定です。"),
        scene(At::In(1, 11), 20, 10, Part::CareManager, "18時半頃、[スーパーの駐車場|バス停]で保護されたと警察から連絡がありました。けがはなく、ご自宅までお送りしました。明朝の様子を教えてください。")
            .asking(&[Part::Helper, Part::Nurse, Part::SupportCenter], Due::Hours(15))
            .replied(&[reply(Part::Helper, 770, "今朝訪問しました。昨日のことは覚えておられません。朝食と薬はいつもどおりでした。")]),
        scene(At::In(1, 14), 13, 30, Part::SupportCenter, "見守りSOSネットワークの登録を済ませ、靴と杖に番号シールを貼りました。靴に入れるGPSは{key}様が試されます。"),
        scene(At::In(1, 39), 16, 40, Part::Pharmacist, "カレンダーの夕分の飲み残しが続くため、1日1回朝のみの処方をご相談したいです。ヘルパーさんの訪問時に飲んでいただけます。")
            .asking(&[Part::Physician, Part::Helper], Due::Hours(72))
            .replied(&[reply(Part::Physician, 210, "朝1回にまとめます。次回処方から。")]),
        scene(At::In(2, 10), 14, 20, Part::CareManager, "朝のみの服薬にしてから、飲み忘れは月1回になりました。体重も戻ってきています。{key}様は近く帰省され、今後の住まいについて一緒に考えられるそうです。"),
    ],
};
