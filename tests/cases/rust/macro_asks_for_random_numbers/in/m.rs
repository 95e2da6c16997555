extern crate proc_macro;
use proc_macro::TokenStream;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Read;
use std::process::{self, Command};
extern "C" {
    fn getrandom(out: *mut u8, size: usize, flags: u32) -> isize;
    fn getpwuid(user: u32) -> *const u8;
}
fn text(value: impl std::fmt::Debug) -> TokenStream {
    format!("pub const TEXT: &str = {:?};", format!("{value:?}")).parse().unwrap()
}
#[proc_macro]
pub fn device(_: TokenStream) -> TokenStream {
    let mut bytes = [0u8; 8];
    File::open("/dev/urandom").unwrap().read_exact(&mut bytes).unwrap();
    text(bytes)
}
#[proc_macro]
pub fn call(_: TokenStream) -> TokenStream {
    let mut bytes = [0u8; 8];
    unsafe { getrandom(bytes.as_mut_ptr(), bytes.len(), 0) };
    text(bytes)
}
#[proc_macro]
pub fn program(_: TokenStream) -> TokenStream {
    text(Command::new("/usr/bin/head").args(["-c8", "/dev/urandom"]).output().unwrap().stdout)
}
#[proc_macro]
pub fn status(_: TokenStream) -> TokenStream {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    text(status.lines().find(|line| line.starts_with("Umask")))
}
#[proc_macro]
pub fn user(_: TokenStream) -> TokenStream {
    text(unsafe { getpwuid(0) }.is_null())
}
#[proc_macro]
pub fn process(_: TokenStream) -> TokenStream {
    text(process::id())
}
#[proc_macro]
pub fn processors(_: TokenStream) -> TokenStream {
    text(std::thread::available_parallelism())
}
#[proc_macro]
pub fn table(_: TokenStream) -> TokenStream {
    text(HashMap::from([(1, 2)]).get(&1))
}
