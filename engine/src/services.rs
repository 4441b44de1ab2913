//! What runs as long as an engine does: started in order, stopped in the opposite one, and begun anew when it breaks.

use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};

/// How long a service may take to stop before it is cut off.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long to wait before a service that broke begins anew; each time twice as long, up to a minute.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// A service that ran for so long before it broke is begun anew as if for the first time.
const LASTED: Duration = Duration::from_secs(60);

/// How a long-running part of an engine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServiceState {
    /// It runs.
    Running,
    /// It broke, and begins anew soon.
    Broken,
    /// It has nothing more to do, or was stopped.
    Stopped,
}

/// A long-running part of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceStatus {
    /// What it is called in the log.
    pub name: &'static str,
    /// How it is.
    pub state: ServiceState,
    /// How often it broke and began anew.
    pub restarts: u32,
}

/// The services of an engine. Dropped, they end at once.
#[derive(Debug, Default)]
pub(crate) struct Services {
    list: Mutex<Vec<Service>>,
}

#[derive(Debug)]
struct Service {
    status: watch::Receiver<ServiceStatus>,
    stop: watch::Sender<bool>,
    keeper: AbortHandle,
}

/// Tells a service that it shall end.
#[derive(Debug, Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Waits until it shall.
    pub(crate) async fn asked(&mut self) {
        // An error means that the engine is gone.
        let _ = self.0.wait_for(|asked| *asked).await;
    }
}

impl Services {
    /// Starts a service that may be ended at any point. `run` begins it, also after it broke.
    pub(crate) fn start<F>(&self, name: &'static str, mut run: impl FnMut() -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.start_until(name, move |mut stop| {
            let running = run();
            async move {
                tokio::select! {
                    () = running => {}
                    () = stop.asked() => {}
                }
            }
        });
    }

    /// Starts a service that ends by itself when it is asked to.
    pub(crate) fn start_until<F>(&self, name: &'static str, run: impl FnMut(Stop) -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (stop, asked) = watch::channel(false);
        let status = ServiceStatus { name, state: ServiceState::Running, restarts: 0 };
        let (told, status) = watch::channel(status);
        let keeper = tokio::spawn(keep(told, Stop(asked), run)).abort_handle();
        self.list().push(Service { status, stop, keeper });
    }

    /// How each is, in the order in which they were started.
    pub(crate) fn statuses(&self) -> Vec<ServiceStatus> {
        self.list().iter().map(|service| *service.status.borrow()).collect()
    }

    /// Stops them one after the other, the last one first. Who takes too long is cut off.
    pub(crate) async fn stop(&self) {
        let list: Vec<Service> = std::mem::take(&mut *self.list());
        for Service { mut status, stop, keeper } in list.into_iter().rev() {
            stop.send_replace(true);
            let stopped = status.wait_for(|status| status.state == ServiceState::Stopped);
            if timeout(PATIENCE, stopped).await.is_err() {
                let name = status.borrow().name;
                tracing::warn!(name, "a service does not stop: it is cut off");
                keeper.abort();
            }
        }
    }

    /// Ends all of them at once.
    pub(crate) fn abort(&self) {
        self.list().drain(..).for_each(|service| service.keeper.abort());
    }

    fn list(&self) -> std::sync::MutexGuard<'_, Vec<Service>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        self.abort();
    }
}

/// Runs a service until it ends, and again whenever it breaks.
async fn keep<F>(status: watch::Sender<ServiceStatus>, mut stop: Stop, mut run: impl FnMut(Stop) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let name = status.borrow().name;
    let mut wait = FIRST_WAIT;
    tracing::debug!(name, "a service starts");
    loop {
        let began = Instant::now();
        // Ends with this.
        let mut running = JoinSet::new();
        running.spawn(run(stop.clone()));
        match running.join_next().await {
            Some(Err(error)) if error.is_panic() => {
                tracing::error!(name, %error, again_in = ?wait, "a service broke: it begins anew");
            }
            _ => break,
        }
        status.send_modify(|status| {
            status.state = ServiceState::Broken;
            status.restarts += 1;
        });
        if began.elapsed() > LASTED {
            wait = FIRST_WAIT;
        }
        tokio::select! {
            () = sleep(wait) => {}
            () = stop.asked() => break,
        }
        wait = (2 * wait).min(LONGEST_WAIT);
        status.send_modify(|status| status.state = ServiceState::Running);
    }
    tracing::debug!(name, "a service has stopped");
    status.send_modify(|status| status.state = ServiceState::Stopped);
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_service_that_breaks_is_begun_anew_and_that_is_no_secret() {
        let services = Services::default();
        let runs = Arc::new(AtomicU32::new(0));
        let (counted, mut told) = (Arc::clone(&runs), watch::channel(0).1);
        let (tell, heard) = watch::channel(0);
        told.clone_from(&heard);
        services.start("one that breaks", move || {
            let (run, tell) = (counted.fetch_add(1, Ordering::SeqCst) + 1, tell.clone());
            async move {
                tell.send_replace(run);
                assert!(run > 2, "it breaks twice");
                pending::<()>().await;
            }
        });
        told.wait_for(|run| *run == 3).await.unwrap();
        let status = services.statuses()[0];
        assert_eq!((status.name, status.restarts), ("one that breaks", 2));
        services.stop().await;
        assert_eq!(runs.load(Ordering::SeqCst), 3);
        assert_eq!(services.statuses(), []);
    }

    #[tokio::test]
    async fn services_stop_one_after_the_other_and_the_first_comes_last() {
        let services = Services::default();
        let ended = Arc::new(Mutex::new(Vec::new()));
        for name in ["first", "second", "third"] {
            let ended = Arc::clone(&ended);
            services.start_until(name, move |mut stop| {
                let ended = Arc::clone(&ended);
                async move {
                    stop.asked().await;
                    // What it still has to do.
                    tokio::task::yield_now().await;
                    ended.lock().unwrap().push(name);
                }
            });
        }
        services.start("one that never asks", pending::<()>);
        assert!(services.statuses().iter().all(|status| status.state == ServiceState::Running));
        services.stop().await;
        assert_eq!(*ended.lock().unwrap(), ["third", "second", "first"]);
    }

    #[tokio::test]
    async fn one_that_does_not_stop_is_cut_off_and_holds_up_nobody_for_ever() {
        let services = Services::default();
        let alive = Arc::new(());
        let held = Arc::clone(&alive);
        services.start_until("one that does not listen", move |_| {
            let held = Arc::clone(&held);
            async move {
                pending::<()>().await;
                drop(held);
            }
        });
        services.stop().await;
        while Arc::strong_count(&alive) > 1 {
            tokio::task::yield_now().await;
        }
    }
}
