extern crate proc_macro;
use proc_macro::TokenStream;
use std::fs;
#[proc_macro]
pub fn link(_: TokenStream) -> TokenStream {
    let is_there = fs::symlink_metadata("link").is_ok();
    format!("pub const LINK: bool = {is_there};").parse().unwrap()
}
#[proc_macro]
pub fn text(_: TokenStream) -> TokenStream {
    let is_there = fs::read_link("text").is_ok();
    format!("pub const TEXT: bool = {is_there};").parse().unwrap()
}
