//! All sources, merged by time, without the mentions that a silence or an outage suppresses.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

use super::event::{Course, Kind};
use super::mention::Mention;
use super::names::Names;
use super::plan::{Company, Plan, PlanFault, Topic};
use super::source::{Source, Subject, World};
use super::truth::Truth;
use orszem_records::time::Timestamp;

/// The mentions of a plan, in time order. Memory depends on the number of companies, not on the duration: a source has
/// at most 20,000 waiting mentions.
pub struct Simulation {
    world: World,
    sources: Vec<Source>,
    /// The next due time of each source.
    due: BinaryHeap<Reverse<(Timestamp, usize)>>,
    /// The silences, by company.
    silences: Vec<Vec<Course>>,
    outages: Vec<Course>,
    truth: Truth,
}

impl Simulation {
    /// Prepares `plan`; an error says what is wrong with it.
    pub fn new(plan: Plan) -> Result<Simulation, PlanFault> {
        plan.check()?;
        let truth = Truth::of(&plan);
        let mut sources: Vec<Source> = Vec::with_capacity(plan.companies.len() + 1 + plan.injections.len());
        for (number, company) in plan.companies.iter().enumerate() {
            let label = format!("company {}", company.id);
            sources.push(Source::everyday(plan.seed, &label, subject(number, company), plan.start, plan.end));
        }
        sources.push(Source::everyday(plan.seed, "chatter", chatter(&plan), plan.start, plan.end));

        let mut silences = vec![Vec::new(); plan.companies.len()];
        let mut burns = vec![Vec::new(); plan.companies.len()];
        let mut outages = Vec::new();
        for (number, injection) in plan.injections.iter().enumerate() {
            let course = Course::new(injection, plan.start);
            let company =
                injection.company.as_ref().and_then(|id| plan.companies.iter().position(|company| company.id == *id));
            match (injection.kind, company) {
                (Kind::Outage, _) => outages.push(course),
                (Kind::Silence, Some(company)) => silences[company].push(course),
                (Kind::SlowBurn, Some(company)) => burns[company].push(course),
                (Kind::Crisis | Kind::Joy | Kind::Copies, Some(company)) => {
                    // Seeded by kind and time, not by index, so that adding another event changes nothing.
                    let id = &plan.companies[company].id;
                    let label = format!("{} {id} {}", injection.kind.name(), injection.after_ms);
                    let subject = subject(company, &plan.companies[company]);
                    sources.push(Source::event(plan.seed, &label, subject, number, course, plan.end));
                }
                (_, None) => {}
            }
        }
        let names = plan.companies.iter().map(Names::of).collect();
        let world = World { seed: plan.seed, names, burns };
        let due = sources
            .iter()
            .enumerate()
            .filter_map(|(number, source)| source.next_at().map(|at| Reverse((at, number))))
            .collect();
        Ok(Simulation { world, sources, due, silences, outages, truth })
    }

    /// What was injected, and how to watch for it.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// The number of waiting mentions in all sources.
    #[cfg(test)]
    fn pending(&self) -> usize {
        self.sources.iter().map(Source::pending).sum()
    }

    fn swallowed(&self, at: Timestamp, company: Option<usize>) -> bool {
        let silences = company.map_or(&[][..], |company| &self.silences[company]);
        self.outages.iter().chain(silences).any(|course| course.covers(at))
    }
}

impl Iterator for Simulation {
    type Item = (Timestamp, Mention);

    fn next(&mut self) -> Option<(Timestamp, Mention)> {
        loop {
            let mut top = self.due.peek_mut()?;
            let Reverse((_, number)) = *top;
            let source = &mut self.sources[number];
            let (at, mention) = source.next(&self.world)?;
            match source.next_at() {
                Some(next) => {
                    *top = Reverse((next, number));
                    // Sifts the new top down.
                    drop(top);
                }
                None => drop(PeekMut::pop(top)),
            }
            if !self.swallowed(at, mention.company) {
                return Some((at, mention));
            }
        }
    }
}

fn subject(number: usize, company: &Company) -> Subject {
    Subject {
        company: Some(number),
        topic: company.topic,
        hungarian: company.hungarian,
        negative: company.negative,
        positive: company.positive,
        per_hour: company.per_hour,
    }
}

fn chatter(plan: &Plan) -> Subject {
    Subject {
        company: None,
        topic: Topic::Streaming,
        hungarian: 0.6,
        negative: 0.0,
        positive: 0.0,
        per_hour: plan.chatter_per_hour,
    }
}

#[cfg(test)]
#[path = "simulation_tests.rs"]
mod tests;
