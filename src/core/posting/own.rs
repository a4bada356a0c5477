//! What our own accounts publish, as the stream of mentions shows it.

use orszem_text::fold::folded;

use crate::settings::{Account, Config};

/// The account that publishes under this id or name as an author of mentions.
pub fn account_of<'c>(config: &'c Config, id: &str, name: &str) -> Option<&'c Account> {
    let is_it = |author: &String| {
        let author = folded(author);
        !author.is_empty() && [id, name].into_iter().any(|one| folded(one) == author)
    };
    config.accounts.iter().find(|account| account.authors.iter().any(is_it))
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
        let config = config();
        let found = |id: &str, name: &str| account_of(&config, id, name).map(|account| account.name.as_str());
        assert_eq!(found("acme.official", "Acme"), Some("facebook"));
        assert_eq!((found("7", "ACME.OFFICIAL"), found("", "")), (Some("facebook"), None));
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
