//! Which refusals are worth another attempt, and when.

const FIRST_RETRY_MS: u64 = 500;
const LAST_RETRY_MS: u64 = 60_000;

/// Is this kind of refusal about the moment, not about the mutation?
pub(crate) fn is_transient(kind: &str) -> bool {
    matches!(kind, "unavailable" | "busy" | "timeout" | "rate_limited")
}

/// When to try again after so many attempts: doubling, up to a minute.
pub(crate) fn retry_at_ms(attempts: u32, now_ms: u64) -> u64 {
    now_ms + (FIRST_RETRY_MS << attempts.saturating_sub(1).min(16)).min(LAST_RETRY_MS)
}
