//! The vocabulary in which the story tables are written.
//!
//! A story runs over [`DAYS`] days up to now, in phases. *Voices* are what a profession writes at its
//! regular visits; *scenes* are the single posts that carry the plot.

/// Length of the told history, in days; the last day is today.
pub(super) const DAYS: i32 = 182;

/// A part played around a patient; the tenant's people are cast into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Physician,
    Nurse,
    SecondNurse,
    CareManager,
    Pharmacist,
    Helper,
    SecondHelper,
    DayCare,
    Therapist,
    Occupational,
    Speech,
    Dietitian,
    Dentist,
    Hygienist,
    WardNurse,
    HospitalDoctor,
    SocialWorker,
    Equipment,
    SupportCenter,
    HealthNurse,
    CareWorker,
}

/// With whom the patient lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    Any,
    Alone,
    Couple,
}

/// How often a voice is heard. `Every` is in weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cadence {
    Weekly(usize),
    Every(i32),
}

/// What is measured at a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    Nothing,
    /// Temperature, blood pressure, pulse, SpO2.
    Usual,
    /// The usual and body weight.
    Weight,
    /// The usual and respiration.
    Breath,
}

/// By when an acknowledgement is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    Open,
    Hours(i64),
    /// A few hours from now, whenever now is: a request that is still open.
    Soon,
}

/// When a scene plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// Phase, and day in that phase.
    In(usize, i32),
    /// Days before today.
    Ago(i32),
}

/// Deviation from the patient's own baseline; temperature and weight in tenths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Drift {
    pub(super) temperature: i32,
    pub(super) systolic: i32,
    pub(super) diastolic: i32,
    pub(super) pulse: i32,
    pub(super) spo2: i32,
    pub(super) respiration: i32,
    pub(super) weight: i32,
}

/// No deviation, for struct update syntax in tables.
pub(super) const CALM: Drift = Drift {
    temperature: 0,
    systolic: 0,
    diastolic: 0,
    pulse: 0,
    spo2: 0,
    respiration: 0,
    weight: 0,
};

/// A stretch of the story. Vitals move steadily towards `drift`, which they reach on its last day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Phase {
    pub(super) days: i32,
    pub(super) drift: Drift,
    /// In hospital, or at the end of life: everyday requests do not come up.
    pub(super) apart: bool,
}

/// A place in the care team. Days count from the beginning of the story; `None` is "all along".
#[derive(Debug, Clone, Copy)]
pub(super) struct Seat {
    pub(super) part: Part,
    pub(super) duty: &'static str,
    pub(super) joins: Option<At>,
    pub(super) leaves: Option<At>,
}

/// What a profession writes at its regular visits: one line from each pool.
#[derive(Debug, Clone, Copy)]
pub(super) struct Voice {
    pub(super) part: Part,
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) cadence: Cadence,
    pub(super) chance: u8,
    pub(super) measure: Measure,
    /// The lines follow each other in time: each is used once, in order, and then the voice is silent.
    pub(super) ordered: bool,
    /// Nothing is added from the everyday pools, which would speak of better days.
    pub(super) plain: bool,
    pub(super) pools: &'static [&'static [&'static str]],
}

/// An answer to a scene.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reply {
    pub(super) part: Part,
    pub(super) minutes: i64,
    pub(super) text: &'static str,
}

/// One post of the plot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene {
    pub(super) at: At,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) part: Part,
    pub(super) text: &'static str,
    pub(super) medical: bool,
    pub(super) measure: Measure,
    pub(super) extra: Drift,
    pub(super) asks: &'static [Part],
    pub(super) due: Due,
    pub(super) silent: &'static [Part],
    pub(super) replies: &'static [Reply],
}

/// A whole story.
#[derive(Debug, Clone, Copy)]
pub(super) struct Story {
    pub(super) home: Home,
    /// Typical values: systolic, diastolic, pulse, SpO2, weight in tenths.
    pub(super) usual: (i32, i32, i32, i32, i32),
    /// Mostly in bed: what is noted in passing is about bed and body.
    pub(super) frail: bool,
    /// Whether the family consents for the patient.
    pub(super) proxy: bool,
    /// Litres of oxygen per minute; 0 breathes room air.
    pub(super) oxygen: i32,
    /// Day on which the patient is registered; `None` is long before.
    pub(super) begins: Option<i32>,
    pub(super) seats: &'static [Seat],
    pub(super) phases: &'static [Phase],
    pub(super) voices: &'static [Voice],
    pub(super) scenes: &'static [Scene],
}

pub(super) const fn phase(days: i32, drift: Drift) -> Phase {
    Phase {
        days,
        drift,
        apart: false,
    }
}

pub(super) const fn seat(part: Part, duty: &'static str) -> Seat {
    Seat {
        part,
        duty,
        joins: None,
        leaves: None,
    }
}

pub(super) const fn voice(
    part: Part,
    cadence: Cadence,
    pools: &'static [&'static [&'static str]],
) -> Voice {
    Voice {
        part,
        first: 0,
        last: usize::MAX,
        cadence,
        chance: 100,
        measure: Measure::Nothing,
        ordered: false,
        plain: false,
        pools,
    }
}

pub(super) const fn reply(part: Part, minutes: i64, text: &'static str) -> Reply {
    Reply {
        part,
        minutes,
        text,
    }
}

pub(super) const fn scene(at: At, hour: i64, minute: i64, part: Part, text: &'static str) -> Scene {
    Scene {
        at,
        hour,
        minute,
        part,
        text,
        medical: false,
        measure: Measure::Nothing,
        extra: CALM,
        asks: &[],
        due: Due::Open,
        silent: &[],
        replies: &[],
    }
}

impl Phase {
    pub(super) const fn apart(mut self) -> Self {
        self.apart = true;
        self
    }
}

impl Seat {
    pub(super) const fn from(mut self, at: At) -> Self {
        self.joins = Some(at);
        self
    }

    pub(super) const fn until(mut self, at: At) -> Self {
        self.leaves = Some(at);
        self
    }
}

impl Voice {
    pub(super) const fn phases(mut self, first: usize, last: usize) -> Self {
        self.first = first;
        self.last = last;
        self
    }

    pub(super) const fn chance(mut self, percent: u8) -> Self {
        self.chance = percent;
        self
    }

    pub(super) const fn measuring(mut self, measure: Measure) -> Self {
        self.measure = measure;
        self
    }

    pub(super) const fn plain(mut self) -> Self {
        self.plain = true;
        self
    }

    pub(super) const fn in_order(mut self) -> Self {
        self.ordered = true;
        self
    }
}

impl Scene {
    pub(super) const fn medical(mut self) -> Self {
        self.medical = true;
        self
    }

    pub(super) const fn measuring(mut self, measure: Measure, extra: Drift) -> Self {
        self.measure = measure;
        self.extra = extra;
        self
    }

    pub(super) const fn asking(mut self, parts: &'static [Part], due: Due) -> Self {
        self.asks = parts;
        self.due = due;
        self
    }

    /// These asked people have not answered.
    pub(super) const fn silent(mut self, parts: &'static [Part]) -> Self {
        self.silent = parts;
        self
    }

    pub(super) const fn replied(mut self, replies: &'static [Reply]) -> Self {
        self.replies = replies;
        self
    }
}
