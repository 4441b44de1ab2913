//! Where in a query's JSON the reader is, for error messages.

use std::fmt;

/// A place in a JSON value, as a chain to its root. Costs nothing until it is printed.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    outer: Option<&'a Place<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    pub(crate) const ROOT: Place<'static> = Place { outer: None, step: Step::Root };

    pub(crate) fn key(&'a self, key: &'a str) -> Self {
        Self { outer: Some(self), step: Step::Key(key) }
    }

    pub(crate) fn index(&'a self, index: usize) -> Self {
        Self { outer: Some(self), step: Step::Index(index) }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(outer) = self.outer else { return Ok(()) };
        outer.fmt(out)?;
        match self.step {
            Step::Root => Ok(()),
            Step::Key(key) if outer.outer.is_none() => out.write_str(key),
            Step::Key(key) => write!(out, ".{key}"),
            Step::Index(index) => write!(out, "[{index}]"),
        }
    }
}
