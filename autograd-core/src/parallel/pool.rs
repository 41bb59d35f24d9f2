//! The thread pool that large calls share: halves of a computation wait in a list until a thread has time for them.
//!
//! Why not a pool of rayon's: a thread of it that waits does whatever else lies in the pool, and that may be the user's. A
//! task of the user's that begins in the middle of a call, on its stack, finds the workspace that the call has borrowed or
//! waits for the mutex that the caller holds. Here a thread that waits does parts of its own call or sleeps, and what lies
//! in the list is never anybody else's: kernels, which call nothing of the user's and wait for nothing.
//!
//! The list has one lock. A part takes 50 µs or more, so there is no crowd at it.
//!
//! ```text
//! caller:  both(a, b):  list ← b;  a();  is b still in the list?  b()  :  do parts of this call until b is done
//! helper:  the oldest part in the list of a call that has threads to spare, again and again
//! ```

use core::any::Any;
use core::cell::{Cell, UnsafeCell};
use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// A call that has entered: what its parts have in common.
struct Call {
    /// How many threads may work on it.
    threads: usize,
    /// How many do. Changed under the lock of the list.
    busy: AtomicUsize,
}

/// A half that another thread may take.
struct Part<'a> {
    run: &'a mut (dyn FnMut() + Send),
    panic: Option<Box<dyn Any + Send>>,
}

/// A half in the list, which lies on the stack of the thread that waits for it.
#[derive(Clone, Copy)]
struct Entry {
    part: *mut Part<'static>,
    done: *const AtomicBool,
    call: *const Call,
}

// SAFETY: an entry points to what its owner keeps in place, and does not touch, until the entry is out of the list and,
// if another thread has taken it, `done`. What is behind `part` is `Send`.
unsafe impl Send for Entry {}

struct List {
    parts: Vec<Entry>,
    /// How many threads have been started.
    helpers: usize,
    /// How many of them sleep.
    idle: usize,
    /// How many threads sleep until a part is done.
    waiting: usize,
}

static LIST: Mutex<List> = Mutex::new(List { parts: Vec::new(), helpers: 0, idle: 0, waiting: 0 });
/// For helpers: there is a new part.
static NEW: Condvar = Condvar::new();
/// For threads that wait: a part is done, or there is a new one.
static DONE: Condvar = Condvar::new();

thread_local! {
    /// The call that this thread works on.
    static CALL: Cell<*const Call> = const { Cell::new(ptr::null()) };
}

/// How often a thread looks again before it sleeps: to wake one takes longer than a part's rest on average.
const LOOKS: u32 = 64;

/// The most parts in the list for which nothing is allocated: the levels of a call's tree, for a few calls.
const ROOM: usize = 256;

/// No part panics while it holds the lock.
fn list() -> MutexGuard<'static, List> {
    LIST.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many threads the present call may use; none outside of one.
pub(super) fn threads() -> Option<usize> {
    let call = CALL.get();
    // SAFETY: a thread works on a call only while that runs (`Working`), and then it is where it was.
    (!call.is_null()).then(|| unsafe { &*call }.threads)
}

/// Says that this thread works on a call, as long as it lives.
struct Working(*const Call);

impl Working {
    fn on(call: *const Call) -> Self {
        Self(CALL.replace(call))
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        CALL.set(self.0);
    }
}

/// Runs a call whose halves may run on so many threads: here, with helpers for what this thread has not come to.
pub(super) fn enter(threads: usize, run: &mut dyn FnMut()) {
    start(threads - 1);
    let call = Call { threads, busy: AtomicUsize::new(1) };
    let _working = Working::on(&raw const call);
    run();
}

/// Starts helpers up to a number, or as many as the system allows.
fn start(helpers: usize) {
    let mut list = list();
    list.parts.reserve(ROOM);
    while list.helpers < helpers {
        let name = format!("autograd-{}", list.helpers + 1);
        if thread::Builder::new().name(name).spawn(help).is_err() {
            return;
        }
        list.helpers += 1;
    }
}

/// Runs both, `b` on another thread if one has time before this one has. Only within a call.
pub(super) fn both(a: &mut (dyn FnMut() + Send), b: &mut (dyn FnMut() + Send)) {
    let (call, done) = (CALL.get(), AtomicBool::new(false));
    let part = UnsafeCell::new(Part { run: b, panic: None });
    let entry = Entry { part: part.get().cast(), done: &raw const done, call };
    push(entry);
    {
        // Also where `a` panics, `b` is out of the list, and its borrows are over, before this function is left.
        let _back = Back(entry);
        a();
    }
    // SAFETY: the part is done, or was taken back and run here: nobody else points to it.
    if let Some(panic) = unsafe { &mut *part.get() }.panic.take() {
        resume_unwind(panic);
    }
}

/// Brings a part to its end before the thread that owns it goes on.
struct Back(Entry);

impl Drop for Back {
    fn drop(&mut self) {
        let mut list = list();
        let own = list.parts.iter().rposition(|entry| ptr::eq(entry.part, self.0.part));
        if let Some(place) = own {
            list.parts.remove(place);
            drop(list);
            if !thread::panicking() {
                // SAFETY: it was in the list, so no other thread has it, and it lives as long as `both`.
                run(unsafe { &mut *self.0.part });
            }
            return;
        }
        drop(list);
        wait(self.0);
    }
}

fn push(entry: Entry) {
    let mut list = list();
    list.parts.push(entry);
    let (idle, waiting) = (list.idle, list.waiting);
    drop(list);
    if idle > 0 {
        NEW.notify_one();
    }
    if waiting > 0 {
        DONE.notify_all();
    }
}

/// Waits for a part that another thread has, and does others of the same call meanwhile.
fn wait(entry: Entry) {
    // SAFETY: `both`, which has it on its stack, waits here.
    let done = unsafe { &*entry.done };
    let mut looks = 0;
    while !done.load(Ordering::Acquire) {
        let mut list = list();
        let place = list.parts.iter().rposition(|other| ptr::eq(other.call, entry.call));
        if let Some(place) = place {
            let other = list.parts.remove(place);
            drop(list);
            work(other, false);
            looks = 0;
        } else if looks < LOOKS {
            drop(list);
            looks += 1;
            thread::yield_now();
        } else if !done.load(Ordering::Acquire) {
            list.waiting += 1;
            list = DONE.wait(list).unwrap_or_else(PoisonError::into_inner);
            list.waiting -= 1;
        }
    }
}

/// Runs a part that was taken out of the list, and tells the thread that waits for it.
fn work(entry: Entry, is_helper: bool) {
    let working = Working::on(entry.call);
    // SAFETY: whoever takes an entry out of the list has it alone until it is done.
    run(unsafe { &mut *entry.part });
    drop(working);
    let list = list();
    if is_helper {
        // SAFETY: a call is there as long as any of its parts is.
        unsafe { &*entry.call }.busy.fetch_sub(1, Ordering::Relaxed);
    }
    // SAFETY: the owner waits for this; from here on the part, and its call, may be gone.
    unsafe { &*entry.done }.store(true, Ordering::Release);
    let waiting = list.waiting;
    drop(list);
    if waiting > 0 {
        DONE.notify_all();
    }
}

/// Runs a part; what it panics with goes on where it is waited for.
fn run(part: &mut Part<'_>) {
    let run = &mut part.run;
    part.panic = catch_unwind(AssertUnwindSafe(run)).err();
}

/// What a helper does.
fn help() {
    let mut looks = 0;
    loop {
        let mut list = list();
        if let Some(entry) = oldest(&mut list) {
            drop(list);
            work(entry, true);
            looks = 0;
        } else if looks < LOOKS {
            drop(list);
            looks += 1;
            thread::yield_now();
        } else {
            list.idle += 1;
            list = NEW.wait(list).unwrap_or_else(PoisonError::into_inner);
            list.idle -= 1;
            looks = 0;
        }
    }
}

/// The oldest part, the largest, of a call that may have one more thread, which it then has.
fn oldest(list: &mut List) -> Option<Entry> {
    let place = list.parts.iter().position(|entry| {
        // SAFETY: a call is there as long as any of its parts is.
        let call = unsafe { &*entry.call };
        call.busy.load(Ordering::Relaxed) < call.threads
    })?;
    let entry = list.parts.remove(place);
    // SAFETY: as above.
    unsafe { &*entry.call }.busy.fetch_add(1, Ordering::Relaxed);
    Some(entry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;
    use std::sync::Barrier;

    /// A tree of halves with something to do at its ends.
    fn tree(levels: u32, leaf: &(dyn Fn() + Sync)) {
        if levels == 0 {
            return leaf();
        }
        both(&mut || tree(levels - 1, leaf), &mut || tree(levels - 1, leaf));
    }

    /// The sum of a range, halved down to single numbers.
    fn sum(from: u64, to: u64) -> u64 {
        if to - from < 2 {
            return from * (to - from);
        }
        let middle = u64::midpoint(from, to);
        let (mut low, mut high) = (0, 0);
        both(&mut || low = sum(from, middle), &mut || high = sum(middle, to));
        low + high
    }

    #[test]
    fn halves_add_up() {
        let count = if cfg!(miri) { 30 } else { 1000 };
        for threads in 1..5 {
            let mut total = 0;
            enter(threads, &mut || total = sum(0, count));
            assert_eq!(total, count * (count - 1) / 2);
        }
    }

    /// All of a call's threads at once: each waits until the others are there.
    #[test]
    fn halves_run_at_the_same_time() {
        let together = Barrier::new(4);
        let leaf = || {
            together.wait();
        };
        (0..10).for_each(|_| enter(4, &mut || tree(2, &leaf)));
    }

    #[test]
    fn no_call_has_more_threads_than_it_may() {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let leaf = || {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            thread::yield_now();
            now.fetch_sub(1, Ordering::SeqCst);
        };
        enter(5, &mut || tree(3, &leaf));
        most.store(0, Ordering::SeqCst);
        enter(2, &mut || tree(if cfg!(miri) { 4 } else { 8 }, &leaf));
        assert!((1..=2).contains(&most.into_inner()));
    }

    #[test]
    fn calls_go_on_side_by_side() {
        let call = || enter(3, &mut || assert_eq!(sum(0, 20), 190));
        thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(call))));
    }

    #[test]
    fn panics_arrive_where_the_call_was_made() {
        let fails = |fails: bool| move || assert!(!fails, "a part fails");
        let panics = |left: bool, right: bool| {
            catch_unwind(|| enter(3, &mut || both(&mut fails(left), &mut fails(right)))).is_err()
        };
        for _ in 0..if cfg!(miri) { 2 } else { 50 } {
            let found = [(false, false), (false, true), (true, false), (true, true)].map(|(a, b)| panics(a, b));
            assert_eq!(found, [false, true, true, true]);
        }
        // No part of them is left, and this thread works on no call.
        assert!(threads().is_none());
        enter(3, &mut || assert_eq!(sum(0, 20), 190));
    }
}
