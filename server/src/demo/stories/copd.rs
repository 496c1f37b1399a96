//! COPD with oxygen at home: breath counted in steps, a cold that almost became an admission.

use crate::demo::plot::{
    At, CALM, Cadence, Drift, Due, Home, Measure, Part, Story, phase, reply, scene, seat, voice,
};

const NURSE: &[&str] = &[
    "安静時呼吸苦なし、トイレ往復後SpO2 {#85-88}%→2分で回復。口すぼめ呼吸できている。",
    "吸入手技確認、吸い込みが弱く[もう一度|スペーサーで]練習。",
    "濃縮器のフィルター清掃済み。延長チューブの折れなし。火気なしを確認。",
    "喀痰は白色、1日数回。自己排痰できている。",
    "mMRC 3。入浴は酸素をつけたまま半身浴、SpO2 88%以上を保てた。",
    "カニューレの耳介部に発赤、[ガーゼ|スポンジ]で保護。",
    "「ボンベを引いて歩くのが恥ずかしい」と外出を控えている。リュック型を提案。",
    "食事すると息切れするため、1日5回の分割食にしている。",
    "労作前に息を吐く、のリズムが定着。洗面は腰かけて。",
    "禁煙継続{#3-9}年。家族の喫煙は屋外のみ。",
];

const NURSE_BAD: &[&str] = &[
    "黄色痰増加、咳嗽強い。SpO2 {sp}%、R{rr}。口すぼめ呼吸で会話は短文。",
    "夜間の息苦しさで2回座り直したとのこと。ラ音は右下肺。",
    "ステロイド内服2日目。食欲はあるが不眠あり、朝1回の内服を再説明。",
    "痰の色は薄くなり、吸入後の喘鳴が軽減。",
    "室内歩行後もSpO2 87%まで、安静3分で回復。ステロイド終了。",
];

const THERAPIST: &[&str] = &[
    "呼吸介助と胸郭ストレッチ。四肢の筋トレ5回×2。Borg{#3-5}。",
    "歩行[20|30|40]mでSpO2 {#84-88}%、休息し1分半で90%へ。歩幅と呼吸を合わせる練習。",
    "階段昇降は1段ごとに2呼吸。ボンベは肩掛けで安定。",
    "下肢筋力は前月より改善。椅子からの立ち上がり30秒で{#6-9}回。",
    "着替え動作を分割し、腕を上げる動作の前に息を吐く練習。",
];

const HELPER: &[&str] = &[
    "掃除機を使う間は換気をして、別の部屋で過ごしていただきました。",
    "お昼は少しずつ、[30|35|40]分かけて召し上がりました。",
    "酸素の管をふまないよう、通り道の荷物を片付けました。",
    "買い物代行([のりの佃煮|プリン|バナナ|卵])。重い物は配達にしました。",
    "玄関まで出てこられましたが息が上がり、いすで休まれました。",
    "カーテンを洗ったので、ほこりが減ったと喜ばれました。",
];

const DOCTOR: &[&str] = &[
    "SpO2安定。HOT設定 安静1L・労作2L継続。",
    "喘鳴なし。吸入LAMA/LABA継続。",
    "体重減少あり、間食で補う。",
    "浮腫なし。右心負荷の所見なし。血ガスは次回病院受診で。",
];

const MANAGER: &[&str] = &[
    "酸素の予備ボンベの置き場所と、停電時の手順を書いた紙を電話の横に貼りました。",
    "「[孫の運動会|花の公園|回転寿司]に行きたい」とのご希望があります。ボンベの時間を訪問看護さんに計算していただきます。",
    "電気代の助成申請をお手伝いいたしました。",
    "ご近所のゴミ出し支援が始まり、息切れする朝のご負担が減りました。",
];

pub(super) const STORY: Story = Story {
    home: Home::Any,
    frail: false,
    proxy: false,
    usual: (126, 70, 86, 93, 451),
    oxygen: 1,
    begins: None,
    seats: &[
        seat(Part::CareManager, "担当ケアマネジャー"),
        seat(Part::Physician, "主治医"),
        seat(Part::Nurse, "訪問看護"),
        seat(Part::SecondNurse, "訪問看護"),
        seat(Part::Therapist, "呼吸リハビリ"),
        seat(Part::Pharmacist, "薬剤師"),
        seat(Part::Helper, "訪問介護"),
        seat(Part::SecondHelper, "訪問介護"),
        seat(Part::Equipment, "福祉用具"),
    ],
    phases: &[
        phase(98, Drift { weight: -6, ..CALM }),
        phase(14, Drift { spo2: -4, pulse: 12, respiration: 7, weight: -14, temperature: 4, ..CALM }),
        phase(70, Drift { weight: -8, spo2: 0, ..CALM }),
    ],
    voices: &[
        voice(Part::Nurse, Cadence::Weekly(2), &[NURSE]).phases(0, 0).measuring(Measure::Breath).chance(85),
        voice(Part::Nurse, Cadence::Weekly(3), &[NURSE_BAD]).plain().phases(1, 1).measuring(Measure::Breath).in_order(),
        voice(Part::Nurse, Cadence::Weekly(2), &[NURSE]).phases(2, 2).measuring(Measure::Breath).chance(85),
        voice(Part::Therapist, Cadence::Weekly(1), &[THERAPIST]).measuring(Measure::Usual).chance(75),
        voice(Part::Helper, Cadence::Weekly(2), &[HELPER]).chance(70),
        voice(Part::Physician, Cadence::Every(4), &[DOCTOR]),
        voice(Part::CareManager, Cadence::Every(4), &[MANAGER]),
    ],
    scenes: &[
        scene(At::In(0, 40), 14, 10, Part::Nurse, "停電に備え、ボンベの残量(満タン{#3-4}本)を確認。酸素業者の24時間番号を{key}と一緒に登録しました。"),
        scene(At::In(1, 1), 10, 30, Part::Nurse, "一昨日から感冒症状。KT{kt}、SpO2 {sp}%(安静1L)、黄色痰。喘鳴軽度。酸素流量と抗菌薬の指示をお願いします。")
            .measuring(Measure::Breath, Drift { temperature: 9, spo2: -3, pulse: 8, respiration: 4, ..CALM })
            .asking(&[Part::Physician], Due::Hours(4))
            .replied(&[reply(Part::Physician, 38, "安静2Lまで可(過量に注意)。アジスロマイシン3日、PSL 20mg 5日。SpO2 85%未満か傾眠なら{hosp}へ。")]),
        scene(At::In(1, 2), 17, 0, Part::Pharmacist, "抗菌薬とステロイドをお届けし、吸入の残量も確認しました。ステロイドは朝食後にまとめています。"),
        scene(At::In(1, 8), 15, 40, Part::CareManager, "急性増悪のため、今週は訪問看護を連日に近い形で入っていただいています。ヘルパーは[買い物|掃除]のみに変更いたします。ご確認をお願いいたします。")
            .asking(&[Part::Helper, Part::Nurse, Part::Therapist, Part::Equipment], Due::Hours(24)),
        scene(At::In(2, 2), 11, 20, Part::Nurse, "SpO2 {sp}%(1L)、痰は白色少量。流量は指示どおり安静1Lへ戻した。本人「入院せんですんでよかった」と。")
            .measuring(Measure::Breath, CALM),
        scene(At::In(2, 24), 13, 50, Part::Therapist, "リュック型ボンベで外出練習を行いました。[近くの公園|郵便局]まで往復、途中2回休憩、最低SpO2 87%。ご本人の表情がとても明るかったです。"),
    ],
};
