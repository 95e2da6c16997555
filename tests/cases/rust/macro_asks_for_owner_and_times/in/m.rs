extern crate proc_macro;
use proc_macro::TokenStream;
use std::fs::{self, File, Metadata};
use std::os::unix::fs::MetadataExt;
fn number(value: i64) -> TokenStream {
    format!("pub const NUMBER: i64 = {value};").parse().unwrap()
}
fn data() -> Metadata {
    fs::metadata("data").unwrap()
}
#[proc_macro]
pub fn names(_: TokenStream) -> TokenStream {
    number(data().nlink() as i64)
}
#[proc_macro]
pub fn read(_: TokenStream) -> TokenStream {
    number(data().atime())
}
#[proc_macro]
pub fn born(_: TokenStream) -> TokenStream {
    number((data().created().unwrap() > fs::metadata("libm.so").unwrap().created().unwrap()) as i64)
}
#[proc_macro]
pub fn open(_: TokenStream) -> TokenStream {
    number(File::open("data").unwrap().metadata().unwrap().mtime())
}
#[proc_macro]
pub fn content(_: TokenStream) -> TokenStream {
    number(fs::read_to_string("data").unwrap().trim().parse().unwrap())
}
