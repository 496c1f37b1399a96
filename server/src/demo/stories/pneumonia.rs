//! Aspiration pneumonia: choking at meals, fever, hospital, and learning to eat safely.

use crate::demo::plot::{
    At, CALM, Cadence, Drift, Due, Home, Measure, Part, Story, phase, reply, scene, seat, voice,
};

const NURSE: &[&str] = &[
    "食後の湿性嗄声なし。喀痰は白色少量、自己喀出可。",
    "食事中のむせ[1|2]回。顎を引くよう声かけ、とろみ[中間|薄い]で継続。",
    "肺音清。口腔内は[食物残渣少量|きれい]、舌苔を除去。",
    "吸引[1|2]回、白色粘稠痰少量。エア入り左右差なし。",
    "食前の嚥下体操を{key}と一緒に実施。「ぱ・た・か・ら」は発声明瞭。",
    "夜間の咳込み[なし|1回]とのこと。上体15度挙上で就寝。",
    "飲み込みに時間かかるが、30分で[7|8]割摂取。疲労あり残りは補助飲料へ。",
    "右下葉に粗い断続性ラ音ごくわずか。発熱なく経過をみる。",
];

const NURSE_AFTER: &[&str] = &[
    "痰は白色少量。SpO2 {sp}%で酸素不要のまま経過。",
    "ベッド上30分座位後も疲労軽度。食事は一口量を小さじ1で統一。",
    "抗菌薬は終了。食欲戻り、体重も少しずつ回復。",
    "{key}の介助ペースが早くなりがち。飲み込みを確認してから次の一口、と一緒に練習。",
    "口腔ケアは1日3回できている。義歯も夜は外して洗浄。",
    "食後は30分以上座位を保てている。逆流症状なし。",
];

const HELPER: &[&str] = &[
    "お昼は刻みにとろみをかけ、[25|30|40]分かけて召し上がりました。",
    "お茶のとろみは表のとおり小さじ1杯で作りました。むせはありませんでした。",
    "汁物で1回むせましたが、すぐおさまりました。",
    "食後の歯みがきと、うがいを手伝いました。",
    "食べながらテレビを見るとむせるので、消してから召し上がっていただきました。",
    "食後すぐ横になりたいと言われましたが、いすで30分過ごしていただきました。",
];

const SPEECH: &[&str] = &[
    "反復唾液嚥下テスト[2|3]回/30秒。間接訓練(シャキア変法、アイスマッサージ)実施。",
    "改訂水飲み3点。水分は中間のとろみを継続、ゼリーは問題なし。",
    "直接訓練:[ヨーグルト|プリン|お茶ゼリー]で30g。喉頭挙上やや遅い。むせなし、湿性嗄声なし。",
    "最長発声持続[7|8|9]秒。呼吸筋のストレッチを追加。",
    "食事場面を評価。椅子の高さを下げ、足底接地で頸部前屈位が取りやすくなった。",
    "ソフト食まで段階を上げて2週目、むせは1食1回以下。次回、常食に近い煮物で評価する。",
];

const HYGIENIST: &[&str] = &[
    "歯垢は[右上臼歯|下顎前歯裏]に残りやすく、{key}様にブラシの当て方をお伝えしました。",
    "舌苔は前回より減っています。粘膜に傷はありません。保湿ジェルを薄く塗布しました。",
    "入れ歯の裏に食べかすが残っていました。外して洗う回数を朝夕2回にしましょうとお話ししました。",
    "口唇の動きがよくなり、ぶくぶくうがいが5回できました。",
];

const DOCTOR: &[&str] = &[
    "肺音清、発熱なし。嚥下食継続。",
    "痰多いが炎症なし。去痰薬継続。[ACE阻害薬|半夏厚朴湯]も続ける。",
    "体重やや減。栄養補助飲料を1日1本追加。",
    "安定。次に発熱あれば早めに連絡を。",
];

const MANAGER: &[&str] = &[
    "お食事の形態について、{key}様が作り方に慣れてこられたとのことです。とろみ剤は同じ銘柄で統一をお願いいたします。",
    "「好きな[刺身|まんじゅう|うどん]がまた食べたい」とのご希望です。言語聴覚士さんとご相談しながら進めてまいります。",
    "{key}様の睡眠不足が気になります。吸引の回数が減ってきており、夜は休めるようになったとのことでした。",
    "訪問歯科は月2回で継続いたします。介護ベッドの背上げ機能も活用されていました。",
];

pub(super) const STORY: Story = Story {
    home: Home::Any,
    frail: false,
    proxy: true,
    usual: (122, 66, 78, 95, 447),
    oxygen: 0,
    begins: None,
    seats: &[
        seat(Part::CareManager, "担当ケアマネジャー"),
        seat(Part::Physician, "主治医"),
        seat(Part::Nurse, "訪問看護"),
        seat(Part::SecondNurse, "訪問看護"),
        seat(Part::Helper, "訪問介護"),
        seat(Part::SecondHelper, "訪問介護"),
        seat(Part::Hygienist, "訪問口腔ケア"),
        seat(Part::Dentist, "訪問歯科"),
        seat(Part::WardNurse, "入院病棟").from(At::In(1, 2)).until(At::In(2, 6)),
        seat(Part::Speech, "訪問リハビリ(嚥下)").from(At::In(2, 2)),
        seat(Part::Dietitian, "訪問栄養指導").from(At::In(2, 7)),
    ],
    phases: &[
        phase(63, CALM),
        phase(21, Drift { spo2: -2, weight: -16, pulse: 6, systolic: -6, ..CALM }).apart(),
        phase(98, Drift { weight: -2, ..CALM }),
    ],
    voices: &[
        voice(Part::Nurse, Cadence::Weekly(2), &[NURSE]).phases(0, 0).measuring(Measure::Usual),
        voice(Part::Nurse, Cadence::Weekly(2), &[NURSE_AFTER]).phases(2, 2).measuring(Measure::Breath),
        voice(Part::Helper, Cadence::Weekly(4), &[HELPER]).phases(0, 0).chance(50),
        voice(Part::Helper, Cadence::Weekly(4), &[HELPER]).phases(2, 2).chance(50),
        voice(Part::Hygienist, Cadence::Every(2), &[HYGIENIST]).phases(0, 0),
        voice(Part::Hygienist, Cadence::Every(2), &[HYGIENIST]).phases(2, 2),
        voice(Part::Speech, Cadence::Every(2), &[SPEECH]).phases(2, 2).in_order(),
        voice(Part::Physician, Cadence::Every(2), &[DOCTOR]).phases(0, 0),
        voice(Part::Physician, Cadence::Every(2), &[DOCTOR]).phases(2, 2),
        voice(Part::CareManager, Cadence::Every(4), &[MANAGER]).phases(0, 0),
        voice(Part::CareManager, Cadence::Every(4), &[MANAGER]).phases(2, 2),
    ],
    scenes: &[
        scene(At::In(1, 0), 12, 50, Part::Helper, "お昼の途中からむせが続き、[雑炊|うどん]は三口で中止しました。声がガラガラしています。顔が赤く、測ると37.6度でした。")
            .asking(&[Part::Nurse, Part::CareManager], Due::Hours(3))
            .replied(&[reply(Part::Nurse, 22, "ありがとうございます。15時に臨時訪問します。それまで口からは控え、上体を起こしていてください。")]),
        scene(At::In(1, 0), 15, 40, Part::Nurse, "臨時訪問。KT{kt}、SpO2 {sp}%、R{rr}。右下肺にラ音、黄色痰を吸引。昼食時のむせ込みあり、誤嚥性肺炎を疑います。")
            .measuring(Measure::Breath, Drift { temperature: 19, spo2: -4, pulse: 20, respiration: 7, ..CALM })
            .asking(&[Part::Physician], Due::Hours(3))
            .replied(&[reply(Part::Physician, 35, "往診します。[CTRX点滴開始、|]改善なければ入院。経口は止めてください。")]),
        scene(At::In(1, 1), 10, 20, Part::Physician, "解熱せずSpO2 88%。{hosp}へ紹介、入院。")
            .asking(&[Part::CareManager, Part::Nurse, Part::Helper], Due::Hours(8))
            .replied(&[reply(Part::CareManager, 45, "承知いたしました。入院時の情報を地域連携室へお送りし、各サービスに休止のご連絡をいたします。")]),
        scene(At::In(1, 3), 14, 30, Part::WardNurse, "抗菌薬投与中。37℃台まで解熱、酸素2L。絶食で、明日から嚥下評価の予定です。"),
        scene(At::In(1, 9), 15, 10, Part::WardNurse, "嚥下造影で液体の喉頭侵入あり。ゼリー食から開始、現在は[ペースト食|ミキサー食]を[7|8]割。酸素はオフです。"),
        scene(At::In(1, 16), 13, 40, Part::CareManager, "退院が{d+5}に決まりました。水分は中間のとろみ、食事はソフト食です。とろみの濃さの表を冷蔵庫に貼らせていただきます。ご確認をお願いいたします。")
            .asking(&[Part::Nurse, Part::Helper, Part::Hygienist, Part::Dentist], Due::Hours(48)),
        scene(At::In(2, 0), 16, 30, Part::Nurse, "退院日訪問。KT{kt}、SpO2 {sp}%(RA)。夕食のペースト食を一緒に確認、むせなし。吸引器の設置と{key}への手技確認を行った。")
            .measuring(Measure::Usual, CALM),
        scene(At::In(2, 9), 14, 20, Part::Dietitian, "摂取量は約900kcal。少量で栄養の取れる[プリン|アイス]と、間食2回を提案。体重は退院後+0.3kg。"),
        scene(At::In(2, 17), 13, 30, Part::Dentist, "義歯のゆるみを調整、裏装予定。左下の残根は自覚症状なく経過観察。"),
        scene(At::In(2, 31), 10, 50, Part::Speech, "ソフト食でのむせが減りました。おやつに限り、とろみを薄い段階へ下げて2週間様子をみたいと考えます。ご意見をお願いします。")
            .medical()
            .asking(&[Part::Physician, Part::Nurse], Due::Hours(48))
            .replied(&[reply(Part::Physician, 260, "賛成。発熱・痰増加あれば元に戻す。")]),
    ],
};
