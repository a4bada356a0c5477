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

## The drill of ten minutes

personal-drill = Drill of ten minutes
personal-drill-what = It names one account. Find it, open where its credential is kept, try to sign in, and read how to post there. Publish nothing. Nobody is called.
personal-drill-start = Start
personal-drill-start-does = The ten minutes begin, and you see which account it is.
personal-drill-again = Begin another one
personal-drill-again-does = The one before stays incomplete.
personal-drill-no-accounts = No account is configured, so there is nothing to find. Add one first.
personal-drill-sign-in = It is your own: sign in as a person of the configuration.
personal-drill-account = Your account: { $account }
personal-drill-until = Started at { $began }. The ten minutes are over at { $until }.
personal-drill-late-now = The ten minutes were over at { $until }. Go on all the same: it is kept as done late, and counts.
personal-drill-find = Find the account, and open where its credential is kept
personal-drill-find-do = To the accounts
personal-drill-found = Opened at { $at }
personal-drill-access = Fetch the credential, sign in there, and sign out again
personal-drill-access-yes = You could sign in ({ $at }).
personal-drill-access-no = You could not sign in ({ $at }). Ask the owner of the account to restore your access.
personal-drill-read = Read how to post
personal-drill-read-none = Nobody has written down how to post there. Tell the owner of the account.
personal-drill-read-do = I have read it
personal-drill-read-done = Read at { $at }
personal-drill-step-waits = After step { $n }.
personal-drill-owner = Nothing happened, and there is nothing to do: it was a step of a drill of ten minutes.
personal-drill-yours = Your drills
personal-drill-in-time = { $account }: done in { $length }, { $at }
personal-drill-late = { $account }: done late, in { $length }, { $at }
personal-drill-incomplete = { $account }: not complete, { $at }
personal-drill-did = Done in { $length }. It counts for half a year.
personal-drill-did-late = Done late: it took { $length }, and ten minutes were the aim. It counts for half a year.
personal-drill-note = You are in a drill: find { $account }, and open where its credential is kept.
personal-drill-back = Back to the drill
