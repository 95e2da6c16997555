//! Writes a part of the program.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let directory = std::env::var("OUT_DIR").unwrap();
    std::fs::write(format!("{directory}/made.rs"), "pub const MADE: u32 = 7;\n").unwrap();
}
