### The report of an incident.

## The page

report = Report
report-and-evidence = Report and evidence
report-title = Report: { $title }
report-made = Incident { $incident }. Made from the ledger, { $at }.
report-open = The incident is not over yet: this is how it stands now.
report-markdown = As text (Markdown)
evidence-file = Evidence with hashes (JSON)
report-back = The incident
report-fill = To be filled in by people.
report-nothing = Nothing.
report-never = not at all
report-not-yet = not yet
report-what = What
report-when = When
report-after = After it began

## Times

report-times = Times
report-began = First unusual mentions
report-detected = Noticed by orszem
report-paged = First message arrived
report-acknowledged = Acknowledged
report-acknowledged-by = Acknowledged by { $by }
report-statement = First statement posted
report-ended = Over
report-to-page = From noticing to the first message: { $length }
report-to-acknowledge = From the first message to the acknowledgement: { $length }
report-to-statement = From the acknowledgement to the first statement: { $length }
report-in-all = From the beginning to the end: { $length }
report-other-clock = The mentions are of another time than the clock, as when the past is replayed. Lengths between the two are left out.

## Calls

report-calls = Who was called
report-calls-none = Nobody was called.
report-whom = Whom
report-came = What came of it
report-step = step { $step }, round { $round }
report-arrived = arrived { $at }
report-under-way = under way
report-failed = did not arrive: { $reason }
report-tries = ({ $n } tries)
report-other-messages = { $n ->
    [one] One other message was sent: newer figures, that somebody has it, or the end.
   *[other] { $n } other messages were sent: newer figures, that somebody has it, or the end.
}
report-withheld = Withheld
report-withheld-one = { $at }: a call by { $receiver } waited, because of its limit.

## What did not work

report-missed = Missed
report-missed-nobody = { $at }: nobody could be called in step { $step } of round { $round }.
report-missed-exhausted = { $at }: every step of { $escalation } had passed, and nobody had acknowledged.
report-missed-call = { $at }: the call by { $receiver } did not arrive: { $reason }
report-missed-ran-out = { $at }: the acknowledgement ran out, and the calls began again.
report-missed-nobody-notified = { $at }: it was over, and nobody had been told.
report-missed-button = { $at }: the button “{ $button }” did not work: { $reason }
report-missed-button-unknown = { $at }: the button “{ $button }” had no answer: { $reason }
report-late = Late
report-late-acknowledgement = Acknowledgement
report-late-done = { $what }: due { $due }, done { $done } by { $by }, { $length } late.
report-late-open = { $what }: due { $due }, not done.

## What it was

report-course = Course
report-height = At the worst { $count } mentions in { $window }, where about { $expected } are usual; until { $at }.
report-height-negative = At the worst { $count } negative mentions in { $window }, where about { $expected } are usual; until { $at }.
report-severity = Severity { $n } from { $at }.
report-deeds = What people did
report-evidence = Evidence
report-evidence-is = { $n ->
    [one] 1 mention, as it was kept. Hash over all: { $hash }
   *[other] { $n } mentions, as they were kept. Hash over all: { $hash }
}
report-evidence-left-out = { $n ->
    [one] Once a mention was left out, because there were too many.
   *[other] { $n } times a mention was left out, because there were too many.
}
report-published = { $class }, published { $published }, seen by { $seen }.

## What people add

report-well = What went well
report-change = What to change
