//! Passwords: argon2id, on threads of their own, a bounded number at a time.
//!
//! 64 MiB and three passes cost about a fifth of a second of one core, which is the point, and also a lever for whoever
//! wants to stop the server; so hashing has its own threads, one core less than there are, which get a tenth of a core that
//! others want as well: little enough that those do not feel it, and enough that nobody waits for ever where all cores are
//! busy for long. Whoever waits too long for a place is asked to come back (security.md AN-06). What a new password must be
//! is in [`super::password_rules`].

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use thread_priority::{
    NormalThreadSchedulePolicy, ThreadPriority, ThreadPriorityValue, ThreadSchedulePolicy,
    set_thread_priority_and_policy, thread_native_id,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::{Error, Result, spine::ids};

/// Longest wait for a free place.
const PATIENCE: Duration = Duration::from_secs(2);
/// Priority of 0 to 99 of the threads that hash; Linux makes the niceness 10 of it.
const PRIORITY: u8 = 22;
/// Passes over the memory.
const PASSES: u32 = 3;

/// A piece of hashing.
type Work = Box<dyn FnOnce() + Send>;

/// How passwords are hashed on this installation.
#[derive(Clone)]
pub struct Passwords {
    /// One for each thread: nothing queues behind a thread that is busy.
    places: Arc<Semaphore>,
    work: Sender<Work>,
    params: Params,
    /// Hash of a password that nobody has: verified when there is no account, so that both take as long.
    nobody: Arc<str>,
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passwords")
            .field("params", &self.params)
            .finish_non_exhaustive()
    }
}

/// What came of a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is not the one.
    Wrong,
    /// It is the one.
    Right,
    /// It is the one, and was hashed with less effort than is usual today: this hash should be kept instead.
    RightButOld(String),
}

impl Verdict {
    /// Whether the password is the one.
    pub fn is_right(&self) -> bool {
        *self != Self::Wrong
    }
}

impl Passwords {
    /// Hashing with `memory_kib` and three passes.
    pub fn new(memory_kib: u32) -> Result<Self> {
        let cores = thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let threads = cores.saturating_sub(1).max(1);
        let params =
            Params::new(memory_kib, PASSES, 1, None).map_err(|e| Error::internal(e.to_string()))?;
        let nobody = hash(&params, &ids::to_base64(&ids::secret()?))?;
        let (work, waiting) = channel::<Work>();
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 0..threads {
            let waiting = Arc::clone(&waiting);
            thread::Builder::new()
                .name(format!("password-{number}"))
                .spawn(move || carry_out(&waiting))
                .map_err(Error::internal)?;
        }
        Ok(Self {
            places: Arc::new(Semaphore::new(threads)),
            work,
            params,
            nobody: nobody.into(),
        })
    }

    /// Whether `password` is the one that `phc` was made from. Without an account, takes as long and says no.
    pub async fn verify(&self, phc: Option<String>, password: String) -> Result<Verdict> {
        let known = phc.is_some();
        let phc = phc.unwrap_or_else(|| self.nobody.to_string());
        let params = self.params.clone();
        let verdict = self
            .run(move || {
                let parsed = PasswordHash::new(&phc).map_err(|e| Error::internal(e.to_string()))?;
                let matches = Argon2::default().verify_password(password.as_bytes(), &parsed);
                if matches.is_err() || !known {
                    return Ok(Verdict::Wrong);
                }
                Ok(if is_old(&parsed, &params) {
                    Verdict::RightButOld(hash(&params, &password)?)
                } else {
                    Verdict::Right
                })
            })
            .await?;
        Ok(verdict)
    }

    /// The hash to keep.
    pub async fn hash(&self, password: String) -> Result<String> {
        let params = self.params.clone();
        self.run(move || hash(&params, &password)).await
    }

    /// The hash to keep, for tools that have no runtime.
    pub fn hash_blocking(&self, password: &str) -> Result<String> {
        hash(&self.params, password)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let place = tokio::time::timeout(PATIENCE, self.places.clone().acquire_owned()).await;
        let place: OwnedSemaphorePermit = place
            .map_err(Error::unavailable)?
            .map_err(Error::internal)?;
        let (answer, answered) = oneshot::channel();
        let work = Box::new(move || {
            let outcome = work();
            drop(place);
            // Whoever asked may have gone away.
            drop(answer.send(outcome));
        });
        self.work
            .send(work)
            .map_err(|_| Error::internal("nobody hashes"))?;
        answered.await.map_err(Error::internal)?
    }
}

/// Gives the thread the niceness 10: a tenth of the weight of a usual one, and no interrupting others when it wakes up.
/// Where that cannot be set, hashing is only less polite.
fn give_way() {
    let batch = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Batch);
    let set = ThreadPriorityValue::try_from(PRIORITY).map(|priority| {
        let priority = ThreadPriority::Crossplatform(priority);
        set_thread_priority_and_policy(thread_native_id(), priority, batch)
    });
    if !matches!(set, Ok(Ok(()))) {
        tracing::debug!(?set, "hashing keeps the usual priority");
    }
}

/// What a thread does until the process ends.
fn carry_out(waiting: &Mutex<Receiver<Work>>) {
    give_way();
    loop {
        let next = waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok(work) = next else { return };
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).is_err() {
            tracing::error!("hashing a password panicked");
        }
    }
}

/// Whether less effort was taken than is usual today.
fn is_old(phc: &PasswordHash, params: &Params) -> bool {
    let argon2id = phc.algorithm.as_str() == "argon2id" && phc.version == Some(19);
    let known = Params::try_from(phc);
    !argon2id
        || known
            .is_ok_and(|known| known.m_cost() < params.m_cost() || known.t_cost() < params.t_cost())
}

fn hash(params: &Params, password: &str) -> Result<String> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    argon2
        .hash_password(password.as_bytes())
        .map(|phc| phc.to_string())
        .map_err(|e| Error::internal(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_an_account_matches() {
        let passwords = Passwords::new(1024).unwrap();
        let known = "ひみつのことば1234".to_owned();
        let phc = passwords.hash(known.clone()).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=1024,t=3,p=1$"));
        let verify = async |phc: Option<&String>, password: &str| {
            passwords
                .verify(phc.cloned(), password.to_owned())
                .await
                .unwrap()
        };
        assert_eq!(verify(Some(&phc), &known).await, Verdict::Right);
        assert_eq!(
            verify(Some(&phc), "ひみつのことば1235").await,
            Verdict::Wrong
        );
        assert_eq!(verify(None, &known).await, Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_hash_of_less_effort_is_replaced() {
        let old = Passwords::new(64).unwrap().hash_blocking("ひみつ").unwrap();
        let passwords = Passwords::new(128).unwrap();
        let verdict = passwords.verify(Some(old), "ひみつ".to_owned()).await;
        let Verdict::RightButOld(new) = verdict.unwrap() else {
            panic!("it is old");
        };
        assert!(new.starts_with("$argon2id$v=19$m=128,t=3,p=1$"));
        let verdict = passwords.verify(Some(new), "ひみつ".to_owned()).await;
        assert_eq!(verdict.unwrap(), Verdict::Right);
    }

    #[tokio::test]
    #[cfg(target_os = "linux")]
    async fn hashing_gives_way_and_does_not_wait_for_ever() {
        let passwords = Passwords::new(1024).unwrap();
        let told = passwords.run(|| {
            let stat =
                std::fs::read_to_string("/proc/thread-self/stat").map_err(Error::internal)?;
            let after_name = stat.rsplit(')').next().unwrap_or_default();
            let fields: Vec<String> = after_name.split_whitespace().map(str::to_owned).collect();
            Ok((fields[16].clone(), fields[38].clone()))
        });
        let (nice, policy) = told.await.unwrap();
        assert_eq!((&*nice, &*policy), ("10", "3"), "niceness, and SCHED_BATCH");
    }
}
