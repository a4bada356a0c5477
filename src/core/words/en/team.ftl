### Who is on call, and what is silenced.

## Who is on call

oncall = On call
oncall-no-rotation = The configuration has no rotations. docs/oncall.md says how to add one.
oncall-nobody = Nobody
oncall-until = until { $at }
oncall-next = Then { $who }, from { $at }
oncall-gaps = { $n ->
    [one] Nobody is on call for one span of the next 30 days:
   *[other] Nobody is on call for { $n } spans of the next 30 days:
}
oncall-shifts = The next 14 days
oncall-when = When
oncall-zone = Times by the clock of { $zone }.
oncall-changes = Changes by people
oncall-cancelled = Taken back
oncall-cancelled-by = Taken back by { $by }.
oncall-cancel = Take it back
oncall-take = Take it
oncall-take-does = You are on call in their place, from the moment it begins.
oncall-taker = Who takes it
oncall-made = It is written. On call:
oncall-difference = { $span }: { $after }, in place of { $before }
oncall-idle = This changes nothing: the person is not on call at that time. Take it back if that is not what you meant.
oncall-new-gap = For a part of that time nobody is on call. Add somebody, or take it back.
oncall-taken = { $person } takes it.
oncall-offered = The offer is written. Nothing changes until somebody takes it.
oncall-late = Somebody else was first, or it was taken back. Nothing was changed.
oncall-doubt-twice = The clock is turned back that night, and this time comes twice. The first one counts.
oncall-doubt-missing = The clock is turned forward that night, and this time is missing. The moment after the change counts.
override-add = { $who } is on call too
override-remove = { $who } is not on call
override-replace = { $who } in place of { $whom }
override-replace-all = { $who } in place of everybody
override-roster = A list of shifts in place of the rotation
override-offer = { $who } asks for somebody to take this
override-new = Somebody stands in
override-rotation = Rotation
override-kind = What changes
override-kind-replace = stands in for somebody
override-kind-add = is on call too
override-kind-remove = is not on call
override-person = Who
override-whom = In whose place
override-everybody = everybody who is on call
override-from = From (empty: now)
override-to = Until
override-times-help = By the clock of the rotation.
override-reason = Why (others read it)
override-make = Change it
override-fault-rotation = There is no rotation “{ $name }”.
override-fault-person = There is no person “{ $name }”.
override-fault-left = { $name } is not called any more at that time: their last day comes before.
override-fault-nobody = It names nobody.
override-fault-span = It must end after it begins, and in the future.
override-fault-too-long = It can last for 92 days at most. For longer, change the rotation in the configuration.
offer-new = Ask others to take a shift
offer-person = Whose shift
offer-make = Ask
offer-make-does = Others see it here. Nothing changes until somebody takes it.
calendar-title = On call: { $name }
calendar-shift = On call: { $rotation }
calendars = Calendars
calendars-what = Subscribe to these addresses in your calendar. Anyone who has one sees the shifts, and nothing of incidents. Most calendars look only every few hours.
calendars-no-secret = Set [web] link_secret: without it these addresses end when the program restarts.
calendar-own = Your shifts
calendar-renew = New address
calendar-renew-does = The old one opens nothing any more.

## What is silenced

silences = Silences
silences-none = Nothing is silenced.
silences-over = Over in the last week
silence-made = It is written, and holds from now on.
silence-holds = Holds until { $until }
silence-waits = From { $from } until { $until }
silence-was = { $from } – { $until }
silence-everything = Every incident
silence-by = { $by }, { $at }
silence-ended-by = Ended by { $by }.
silence-end = End it now
silence-end-does = Who would have been called is called at once.
silence-new = New silence
silence-for = For
severity-or-milder = Severity { $n } or milder
silence-match = More exactly
silence-match-label = Matcher
silence-match-help = As routes have it, for example: kind = "volume", labels = { "{" } story = "merger*" { "}" }. It counts in place of the choices above.
silence-reason = Why (others will ask)
silence-look = See the past week
silence-look-does = What it would have silenced. Nothing is changed.
silence-make = Silence
silence-make-does = Nobody is called for these incidents until it ends.
silence-sure = Silence all the same
silence-past = In the last week it would have silenced { $n } of { $all } incidents that called people.
silence-broad-everything = This silences every incident of every watch.
silence-broad-watches = This silences every watch.
silence-broad-past = This would have silenced every incident of the last week.
silence-fault-match = The matcher cannot be read: { $what }
silence-fault-no-reason = Say why: others will ask why nobody was called.
silence-fault-long-reason = The reason is too long: at most 500 characters.
silence-fault-span = It must end after it begins, and in the future.
silence-fault-too-long = A silence lasts for 30 days at most. For longer, write a route with nobody = true.
silence-fault-idle = No watch can have an incident like this: it would silence nothing.

## The ways to people

ways = Ways
ways-what = How people are called. A way is known to work once its person has answered a message that came by it.
ways-none = You have no ways: the configuration names none for you.
ways-unconfirmed = { $n ->
    [one] One way to a person was never answered: nobody knows whether it works.
   *[other] { $n } ways to people were never answered: nobody knows whether they work.
}
way-confirmed = Answered { $at }.
way-unconfirmed = not answered yet
way-test = Send a test
way-test-does = It says that nothing happened, and asks for an answer.
way-sent = It is sent. It counts once the link in it is answered.
way-not-sent = It was not sent: { $why }
way-answer = Did it reach you?
way-answer-what = { $person }, a test came to you by { $receiver }. Nothing happened.
way-answer-do = It arrived
way-thanks = Thank you
way-thanks-text = It is known now that you can be called this way. There is nothing else to do.
way-stale = This link is over
way-stale-text = Nothing was changed. Ask for another test, or send one on the page “Ways”.
