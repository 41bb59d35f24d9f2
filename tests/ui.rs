//! Models with mistakes, and what the compiler says: `ui/<kind>.rs` for each kind of mistake, `ui/together` for what
//! becomes of several mistakes, of the code around a model that has one, and of calls of what a model has not.
//!
//! After a change of messages, `TRYBUILD=overwrite cargo test --test ui` writes them anew. That each kind has its file
//! is a test of the compiler.

#[test]
fn mistakes() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*.rs");
    cases.compile_fail("ui/together/*.rs");
}
