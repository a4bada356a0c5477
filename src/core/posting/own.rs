//! What our own accounts publish, as the stream of mentions shows it.

use std::collections::HashMap;

use orszem_text::fold::folded;

use crate::settings::Config;

/// Under which ids and names our accounts publish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnAuthors(HashMap<String, String>);

impl OwnAuthors {
    /// Those of a configuration. Where two accounts have one author, it is the first one's.
    pub fn of(config: &Config) -> OwnAuthors {
        let mut authors = HashMap::new();
        for account in &config.accounts {
            for author in account.authors.iter().map(|author| folded(author)).filter(|author| !author.is_empty()) {
                authors.entry(author).or_insert_with(|| account.name.clone());
            }
        }
        OwnAuthors(authors)
    }

    /// The name of the account that publishes under one of these, whatever the capitals.
    pub fn account<'t>(&self, ids: impl IntoIterator<Item = &'t str>) -> Option<&str> {
        if self.0.is_empty() {
            return None;
        }
        ids.into_iter().find_map(|id| self.0.get(&folded(id))).map(String::as_str)
    }
}

/// Whether what was published says what a statement says: four of five words of the statement, in their order of two
/// and two. Links, line breaks and a tag at the end do not matter.
pub fn says(published: &str, statement: &str) -> bool {
    let pairs = |text: &str| -> Vec<(String, String)> {
        let folded = folded(text);
        let words: Vec<&str> =
            folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        words.windows(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned())).collect()
    };
    let (published, wanted) = (pairs(published), pairs(statement));
    let found = wanted.iter().filter(|pair| published.contains(pair)).count();
    !wanted.is_empty() && found * 5 >= wanted.len() * 4
}

#[cfg(test)]
mod tests {
    use super::super::posting_fixture::config;
    use super::*;

    #[test]
    fn an_account_is_known_by_its_id_or_name_whatever_the_capitals() {
        let authors = OwnAuthors::of(&config());
        let found = |id: &str, name: &str| authors.account([id, name]).map(str::to_owned);
        let facebook = || Some("facebook".to_owned());
        assert_eq!(found("acme.official", "Acme"), facebook());
        assert_eq!((found("7", "ACME.OFFICIAL"), found("", "")), (facebook(), None));
        assert_eq!(found("acme.official.fan", "Acme fan"), None);
    }

    #[test]
    fn a_post_says_a_statement_though_a_link_is_added_and_not_where_it_says_something_else() {
        let statement = "We are looking into what happened at the plant. We will say more at four o'clock.";
        assert!(says(&format!("{statement} https://acme.example/news #acme"), statement));
        assert!(says(&statement.to_uppercase(), statement));
        assert!(!says("We are happy to show you the new plant. Come and look!", statement));
        assert!(!says("", statement) && !says("anything", ""));
    }
}
