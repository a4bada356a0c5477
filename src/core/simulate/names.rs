//! All forms of a company's name in the texts.

use super::inflect::{Case, article, inflect};
use super::plan::Company;

/// The forms of a company's name, computed once.
pub(super) struct Names {
    forms: [String; Case::ALL.len()],
    pub(super) handle: String,
    pub(super) tag: String,
    /// "a" or "az".
    pub(super) article: &'static str,
}

impl Names {
    pub(super) fn of(company: &Company) -> Names {
        Names {
            forms: Case::ALL.map(|case| inflect(&company.name, case)),
            handle: format!("@{}", company.handle),
            tag: format!("#{}", company.tag),
            article: article(&company.name),
        }
    }

    pub(super) fn form(&self, case: Case) -> &str {
        &self.forms[case as usize]
    }

    /// The terms with which a watch finds every mention.
    pub(super) fn terms(&self) -> Vec<String> {
        self.forms.iter().chain([&self.handle, &self.tag]).cloned().collect()
    }
}
