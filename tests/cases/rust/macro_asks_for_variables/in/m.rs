extern crate proc_macro;
use proc_macro::TokenStream;
fn told(name: &str) -> TokenStream {
    format!("pub const TOLD: &str = {:?};", std::env::var(name).unwrap_or_default()).parse().unwrap()
}
#[proc_macro]
pub fn flags(_: TokenStream) -> TokenStream {
    told("MAKEFLAGS")
}
#[proc_macro]
pub fn place(_: TokenStream) -> TokenStream {
    told("OUT_DIR")
}
#[proc_macro]
pub fn zone(_: TokenStream) -> TokenStream {
    told("TZ")
}
