extern crate proc_macro;
use proc_macro::TokenStream;
use std::process::Command;
fn text_of(command: &mut Command) -> TokenStream {
    let out = command.output().unwrap();
    format!("pub const OUT: &str = {:?};", String::from_utf8(out.stdout).unwrap()).parse().unwrap()
}
#[proc_macro]
pub fn plain(_: TokenStream) -> TokenStream {
    text_of(&mut Command::new("true"))
}
#[proc_macro]
pub fn given(_: TokenStream) -> TokenStream {
    text_of(Command::new("true").env("MORE", "1").env_remove("LESS"))
}
#[proc_macro]
pub fn shell(_: TokenStream) -> TokenStream {
    text_of(Command::new("sh").args(["-c", "echo $RUN_ID"]))
}
