extern crate proc_macro;
use proc_macro::TokenStream;
#[proc_macro]
pub fn timed(_: TokenStream) -> TokenStream {
    let start = std::time::Instant::now();
    let _ = start.elapsed();
    TokenStream::new()
}
