//! Old age without drama: joints, blood pressure, few words, small joys.

use crate::demo::plot::{
    At, CALM, Cadence, Drift, Due, Home, Measure, Part, Story, phase, reply, scene, seat, voice,
};

const NURSE: &[&str] = &[
    "膝の痛みNRS{#1-4}、階段で強い。湿布かぶれなし。",
    "家庭血圧は朝[120|130|140]台。薬の飲み忘れ[なし|月1回程度]。",
    "食欲あり、{dish}を自分で作ったとのこと。",
    "聴力低下あり、右側からゆっくり話す。補聴器の電池を交換。",
    "足関節のむくみなし。靴下の締めつけを緩いものへ。",
    "膝の体操を一緒に10回。「昔はもっと曲がった」と笑う。",
    "目のかすみの訴え。[眼科受診は来月|受診は先月済み]。",
    "夜間頻尿{#2-3}回。寝る前のお茶を夕食時に変える提案。",
    "皮膚掻痒、背中に掻き傷。保湿剤の塗り方を確認。",
    "血圧手帳に「友人来訪」のメモ。表情明るい。",
];

const HELPER: &[&str] = &[
    "風呂場の床をこすり、目地のかびを落としました。",
    "布団を干しました。日の当たる縁側で、一緒に取り込みました。",
    "重い買い物([米|しょうゆ|トイレットペーパー])を運びました。",
    "窓を開けて掃除機をかけました。本人は膝掛けをたたんでおられました。",
    "電球が切れていたので取り替えました。",
    "一緒に漬物用の大根を干しました。手つきはさすがです。",
    "昼食は{dish}で、全部召し上がりました。",
];

const DAY: &[&str] = &[
    "手芸で巾着が完成し、皆さんに見せておられました。",
    "膝の痛みがあるとのことで、体操は座ったままにしました。",
    "昼食後に仲間と[花札|五目並べ]を楽しまれました。",
    "カラオケで3曲歌われ、点数が90を超えました。",
    "爪を切り、足浴をしました。足の指に傷はありません。",
];

const DOCTOR: &[&str] = &[
    "血圧安定。内服同じ。膝はヒアルロン酸希望なし。",
    "胸部異常なし。減塩良好。",
    "骨密度やや低下、食事と日光浴。",
    "変化なし。健診結果を説明。",
];

const MANAGER: &[&str] = &[
    "「まだ自分でできることは自分で」とのお気持ちです。ヘルパーは[掃除と買い物|重い物の買い物]に絞っております。",
    "民生委員さんの見守り訪問が月2回あります。特に変わりないとのことです。",
    "地区のサロンに参加され、知り合いが増えたと喜ばれていました。",
    "杖の先ゴムがすり減っておりました。交換の手配をいたしました。",
];

pub(super) const STORY: Story = Story {
    home: Home::Any,
    frail: false,
    proxy: false,
    usual: (136, 76, 74, 97, 512),
    oxygen: 0,
    begins: None,
    seats: &[
        seat(Part::CareManager, "担当ケアマネジャー"),
        seat(Part::Physician, "主治医"),
        seat(Part::Nurse, "訪問看護"),
        seat(Part::SecondNurse, "訪問看護"),
        seat(Part::Helper, "訪問介護"),
        seat(Part::DayCare, "通所介護"),
        seat(Part::Pharmacist, "薬剤師"),
        seat(Part::Equipment, "福祉用具"),
    ],
    phases: &[phase(77, Drift { systolic: 14, diastolic: 6, ..CALM }), phase(105, Drift { systolic: -6, ..CALM })],
    voices: &[
        voice(Part::Nurse, Cadence::Weekly(1), &[NURSE]).measuring(Measure::Usual).chance(80),
        voice(Part::Helper, Cadence::Weekly(2), &[HELPER]).chance(55),
        voice(Part::DayCare, Cadence::Weekly(1), &[DAY]).measuring(Measure::Usual).chance(70),
        voice(Part::Physician, Cadence::Every(4), &[DOCTOR]),
        voice(Part::CareManager, Cadence::Every(4), &[MANAGER]),
    ],
    scenes: &[
        scene(At::In(1, 2), 11, 15, Part::Nurse, "血圧が{bp}、家庭血圧でも[150|155]台が続いています。頭痛・ふらつきなし。塩分は増えていない様子です。")
            .measuring(Measure::Usual, Drift { systolic: 8, diastolic: 4, ..CALM })
            .asking(&[Part::Physician], Due::Hours(30))
            .replied(&[reply(Part::Physician, 190, "[アジルサルタン10→20mg|アムロジピン2.5mg追加]。2週後の手帳を見せてください。")]),
        scene(At::In(1, 16), 10, 50, Part::Nurse, "薬の変更後の家庭血圧、平均[128/72|131/74]です。立ちくらみなし。")
            .measuring(Measure::Usual, CALM)
            .replied(&[reply(Part::Physician, 240, "よさそうです。このままで。")]),
    ],
};
