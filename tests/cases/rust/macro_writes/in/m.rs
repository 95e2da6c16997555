extern crate proc_macro;
use proc_macro::TokenStream;
#[proc_macro]
pub fn write(_: TokenStream) -> TokenStream {
    std::fs::write("written", "text").unwrap();
    TokenStream::new()
}
#[proc_macro]
pub fn remove(_: TokenStream) -> TokenStream {
    let _ = std::fs::remove_file("victim");
    TokenStream::new()
}
#[proc_macro]
pub fn scratch(_: TokenStream) -> TokenStream {
    std::fs::create_dir("scratch").unwrap();
    std::fs::write("scratch/file", "7").unwrap();
    let text = std::fs::read_to_string("scratch/file").unwrap();
    std::fs::remove_dir_all("scratch").unwrap();
    format!("pub const TEXT: &str = {text:?};").parse().unwrap()
}
