//! Inside a crate, files import one another in one direction: no circle of files but those that are listed here. What a
//! module takes from the modules in it does not count: that is what it is for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::structure::repository;

/// The circles that may be, each with its reason: `folder: files: reason`. A part of one may be as well.
const CIRCLES: &str = "\
src/core/input: envelope fault field pointer: a field may stand in an envelope, whose faults name the field
src/core/receivers/alertmanager: cluster settings: the settings make the receiver that sends by them
src/core/receivers/email: account settings: the settings make the account that sends by them
src/core/receivers/pagerduty: service settings: the settings make the receiver that sends by them
src/core/receivers/slack: channel settings: the settings make the receiver that sends by them
src/core/receivers/webhook: endpoint settings: the settings make the receiver that sends by them
src/core/settings: config input: the settings are one tree; questions about all inputs are asked of the whole
src/core/simulate: catalog event names plan truth: a plan is made of companies and events, and written as the truth
src/kafka: decider reader session takeover worker: one loop: the worker has a session, readers and takeovers, which have its settings
src/kafka: topic_rules topics: the rules are about the names of topics, which are made by the rules
src/text/query: fields lex parse tree: one grammar: the tree is printed by the rules that it is read by
src/text/query: hungarian stem: one grammar: stems and their endings
src/text/sentiment: english hungarian lexicon: each language fills the lists that the lexicon is made of
";

/// The place of a module in its crate: `["query", "tree"]`. The root has none.
type Module = Vec<String>;

/// The words and signs of a source, without comments, texts and characters.
fn tokens(source: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let past = |end: &str, from: usize| rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len());
        let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let hashes = rest[word..].len() - rest[word..].trim_start_matches('#').len();
        let is_raw = ["r", "br"].contains(&&rest[..word]) && rest[word + hashes..].starts_with('"');
        let length = match first {
            '/' if rest.starts_with("//") => past("\n", 2),
            '/' if rest.starts_with("/*") => past("*/", 2),
            'r' | 'b' if is_raw => past(&format!("\"{}", "#".repeat(hashes)), word + hashes + 1),
            '"' => {
                let mut escaped = false;
                let end = rest[1..].find(|c| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                });
                end.map_or(rest.len(), |at| at + 2)
            }
            '\'' if rest.starts_with("'\\") => past("'", 3),
            // A character; else a lifetime, whose name is a word that harms nothing.
            '\'' if rest.chars().nth(2) == Some('\'') => rest.char_indices().nth(3).map_or(rest.len(), |(at, _)| at),
            ':' if rest.starts_with("::") => 2,
            c => word.max(c.len_utf8()),
        };
        let token = &rest[..length];
        if token == "::" || token.chars().all(is_word) || (length == 1 && !token.trim().is_empty() && first != '"') {
            tokens.push(token);
        }
        rest = &rest[length..];
    }
    tokens
}

/// Where the item ends that begins at `at`: after its `;`, or its last brace.
fn end_of_item(tokens: &[&str], at: usize) -> usize {
    let mut depth = 0_usize;
    for (place, token) in tokens.iter().enumerate().skip(at) {
        match *token {
            "{" | "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            "}" if depth == 1 => return place + 1,
            "}" => depth -= 1,
            ";" if depth == 0 => return place + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// Without what only tests are built with.
fn without_tests(mut tokens: Vec<&str>) -> Vec<&str> {
    let marker = ["#", "[", "cfg", "(", "test", ")", "]"];
    while let Some(at) = tokens.windows(marker.len()).position(|part| part == marker) {
        let end = end_of_item(&tokens, at + marker.len());
        tokens.drain(at..end);
    }
    tokens
}

/// The paths of a `use`, `a::{b, c as d}`: each with the name that it gets. Returns where the tree ends.
fn tree(tokens: &[&str], mut at: usize, prefix: &[&str], found: &mut Vec<(Module, String)>) -> usize {
    let mut path: Vec<&str> = prefix.to_vec();
    loop {
        match tokens[at] {
            "{" => {
                at += 1;
                while tokens[at] != "}" {
                    at = tree(tokens, at, &path, found);
                    at += usize::from(tokens[at] == ",");
                }
                return at + 1;
            }
            "::" => at += 1,
            "as" => {
                found.push((path.iter().map(|&part| part.to_owned()).collect(), tokens[at + 1].to_owned()));
                return at + 2;
            }
            "," | ";" | "}" => {
                let name = path.last().expect("a path").to_string();
                found.push((path.iter().map(|&part| part.to_owned()).collect(), name));
                return at;
            }
            // `a::{self}` is `a`.
            "self" if !path.is_empty() => at += 1,
            part => {
                path.push(part);
                at += 1;
            }
        }
    }
}

/// What one file says.
#[derive(Default)]
struct Source {
    file: String,
    /// Paths that it uses.
    used: Vec<Module>,
    /// Paths that it passes on, by the name that they have here.
    passed_on: BTreeMap<String, Module>,
}

/// Reads a file and those of its modules.
fn read(module: Module, file: &str, folder: &str, sources: &mut BTreeMap<Module, Source>) {
    let text = std::fs::read_to_string(repository(file)).unwrap();
    let tokens = without_tests(tokens(&text));
    let mut source = Source { file: file.to_owned(), ..Source::default() };
    let mut children = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at] {
            "mod" if tokens.get(at + 2) == Some(&";") => children.push(tokens[at + 1]),
            "use" => {
                let mut found = Vec::new();
                let passes_on = at > 0 && ["pub", ")"].contains(&tokens[at - 1]);
                at = tree(&tokens, at + 1, &[], &mut found);
                for (path, name) in found {
                    match passes_on {
                        true => drop(source.passed_on.insert(name, path)),
                        false => source.used.push(path),
                    }
                }
            }
            // `pub(in crate::a)` uses nothing.
            "pub" if tokens.get(at + 1) == Some(&"(") => at += tokens[at..].iter().position(|it| *it == ")").unwrap(),
            "crate" | "self" | "super" => {
                let mut path = vec![tokens[at].to_owned()];
                while tokens.get(at + 1) == Some(&"::") && tokens.get(at + 2).is_some_and(|it| *it != "<") {
                    path.push(tokens[at + 2].to_owned());
                    at += 2;
                }
                source.used.push(path);
            }
            _ => {}
        }
        at += 1;
    }
    for child in children {
        let inside = format!("{folder}/{child}");
        let files = [format!("{inside}.rs"), format!("{inside}/mod.rs")];
        let file = files.iter().find(|file| repository(file).exists());
        let file = file.unwrap_or_else(|| panic!("{}: no file of the module {child}", source.file));
        read([&module[..], &[child.to_owned()]].concat(), file, &inside, sources);
    }
    sources.insert(module, source);
}

/// The module that a path in `module` leads to; `None` when that is another crate, or itself.
fn target(sources: &BTreeMap<Module, Source>, module: &Module, path: &[String]) -> Option<Module> {
    let (first, mut rest) = path.split_first()?;
    let mut at = match first.as_str() {
        "crate" => Module::new(),
        "self" => module.clone(),
        "super" => module[..module.len().checked_sub(1)?].to_vec(),
        child => {
            let child = [&module[..], &[child.to_owned()]].concat();
            sources.contains_key(&child).then_some(child)?
        }
    };
    while let Some((next, further)) = rest.split_first() {
        let inside = [&at[..], std::slice::from_ref(next)].concat();
        if next == "super" {
            at.pop()?;
        } else if sources.contains_key(&inside) {
            at = inside;
        } else if let Some(passed_on) = sources[&at].passed_on.get(next) {
            let path = [passed_on, further].concat();
            return target(sources, &at, &path);
        } else {
            break;
        }
        rest = further;
    }
    Some(at)
}

/// The circles of a crate: sets of files of which each leads to every other.
fn circles(root: &str) -> BTreeSet<BTreeSet<String>> {
    let folder = Path::new(root).parent().unwrap().to_str().unwrap();
    let mut sources = BTreeMap::new();
    read(Module::new(), root, folder, &mut sources);
    let edges: BTreeMap<&Module, BTreeSet<Module>> = sources
        .iter()
        .map(|(module, source)| {
            let targets = source.used.iter().filter_map(|path| target(&sources, module, path));
            (module, targets.filter(|to| !to.starts_with(module)).collect())
        })
        .collect();
    let reached = |from: &Module| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(at) = open.pop() {
            open.extend(edges[at].iter().filter(|to| seen.insert((*to).clone())));
        }
        seen
    };
    let reach: BTreeMap<&Module, BTreeSet<Module>> = sources.keys().map(|module| (module, reached(module))).collect();
    let on_circle = sources.keys().filter(|module| reach[module].contains(*module));
    let circle = |module: &Module| -> BTreeSet<String> {
        let both = reach[module].iter().filter(|other| reach[other].contains(module));
        both.map(|other| sources[other].file.clone()).collect()
    };
    on_circle.map(circle).collect()
}

#[test]
fn files_of_a_crate_import_one_another_in_one_direction() {
    let mut found = BTreeSet::new();
    let mut crates = vec!["src/lib.rs".to_owned()];
    for entry in std::fs::read_dir(repository("src")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let root = format!("src/{name}/lib.rs");
        crates.extend(Some(root).filter(|root| repository(root).exists()));
    }
    assert!(crates.len() > 8, "{crates:?} are not the crates");
    for root in &crates {
        found.extend(circles(root));
    }
    let listed = CIRCLES.lines().map(|line| {
        let [folder, files, reason] = line.splitn(3, ": ").collect::<Vec<_>>()[..] else { panic!("{line}") };
        assert!(!reason.is_empty());
        files.split(' ').map(|name| format!("{folder}/{name}.rs")).collect()
    });
    let listed: Vec<BTreeSet<String>> = listed.collect();
    let unknown: Vec<_> = found.iter().filter(|circle| !listed.iter().any(|listed| circle.is_subset(listed))).collect();
    assert!(unknown.is_empty(), "circles of files: move what both sides need below them: {unknown:#?}");
    let gone: Vec<_> = listed.iter().filter(|listed| !found.iter().any(|circle| circle.is_subset(listed))).collect();
    assert!(gone.is_empty(), "these are circles no longer, take them off the list: {gone:#?}");
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let source = r##"
        // use crate::comment::A;
        use super::{a::{self, B}, c::D as E}; pub use x::*;
        fn f<'a>() -> char { let a = "crate::text \" ::"; let b = r#"crate::raw"#; '"' }
        #[cfg(test)] #[path = "t.rs"] mod tests; #[cfg(test)] mod more { use crate::tested::A; }
    "##;
    let tokens = without_tests(tokens(source));
    for absent in ["comment", "text", "raw", "tested", "tests"] {
        assert!(!tokens.contains(&absent), "{absent} in {tokens:?}");
    }
    let at = tokens.iter().position(|token| *token == "use").unwrap();
    let mut found = Vec::new();
    tree(&tokens, at + 1, &[], &mut found);
    let found: Vec<String> = found.iter().map(|(path, name)| format!("{} = {name}", path.join("::"))).collect();
    assert_eq!(found, ["super::a = a", "super::a::B = B", "super::c::D = E"]);
}
