//! 出雲和子, the main patient: a quiet summer, weight that creeps up, an admission for heart failure,
//! and the days before she goes home. The last two days are lively, and things are waiting.

use super::heart::{
    DAY_GAIN, DAY_QUIET, DOCTOR_QUIET, HELPER_GAIN, HELPER_QUIET, MANAGER, NURSE_GAIN, NURSE_QUIET,
    PHARMACIST,
};
use crate::demo::plot::{
    At, CALM, Cadence, Drift, Due, Home, Measure, Part, Scene, Story, phase, reply, scene, seat,
    voice,
};

const HER_DAYS: &[&str] = &[
    "仏壇の花を替えたいとのことで、一緒に水を替えました。",
    "ひ孫の写真を見せてくださいました。",
    "長女が週末に来て庭の草を取ってくれたそうです。",
    "編み物の続きをされていました。膝掛けだそうです。",
    "近所の方が野菜を持ってこられ、玄関で立ち話をされていました。",
    "",
    "",
    "",
];

const NURSE_EARLY: &[&str] = &[
    "体重{wt}kg。先週より少し増。靴下の跡が夕方に残るとのこと、下腿の圧痕はごく軽度。",
    "涼しくなり食が進む様子。漬物を小皿に山盛りで、量を一緒に決め直した。",
    "足背に軽度浮腫。労作時の息切れの自覚なし、起座呼吸なし。",
    "「このごろ足が重い」と。足を上げて休む時間を昼に作るよう話す。",
    "残薬なし。利尿剤の服用後の尿回数は変わらずとのこと。",
    "手帳の体重、3日続けて増えている日あり。明日以降も続けば電話をもらう約束をした。",
    "洗濯物を干したあとに息が上がるとのこと。休みながら行うよう説明、SpO2 {sp}%。",
    "下腿の圧痕は前回と同程度。夜間トイレ{#2-3}回、枕は1つで眠れている。",
    "肺雑音なし。階段2段で軽い息切れ、1分で回復。",
    "減塩みそに替えたが、量が増えて塩分は同じくらい。長女にも電話で伝えた。",
];

const HELPER_EARLY: &[&str] = &[
    "靴下のゴムの跡が少し残っていました。",
    "洗濯物を干したあと、縁側でしばらく休まれていました。",
    "「このごろ足が重い」と言われていました。",
    "お茶の葉と一緒に、せんべいの買い置きが増えていました。",
    "漬物をきざみながら「これだけはやめられん」と笑っておられました。",
    "掃除機をご自分でかけようとされたので、代わりました。",
    "体重の手帳は毎朝つけておられます。昨日より200g増とのことです。",
    "台所で立っている時間が短くなり、いすに座って手伝ってくださいました。",
];

const WARD: &[&str] = &[
    "利尿剤静注継続。尿量2300ml/日、体重{wt}kgまで減。下腿浮腫は軽減。",
    "酸素1Lに減量。トイレ歩行後もSpO2 93%以上を保てている。",
    "フロセミド静注終了、内服に変更。夜間良眠、咳嗽なし。",
    "酸素オフ。病棟内歩行は見守りで60m、息切れBorg 12。",
    "減塩食6gを9割摂取。「味が薄い」と言いながらも完食の日が増えた。",
    "体重{wt}kg。下腿浮腫なし。採血でBNPは入院時の3分の1程度まで低下。",
    "シャワー浴自立。洗髪時にやや息が上がるため、いすを使用。",
    "心不全手帳への記入を自分でされるようになった。体重測定は朝食前。",
    "階段昇降練習6段、手すりで可。自宅の上がり框を想定。",
];

const THERAPY: &[&str] =
    &["退院前の動作確認。玄関の上がり框20cmは手すり使用で昇降可。屋内は伝い歩きで息切れなし。"];

pub(in crate::demo) const STORY: Story = Story {
    home: Home::Alone,
    frail: false,
    proxy: false,
    usual: (128, 70, 74, 96, 460),
    oxygen: 0,
    begins: None,
    seats: &[
        seat(Part::CareManager, "担当ケアマネジャー"),
        seat(Part::Physician, "主治医"),
        seat(Part::Nurse, "訪問看護 主担当"),
        seat(Part::SecondNurse, "訪問看護 副担当"),
        seat(Part::Pharmacist, "かかりつけ薬剤師"),
        seat(Part::Helper, "訪問介護"),
        seat(Part::SecondHelper, "訪問介護"),
        seat(Part::DayCare, "通所介護"),
        seat(Part::SupportCenter, "地域包括支援センター").until(At::In(0, 60)),
        seat(Part::WardNurse, "退院支援看護師").from(At::In(3, 0)),
        seat(Part::SocialWorker, "医療ソーシャルワーカー").from(At::In(3, 1)),
        seat(Part::HospitalDoctor, "入院主治医").from(At::In(3, 1)),
        seat(Part::Therapist, "訪問リハビリ").from(At::Ago(9)),
        seat(Part::Equipment, "福祉用具").from(At::Ago(9)),
        seat(Part::Dietitian, "栄養指導").from(At::Ago(9)),
    ],
    phases: &[
        phase(112, CALM),
        phase(
            35,
            Drift {
                weight: 16,
                spo2: -1,
                pulse: 5,
                systolic: 5,
                ..CALM
            },
        ),
        phase(
            14,
            Drift {
                weight: 36,
                spo2: -4,
                pulse: 14,
                systolic: 14,
                respiration: 6,
                ..CALM
            },
        ),
        phase(
            21,
            Drift {
                weight: -4,
                spo2: 0,
                pulse: 0,
                systolic: -8,
                ..CALM
            },
        ),
    ],
    voices: &[
        voice(Part::Nurse, Cadence::Weekly(2), &[NURSE_QUIET])
            .phases(0, 0)
            .measuring(Measure::Weight),
        voice(Part::Nurse, Cadence::Weekly(2), &[NURSE_EARLY])
            .phases(1, 1)
            .measuring(Measure::Weight),
        voice(Part::Nurse, Cadence::Weekly(3), &[NURSE_GAIN])
            .phases(2, 2)
            .measuring(Measure::Weight)
            .plain(),
        voice(Part::Helper, Cadence::Weekly(3), &[HELPER_QUIET, HER_DAYS])
            .phases(0, 0)
            .chance(75),
        voice(Part::Helper, Cadence::Weekly(3), &[HELPER_EARLY, HER_DAYS])
            .phases(1, 1)
            .chance(75),
        voice(Part::Helper, Cadence::Weekly(3), &[HELPER_GAIN])
            .phases(2, 2)
            .chance(90)
            .plain(),
        voice(Part::DayCare, Cadence::Weekly(1), &[DAY_QUIET])
            .phases(0, 0)
            .measuring(Measure::Weight),
        voice(Part::DayCare, Cadence::Weekly(1), &[DAY_GAIN])
            .phases(1, 2)
            .measuring(Measure::Weight)
            .plain()
            .in_order(),
        voice(Part::Physician, Cadence::Every(2), &[DOCTOR_QUIET]).phases(0, 0),
        voice(Part::Pharmacist, Cadence::Every(2), &[PHARMACIST]).phases(0, 2),
        voice(Part::CareManager, Cadence::Every(4), &[MANAGER]).phases(0, 1),
        voice(Part::WardNurse, Cadence::Weekly(4), &[WARD])
            .phases(3, 3)
            .measuring(Measure::Weight)
            .in_order(),
        voice(Part::Therapist, Cadence::Every(2), &[THERAPY])
            .phases(3, 3)
            .in_order(),
    ],
    scenes: SCENES,
};

#[rustfmt::skip] // one scene, one paragraph
const SCENES: &[Scene] = &[
    scene(At::In(0, 15), 13, 40, Part::CareManager, "担当者会議の要点を共有いたします。\n・ご本人の意向「娘に心配をかけず、この家で過ごしたい」\n・体重が3日で2kg以上増えたら訪看へ連絡\n・週間予定は現行どおり\nご確認をお願いいたします。")
        .asking(&[Part::Physician, Part::Nurse, Part::Pharmacist, Part::Helper, Part::DayCare], Due::Hours(72)),
    scene(At::In(0, 38), 10, 50, Part::Helper, "朝のお薬が2日分残っていました。「腹の調子が悪くて飲まんかった」とのことです。")
        .asking(&[Part::Nurse, Part::Pharmacist], Due::Hours(24))
        .replied(&[
            reply(Part::Nurse, 45, "ありがとうございます。本日午後に電話し、下痢は昨日まで、今朝から内服再開できていると確認しました。"),
            reply(Part::Pharmacist, 190, "残りの2包は次回回収します。下痢のときの利尿剤の扱いは、先生に伺って紙に書いてお渡しします。"),
        ]),
    scene(At::In(0, 66), 14, 20, Part::Nurse, "猛暑で食事量が落ち、立ち上がり時にふらつきあり。臥位BP{bp}、立位で収縮期-22。体重{wt}kg、口腔内乾燥。脱水傾向と思われます。")
        .measuring(Measure::Weight, Drift { systolic: -14, weight: -9, pulse: 8, ..CALM })
        .asking(&[Part::Physician], Due::Hours(5))
        .replied(&[reply(Part::Physician, 55, "アゾセミドは3日休薬。水分は1300mlまで可。4日後に体重みて再開しましょう。")]),
    scene(At::In(0, 70), 11, 10, Part::SecondNurse, "休薬4日目。体重{wt}kgに戻り、ふらつき消失。{dr}へ報告、明朝から再開の指示あり。本人・長女へ説明し、カレンダーに印をつけた。")
        .measuring(Measure::Weight, CALM),
    scene(At::In(1, 12), 9, 30, Part::DayCare, "連絡です。今朝お迎え時に靴が入りにくく、かかとを踏んで来られました。足の甲がむくんでいるようです。")
        .replied(&[reply(Part::Nurse, 62, "教えていただき助かります。明日の訪問で浮腫と体重を確認します。")]),
    scene(At::In(1, 20), 15, 15, Part::Physician, "体重増加傾向。BNP 412。アゾセミド30→60mg。塩分と水分を再確認してください。2週後に採血。")
        .asking(&[Part::Nurse, Part::Pharmacist], Due::Hours(24)),
    scene(At::In(1, 21), 16, 30, Part::Pharmacist, "増量分お届けしました。朝の一包に追加し、袋に赤い線を入れています。引き出しに残っていた旧包は回収しました。夜間のトイレが増えるかもしれないとお伝えしています。"),
    scene(At::In(2, 3), 11, 40, Part::Nurse, "増量後も体重{wt}kg。下腿〜膝下に圧痕浮腫、右下肺に水泡音。労作時SpO2 91%まで低下、安静2分で回復。食欲も落ちています。")
        .measuring(Measure::Weight, Drift { spo2: -1, ..CALM })
        .medical()
        .asking(&[Part::Physician], Due::Hours(6))
        .replied(&[
            reply(Part::Physician, 84, "トルバプタン3.75mg追加を考えるが、腎機能次第で入院も。明日往診して採血します。"),
            reply(Part::Pharmacist, 150, "在庫確認済みです。処方が出ればその日のうちにお届けできます。"),
        ]),
    scene(At::In(2, 4), 14, 50, Part::Physician, "採血 BNP 780、Cr 1.12、Na 134。在宅での調整はここまで。改善なければ入院を勧めると本人・長女に話した。本人は「できれば家で」。")
        .medical()
        .asking(&[Part::Nurse], Due::Hours(20)),
    scene(At::In(2, 13), 18, 5, Part::Helper, "夕方の訪問です。いすに座ったまま眠っておられました。横になると苦しいそうです。夕食は三口ほどでした。")
        .asking(&[Part::Nurse, Part::CareManager], Due::Hours(3))
        .replied(&[
            reply(Part::Nurse, 25, "連絡ありがとうございます。今夜20時に電話で様子を聞き、明朝一番で訪問します。"),
            reply(Part::CareManager, 40, "ありがとうございます。長女様にも今お電話しました。今夜は泊まられるそうです。"),
        ]),
    scene(At::In(3, 0), 8, 55, Part::Nurse, "8:10訪問。起座呼吸、SpO2 {sp}%、R{rr}、四肢冷感あり。{dr}へ電話し救急要請、8:40に{hosp}へ搬送。長女が同乗。")
        .measuring(Measure::Breath, Drift { spo2: -5, pulse: 22, respiration: 7, systolic: 18, ..CALM })
        .asking(&[Part::CareManager, Part::Helper, Part::DayCare, Part::Pharmacist, Part::Physician], Due::Hours(4))
        .replied(&[
            reply(Part::CareManager, 18, "ご対応ありがとうございました。入院時情報提供書を午前中に地域連携室へお送りします。訪問介護・デイは本日より休止でお願いいたします。"),
            reply(Part::Physician, 31, "紹介状は電送済。勝部先生に電話で申し送りました。"),
            reply(Part::Helper, 55, "わかりました。冷蔵庫の生ものは長女さんに連絡して片付けておきます。"),
        ]),
    scene(At::In(3, 0), 15, 40, Part::WardNurse, "つむぎ台病院の伊藤です。慢性心不全の急性増悪で循環器病棟に入院となりました。酸素3L、利尿剤静注開始。意識清明、会話可能です。入院時情報提供書を受け取りました。")
        .asking(&[Part::CareManager], Due::Hours(20)),
    scene(At::In(3, 2), 13, 15, Part::HospitalDoctor, "胸部X線で両側胸水。EF 38%。塩分過多と感冒が誘因か。1〜2週で除水、腎機能をみながら内服調整の方針。")
        .medical(),
    scene(At::In(3, 3), 11, 0, Part::SocialWorker, "医療相談室の三島です。長女様と面談しました。自宅退院のご希望です。日中お一人になる時間の見守りをご心配されています。")
        .replied(&[reply(Part::CareManager, 95, "面談ありがとうございました。配食の見守りと緊急通報装置について、退院までに資料をお持ちします。")]),
    scene(At::In(3, 7), 16, 10, Part::CareManager, "病棟で面会してまいりました。お顔色もよく「早う帰って猫の顔が見たい」とのことでした。退院は再来週の見込みと伺っています。"),
    scene(At::Ago(9), 14, 10, Part::WardNurse, "退院前カンファレンスの日程調整です。来週はじめの14時、当院5階カンファレンス室(オンライン可)でいかがでしょうか。ご都合をお知らせください。")
        .asking(&[Part::CareManager, Part::Nurse, Part::Pharmacist, Part::Helper, Part::Therapist, Part::Equipment, Part::Physician], Due::Hours(24))
        .replied(&[
            reply(Part::CareManager, 26, "ありがとうございます。出席いたします。"),
            reply(Part::Nurse, 70, "佐藤が参加します。"),
            reply(Part::Physician, 240, "外来後にオンラインで入ります。"),
        ]),
    scene(At::Ago(6), 16, 0, Part::CareManager, "退院前カンファレンスの要点です。\n1. 退院後2週間は訪看を週3回、その後週2回\n2. 体重45.6kgを基準に、+1.5kgで訪看、+2kgまたは息切れ増悪で{clinic}へ連絡\n3. ヘルパーは減塩の調理と服薬確認(朝)\n4. 上がり框に手すりと踏み台、ベッドは3モーター\n5. 配食(減塩)を夕に週4回\nご確認をお願いいたします。")
        .asking(&[Part::Nurse, Part::Physician, Part::Pharmacist, Part::Helper, Part::Therapist, Part::Equipment, Part::WardNurse], Due::Hours(48)),
    scene(At::Ago(5), 17, 20, Part::Therapist, "カンファレンス後に病棟で動作を見せてもらいました。連続歩行80m、SpO2 94%以上。起立は手すりで自立。退院翌日に自宅で段差と動線を確認します。"),
    scene(At::Ago(4), 13, 50, Part::Dietitian, "病院の栄養士さんから指導内容をもらいました。食塩6g、1400kcal、たんぱく質50g。自宅では減塩だしと小袋醤油を使う方向で、初回訪問時に台所を見せてもらいます。"),
    scene(At::Ago(3), 15, 25, Part::Equipment, "住環境の確認に伺いました(長女様立ち会い)。上がり框の手すり(据置型)と踏み台、特殊寝台一式、明日の午後に搬入します。"),
    scene(At::Ago(2), 9, 40, Part::WardNurse, "体重{wt}kg、浮腫なし。6分間歩行210m、SpO2最低93%。退院日はあさってで決まりました。\n退院処方は14日分、変更点は別途記載します。")
        .measuring(Measure::Weight, CALM)
        .asking(&[Part::CareManager, Part::Nurse, Part::Physician, Part::Pharmacist], Due::Hours(24)),
    scene(At::Ago(2), 13, 20, Part::HospitalDoctor, "退院時処方の変更:アゾセミド60mg→フロセミド20mg+トルバプタン7.5mg。エナラプリルは中止しサクビトリルバルサルタン50mg 1日2回へ(切替済、36時間あけています)。スピロノラクトン25mg継続。K 4.6、Cr 1.02。1週間後に採血をお願いします。")
        .medical()
        .asking(&[Part::Physician, Part::Pharmacist, Part::Nurse], Due::Hours(28))
        .silent(&[Part::Nurse])
        .replied(&[
            reply(Part::Pharmacist, 65, "ありがとうございます。ご自宅に残っているエナラプリルとアゾセミドは退院当日に回収します。併用しないよう、お薬手帳にも赤字で書きます。"),
            reply(Part::Physician, 330, "承知。退院1週間後の往診で採血します。低血圧と高Kに注意ですね。"),
        ]),
    scene(At::Ago(2), 16, 45, Part::Equipment, "ベッド、手すり、踏み台の設置が終わりました。高さは病室と同じ42cmに合わせています。使い方は長女様に説明済みです。")
        .replied(&[reply(Part::Therapist, 38, "ありがとうございます。手すりの位置は初回訪問で微調整します。")]),
    scene(At::Ago(1), 8, 35, Part::WardNurse, "朝の体重{wt}kg。夜間良眠、酸素なしでSpO2 {sp}%。本人「明日帰れると思ったら寝られんかった」と笑顔です。")
        .measuring(Measure::Weight, CALM),
    scene(At::Ago(1), 9, 30, Part::CareManager, "お世話になっております。退院当日の流れを確認させてください。\n・13時頃 病院出発(長女様の車)\n・14時 自宅で契約とサービスの確認\n・15時 訪問看護 初回\n・17時30分 ヘルパー(夕食・服薬確認)\n・薬は薬局から15時30分頃\nお時間に変更がある方はご返信ください。")
        .asking(&[Part::Nurse, Part::Helper, Part::Pharmacist, Part::WardNurse, Part::Equipment, Part::Physician], Due::Hours(8))
        .silent(&[Part::Physician, Part::Helper])
        .replied(&[
            reply(Part::Nurse, 22, "15時に伺います。特別訪問看護指示書が必要か、山根先生に確認しておきます。"),
            reply(Part::WardNurse, 41, "病棟は12時半には出られるよう準備します。看護サマリーは出発時にお持ちいただきます。"),
            reply(Part::Pharmacist, 77, "15時30分で承知しました。"),
        ]),
    scene(At::Ago(1), 10, 55, Part::Nurse, "山根先生、退院後2週間の週3回訪問について、訪問看護指示書の期間と点滴・採血の指示をお願いできますでしょうか。")
        .medical()
        .asking(&[Part::Physician], Due::Soon)
        .silent(&[Part::Physician]),
    scene(At::Ago(1), 11, 40, Part::SocialWorker, "限度額適用認定証の写しを長女様からいただきました。身体障害者手帳(心臓)の申請は、外来で診断書をお願いする予定です。"),
    scene(At::Ago(1), 13, 10, Part::Therapist, "訪問リハは退院翌日の10時に初回評価で伺います。運動はBorg13まで、SpO2 90%未満・脈110以上で中止の基準でよいでしょうか。")
        .medical()
        .asking(&[Part::Physician, Part::HospitalDoctor], Due::Soon)
        .silent(&[Part::Physician])
        .replied(&[reply(Part::HospitalDoctor, 58, "その基準で結構です。収縮期90未満のときも中止してください。")]),
    scene(At::Ago(1), 14, 25, Part::Helper, "夕方の調理で使う減塩しょうゆとだしを、長女さんが買っておいてくださるそうです。味噌汁は具だくさんで汁少なめ、で合っていますか?")
        .replied(&[
            reply(Part::Dietitian, 47, "はい、合っています。味噌は小さじ1杯半まで、汁は半量でお願いします。麺類の日は汁を残してください。"),
            reply(Part::Helper, 83, "ありがとうございます。ヘルパー全員に伝えます。"),
        ]),
    scene(At::Ago(1), 15, 50, Part::Pharmacist, "退院処方の内容を病院薬剤部と照合しました。一包化して、朝=赤、夕=青の線を入れます。サクビトリルバルサルタンは夕にも1回あるので、17時半のヘルパーさん訪問時に声かけをお願いできますか。")
        .asking(&[Part::Helper, Part::CareManager], Due::Soon)
        .silent(&[Part::Helper])
        .replied(&[reply(Part::CareManager, 33, "ありがとうございます。訪問介護計画に夕の服薬確認を追記いたします。")]),
    scene(At::Ago(1), 17, 15, Part::WardNurse, "退院指導を本人と長女に行いました。体重・血圧・症状を心不全手帳に記入、+1.5kgで連絡する点は本人が復唱できています。塩分については長女の理解がよく、本人は「漬物は減らす」とのこと。")
        .asking(&[Part::Nurse, Part::CareManager], Due::Soon)
        .silent(&[Part::Nurse, Part::CareManager]),
    scene(At::Ago(0), 7, 50, Part::WardNurse, "退院日の朝です。体重{wt}kg、浮腫・息切れなし。朝食9割、内服済み。予定どおり午後に退院します。退院時サマリーは電子カルテからこのタイムラインに届きます。")
        .measuring(Measure::Weight, CALM)
        .asking(&[Part::CareManager, Part::Nurse, Part::Physician], Due::Soon)
        .silent(&[Part::Nurse, Part::CareManager, Part::Physician]),
    scene(At::Ago(0), 8, 40, Part::Equipment, "おはようございます。ベッドの動作をもう一度見に、午前中に長女様とお会いします。"),
    scene(At::Ago(0), 9, 15, Part::SecondNurse, "本日15時の初回訪問は佐藤が伺います。体重計は自宅のものを使い、病院の値との差を確認します。緊急時の24時間電話番号は契約時にお渡しします。"),
    scene(At::Ago(0), 9, 50, Part::Helper, "長女さんから電話があり、お昼はおにぎりを持って帰るそうです。夕方は煮魚と具だくさんの味噌汁にします。"),
];
