//! The invented facilities and staff of the two networks.
//!
//! Names of facilities come from weaving and from tea, and their towns do not exist: nothing here
//! stands for a real institution or person.

use super::plot::Part;

/// A facility as written in the tables below.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Key that staff rows refer to.
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    /// How colleagues call it in a sentence.
    pub(super) short: &'static str,
    pub(super) kind: &'static str,
    pub(super) code: Option<&'static str>,
}

/// A staff member as written in the tables below.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person {
    pub(super) login: &'static str,
    pub(super) name: &'static str,
    pub(super) kana: &'static str,
    pub(super) profession: &'static str,
    pub(super) place: &'static str,
    /// The part this person can be cast in; none for those who never write.
    pub(super) part: Option<Part>,
}

/// A network as written in the tables below.
#[derive(Debug, Clone, Copy)]
pub(super) struct Region {
    pub(super) slug: &'static str,
    pub(super) name: &'static str,
    pub(super) places: &'static [Place],
    pub(super) people: &'static [Person],
    pub(super) client: &'static str,
    /// Beginning of every address, and the invented towns.
    pub(super) city: &'static str,
    pub(super) towns: &'static [&'static str],
    /// An exchange that is not assigned.
    pub(super) phone: &'static str,
    pub(super) surnames: &'static [(&'static str, &'static str)],
    pub(super) patients: usize,
}

const fn place(
    key: &'static str,
    name: &'static str,
    short: &'static str,
    kind: &'static str,
    code: Option<&'static str>,
) -> Place {
    Place {
        key,
        name,
        short,
        kind,
        code,
    }
}

const fn person(
    login: &'static str,
    name: &'static str,
    kana: &'static str,
    profession: &'static str,
    place: &'static str,
    part: Option<Part>,
) -> Person {
    Person {
        login,
        name,
        kana,
        profession,
        place,
        part,
    }
}

/// The two networks.
pub(super) const REGIONS: &[Region] = &[
    Region {
        slug: "izumo",
        name: "いずも在宅ケアネット",
        places: IZUMO_PLACES,
        people: IZUMO_PEOPLE,
        client: "電子カルテ連携",
        city: "島根県出雲市",
        towns: &[
            "つむぎ町",
            "絹坂町",
            "機織町",
            "藍原町",
            "糸車新町",
            "綿打町",
            "西たて糸町",
        ],
        phone: "0853-00-",
        surnames: IZUMO_SURNAMES,
        patients: 42,
    },
    Region {
        slug: "sunpu",
        name: "するが在宅連携ネット",
        places: SUNPU_PLACES,
        people: SUNPU_PEOPLE,
        client: "電子カルテ連携",
        city: "静岡県静岡市葵区",
        towns: &[
            "茶ノ木台一丁目",
            "茶ノ木台三丁目",
            "新芽町",
            "揉山",
            "急須橋二丁目",
            "一番摘町",
        ],
        phone: "054-000-",
        surnames: SUNPU_SURNAMES,
        patients: 26,
    },
];

#[rustfmt::skip] // one row, one line
const IZUMO_PLACES: &[Place] = &[
    place("hospital", "つむぎ台総合病院", "つむぎ台病院", "hospital", Some("3212345670")),
    place("hospital2", "綿打リハビリテーション病院", "綿打リハ病院", "hospital", Some("3210000011")),
    place("clinic", "絹坂内科クリニック", "絹坂内科", "clinic", Some("3210000029")),
    place("clinic2", "藍原在宅診療所", "藍原診療所", "clinic", Some("3210000037")),
    place("dental", "たて糸歯科医院", "たて糸歯科", "dental_clinic", Some("3230000018")),
    place("pharmacy", "糸車薬局 つむぎ町店", "糸車薬局", "pharmacy", Some("3240000016")),
    place("pharmacy2", "錦木薬局", "錦木薬局", "pharmacy", Some("3240000024")),
    place("station", "訪問看護ステーション はたおり", "はたおり", "visiting_nursing_station", None),
    place("station2", "訪問看護ステーション あいぞめ橋", "あいぞめ橋", "visiting_nursing_station", None),
    place("plan", "居宅介護支援事業所 たて糸よこ糸", "たて糸よこ糸", "care_management_office", None),
    place("plan2", "ケアプランセンター つむぎ台", "ケアプランつむぎ台", "care_management_office", None),
    place("helpers", "ヘルパーステーション 木綿坂", "木綿坂", "home_help_office", None),
    place("equipment", "ケアサポート糸巻(訪問介護・福祉用具)", "ケアサポート糸巻", "home_help_office", None),
    place("day", "デイサービス かすり小路", "かすり小路", "day_care_center", None),
    place("day2", "デイケア 綿打", "デイケア綿打", "day_care_center", None),
    place("home", "特別養護老人ホーム 藍原苑", "藍原苑", "nursing_home", None),
    place("support", "つむぎ町地域包括支援センター", "包括つむぎ町", "support_center", None),
    place("city", "つむぎ地区 健康福祉課", "健康福祉課", "municipality", None),
    place("association", "つむぎ地区医師会 在宅医療連携室", "連携室", "medical_association", None),
];

#[rustfmt::skip] // one row, one line
const IZUMO_PEOPLE: &[Person] = &[
    person("care-manager", "大田 美咲", "オオタ ミサキ", "care_manager", "plan", Some(Part::CareManager)),
    person("care-manager-2", "福間 隆", "フクマ タカシ", "care_manager", "plan2", Some(Part::CareManager)),
    person("care-manager-3", "原 知恵", "ハラ チエ", "care_manager", "plan", Some(Part::CareManager)),
    person("visiting-nurse", "佐藤 由美", "サトウ ユミ", "nurse", "station", Some(Part::Nurse)),
    person("nurse-2", "高橋 理恵", "タカハシ リエ", "nurse", "station", Some(Part::SecondNurse)),
    person("nurse-3", "岩谷 真由美", "イワタニ マユミ", "assistant_nurse", "station", Some(Part::SecondNurse)),
    person("outsider", "黒田 沙織", "クロダ サオリ", "nurse", "station2", Some(Part::Nurse)),
    person("nurse-5", "周藤 千尋", "ストウ チヒロ", "nurse", "station2", Some(Part::SecondNurse)),
    person("physician", "山根 健一", "ヤマネ ケンイチ", "physician", "clinic", Some(Part::Physician)),
    person("physician-2", "藤原 亮", "フジハラ リョウ", "physician", "clinic2", Some(Part::Physician)),
    person("clinic-nurse", "森山 久美", "モリヤマ クミ", "nurse", "clinic", None),
    person("pharmacist", "渡部 直樹", "ワタナベ ナオキ", "pharmacist", "pharmacy", Some(Part::Pharmacist)),
    person("pharmacist-2", "安達 麻衣", "アダチ マイ", "pharmacist", "pharmacy2", Some(Part::Pharmacist)),
    person("home-helper", "石橋 恵子", "イシバシ ケイコ", "home_helper", "helpers", Some(Part::Helper)),
    person("helper-2", "金築 みどり", "カネツキ ミドリ", "home_helper", "helpers", Some(Part::SecondHelper)),
    person("helper-3", "吉田 洋介", "ヨシダ ヨウスケ", "care_worker", "equipment", Some(Part::Helper)),
    person("helper-4", "坂本 さゆり", "サカモト サユリ", "home_helper", "equipment", Some(Part::SecondHelper)),
    person("equipment", "青木 大輔", "アオキ ダイスケ", "equipment_consultant", "equipment", Some(Part::Equipment)),
    person("day-care", "今岡 彩", "イマオカ アヤ", "day_care_staff", "day", Some(Part::DayCare)),
    person("day-care-2", "板倉 修", "イタクラ オサム", "day_care_staff", "day2", Some(Part::DayCare)),
    person("care-worker", "神門 洋子", "カンド ヨウコ", "care_worker", "home", Some(Part::CareWorker)),
    person("hospital-nurse", "伊藤 明美", "イトウ アケミ", "nurse", "hospital", Some(Part::WardNurse)),
    person("hospital-physician", "勝部 誠", "カツベ マコト", "physician", "hospital", Some(Part::HospitalDoctor)),
    person("msw", "三島 亜希", "ミシマ アキ", "medical_social_worker", "hospital", Some(Part::SocialWorker)),
    person("therapist", "足立 翔太", "アダチ ショウタ", "physical_therapist", "station", Some(Part::Therapist)),
    person("therapist-2", "景山 徹", "カゲヤマ トオル", "physical_therapist", "hospital2", Some(Part::Therapist)),
    person("occupational", "常松 優花", "ツネマツ ユウカ", "occupational_therapist", "day2", Some(Part::Occupational)),
    person("speech", "小村 奈々", "コムラ ナナ", "speech_therapist", "station2", Some(Part::Speech)),
    person("dietitian", "野津 晴香", "ノツ ハルカ", "dietitian", "clinic", Some(Part::Dietitian)),
    person("dentist", "松井 浩司", "マツイ コウジ", "dentist", "dental", Some(Part::Dentist)),
    person("hygienist", "奥井 美穂", "オクイ ミホ", "dental_hygienist", "dental", Some(Part::Hygienist)),
    person("support-center", "内藤 淳", "ナイトウ ジュン", "support_center_staff", "support", Some(Part::SupportCenter)),
    person("social-worker", "門脇 綾子", "カドワキ アヤコ", "social_worker", "support", None),
    person("health-nurse", "長岡 祥子", "ナガオカ ショウコ", "public_health_nurse", "city", Some(Part::HealthNurse)),
    person("coordinator", "田部 光", "タナベ ヒカル", "regional_coordinator", "association", None),
    person("administrator", "布施 崇", "フセ タカシ", "administrator", "association", None),
    person("auditor", "目次 正道", "メツギ マサミチ", "auditor", "association", None),
];

#[rustfmt::skip] // one row, one line
const SUNPU_PLACES: &[Place] = &[
    place("hospital", "茶ノ木台病院", "茶ノ木台病院", "hospital", Some("2210000013")),
    place("clinic", "新芽内科医院", "新芽内科", "clinic", Some("2210000021")),
    place("clinic2", "急須橋ホームクリニック", "急須橋クリニック", "clinic", Some("2210000039")),
    place("dental", "一番摘歯科", "一番摘歯科", "dental_clinic", Some("2230000011")),
    place("pharmacy", "八十八夜薬局", "八十八夜薬局", "pharmacy", Some("2240000019")),
    place("station", "訪問看護ステーション 茶ばしら", "茶ばしら", "visiting_nursing_station", None),
    place("station2", "訪問看護ステーション 揉山", "揉山ステーション", "visiting_nursing_station", None),
    place("plan", "ケアプラン室 新芽", "ケアプラン新芽", "care_management_office", None),
    place("helpers", "ヘルパーステーション 急須橋", "急須橋ヘルパー", "home_help_office", None),
    place("day", "デイサービス 茶ばたけ坂", "茶ばたけ坂", "day_care_center", None),
    place("home", "特別養護老人ホーム 茶ノ木苑", "茶ノ木苑", "nursing_home", None),
    place("support", "茶ノ木台地域包括支援センター", "包括茶ノ木台", "support_center", None),
    place("city", "茶ノ木地区 高齢介護課", "高齢介護課", "municipality", None),
    place("association", "茶ノ木地区医師会", "医師会", "medical_association", None),
];

#[rustfmt::skip] // one row, one line
const SUNPU_PEOPLE: &[Person] = &[
    person("care-manager", "望月 智子", "モチヅキ トモコ", "care_manager", "plan", Some(Part::CareManager)),
    person("care-manager-2", "海野 健太", "ウンノ ケンタ", "care_manager", "plan", Some(Part::CareManager)),
    person("visiting-nurse", "杉山 香織", "スギヤマ カオリ", "nurse", "station", Some(Part::Nurse)),
    person("nurse-2", "池谷 千春", "イケガヤ チハル", "nurse", "station", Some(Part::SecondNurse)),
    person("outsider", "大石 恵美", "オオイシ エミ", "nurse", "station2", Some(Part::Nurse)),
    person("nurse-4", "滝 浩美", "タキ ヒロミ", "assistant_nurse", "station2", Some(Part::SecondNurse)),
    person("physician", "白鳥 俊介", "シラトリ シュンスケ", "physician", "clinic", Some(Part::Physician)),
    person("physician-2", "佐野 真紀", "サノ マキ", "physician", "clinic2", Some(Part::Physician)),
    person("pharmacist", "牧田 拓也", "マキタ タクヤ", "pharmacist", "pharmacy", Some(Part::Pharmacist)),
    person("home-helper", "村松 文江", "ムラマツ フミエ", "home_helper", "helpers", Some(Part::Helper)),
    person("helper-2", "朝比奈 桃子", "アサヒナ モモコ", "home_helper", "helpers", Some(Part::SecondHelper)),
    person("equipment", "勝又 良", "カツマタ リョウ", "equipment_consultant", "helpers", Some(Part::Equipment)),
    person("day-care", "深澤 里奈", "フカザワ リナ", "day_care_staff", "day", Some(Part::DayCare)),
    person("care-worker", "遠藤 武", "エンドウ タケシ", "care_worker", "home", Some(Part::CareWorker)),
    person("hospital-nurse", "川口 純子", "カワグチ ジュンコ", "nurse", "hospital", Some(Part::WardNurse)),
    person("hospital-physician", "水野 哲也", "ミズノ テツヤ", "physician", "hospital", Some(Part::HospitalDoctor)),
    person("msw", "片平 由香", "カタヒラ ユカ", "medical_social_worker", "hospital", Some(Part::SocialWorker)),
    person("therapist", "平岡 慎吾", "ヒラオカ シンゴ", "physical_therapist", "station", Some(Part::Therapist)),
    person("occupational", "繁田 美月", "シゲタ ミヅキ", "occupational_therapist", "day", Some(Part::Occupational)),
    person("speech", "寺尾 咲", "テラオ サキ", "speech_therapist", "station", Some(Part::Speech)),
    person("dietitian", "芹澤 葵", "セリザワ アオイ", "dietitian", "clinic2", Some(Part::Dietitian)),
    person("dentist", "安本 隆之", "ヤスモト タカユキ", "dentist", "dental", Some(Part::Dentist)),
    person("hygienist", "小長井 愛", "コナガイ アイ", "dental_hygienist", "dental", Some(Part::Hygienist)),
    person("support-center", "見城 学", "ケンジョウ マナブ", "support_center_staff", "support", Some(Part::SupportCenter)),
    person("health-nurse", "青島 希", "アオシマ ノゾミ", "public_health_nurse", "city", Some(Part::HealthNurse)),
    person("coordinator", "狩野 直美", "カノウ ナオミ", "regional_coordinator", "association", None),
    person("administrator", "増井 圭介", "マスイ ケイスケ", "administrator", "association", None),
    person("auditor", "岩崎 良平", "イワサキ リョウヘイ", "auditor", "association", None),
];

#[rustfmt::skip] // one row, one line
const IZUMO_SURNAMES: &[(&str, &str)] = &[
    ("飯塚", "イイヅカ"), ("石飛", "イシトビ"), ("糸原", "イトハラ"), ("錦織", "ニシコオリ"),
    ("勝部", "カツベ"), ("金森", "カナモリ"), ("川上", "カワカミ"), ("木村", "キムラ"),
    ("小林", "コバヤシ"), ("古志", "コシ"), ("坂根", "サカネ"), ("佐々木", "ササキ"),
    ("柳楽", "ナギラ"), ("杉谷", "スギタニ"), ("園山", "ソノヤマ"), ("高木", "タカギ"),
    ("多々納", "タタノ"), ("田中", "タナカ"), ("土江", "ツチエ"), ("手銭", "テゼン"),
    ("永見", "ナガミ"), ("成相", "ナリアイ"), ("野々村", "ノノムラ"), ("長谷川", "ハセガワ"),
    ("福田", "フクダ"), ("藤江", "フジエ"), ("曽田", "ソタ"), ("槇原", "マキハラ"),
    ("三原", "ミハラ"), ("持田", "モチダ"), ("山崎", "ヤマサキ"), ("吉岡", "ヨシオカ"),
    ("和田", "ワダ"), ("陰山", "カゲヤマ"), ("来間", "クルマ"), ("祝部", "ホウリベ"),
];

#[rustfmt::skip] // one row, one line
const SUNPU_SURNAMES: &[(&str, &str)] = &[
    ("青木", "アオキ"), ("秋山", "アキヤマ"), ("石上", "イシガミ"), ("市川", "イチカワ"),
    ("伊東", "イトウ"), ("岩本", "イワモト"), ("植田", "ウエダ"), ("小澤", "オザワ"),
    ("柴田", "シバタ"), ("鈴木", "スズキ"), ("曽根", "ソネ"), ("瀧浪", "タキナミ"),
    ("築地", "ツキジ"), ("中村", "ナカムラ"), ("長倉", "ナガクラ"), ("萩原", "ハギワラ"),
    ("増田", "マスダ"), ("松永", "マツナガ"), ("宮城島", "ミヤギシマ"), ("森", "モリ"),
    ("山梨", "ヤマナシ"), ("渡邉", "ワタナベ"), ("良知", "ラチ"), ("大村", "オオムラ"),
];

/// Given names of women born between 1925 and 1955.
#[rustfmt::skip] // a table
pub(super) const WOMEN: &[(&str, &str)] = &[
    ("幸子", "サチコ"), ("節子", "セツコ"), ("美代子", "ミヨコ"), ("ハツエ", "ハツエ"),
    ("フミ子", "フミコ"), ("久子", "ヒサコ"), ("千代子", "チヨコ"), ("照子", "テルコ"),
    ("文子", "フミコ"), ("敏子", "トシコ"), ("キヨ子", "キヨコ"), ("静江", "シズエ"),
    ("富美枝", "フミエ"), ("光子", "ミツコ"), ("八重子", "ヤエコ"), ("喜代子", "キヨコ"),
    ("道子", "ミチコ"), ("ヨシエ", "ヨシエ"), ("房江", "フサエ"), ("須美子", "スミコ"),
    ("昭子", "アキコ"), ("春枝", "ハルエ"), ("紀子", "ノリコ"), ("登志子", "トシコ"),
];

/// Given names of men born between 1925 and 1955.
#[rustfmt::skip] // a table
pub(super) const MEN: &[(&str, &str)] = &[
    ("勇", "イサム"), ("清", "キヨシ"), ("正夫", "マサオ"), ("茂", "シゲル"),
    ("昭二", "ショウジ"), ("義雄", "ヨシオ"), ("武", "タケシ"), ("勝利", "カツトシ"),
    ("稔", "ミノル"), ("弘", "ヒロシ"), ("喜久雄", "キクオ"), ("幸男", "ユキオ"),
    ("忠", "タダシ"), ("利夫", "トシオ"), ("哲郎", "テツロウ"), ("進", "ススム"),
    ("良一", "リョウイチ"), ("政雄", "マサオ"), ("繁", "シゲル"), ("英樹", "ヒデキ"),
];
