extern crate proc_macro;
use proc_macro::TokenStream;
#[proc_macro]
pub fn plain(_: TokenStream) -> TokenStream {
    let runs = std::process::Command::new("true").status().is_ok();
    let all: Vec<_> = std::env::vars_os().filter(|(k, _)| k == "RUN_ID").collect();
    format!("pub const OUT: &str = {:?};", format!("{all:?}{runs}")).parse().unwrap()
}
