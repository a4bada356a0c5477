//! Making and ending silences, for pages and API alike.

use orszem_core::routing::matcher::Matcher;
use orszem_core::routing::preview::{Breadth, PAST_MS, Preview, Verdict, entries, judge, preview};
use orszem_core::routing::request::{Request, RequestFault};
use orszem_records::ledger::ByWhom;
use orszem_records::team::Change;
use orszem_records::team::silence::Silence;
use orszem_records::time::Timestamp;
use orszem_runtime::clock;

use crate::app::AppState;
use crate::ports::SinkError;
use crate::team_changes;
use crate::view::Filter;

/// Why a silence was not made.
#[derive(Debug)]
pub(crate) enum NotMade {
    /// What is wrong with what was asked for.
    Faults(Vec<RequestFault>),
    /// It cannot mute anything, for this reason.
    Idle(String),
    /// It would mute much: they are to say so a second time.
    Sure(Breadth, Preview),
    /// The topic did not take it.
    Sink(SinkError),
}

/// Why a silence was not ended.
#[derive(Debug)]
pub(crate) enum NotEnded {
    /// Nothing has this id.
    Unknown,
    /// It is over.
    Over,
    /// The topic did not take it.
    Sink(SinkError),
}

/// What a matcher would have muted in the last week, as far as the incidents of that time are kept.
pub(crate) fn of_the_past(app: &AppState, matcher: &Matcher) -> Preview {
    let now = clock::now();
    let incidents = app.view.list(&Filter::default());
    let entries = entries(incidents.iter().map(|incident| &**incident));
    preview(matcher, &app.config.load(), entries, (now.plus(-PAST_MS), now))
}

/// Makes a silence; gives its id, and what it would have muted. `sure`: they know that it mutes much.
pub(crate) async fn make(
    app: &AppState,
    asked: &Request,
    by: ByWhom,
    sure: bool,
) -> Result<(String, Preview), NotMade> {
    let (terms, matcher) = asked.read(clock::now()).map_err(NotMade::Faults)?;
    let past = of_the_past(app, &matcher);
    match judge(&matcher, &app.config.load(), &past) {
        Verdict::Refused(why) => return Err(NotMade::Idle(why)),
        // What is real is called for all the same.
        Verdict::Ask(breadth) if !sure && !asked.drill => return Err(NotMade::Sure(breadth, past)),
        Verdict::Ask(_) | Verdict::Made => {}
    }
    let id = team_changes::change(app, Change::Silence(Box::new(terms)), by).await.map_err(NotMade::Sink)?;
    Ok((id, past))
}

/// Ends a silence before its time.
pub(crate) async fn end(app: &AppState, id: &str, by: ByWhom) -> Result<(), NotEnded> {
    let now = clock::now();
    let silences = app.team.silences();
    let silence = silences.get(id).ok_or(NotEnded::Unknown)?;
    if silence.over_at() <= now {
        return Err(NotEnded::Over);
    }
    team_changes::write(app, silence.end(now, by)).await.map_err(NotEnded::Sink)
}

/// The silences that are not over, and those that ended in the last week: what holds first, then what is to come.
pub(crate) fn listed(app: &AppState, now: Timestamp) -> Vec<Silence> {
    let silences = app.team.silences();
    let mut listed: Vec<Silence> =
        silences.iter().filter(|silence| silence.over_at() > now.plus(-PAST_MS)).cloned().collect();
    listed.sort_by_key(|silence| (silence.standing(now), silence.over_at(), silence.id.clone()));
    listed
}
