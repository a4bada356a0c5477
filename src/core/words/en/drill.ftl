### What drills say, in messages, on pages and in their reports.

## The mark: it comes first, in every message and on every page

drill-mark = DRILL
drill-marked = DRILL: { $text }
drill-note = This is a drill: nothing happened. Do what you would do, and publish nothing.
drill-note-page = This is a drill: nothing happened. Do what you would do, and publish nothing. What you press here changes this drill alone.

## What is invented

drill-invented = [Invented for a drill] { $text }
drill-source = drill
drill-author = an invented author
drill-scandal-term = cover-up
drill-scandal-first = I worked at { $title } for six years. They have known about this since spring, and told nobody.
drill-scandal-farthest = { $title } and the cover-up: here are the letters. Read the third page, then tell me that it was an accident.
drill-scandal-typical = Unbelievable. Does anybody at { $title } even read what people write here?
drill-outage-term = not working
drill-outage-first = Is { $title } down for everybody, or is it just me?
drill-outage-farthest = { $title } is not working for the second hour, and they do not say a word about it.
drill-outage-typical = I cannot sign in at { $title }. When will it be back?

## The word before it begins

drill-title = Drill
drill-soon = A drill begins at { $begins }: { $scenario }, { $title }
drill-soon-meaning = Nothing has happened. You may be called then: every message begins with DRILL.

## The report

drill-report = Report of the drill
drill-detected = Seen
drill-paged = First message arrived
drill-acknowledged = Acknowledged
drill-approved = Statement approved
drill-over = Over
drill-after = after { $time }
drill-after-by = after { $time } ({ $by })
drill-not-reached = not reached
drill-goes-on = it goes on
drill-calls = Who was called, and when (minutes and seconds from what was seen)
drill-no-calls = nobody was called
drill-called = called after { $time }
drill-arrived = arrived after { $time }
drill-failed = not delivered ({ $reason })
drill-unanswered = no answer yet
drill-has = acknowledged after { $time }
drill-has-not = not acknowledged

## Pages

drills = Drills
drill-yes = yes
drill-no = no
drill-column = Drill
drill-silences-only = Of drills alone: what is real is called for all the same
drill-silence = It holds drills alone
drill-silence-link = Silence drills
