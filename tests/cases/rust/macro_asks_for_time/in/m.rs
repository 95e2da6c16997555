extern crate proc_macro;
use proc_macro::TokenStream;
extern "C" {
    fn gethostname(name: *mut u8, size: usize) -> i32;
}
#[proc_macro]
pub fn now(_: TokenStream) -> TokenStream {
    format!("pub const NOW: &str = {:?};", format!("{:?}", std::time::SystemTime::now())).parse().unwrap()
}
#[proc_macro]
pub fn here(_: TokenStream) -> TokenStream {
    let mut name = [0u8; 256];
    unsafe { gethostname(name.as_mut_ptr(), name.len()) };
    format!("pub const HERE: &[u8] = &{:?};", &name[..]).parse().unwrap()
}
