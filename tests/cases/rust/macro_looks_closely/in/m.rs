extern crate proc_macro;
use proc_macro::TokenStream;
use std::fs;
use std::os::unix::fs::MetadataExt;
#[proc_macro]
pub fn time(_: TokenStream) -> TokenStream {
    format!("pub const TIME: i64 = {};", fs::metadata("data").unwrap().mtime()).parse().unwrap()
}
#[proc_macro]
pub fn mode(_: TokenStream) -> TokenStream {
    format!("pub const MODE: u32 = {};", fs::metadata("data").unwrap().mode()).parse().unwrap()
}
#[proc_macro]
pub fn kinds(_: TokenStream) -> TokenStream {
    let found = fs::read_dir("directory").unwrap();
    let files = found.filter(|e| e.as_ref().unwrap().file_type().unwrap().is_file()).count();
    format!("pub const FILES: usize = {files};").parse().unwrap()
}
#[proc_macro]
pub fn place(_: TokenStream) -> TokenStream {
    let place = fs::canonicalize("linked/file").unwrap();
    format!("pub const PLACE: &str = {place:?};").parse().unwrap()
}
#[proc_macro]
pub fn old(_: TokenStream) -> TokenStream {
    format!("pub const OLD: bool = {};", fs::metadata("liba.rlib").is_ok()).parse().unwrap()
}
