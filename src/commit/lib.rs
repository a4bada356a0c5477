//! The commit that the program is built from.
//!
//! A macro and not a build script: a build script that runs again makes cargo build the whole library again, at every
//! commit. What this macro reads makes only the file that calls it be compiled again, which is `src/main.rs`.

mod repository;

use proc_macro::{Literal, TokenStream};
use std::path::Path;

/// Becomes the commit as a text, `a21afe7, 2026-11-29`: what the environment variable `ORSZEM_COMMIT` says while the
/// program is built; else the commit of the Git repository in the package's folder, with its date where there is a
/// `git` to ask; else `unknown commit`.
#[proc_macro]
pub fn commit(_: TokenStream) -> TokenStream {
    let folder = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let found = repository::read(Path::new(&folder));
    let commit = Literal::string(&found.commit);
    // The compiler remembers what it was told to include, and cargo builds again when one of these files or the
    // variable changes. None of the bytes comes into the program.
    let seen: String = found
        .seen
        .iter()
        .filter_map(|file| file.to_str())
        .map(|file| format!("const _: &[u8] = include_bytes!({});", Literal::string(file)))
        .collect();
    let code = format!(
        "{{ {seen} match option_env!(\"ORSZEM_COMMIT\") {{ Some(told) if !told.is_empty() => told, _ => {commit} }} }}"
    );
    code.parse().unwrap_or_default()
}
