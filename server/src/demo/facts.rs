//! What is so with the patients of the demonstration: a handful for each story, the whole picture for the main patient.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{
    circle::Member,
    dice::Dice,
    finish::id,
    model::{DemoFact, DemoPost, DemoStaff},
    moment,
    plot::{Part, Story},
    stories,
};

/// Everything that facts are made of.
pub(super) struct Ground<'a> {
    pub(super) story: &'a Story,
    pub(super) main: bool,
    pub(super) key_person: &'static str,
    pub(super) surname: String,
    pub(super) registered_at: DateTime<Utc>,
    pub(super) now: DateTime<Utc>,
    pub(super) staff: &'a [DemoStaff],
    pub(super) members: &'a [Member],
    pub(super) posts: &'a [DemoPost],
}

/// A fact as the tables below tell it: who says it, how many days ago, what.
struct Told {
    part: Part,
    days: u64,
    kind: &'static str,
    value: Value,
    confidence: &'static str,
    source: (&'static str, Option<&'static str>),
    before: Option<Value>,
}

fn told(part: Part, days: u64, kind: &'static str, value: Value) -> Told {
    Told {
        part,
        days,
        kind,
        value,
        confidence: "confirmed",
        source: ("observation", None),
        before: None,
    }
}

impl Told {
    fn heard(mut self, from: &'static str) -> Self {
        self.confidence = "reported";
        self.source = ("interview", Some(from));
        self
    }

    fn of_paper(mut self, paper: &'static str) -> Self {
        self.source = ("sheet", Some(paper));
        self
    }

    fn after(mut self, before: Value) -> Self {
        self.before = Some(before);
        self
    }
}

/// The facts of a patient.
pub(super) fn facts(ground: &Ground<'_>, dice: &mut Dice) -> Vec<DemoFact> {
    let today = moment::day_of(ground.now);
    let mut all = everybody(ground, dice);
    all.extend(if ground.main {
        kazuko(today)
    } else {
        let same = |story: &&&Story| std::ptr::eq(**story, ground.story);
        let place = stories::ALL.iter().position(|story| same(&story));
        of_story(place.unwrap_or_default(), today)
    });
    all.into_iter()
        .filter_map(|told| fact(ground, told, dice))
        .collect()
}

fn fact(ground: &Ground<'_>, told: Told, dice: &mut Dice) -> Option<DemoFact> {
    let day = |days: u64| moment::day_of(ground.now).checked_sub_days(Days::new(days));
    let first = moment::day_of(ground.registered_at) + TimeDelta::days(1);
    let on = |days: u64| Some(day(days)?.max(first));
    let author = |on: NaiveDate| {
        let order = [told.part, Part::Nurse, Part::Physician, Part::CareManager];
        order.iter().find_map(|part| {
            let found = ground.members.iter().find(|member| {
                member.part == *part
                    && member.starts_on <= on
                    && member.ends_on.is_none_or(|end| end >= on)
            })?;
            ground.staff.get(found.staff).map(|staff| staff.id)
        })
    };
    let said_on = on(told.days)?;
    let minute = i64::from(dice.between(560, 1_000));
    let at = moment::at(said_on, minute).min(ground.now);
    let by = author(said_on)?;
    // Some were found to be still so at a later visit.
    let again = on(told.days / 3)?;
    let confirmed = (dice.chance(40) && again > said_on)
        .then(|| Some((author(again)?, moment::at(again, minute).min(ground.now))))
        .flatten();
    let before = told.before.and_then(|value| {
        let earlier = on(told.days + 60)?;
        (earlier < said_on).then(|| Some((value, author(earlier)?, moment::at(earlier, minute))))?
    });
    let post = ground.posts.iter().rev().find(|post| {
        let fits = match told.kind {
            "pressure_injury" => post
                .body
                .as_deref()
                .is_some_and(|body| body.contains("DESIGN")),
            _ => false,
        };
        fits && post.channel == "team" && post.retraction.is_none()
    });
    let (source, source_text) = told.source;
    Some(DemoFact {
        id: id(before.as_ref().map_or(at, |(.., at)| *at), dice),
        kind: told.kind,
        value: told.value,
        confidence: told.confidence,
        source: if post.is_some() { "post" } else { source },
        source_id: post.map(|post| post.id),
        source_text,
        author: by,
        at,
        confirmed,
        before,
    })
}

fn before(today: NaiveDate, days: u64) -> String {
    today
        .checked_sub_days(Days::new(days))
        .unwrap_or(today)
        .to_string()
}

/// What is known of everybody: whom to call, grades, whether anything is to be minded.
fn everybody(ground: &Ground<'_>, dice: &mut Dice) -> Vec<Told> {
    let given = if matches!(ground.key_person, "夫" | "長男" | "次男") {
        "誠一"
    } else {
        "由紀子"
    };
    let together = matches!(ground.key_person, "夫" | "妻") || dice.chance(40);
    let living = if together { "together" } else { "apart" };
    let phone = format!("090-0000-{:04}", dice.between(100, 9_899));
    let contact = json!({ "name": format!("{} {given}", ground.surname), "relation": ground.key_person,
        "key_person": true, "main_carer": together, "living": living, "phone": phone, "order": 1 });
    let grade = if ground.story.frail {
        dice.pick(&["B2", "C1"])
    } else {
        dice.pick(&["J2", "A1", "A1", "A2"])
    };
    let mut all = vec![
        told(Part::CareManager, 120, "contact", contact),
        told(
            Part::CareManager,
            90,
            "disability_level",
            json!({ "grade": grade, "judged_by": "care_manager" }),
        )
        .of_paper("認定調査票"),
    ];
    if !ground.main {
        let state = dice.pick(&["none", "none", "not_asked"]);
        all.push(told(Part::Nurse, 100, "allergy", json!({ "state": state })));
        let nursing = json!({ "service": "visiting_nursing", "provider": "訪問看護ステーション",
            "days": [dice.pick(&["mon", "tue"]), dice.pick(&["thu", "fri"])], "starts": "10:00", "ends": "11:00" });
        all.push(told(Part::CareManager, 80, "service", nursing));
    }
    all
}

fn medicine(name: &str, dose: &str, usage: &str) -> Value {
    json!({ "name": name, "dose": dose, "usage": usage, "route": "oral" })
}

fn problem(name: &str, icd10: &str, status: &str, main: bool) -> Value {
    json!({ "name": name, "icd10": icd10, "status": status, "main": main })
}

fn kazuko(today: NaiveDate) -> Vec<Told> {
    let service = |service: &str, provider: &str, days: &[&str], starts: &str, ends: &str| json!({ "service": service, "provider": provider, "days": days, "starts": starts, "ends": ends });
    vec![
        told(Part::Nurse, 150, "allergy", json!({ "state": "present", "category": "medicine", "substance": "セフェム系抗菌薬",
            "reaction": "投与後に全身のじんましん", "severity": "moderate", "onset": "2015" })),
        told(Part::Physician, 30, "allergy", json!({ "state": "none" })).heard("長女より"),
        told(Part::Nurse, 150, "infection", json!({ "state": "none" })),
        told(Part::Nurse, 9, "device", json!({ "device": "oxygen", "setting": "安静時0.5L/分、労作時1L/分", "inserted_on": before(today, 60),
            "exchanged_by": "supplier", "exchanged_at": "酸素業者（24時間対応）" })),
        told(Part::Nurse, 31, "device", json!({ "device": "urinary_catheter", "size": "14Fr", "product": "固定水 5mL",
            "last_exchanged_on": before(today, 31), "exchange_days": 28, "next_exchange_on": before(today, 3), "exchanged_by": "visiting_nurse" })),
        told(Part::Pharmacist, 12, "medicine", medicine("アゾセミド錠60mg", "1錠", "1日1回 朝食後"))
            .after(medicine("アゾセミド錠30mg", "1錠", "1日1回 朝食後")),
        told(Part::Pharmacist, 12, "medicine", medicine("サクビトリルバルサルタン錠50mg", "1錠", "1日2回 朝夕食後")),
        told(Part::Pharmacist, 40, "medicine", medicine("酸化マグネシウム錠330mg", "1錠", "1日3回 毎食後")),
        told(Part::Pharmacist, 40, "medicine", json!({ "name": "アセトアミノフェン錠200mg", "dose": "2錠", "usage": "痛い時 1日3回まで", "route": "oral", "as_needed": true })),
        told(Part::Physician, 12, "problem", problem("慢性心不全", "I50.0", "active", true)),
        told(Part::Physician, 200, "problem", problem("心房細動", "I48", "active", false)),
        told(Part::Physician, 200, "problem", problem("変形性膝関節症", "M17", "stable", false)),
        told(Part::Nurse, 20, "adl", json!({ "moving": "watch", "transfer": "independent", "dressing": "independent", "bathing": "partial",
            "eating": "independent", "urination": "independent", "defecation": "independent", "indoor_aids": ["cane"], "outdoor_aids": ["walker"], "pads": "night" }))
            .after(json!({ "moving": "independent", "transfer": "independent", "bathing": "watch", "eating": "independent" })),
        told(Part::CareManager, 90, "dementia_level", json!({ "grade": "I", "judged_by": "care_manager" })).of_paper("認定調査票"),
        told(Part::Nurse, 20, "diet", json!({ "route": ["oral"], "texture": "4", "staple": "soft_rice", "thickening": "1", "swallowing": "sometimes",
            "restriction": "塩分 6g/日", "water_restriction": "1,300mL/日", "dentures": "partial" })),
        told(Part::Nurse, 75, "wishes", json!({ "matters": "庭の花を見ながら、この家で暮らしたい。孫の結婚式に出たい。", "understanding": "心臓が弱っていることは知っている。詳しい話は長女と一緒に聞きたい。",
            "place": "home", "last_place": "home", "resuscitation": "declines", "ventilation": "declines", "tube_feeding": "unsure", "hospital": "then",
            "proxy_name": "出雲 由紀子", "proxy_relation": "長女", "discussed_on": before(today, 75), "present": "本人、長女、主治医、訪問看護師、ケアマネジャー", "signature": "self" })),
        told(Part::CareManager, 120, "contact", json!({ "name": "出雲 健太", "relation": "長男", "living": "apart", "phone": "090-0000-3307", "order": 2, "hours": "平日は19時以降" })),
        told(Part::CareManager, 14, "service", service("visiting_nursing", "つむぎ訪問看護ステーション", &["mon", "wed", "fri"], "15:00", "16:00")),
        told(Part::CareManager, 14, "service", service("home_help", "つむぎヘルパーステーション", &["mon", "tue", "wed", "thu", "fri", "sat"], "17:30", "18:15")),
        told(Part::CareManager, 14, "service", service("day_care", "デイサービスつむぎ", &["tue", "thu"], "09:30", "16:00")),
        told(Part::CareManager, 14, "service", service("meals", "つむぎ配食", &["mon", "wed", "fri", "sun"], "17:00", "17:30")),
    ]
}

/// What belongs to the stories, in the order of their list.
fn of_story(place: usize, today: NaiveDate) -> Vec<Told> {
    let doctor = |name, icd10| {
        told(
            Part::Physician,
            110,
            "problem",
            problem(name, icd10, "active", true),
        )
    };
    let pills = |name, dose, usage| {
        told(
            Part::Pharmacist,
            70,
            "medicine",
            medicine(name, dose, usage),
        )
    };
    let insulin = json!({ "name": "インスリン デグルデク注", "dose": "8単位", "usage": "1日1回 朝", "route": "injection" });
    match place {
        0 => vec![doctor("慢性心不全", "I50.0"), pills("フロセミド錠20mg", "1錠", "1日1回 朝食後")],
        1 => vec![
            doctor("アルツハイマー型認知症", "G30.9"),
            pills("ドネペジル塩酸塩錠5mg", "1錠", "1日1回 朝食後"),
            told(Part::CareManager, 60, "dementia_level", json!({ "grade": "IIb", "judged_by": "surveyor" })).of_paper("認定調査票"),
        ],
        2 => vec![
            doctor("脳梗塞後遺症", "I69.3"),
            pills("クロピドグレル錠75mg", "1錠", "1日1回 朝食後"),
            told(Part::Therapist, 25, "adl", json!({ "moving": "partial", "transfer": "watch", "bathing": "partial", "eating": "independent", "indoor_aids": ["cane"] })),
        ],
        4 => vec![
            doctor("2型糖尿病", "E11.9"),
            told(Part::Nurse, 45, "medicine", insulin),
            told(Part::Nurse, 10, "device", json!({ "device": "glucose_sensor", "site": "左上腕", "last_exchanged_on": before(today, 10), "exchange_days": 14,
                "next_exchange_on": today.checked_add_days(Days::new(4)).unwrap_or(today).to_string(), "exchanged_by": "visiting_nurse" })),
        ],
        5 => vec![
            doctor("慢性閉塞性肺疾患", "J44.9"),
            told(Part::Nurse, 50, "device", json!({ "device": "oxygen", "setting": "安静時1L/分、労作時2L/分", "exchanged_by": "supplier" })),
        ],
        7 => vec![
            doctor("大腿骨頸部骨折術後", "S72.0"),
            told(Part::Therapist, 25, "adl", json!({ "moving": "watch", "transfer": "watch", "bathing": "partial", "indoor_aids": ["walker"], "outdoor_aids": ["wheelchair"] })),
        ],
        8 => vec![
            doctor("廃用症候群", "M62.5"),
            told(Part::Nurse, 6, "pressure_injury", json!({ "site": "sacrum", "side": "middle", "depth": "D3", "exudate": "e1", "size": "s6", "inflammation": "i0",
                "granulation": "g3", "necrosis": "n0", "pocket": "p0", "length": 3.5, "width": 2.0, "treatment": "洗浄後、ハイドロコロイド材を貼付" }))
                .after(json!({ "site": "sacrum", "side": "middle", "depth": "D3", "exudate": "e3", "size": "s6", "inflammation": "i1",
                    "granulation": "G4", "necrosis": "N3", "pocket": "p0" })),
        ],
        9 => vec![doctor("パーキンソン病", "G20"), pills("レボドパ・カルビドパ配合錠", "1錠", "1日4回 毎食後と就寝前")],
        10 => vec![
            doctor("誤嚥性肺炎（反復）", "J69.0"),
            told(Part::Speech, 15, "diet", json!({ "route": ["oral"], "texture": "2-1", "staple": "paste_porridge", "thickening": "2", "swallowing": "sometimes", "care": "食事中と食後30分は上体を60度以上に起こす" })),
        ],
        12 => vec![
            doctor("膵癌", "C25.9"),
            pills("オキシコドン徐放錠10mg", "1錠", "12時間ごと"),
            told(Part::Nurse, 40, "wishes", json!({ "matters": "痛みなく、家で家族と過ごしたい", "place": "home", "last_place": "home", "resuscitation": "declines", "hospital": "declines",
                "discussed_on": before(today, 40), "present": "本人、家族、主治医、訪問看護師" })),
        ],
        _ => vec![doctor("高血圧症", "I10"), pills("アムロジピン錠5mg", "1錠", "1日1回 朝食後")],
    }
}
