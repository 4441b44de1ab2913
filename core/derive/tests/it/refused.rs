//! What is no resource type is refused at compile time, in words that were reviewed.

#[test]
fn what_is_wrong_with_a_struct_is_said_at_compile_time_with_the_remedy() {
    trybuild::TestCases::new().compile_fail("tests/refused/*.rs");
}
