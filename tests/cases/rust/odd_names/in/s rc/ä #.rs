#[path = "in ner.rs"]
pub mod inner;
