//! How far a scan is, told as `JobProgress` events.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use crate::transaction::Write;

/// One scan of everything.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job {
    id: Uuid,
    location: Uuid,
}

impl Job {
    pub(crate) fn new(location: Uuid) -> Self {
        Self { id: Uuid::now_v7(), location }
    }

    /// `phase` is `looking`, `writing` or `completed`; `total` is not known while looking.
    pub(crate) fn notice(
        self,
        phase: &'static str,
        done: usize,
        total: Option<usize>,
    ) -> serde_json::Result<(&'static str, Box<RawValue>)> {
        #[derive(Serialize)]
        struct Data {
            job_id: Uuid,
            job: &'static str,
            location_id: Uuid,
            phase: &'static str,
            done: usize,
            total: Option<usize>,
        }
        let data = Data { job_id: self.id, job: "index", location_id: self.location, phase, done, total };
        Ok(("JobProgress", to_raw_value(&data)?))
    }

    /// The same, to be written with something else.
    pub(crate) fn write(self, phase: &'static str, done: usize, total: Option<usize>) -> Option<Write> {
        let (name, data) = self.notice(phase, done, total).ok()?;
        Some(Write::Notice { name, data })
    }
}
