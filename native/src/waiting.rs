//! Calls that wait for an answer with their id.

use std::collections::HashMap;

use crate::error::Error;

type Answer<T> = Box<dyn FnOnce(Result<T, Error>) + Send>;

pub(crate) struct Waiting<T>(HashMap<String, Answer<T>>);

impl<T> Default for Waiting<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T> Waiting<T> {
    pub(crate) fn begin(&mut self, id: String, answer: impl FnOnce(Result<T, Error>) + Send + 'static) {
        self.0.insert(id, Box::new(answer));
    }

    /// Gives the result back if nobody waits for it.
    pub(crate) fn settle(&mut self, id: &str, result: Result<T, Error>) -> Option<Result<T, Error>> {
        match self.0.remove(id) {
            Some(answer) => {
                answer(result);
                None
            }
            None => Some(result),
        }
    }
}
