extern crate proc_macro;
use proc_macro::TokenStream;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime};
fn set_mode(path: &str, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}
#[proc_macro]
pub fn mode(_: TokenStream) -> TokenStream {
    set_mode("victim", 0o600);
    TokenStream::new()
}
#[proc_macro]
pub fn time(_: TokenStream) -> TokenStream {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    File::open("victim").unwrap().set_modified(time).unwrap();
    TokenStream::new()
}
#[proc_macro]
pub fn gone(_: TokenStream) -> TokenStream {
    set_mode("victim", 0o600);
    fs::remove_file("victim").unwrap();
    TokenStream::new()
}
#[proc_macro]
pub fn scratch(_: TokenStream) -> TokenStream {
    fs::write("scratch", "7").unwrap();
    set_mode("scratch", 0o400);
    fs::remove_file("scratch").unwrap();
    TokenStream::new()
}
#[proc_macro]
pub fn written(_: TokenStream) -> TokenStream {
    let text = fs::read_to_string("victim").unwrap();
    fs::write("victim", "new").unwrap();
    fs::remove_file("victim").unwrap();
    format!("pub const TEXT: &str = {text:?};").parse().unwrap()
}
