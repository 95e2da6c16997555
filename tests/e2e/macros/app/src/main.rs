//! Prints a note, and what its macros have seen when it was compiled.

use clap::Parser;
use service::{Keeper, Memory};

include!(concat!(env!("OUT_DIR"), "/made.rs"));

#[derive(Parser)]
#[command(version)]
struct Options {
    /// A note as JSON
    #[arg(default_value = r#"{"id":1,"text":"hello"}"#)]
    note: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let options = Options::parse();
    let note = model::parse(&options.note).expect("a note");
    let memory = Memory::default();
    memory.keep(note.clone()).await;
    let found = memory.find(note.id).await.expect("it was kept");
    println!("note: {}", found.shown());
    println!("made: {MADE}");
    println!("query: {}", secrets::query!(notes));
    println!("url: {}", secrets::variable!(DATABASE_URL));
    println!("channel: {}", option_env!("CHANNEL").unwrap_or("nothing"));
}
