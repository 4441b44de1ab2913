//! Random answers, events and invalidations against a model that is too simple to be wrong.
