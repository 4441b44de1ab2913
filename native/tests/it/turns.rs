//! Who makes a step: the caller if the cache is free, else whoever is at it.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, OnceLock};
use std::thread::{self, ThreadId};

use futures_util::FutureExt;
use larder_native::{Applied, Client, Config, Registry, Reply, Sink};

type Act = Box<dyn Fn(&str) + Send + Sync>;

/// Notes each event with the thread that told it. It may stop there, or do what it is given to do.
#[derive(Default)]
struct Teller {
    told: Mutex<Vec<(String, ThreadId)>>,
    arrived: Condvar,
    is_closed: Mutex<bool>,
    opened: Condvar,
    act: OnceLock<Act>,
}

impl Sink for Teller {
    fn patch(&self, _: &[u8]) {}

    fn event(&self, json: &str) {
        self.told.lock().unwrap().push((json.to_owned(), thread::current().id()));
        self.arrived.notify_all();
        drop(self.opened.wait_while(self.is_closed.lock().unwrap(), |is_closed| *is_closed).unwrap());
        if let Some(act) = self.act.get() {
            act(json);
        }
    }
}

impl Teller {
    /// Whether who tells stops within the step.
    fn close(&self, is_closed: bool) {
        *self.is_closed.lock().unwrap() = is_closed;
        self.opened.notify_all();
    }

    fn wait_for(&self, count: usize) {
        drop(self.arrived.wait_while(self.told.lock().unwrap(), |told| told.len() < count).unwrap());
    }

    fn events(&self) -> Vec<String> {
        self.told.lock().unwrap().iter().map(|(event, _)| event.clone()).collect()
    }

    fn by(&self, id: ThreadId) -> usize {
        self.told.lock().unwrap().iter().filter(|(_, by)| *by == id).count()
    }
}

fn open() -> (Client, Arc<Teller>) {
    let teller = Arc::new(Teller::default());
    (Client::open_with_sink(Registry::default(), Config::default(), teller.clone()).unwrap(), teller)
}

fn job(n: usize) -> String {
    format!(r#"{{"JobProgress":{{"n":{n}}}}}"#)
}

/// A thread stands still within the step of `job(0)`, until the teller goes on; its id, and what its call comes to.
fn stuck(client: &Client, teller: &Teller) -> thread::JoinHandle<(ThreadId, Applied)> {
    teller.close(true);
    let caller = client.clone();
    let stuck = thread::spawn(move || (thread::current().id(), caller.apply(job(0)).wait().unwrap()));
    teller.wait_for(1);
    stuck
}

#[test]
fn a_call_that_finds_the_cache_free_is_done_on_its_own_thread_and_its_reply_is_there() {
    let (client, teller) = open();
    for n in 0..100 {
        assert!(client.apply(job(n)).now_or_never().unwrap().is_ok());
    }
    assert_eq!(teller.by(thread::current().id()), 100);
}

#[test]
fn calls_that_find_it_busy_do_not_wait_and_are_done_in_order_by_whoever_is_at_it() {
    let (client, teller) = open();
    let stuck = stuck(&client, &teller);
    let mut replies: Vec<Reply<Applied>> = (1..40).map(|n| client.apply(job(n))).collect();
    assert!(replies.iter_mut().all(|reply| reply.now_or_never().is_none()));
    assert_eq!(teller.events().len(), 1);
    teller.close(false);
    let (by, _) = stuck.join().unwrap();
    assert_eq!(teller.events(), (0..40).map(job).collect::<Vec<_>>());
    assert_eq!(teller.by(by), 40);
    assert!(replies.into_iter().all(|reply| reply.wait().is_ok()));
}

#[test]
fn a_caller_is_not_kept_for_ever_by_the_calls_of_others() {
    let (client, teller) = open();
    let stuck = stuck(&client, &teller);
    let replies: Vec<Reply<Applied>> = (1..200).map(|n| client.apply(job(n))).collect();
    teller.close(false);
    assert!(replies.into_iter().all(|reply| reply.wait().is_ok()));
    assert_eq!(teller.events(), (0..200).map(job).collect::<Vec<_>>());
    let (by, _) = stuck.join().unwrap();
    assert_eq!(
        (teller.by(by), teller.by(thread::current().id())),
        (64, 0),
        "the rest is done by the client's thread"
    );
}

#[test]
fn each_thread_finds_its_calls_done_in_its_order() {
    const THREADS: usize = 4;
    const CALLS: usize = 500;
    let (client, teller) = open();
    thread::scope(|scope| {
        for number in 0..THREADS {
            let client = &client;
            scope.spawn(move || {
                for call in 0..CALLS {
                    let reply = client.apply(job(number * CALLS + call));
                    // Some wait for each call, others for none: both ways must keep the order.
                    if number % 2 == 0 {
                        reply.wait().unwrap();
                    }
                }
            });
        }
    });
    client.stats().wait().unwrap();
    let mut of_each: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for event in teller.events() {
        let n: usize = event.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap();
        of_each.entry(n / CALLS).or_default().push(n % CALLS);
    }
    assert_eq!(of_each.len(), THREADS);
    assert!(of_each.values().all(|calls| calls.iter().copied().eq(0..CALLS)));
}

#[test]
fn a_call_from_inside_a_delivery_is_done_after_it_and_waiting_there_says_why_not() {
    let (client, teller) = open();
    let kinds = Arc::new(Mutex::new(Vec::new()));
    let (inner, noted, watched) = (client.clone(), Arc::clone(&kinds), Arc::downgrade(&teller));
    let act = move |event: &str| {
        if event == job(0) {
            let error = inner.apply(job(1)).wait().unwrap_err();
            noted.lock().unwrap().push(error.kind().to_owned());
            drop(inner.apply(job(2)));
            assert_eq!(watched.upgrade().unwrap().events().len(), 1, "this step is not over");
        }
    };
    assert!(teller.act.set(Box::new(act)).is_ok());
    client.apply(job(0)).wait().unwrap();
    assert_eq!(*kinds.lock().unwrap(), ["client.wait_in_delivery"]);
    assert_eq!(teller.events(), (0..3).map(job).collect::<Vec<_>>(), "all were done by the outer call");
    client.close().wait().unwrap();
}

#[test]
fn a_client_that_is_closed_while_it_is_busy_does_what_came_before_and_refuses_the_rest() {
    let (client, teller) = open();
    let stuck = stuck(&client, &teller);
    let before = client.apply(job(1));
    let mut closing = client.close();
    let after = client.apply(job(2));
    assert!((&mut closing).now_or_never().is_none());
    teller.close(false);
    closing.wait().unwrap();
    stuck.join().unwrap();
    assert!(before.wait().is_ok());
    assert_eq!(after.wait().unwrap_err().kind(), "client.closed");
    assert_eq!(client.apply(job(3)).wait().unwrap_err().kind(), "client.closed");
    assert_eq!(teller.events(), [job(0), job(1)]);
}

#[test]
fn a_client_may_be_closed_or_dropped_from_inside_a_delivery() {
    let (client, teller) = open();
    let handle = Mutex::new(Some(client.clone()));
    let act = move |_: &str| {
        let client = handle.lock().unwrap().take().unwrap();
        assert_eq!(client.close().wait().unwrap_err().kind(), "client.wait_in_delivery");
    };
    assert!(teller.act.set(Box::new(act)).is_ok());
    client.apply(job(0)).wait().unwrap();
    assert_eq!(client.apply(job(1)).wait().unwrap_err().kind(), "client.closed");
}

#[test]
fn a_sink_that_panics_closes_the_client_and_not_its_caller() {
    let (client, teller) = open();
    assert!(teller.act.set(Box::new(|_| std::panic::resume_unwind(Box::new("a sink panics")))).is_ok());
    assert_eq!(client.apply(job(0)).wait().unwrap_err().kind(), "client.closed");
    assert_eq!(client.stats().wait().unwrap_err().kind(), "client.closed");
    client.close().wait().unwrap();
}
