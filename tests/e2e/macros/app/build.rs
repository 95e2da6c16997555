//! Writes a part of the program.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let folder = std::env::var("OUT_DIR").unwrap();
    std::fs::write(format!("{folder}/made.rs"), "pub const MADE: u32 = 7;\n").unwrap();
}
