//! What happens around every patient: plans, seasons, small requests, and requests still open today.

use crate::demo::plot::{At, Due, Part, Scene, reply, scene};

/// A scene that may befall anybody.
#[derive(Debug, Clone, Copy)]
pub(in crate::demo) struct Notice {
    /// Months in which it makes sense; empty is always.
    pub(in crate::demo) months: &'static [u32],
    pub(in crate::demo) chance: u8,
    pub(in crate::demo) scene: Scene,
}

const fn notice(months: &'static [u32], chance: u8, scene: Scene) -> Notice {
    Notice {
        months,
        chance,
        scene,
    }
}

/// The day is drawn by lot; the one given here is not used.
const SOME_DAY: At = At::In(0, 0);

#[rustfmt::skip] // one notice, one paragraph
pub(in crate::demo) const NOTICES: &[Notice] = &[
    notice(&[], 60, scene(SOME_DAY, 10, 30, Part::CareManager, "サービス担当者会議を{d+10}[13時30分|14時|15時]より、ご自宅で開催いたします。ご欠席の場合は照会でご意見をお願いいたします。")
        .asking(&[Part::Nurse, Part::Helper, Part::DayCare, Part::Pharmacist, Part::Physician], Due::Hours(96))
        .replied(&[
            reply(Part::Nurse, 120, "[出席します。|当日は別訪問のため照会で回答します。]"),
            reply(Part::Physician, 410, "[欠席。書面で回答します。|往診と重なるため照会でお願いします。]"),
        ])),
    notice(&[], 35, scene(SOME_DAY, 15, 20, Part::CareManager, "要介護認定の更新申請を行いました。認定調査は{d+12}、{key}様立ち会いの予定です。{dr}には主治医意見書の依頼が届くかと存じます。")
        .asking(&[Part::Physician], Due::Hours(120))),
    notice(&[7, 8], 70, scene(SOME_DAY, 11, 0, Part::Helper, "室温が[31|32|33]度ありました。エアコンは「[電気代がもったいない|風が冷たい]」と切っておられたので、28度で入れ、麦茶を飲んでもらいました。")
        .asking(&[Part::CareManager, Part::Nurse], Due::Hours(24))
        .replied(&[reply(Part::CareManager, 70, "ありがとうございます。{key}様にお電話し、リモコンを[自動運転にして|見えるところに置いて]いただくことになりました。")])),
    notice(&[10, 11, 12], 65, scene(SOME_DAY, 14, 40, Part::Physician, "インフルエンザワクチン接種。接種後30分異常なし。今日は[入浴可、激しい運動は控えて|シャワーまで]。")),
    notice(&[9, 10], 40, scene(SOME_DAY, 13, 0, Part::CareManager, "台風接近に伴い、明日の訪問とデイの時間を変更する場合があります。停電時の連絡先と、{name}の懐中電灯・飲料水の備えを確認済みです。")
        .asking(&[Part::Nurse, Part::Helper, Part::DayCare], Due::Hours(20))),
    notice(&[], 45, scene(SOME_DAY, 10, 0, Part::Equipment, "福祉用具の定期点検に伺いました。[手すり|歩行器|ベッド柵]の[ゆるみなし|ねじを締め直し]。[先ゴムを交換|高さを1段下げ]ました。")),
    notice(&[], 45, scene(SOME_DAY, 16, 0, Part::DayCare, "[来週|今月末]の[敬老会|誕生日会|避難訓練|お楽しみ昼食会]のため、お迎えが[20分|30分]早くなります。ご家族にも文書をお渡ししました。")),
    notice(&[], 40, scene(SOME_DAY, 9, 40, Part::Helper, "今朝、[廊下|ベッドの横|玄関先]で[しりもちをつかれた|つまずいて膝をつかれた]そうです。[痛みの訴えはありません|右の手首を少し痛がっておられます]。歩き方は普段と変わりません。")
        .asking(&[Part::Nurse, Part::CareManager], Due::Hours(6))
        .replied(&[
            reply(Part::Nurse, 55, "電話で確認、[疼痛自制内で腫れもないとのこと|頭は打っていないとのこと]。次回訪問時に皮膚と可動域を見ます。"),
            reply(Part::CareManager, 140, "ご連絡ありがとうございます。[足元灯|滑り止めマット]の設置を{key}様にご提案いたします。"),
        ])),
    notice(&[], 35, scene(SOME_DAY, 15, 30, Part::Nurse, "[仙骨部に直径2cmの発赤|左踵に発赤]あり、指で押すと消退する。[エアマットへの変更|クッションの追加]を検討したい。体位と除圧を{key}に説明。")
        .asking(&[Part::CareManager, Part::Physician], Due::Hours(48))
        .replied(&[reply(Part::CareManager, 90, "承知いたしました。福祉用具の担当者と{d+2}にお伺いします。")])),
    notice(&[], 40, scene(SOME_DAY, 13, 20, Part::Nurse, "便秘4日目。腹部膨満、腸蠕動音減弱。指示の[グリセリン浣腸60ml|レシカルボン坐薬]施行し、[硬便多量|普通便中等量]あり。その後腹満軽減。下剤の調整をご検討ください。")
        .medical().asking(&[Part::Physician], Due::Hours(30))
        .replied(&[reply(Part::Physician, 220, "[エロビキシバット5mg夕前を追加|酸化マグネシウムを1日3回に]。次回処方に入れます。")])),
    notice(&[], 30, scene(SOME_DAY, 16, 20, Part::Pharmacist, "[ポリファーマシーの見直し提案です|お薬の整理のご相談です]。[ファモチジン|レバミピド|エチゾラム]は処方開始から長く、[症状も落ち着いている|ふらつきの一因になり得る]ため、中止を検討いただけますでしょうか。")
        .medical().asking(&[Part::Physician], Due::Hours(72))
        .replied(&[reply(Part::Physician, 300, "次回から[中止|頓用]にします。様子みましょう。")])),
    notice(&[], 35, scene(SOME_DAY, 11, 30, Part::Physician, "採血結果。Hb {#10-12}.{#0-9}、Alb 3.{#1-8}、Cr 0.{#7-9}、K 4.{#0-6}、CRP 0.{#1-4}。[大きな変化なし。|軽度の貧血あり、次回鉄もみます。]").medical()),
    notice(&[], 30, scene(SOME_DAY, 17, 0, Part::CareManager, "{key}様より、{d+14}から[2泊3日|3泊4日]で[法事|旅行|ご自身の検査入院]のため不在とのことです。その間[ショートステイ|ヘルパーの回数を増やす方向]で調整しております。")
        .asking(&[Part::Helper, Part::Nurse, Part::DayCare], Due::Hours(72))),
    notice(&[], 30, scene(SOME_DAY, 10, 15, Part::Nurse, "訪問時、発熱{kt}℃。[咽頭痛|鼻汁|咳嗽]軽度、SpO2 {sp}%。コロナ・インフル抗原検査は[{clinic}で陰性|これから{clinic}で実施]。水分摂取できている。クーリングし、解熱剤の使い方を{key}へ説明。")
        .measuring(crate::demo::plot::Measure::Usual, crate::demo::plot::Drift { temperature: 17, pulse: 14, ..crate::demo::plot::CALM })
        .asking(&[Part::Physician, Part::Helper, Part::DayCare], Due::Hours(5))
        .replied(&[
            reply(Part::Physician, 48, "カロナール400 38.5℃以上で頓用。明日も38℃超なら連絡ください。"),
            reply(Part::DayCare, 80, "承知しました。解熱して2日たつまでお休みで調整します。"),
        ])),
];

#[rustfmt::skip] // one scene, one paragraph
pub(in crate::demo) const RECENT: &[Scene] = &[
    scene(At::Ago(1), 14, 30, Part::Nurse, "右[下腿|前腕]に[3×2cm|1×4cm]の皮膚裂傷あり。生食洗浄し[シリコンゲルガーゼ|非固着性ガーゼ]で保護。出血は止まっています。処置の指示をお願いします。")
        .medical().asking(&[Part::Physician], Due::Soon).silent(&[Part::Physician]),
    scene(At::Ago(1), 11, 20, Part::CareManager, "来月の利用票を作成しております。[曜日変更のご希望|追加訪問のご希望]がありましたら、期限までにお知らせください。")
        .asking(&[Part::Nurse, Part::Helper, Part::DayCare], Due::Soon),
    scene(At::Ago(2), 16, 0, Part::Pharmacist, "[夕の薬が5日分|眠前の薬が1週間分]残っていました。[夕食が遅い日に忘れる|眠れる日は飲まない]とのことです。朝に寄せられるか、先生のご意見をお願いします。")
        .asking(&[Part::Physician, Part::Nurse], Due::Hours(30)),
    scene(At::Ago(3), 10, 40, Part::CareManager, "短期目標の評価を行います。各事業所様、この3か月の様子を2〜3行でお知らせください。")
        .asking(&[Part::Nurse, Part::Helper, Part::DayCare, Part::Therapist], Due::Hours(48))
        .replied(&[reply(Part::Helper, 200, "室内の移動は安定しています。[買い物は一緒に行けるようになりました|調理は座って手伝ってくださいます]。")]),
    scene(At::Ago(1), 17, 10, Part::Helper, "夕食の途中でむせが続き、半分で終わりました。少し痰がからんだ声です。熱は36度台でした。")
        .asking(&[Part::Nurse], Due::Soon)
        .replied(&[reply(Part::CareManager, 30, "ご連絡ありがとうございます。{key}様にもお伝えしました。")]),
    scene(At::Ago(0), 8, 20, Part::Nurse, "夜間オンコール2:15 {key}より「[尿が出ていない|胸がドキドキする|熱っぽい]」と電話。状態を聞き取り、[様子観察とした|朝一番の訪問とした]。朝の電話では落ち着いているとのこと。")
        .asking(&[Part::Physician, Part::CareManager], Due::Soon),
];
