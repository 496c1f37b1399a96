//! Work on all cores, in order: what goes in first comes out first, and only a few pieces are under way at once.

use std::{
    io,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

/// Pieces under way for each core.
const UNDER_WAY: usize = 2;

/// Threads that work.
pub struct Pipe<T, U> {
    workers: Vec<(SyncSender<T>, Receiver<U>)>,
    given: usize,
    taken: usize,
}

impl<T: Send + 'static, U: Send + 'static> Pipe<T, U> {
    /// As many threads as there are cores. They end with the pipe.
    pub fn start(work: impl Fn(T) -> U + Send + Sync + 'static) -> io::Result<Self> {
        let count = thread::available_parallelism().map_or(1, usize::from);
        let work = Arc::new(work);
        let worker = |_| {
            let (give, given) = sync_channel::<T>(UNDER_WAY);
            let (done, take) = sync_channel::<U>(UNDER_WAY);
            let work = Arc::clone(&work);
            let body = move || {
                for piece in given {
                    if done.send(work(piece)).is_err() {
                        return; // nobody waits for it any more
                    }
                }
            };
            thread::Builder::new().spawn(body)?;
            Ok((give, take))
        };
        Ok(Self {
            workers: (0..count).map(worker).collect::<io::Result<_>>()?,
            given: 0,
            taken: 0,
        })
    }

    /// Gives a piece of work; answers with the oldest that is done when enough are under way, and waits for that.
    pub fn give(&mut self, piece: T) -> io::Result<Option<U>> {
        let full = self.given - self.taken >= UNDER_WAY * self.workers.len();
        let done = if full { self.take()? } else { None };
        let worker = self.workers.get(self.given % self.workers.len());
        let sent = worker.and_then(|(give, _)| give.send(piece).ok());
        self.given += 1;
        sent.map(|()| done).ok_or_else(ended)
    }

    /// The oldest piece that is not taken yet; nothing when all are.
    pub fn take(&mut self) -> io::Result<Option<U>> {
        if self.taken == self.given {
            return Ok(None);
        }
        let worker = self.workers.get(self.taken % self.workers.len());
        let done = worker.and_then(|(_, take)| take.recv().ok());
        self.taken += 1;
        done.map(Some).ok_or_else(ended)
    }
}

fn ended() -> io::Error {
    io::Error::other("a thread ended by itself")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_first_comes_out_first() {
        let mut pipe = Pipe::start(|number: u64| {
            thread::sleep(std::time::Duration::from_micros(number * 7919 % 300));
            number * 2
        })
        .unwrap();
        let mut found = Vec::new();
        for number in 0..200 {
            found.extend(pipe.give(number).unwrap());
        }
        while let Some(done) = pipe.take().unwrap() {
            found.push(done);
        }
        assert_eq!(
            found,
            (0..200).map(|number| number * 2).collect::<Vec<u64>>()
        );
    }
}
