//! A case: its file, in one of two forms.

use toml::Table;

use super::calls::Calls;
use super::difference::Difference;
use super::shifts::Shifts;
use super::standing::Standing;

/// A case that can be run.
#[derive(Debug)]
pub struct Case {
    /// Its number in a list of cases, where it has one.
    pub number: Option<u32>,
    /// What it shows.
    pub title: String,
    form: Form,
}

#[derive(Debug)]
enum Form {
    /// Who is called when.
    Calls(Box<Calls>),
    /// Who is on call when.
    Shifts(Box<Shifts>),
}

impl Case {
    /// Reads a case from the text of its file: with a `[case]` it is about who is on call, else about who is called.
    /// `standing` is the text of the folder's `standing.toml`.
    ///
    /// # Errors
    /// What is wrong, with the line where it is known.
    pub fn parse(text: &str, standing: Option<&str>) -> Result<Case, String> {
        let table: Table = text.parse().map_err(|fault| format!("{fault}"))?;
        let standing = Standing::parse(standing)?;
        let (about, form) = if table.contains_key("case") {
            let (about, shifts) = Shifts::parse(text, standing)?;
            (about, Form::Shifts(Box::new(shifts)))
        } else {
            let (about, calls) = Calls::parse(text, standing)?;
            (about, Form::Calls(Box::new(calls)))
        };
        let title = match about.source {
            Some(source) => format!("{} [{source}]", about.title),
            None => about.title,
        };
        Ok(Case { number: about.number, title, form })
    }

    /// Runs the case. Says what differs from what it expects, in order of time.
    ///
    /// # Errors
    /// When it cannot be run: a line names an incident that is not there, or messages come without end.
    pub fn run(&self) -> Result<Vec<Difference>, String> {
        match &self.form {
            Form::Calls(calls) => calls.run(),
            Form::Shifts(shifts) => shifts.run(),
        }
    }
}
