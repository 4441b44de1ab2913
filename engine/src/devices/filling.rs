//! What comes from other devices, as jobs.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::database::entity::job::JobKind;
use crate::jobs::{About, Job, Jobs};
use crate::sync::Standing;

/// So many changes come before anybody could read that they do.
const FEW: u64 = 500;
const KINDS: [JobKind; 2] = [JobKind::Backfill, JobKind::CatchUp];

/// The jobs, by device.
#[derive(Debug)]
pub(super) struct Filling {
    jobs: Jobs,
    running: BTreeMap<Uuid, Counted>,
}

#[derive(Debug)]
struct Counted {
    job: Job,
    total: u64,
    left: u64,
}

impl Filling {
    pub(super) fn new(jobs: Jobs) -> Self {
        Self { jobs, running: BTreeMap::new() }
    }

    /// Brings the jobs up to date. `is_new`: this device has never had everything.
    pub(super) fn follow(&mut self, standings: &BTreeMap<Uuid, Standing>, is_new: bool) {
        // Who is not there any more has its job broken off.
        self.running.retain(|peer, _| standings.get(peer).is_some_and(|standing| standing.is_heard));
        for (peer, standing) in standings.iter().filter(|(_, standing)| standing.is_heard) {
            let (done, all) = standing.fetched;
            let left = standing.lacking + all.saturating_sub(done);
            if left == 0 && !standing.is_filling {
                for kind in KINDS {
                    // Broken off before, and there is nothing left of it.
                    self.jobs.settle(About::device(kind, *peer));
                }
                if let Some(Counted { job, .. }) = self.running.remove(peer) {
                    job.finish();
                }
                continue;
            }
            if !self.running.contains_key(peer)
                && let Some(kind) = self.kind(*peer, is_new || standing.is_filling, left)
            {
                let job = self.jobs.begin(About::device(kind, *peer));
                let (before, total) = job.at();
                let total = total.unwrap_or(0);
                self.running.insert(*peer, Counted { job, total, left: total.saturating_sub(before) });
            }
            if let Some(counted) = self.running.get_mut(peer) {
                counted.go_on(left);
            }
        }
    }

    /// Which job it is, if it is one: the one that was broken off, if there is such a one.
    fn kind(&self, peer: Uuid, is_all: bool, left: u64) -> Option<JobKind> {
        let before = KINDS.into_iter().find(|kind| self.jobs.is_broken_off(About::device(*kind, peer)));
        let now = match is_all {
            true => Some(JobKind::Backfill),
            false => (left > FEW).then_some(JobKind::CatchUp),
        };
        before.or(now)
    }
}

impl Counted {
    /// What is done never becomes less: what comes to be left meanwhile makes the whole more.
    fn go_on(&mut self, left: u64) {
        self.total += left.saturating_sub(self.left);
        self.left = left;
        self.job.is_at(self.total.saturating_sub(left), Some(self.total));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transaction::Write;

    fn standing(lacking: u64, fetched: (u64, u64)) -> Standing {
        Standing { is_heard: true, is_filling: fetched.1 > 0, lacking, fetched, ..Standing::default() }
    }

    /// What is told: how much is done of how much.
    fn told(jobs: &Jobs) -> Vec<(i64, Option<i64>, &'static str)> {
        let row = |write| match write {
            Write::Job { row, events } => (row.done, row.total, *events.last().unwrap()),
            other => panic!("{other:?} is no job"),
        };
        jobs.take_changed().into_iter().map(row).collect()
    }

    #[test]
    fn a_device_that_is_filled_counts_up_also_when_more_comes_to_be_left() {
        let (jobs, peer) = (Jobs::default(), Uuid::from_u128(7));
        let mut filling = Filling::new(jobs.clone());
        let mut follow = |standing: Option<Standing>| {
            filling.follow(&standing.into_iter().map(|standing| (peer, standing)).collect(), true);
            told(&jobs)
        };
        assert_eq!(follow(Some(standing(1_000, (0, 0)))), [(0, Some(1_000), "JobStarted")]);
        assert_eq!(follow(Some(standing(800, (100, 400)))), [(0, Some(1_100), "JobProgress")]);
        assert_eq!(follow(Some(standing(300, (400, 400)))), [(800, Some(1_100), "JobProgress")]);
        assert_eq!(follow(Some(standing(500, (0, 0)))), [(800, Some(1_300), "JobProgress")], "it is busy");
        assert_eq!(follow(None), [(800, Some(1_300), "JobProgress")], "it went away");
        assert_eq!(follow(Some(standing(200, (0, 0)))), [(1_100, Some(1_300), "JobProgress")]);
        assert_eq!(follow(Some(standing(0, (0, 0)))), [(1_300, Some(1_300), "JobEnded")]);
        assert_eq!(follow(Some(standing(0, (0, 0)))), []);
    }

    #[test]
    fn a_few_changes_are_no_job_and_what_came_from_another_ends_one_that_was_broken_off() {
        let (jobs, peer) = (Jobs::default(), Uuid::from_u128(7));
        let mut filling = Filling::new(jobs.clone());
        let few = BTreeMap::from([(peer, standing(FEW, (0, 0)))]);
        filling.follow(&few, false);
        assert_eq!(told(&jobs), []);
        filling.follow(&BTreeMap::from([(peer, standing(FEW + 1, (0, 0)))]), false);
        filling.follow(&BTreeMap::new(), false);
        assert_eq!(told(&jobs).len(), 1);
        filling.follow(&BTreeMap::from([(peer, standing(0, (0, 0)))]), false);
        assert_eq!(told(&jobs), [(501, Some(501), "JobEnded")]);
    }
}
