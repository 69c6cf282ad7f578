//! Whose turn it is, where somebody waits for a file to be read.

use tokio::sync::{Semaphore, SemaphorePermit};

/// What somebody waits for. Each waits only for its like and for what is wanted more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A file that is brought is looked at.
    Brought,
    /// A page shows rows, or what is special about them.
    Seen,
    /// A whole table is written, which may take long and nobody looks at meanwhile.
    Written,
}

/// Places for readings: people who come together wait for each other rather than slow each other down.
#[derive(Debug)]
pub(super) struct Places {
    all: Semaphore,
    /// One fewer than all: for what is brought there is always one that nothing else takes.
    seen: Semaphore,
    written: Semaphore,
}

/// Free again when dropped.
pub(super) struct Place<'a> {
    _held: [Option<SemaphorePermit<'a>>; 3],
}

impl Places {
    pub fn of(cores: usize) -> Places {
        let seen = cores.max(2);
        Places { all: Semaphore::new(seen + 1), seen: Semaphore::new(seen), written: Semaphore::new(seen / 2) }
    }

    /// First in a queue of its like, so that those who wait there take no place from others.
    pub async fn take(&self, wanted: Wanted) -> Place<'_> {
        let written = if wanted == Wanted::Written { one(&self.written).await } else { None };
        let seen = if wanted == Wanted::Brought { None } else { one(&self.seen).await };
        Place { _held: [written, seen, one(&self.all).await] }
    }
}

/// The semaphores are never closed, so the error can't come; without a place the work is done all the same.
async fn one(places: &Semaphore) -> Option<SemaphorePermit<'_>> {
    places.acquire().await.ok()
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::*;

    type Waiting<'a> = std::pin::Pin<Box<dyn Future<Output = Place<'a>> + 'a>>;

    /// Each asks at once, in this order; those who got a place, and those who wait.
    fn ask<'a>(places: &'a Places, wanted: Wanted, count: usize) -> (Vec<Place<'a>>, Vec<Waiting<'a>>) {
        let (mut got, mut waiting) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let mut asked: Waiting = Box::pin(places.take(wanted));
            match asked.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(place) => got.push(place),
                Poll::Pending => waiting.push(asked),
            }
        }
        (got, waiting)
    }

    #[test]
    fn sixty_tables_that_are_written_hold_up_nobody_who_looks_or_brings() {
        let places = Places::of(2);
        let (writing, waiting) = ask(&places, Wanted::Written, 60);
        assert_eq!((writing.len(), waiting.len()), (1, 59));
        let (seen, _) = ask(&places, Wanted::Seen, 1);
        let (brought, _) = ask(&places, Wanted::Brought, 1);
        assert_eq!((seen.len(), brought.len()), (1, 1));
    }

    #[test]
    fn sixty_who_look_hold_up_nobody_who_brings_and_get_their_turn() {
        let places = Places::of(4);
        let (seen, mut waiting) = ask(&places, Wanted::Seen, 60);
        assert_eq!((seen.len(), ask(&places, Wanted::Brought, 1).0.len()), (4, 1));
        drop(seen);
        let next = waiting[0].as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(next.is_ready());
    }
}
