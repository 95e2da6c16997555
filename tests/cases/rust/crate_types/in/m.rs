extern crate proc_macro;
#[proc_macro]
pub fn m(t: proc_macro::TokenStream) -> proc_macro::TokenStream {
    t
}
