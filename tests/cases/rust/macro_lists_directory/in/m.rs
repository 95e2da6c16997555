extern crate proc_macro;
use proc_macro::TokenStream;
#[proc_macro]
pub fn names(_: TokenStream) -> TokenStream {
    let mut names: Vec<String> = match std::fs::read_dir("templates") {
        Ok(found) => found.map(|e| e.unwrap().file_name().into_string().unwrap()).collect(),
        Err(_) => Vec::new(),
    };
    names.sort();
    format!("pub const NAMES: &[&str] = &{names:?};").parse().unwrap()
}
