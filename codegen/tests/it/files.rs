//! Writing and confirming files.

use crate::fixture;
use larder_codegen::{CodegenError, SwiftOptions};

#[test]
fn a_file_is_written_once_and_left_alone_while_it_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made/for/it/photos.ts");
    let schema = fixture::library().unwrap();
    assert!(schema.write_typescript(&path).unwrap());
    assert!(!schema.write_typescript(&path).unwrap());
    schema.check_typescript(&path).unwrap();
}

#[test]
fn drift_is_refused_with_the_file_and_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Photos.swift");
    let schema = fixture::library().unwrap();
    let options = SwiftOptions::new().rename("Event", "PhotoEvent");
    schema.write_swift(&path, &options).unwrap();
    let edited = std::fs::read_to_string(&path).unwrap().replacen("import Larder", "import Other", 1);
    std::fs::write(&path, edited).unwrap();
    let error = schema.check_swift(&path, &options).unwrap_err();
    assert!(matches!(&error, CodegenError::Drift { line: 4, .. }), "{error:?}");
    assert_eq!(error.kind(), "codegen.drift");
    assert!(error.to_string().contains("Photos.swift"), "{error}");
}

#[test]
fn a_checkout_with_other_line_ends_is_no_drift() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("photos.ts");
    let schema = fixture::library().unwrap();
    std::fs::write(&path, schema.typescript().unwrap().replace('\n', "\r\n")).unwrap();
    schema.check_typescript(&path).unwrap();
}

#[test]
fn a_file_that_is_missing_or_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let schema = fixture::library().unwrap();
    let error = schema.check_typescript(folder.path().join("none.ts")).unwrap_err();
    assert_eq!(error.kind(), "codegen.file");
    assert!(error.to_string().contains("none.ts"), "{error}");
    let error = schema.write_typescript(folder.path()).unwrap_err();
    assert!(error.to_string().starts_with("cannot write"), "{error}");
}
