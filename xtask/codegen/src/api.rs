//! The Rust types that TypeScript needs, rendered by specta.

use crate::{graph, readonly};
use larder::outbox::{Mutation, PendingMutation};
use larder::registry::RegistrySpec;
use larder::wire::{ClientFrame, Event, ServerFrame};
use larder::{Applied, Config, Effect, ErrorInfo, Explanation, Stats, query};
use specta::Types;
use specta_typescript::{Exporter, Typescript};

const HEADER: &str =
    "// Written by `cargo xtask codegen` from the Rust types of the crate `larder`. Do not edit.\n";

/// The types of `@larder/client`: what goes over the wire, and what its functions take and return.
pub fn typescript() -> anyhow::Result<String> {
    let types = wire_types()
        .register::<RegistrySpec>()
        .register::<Config>()
        .register::<Mutation>()
        .register::<PendingMutation>()
        .register::<Effect>()
        .register::<Applied>()
        .register::<Stats>()
        .register::<Explanation>()
        .register::<ErrorInfo>();
    // Queries are described by hand: specta has no words for an object whose keys are fields, except for some.
    Ok(format!("{HEADER}\n{}\n{}", render(types)?, readonly::mark(query::QUERY_TYPESCRIPT)))
}

/// The types of PROTOCOL.md alone.
pub fn wire_typescript() -> anyhow::Result<String> {
    render(wire_types())
}

fn wire_types() -> Types {
    Types::default().register::<ClientFrame>().register::<ServerFrame>().register::<Event>()
}

fn render(types: Types) -> anyhow::Result<String> {
    let exporter = Exporter::from(Typescript::new()).framework_prelude("");
    let text = Typescript::from(exporter).export(&graph::for_typescript(types), specta_serde::Format)?;
    let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
    Ok(readonly::mark(&(lines.join("\n") + "\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_caller_may_leave_out_is_optional() {
        let text = typescript().unwrap();
        for optional in [
            "readonly version?: string | null,",
            "readonly unknownTypes?: UnknownTypes,",
            "readonly maxDepth?: number,",
        ] {
            assert!(text.contains(optional), "{optional} is not in:\n{text}");
        }
    }

    #[test]
    fn numbers_are_never_null_unless_rust_says_so() {
        let text = wire_typescript().unwrap();
        assert!(text.contains("readonly since: number,"), "{text}");
        let nullable: Vec<&str> = text.lines().filter(|line| line.contains(": number | null")).collect();
        assert!(nullable.iter().all(|line| line.contains("?:")), "{nullable:?}");
    }

    #[test]
    fn examples_in_rust_stay_in_rust() {
        assert!(!typescript().unwrap().contains("```"));
    }
}
