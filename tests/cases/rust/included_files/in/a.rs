include!("part.rs");
pub const TEXT: &str = include_str!("text.txt");
pub const BYTES: &[u8] = include_bytes!("bytes.bin");
#[path = "elsewhere.rs"]
pub mod other;
pub mod inner;
