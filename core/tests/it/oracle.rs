//! Random rows and queries over one small schema, for comparing the engine with the oracle.
//!
//! Few fields, few values: so that filters often match, keys often tie and ids often meet again.

mod filters;
mod queries;
mod rows;
mod spelling;

pub use queries::{arb_aggregated_query, arb_order_by, arb_query, arb_query_json, arb_window};
pub use rows::{ID_FIELD, arb_id, arb_patch, arb_row, id_text};
pub use spelling::{Spelling, arb_spelling};
