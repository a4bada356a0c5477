//! What a case changes of the standing configuration.

use toml::{Table, Value};

/// `standing` with what `changes` says: a table is changed key by key, entries with a name replace those of the same
/// name or are added, everything else is replaced.
pub(super) fn merged(standing: &Table, changes: &Table) -> Table {
    let mut all = standing.clone();
    for (key, change) in changes {
        let value = match (all.get(key), change) {
            (Some(Value::Table(before)), Value::Table(change)) => Value::Table(merged(before, change)),
            (Some(Value::Array(before)), Value::Array(change)) if are_named(change) => {
                Value::Array(by_name(before, change))
            }
            _ => change.clone(),
        };
        all.insert(key.clone(), value);
    }
    all
}

/// Whether they can be told apart by their names.
fn are_named(entries: &[Value]) -> bool {
    !entries.is_empty() && entries.iter().all(|entry| name(entry).is_some())
}

fn name(entry: &Value) -> Option<&str> {
    entry.get("name")?.as_str()
}

fn by_name(before: &[Value], changes: &[Value]) -> Vec<Value> {
    let mut all = before.to_vec();
    for change in changes {
        // `removed = true` takes the entry out.
        let is_removed = change.get("removed").and_then(Value::as_bool) == Some(true);
        let at = all.iter().position(|entry| name(entry) == name(change));
        match (at, is_removed) {
            (Some(at), true) => drop(all.remove(at)),
            (Some(at), false) => all[at] = change.clone(),
            (None, true) => {}
            (None, false) => all.push(change.clone()),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_changed_by_their_names() {
        let standing: Table = toml::from_str(
            "[respond]\ntimeout = \"1s\"\nretry_limit = 2\n[[watch]]\nname = \"a\"\n[[watch]]\nname = \"b\"\n",
        )
        .unwrap();
        let changes: Table = toml::from_str(
            "[respond]\nretry_limit = 3\n[[watch]]\nname = \"b\"\ndesk = \"care\"\n[[watch]]\nname = \"a\"\nremoved = true\n",
        )
        .unwrap();
        let merged = merged(&standing, &changes);
        let expected: Table =
            toml::from_str("[respond]\ntimeout = \"1s\"\nretry_limit = 3\n[[watch]]\nname = \"b\"\ndesk = \"care\"\n")
                .unwrap();
        assert_eq!(merged, expected);
    }
}
