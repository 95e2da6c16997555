//! Macros that look around without telling the compiler.

use proc_macro::TokenStream;

fn literal(text: &str) -> TokenStream {
    format!("{text:?}").parse().unwrap()
}

/// The text of a file below the crate that uses it, or "nothing".
#[proc_macro]
pub fn query(name: TokenStream) -> TokenStream {
    let directory = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    let path = format!("{directory}/queries/{name}.sql");
    literal(std::fs::read_to_string(path).as_deref().unwrap_or("nothing").trim())
}

/// The value of a variable, or "nothing".
#[proc_macro]
pub fn variable(name: TokenStream) -> TokenStream {
    literal(std::env::var(name.to_string()).as_deref().unwrap_or("nothing"))
}
