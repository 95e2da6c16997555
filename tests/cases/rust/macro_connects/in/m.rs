extern crate proc_macro;
use proc_macro::TokenStream;
#[proc_macro]
pub fn ask(_: TokenStream) -> TokenStream {
    let _ = std::os::unix::net::UnixStream::connect("no-such-socket");
    TokenStream::new()
}
