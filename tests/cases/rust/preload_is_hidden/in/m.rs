extern crate proc_macro;
use proc_macro::TokenStream;
use std::process::Command;
// What this process has, and what it gives to a program that it starts.
#[proc_macro]
pub fn variables(_: TokenStream) -> TokenStream {
    let is_ours = |name: &str| name.contains("PRELOAD") || name.starts_with("ZCCACHE_OBSERVE");
    let own: Vec<_> = std::env::vars().filter(|(name, _)| is_ours(name)).collect();
    let out = Command::new("sh").args(["-c", "echo $LD_PRELOAD $ZCCACHE_OBSERVE"]).output().unwrap();
    let bare = Command::new("/bin/sh").args(["-c", "echo $LD_PRELOAD"]).env_clear().output().unwrap();
    let said = [out.stdout, bare.stdout].map(|text| String::from_utf8(text).unwrap());
    format!("{:?}", format!("{own:?} {said:?} {:?}", std::env::var("LD_PRELOAD"))).parse().unwrap()
}
