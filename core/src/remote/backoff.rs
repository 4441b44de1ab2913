//! When a question that failed is asked again.

/// So often a question is asked again before its failure counts.
const RETRIES: u32 = 3;
const FIRST_MS: u64 = 1_000;
const LONGEST_MS: u64 = 30_000;

/// How long to wait before asking again after `failures` failures in a row; `None` if asking again is pointless.
///
/// `kind` is what the backend calls the failure: one that is about the question itself stays the same however often it is asked.
pub(crate) fn retry_ms(failures: u32, kind: &str) -> Option<u64> {
    let is_final = matches!(kind, "unknown_method" | "invalid_input" | "not_found" | "denied")
        || kind.starts_with("event.")
        || kind.starts_with("frame.")
        || kind.starts_with("remote.");
    (!is_final && failures <= RETRIES)
        .then(|| (FIRST_MS << failures.saturating_sub(1).min(16)).min(LONGEST_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_end() {
        let waits: Vec<Option<u64>> = (1..=5).map(|failures| retry_ms(failures, "io")).collect();
        assert_eq!(waits, [Some(1_000), Some(2_000), Some(4_000), None, None]);
    }

    #[test]
    fn what_would_fail_again_is_not_asked_again() {
        for kind in ["unknown_method", "invalid_input", "remote.malformed", "event.missing_field"] {
            assert_eq!(retry_ms(1, kind), None, "{kind}");
        }
    }
}
