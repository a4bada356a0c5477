//! What is not as a case says.

/// What is not as a case says, with the line of its file that says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// What did not come: a message, a word of the ledger, a shift.
    Missing {
        /// What the case says.
        what: String,
        /// The line of the file.
        line: usize,
    },
    /// What came and should not have.
    Unexpected {
        /// What came.
        what: String,
        /// The line of the file that has the list in which it is not, where there is one.
        line: Option<usize>,
    },
    /// What is otherwise.
    Other {
        /// What is looked at.
        what: String,
        /// What it is.
        is: String,
        /// What the case says.
        should: String,
        /// The line of the file.
        line: usize,
    },
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Difference::Missing { what, line } => write!(f, "missing:    {what} (line {line})"),
            Difference::Unexpected { what, line: None } => write!(f, "unexpected: {what}"),
            Difference::Unexpected { what, line: Some(line) } => write!(f, "unexpected: {what} (line {line})"),
            Difference::Other { what, is, should, line } => {
                write!(f, "differs:    {what} is {is}, and should be {should} (line {line})")
            }
        }
    }
}
