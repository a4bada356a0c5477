### What messages say. Names and figures stand where no ending is needed.

## Numbers and lengths of time

mentions = { $n ->
    [one] 1 mention
   *[other] { $n } mentions
}
millions = { $n } million
minutes = { $n ->
    [one] a minute
   *[other] { $n } minutes
}
hours = { $n ->
    [one] an hour
   *[other] { $n } hours
}
days = { $n ->
    [one] a day
   *[other] { $n } days
}

## The headline: what was counted at the height, and what is usual

counted = { $kind ->
    [negatives] { $n ->
        [one] 1 negative mention in { $window }
       *[other] { $n } negative mentions in { $window }
    }
    [friendly] { $n ->
        [one] 1 mostly friendly mention in { $window }
       *[other] { $n } mostly friendly mentions in { $window }
    }
   *[mentions] { $n ->
        [one] 1 mention in { $window }
       *[other] { $n } mentions in { $window }
    }
}
headline-usual = { $title }: { counted } (usual: { $usual })
headline-unknown = { $title }: { counted }
headline-limit = { $title }: { counted }. Your limit: { $limit } in { $within }
headline-worst-usual = { $title }: { counted } at the worst (usual: { $usual }), { $at }
headline-worst-unknown = { $title }: { counted } at the worst, { $at }
headline-worst-limit = { $title }: { counted } at the worst, { $at }. Your limit: { $limit } in { $within }
headline-now = { $headline }. Now { $now }, falling
headline-silence = { $title }: no mentions for { $window } (usual: { $usual })
headline-no-data-all = No mentions have come in for { $window }, from any source
headline-no-data = Nothing has come in for { $window } from { $about }

## Why it is an incident

why-share = { $n } of { $mentions } mentions were negative ({ $share }). { $usual } is usual.
why-slow-burn = For { $span }, { $share } of { $mentions } mentions have been negative. { $usual } was usual in the weeks before. There was no burst.
why-negatives-last-days = The last days had { $expected } negative mentions in such a time on average. { $share } of the mentions were negative, { $usual } is usual.
why-negatives-same-hours = At these hours the last seven days had { $expected } negative mentions. { $share } of the mentions were negative, { $usual } is usual.
why-mentions-last-days = The last days had { $expected } mentions in such a time on average.
why-mentions-same-hours = At these hours the last seven days had { $expected } mentions.
why-limit-negatives = This passed the limit that you set: { $least } negative mentions in { $within }.
why-limit-mentions = This passed the limit that you set: { $least } mentions in { $within }.
why-not-known-yet = What is usual is not known yet: { $hours ->
    [one] 1 hour
   *[other] { $hours } hours
} to go.
why-outright = So many negative mentions are a crisis, whatever is usual.
why-note = No larger share of them is negative than usual, so nobody is called.
why-new-usual = It has lasted for so long that this is the new usual.
why-praise = They are mostly friendly. Nobody is called.
why-silence = Other mentions still come in. Nobody is called.
why-no-data-all = Crises are not seen while this lasts.
why-no-data = What is said there is not seen while this lasts.
why-and = { $first } { $second }

## Severity and standing

severity = Severity { $n } of 4 (1 is the worst)
severity-short = Severity { $n }
standing-open = nobody has it yet
standing-nobody-came = everybody was called, and nobody has it
standing-calls-ended = nobody has it, and nobody else is called: the watch no longer has an escalation
standing-acknowledged = { $by } has it since { $at }
standing-known = { $by } knows it, and nobody is called unless it doubles
standing-over = over
standing-over-by = over: { $by } closed it
standing-over-false-alarm = over: { $by } called it a false alarm
standing-over-removed = ended: the watch was removed from the configuration
standing-goes-on = { $by } closed it at { $at }, and it still goes on

## What a message tells that was not told before: a sentence for the first line

news-called-again = Called again: nobody has acknowledged since { $since }.
news-worse = Worse: now severity { $n } (1 is the worst).
news-acknowledged = { $by } has it since { $at }. Nobody else is called.
news-taken-over = { $by } has it since { $at }, in place of { $before }.
news-undone-with = { $who } took back that it is over. { $by } has it.
news-undone = { $who } took back that it is over. Nobody has it.
news-given-back = { $who } gave it back at { $at }. Nobody has it.
news-still-yours = { $by }, do you still have it? Acknowledge again within 10 minutes, or others are called.
news-doubled = { $by } said that it is known. It has doubled since: { $n }.
news-not-heard-of = { $by } has not answered. Nobody has it.
news-missing = { $by } has it. Still to acknowledge: { $missing }.
news-nobody-came = Everybody was called, and nobody has acknowledged since { $since }.
news-calls-ended = Nobody else is called: the watch no longer has an escalation.
news-open-again = Open again: it rose after { $by } closed it at { $at }.
news-group-open-again = Open again: another incident of the group began.
news-goes-on = { $by } closed it at { $at }, and it still goes on.
news-over = Over: mentions are back to what is usual.
news-over-new-usual = Over: what comes now is the new usual.
news-over-by = Over: { $by } closed it.
news-over-false-alarm = Over: { $by } called it a false alarm.
news-over-removed = Ended: the watch was removed from the configuration, so nobody sees how it goes on.
news-over-nobody = { $news } Nobody acknowledged it.

## Subjects: the headline with what the message tells before it

subject-first = [Severity { $n }] { $headline }
subject-called-again = [Severity { $n }] Called again: { $headline }
subject-worse = [Severity { $n }] Worse: { $headline }
subject-acknowledged = { $by } has it: { $headline }
subject-nobody-came = [Severity { $n }] Nobody came: { $headline }
subject-calls-ended = [Severity { $n }] Nobody else is called: { $headline }
subject-open-again = [Severity { $n }] Open again: { $headline }
subject-back = [Severity { $n }] Nobody has it again: { $headline }
subject-still-yours = [Severity { $n }] Do you still have it? { $headline }
subject-goes-on = Still going on: { $headline }
subject-over = Over: { $headline }
subject-ended = Ended: { $headline }
subject-more = { $subject } (and { $more ->
    [one] 1 more incident
   *[other] { $more } more incidents
})

## Facts: at most six, a name and a value

fact-driven-by = Said far more than usual
fact-people = Mentions
fact-reach = Reach
fact-forecast = Forecast
fact-chance = By chance
fact-began = Began
fact-ended = Ended
fact-silent = Silent
fact-usual = Usual
fact-incident = Incident
driven-figure = “{ $term }” ({ $times } times as often)
driven-new = “{ $term }” (new)
driven-author = author “{ $term }” ({ $times } times as often)
driven-source = source “{ $term }” ({ $times } times as often)
driven-language = language “{ $term }” ({ $times } times as often)
people = { $mentions ->
    [one] 1 mention
   *[other] { $mentions } mentions
} by about { $authors ->
    [one] 1 person
   *[other] { $authors } people
}, { $negatives ->
    [0] none negative
    [one] 1 negative
   *[other] { $negatives } negative
}
people-one-text = { $people }. { $part } in 10 repeat one text
people-pass-on = { $people }. { $part } in 10 pass on what others wrote
reach = The authors have up to { $followers } followers together
forecast = If it goes on like this: about { $n } more in the next { $hours ->
    [one] hour
   *[other] { $hours } hours
} ({ $low } to { $high })
forecast-further = { $forecast }, { $n } in the next { $hours } hours
chance-often = about { $n } times a week
chance-week = about once a week
chance-weeks = about once in { $n } weeks
chance-months = about once in { $n } months
chance-years = about once in { $n } years
chance-century = less than once in 100 years
silent-all = All sources
usual-minutes = In { $window } about { $n ->
    [one] 1 minute
   *[other] { $n } minutes
} with mentions

## Other parts of a message

detail-why = Why
detail-standing = Standing
to-do = What to do first
move-within = { $move } (within { $time })
moves-more = and { $n } more, on the page
open-link = Open the incident, acknowledge it
open-link-over = Open the incident
link-line = See it, acknowledge it: { $link }
link-line-over = See it: { $link }
quotes = What people wrote (not our words)
quotes-note = Orszem, incident { $incident }. The quotes above are other people's words.
others-forbidden = { $n ->
    [one] 1 more incident, in this one message, because the receiver allows no message for each
   *[other] { $n } more incidents, in this one message, because the receiver allows no message for each
}
others-of-group = { $n ->
    [one] 1 more incident of the same group
   *[other] { $n } more incidents of the same group
}
others-of-digest = { $n ->
    [one] 1 more incident that need not wake anybody, as it stands now
   *[other] { $n } more incidents that need not wake anybody, as they stand now
}
others-more = and { $n } more
other-line = Severity { $n }: { $headline }
quote-on = { $author } on { $source }
quote-followers = { $n ->
    [one] 1 follower
   *[other] { $n } followers
}
quote-unknown = unknown author
class-negative = negative
class-neutral = neutral
class-positive = positive
role-first = The first
role-farthest = Reaches the most people
role-typical = Typical

## Messages about no incident

plain-link = Open: { $link }
plain-open = Open
shift-title = On call
shift-soon = You are on call for { $rotation } from { $from }
shift-now = You are on call for { $rotation } now
shift-until = Until { $until }. Nothing happened: this is only so that you know.
shift-open-end = Nothing happened: this is only so that you know.
trial-title = Test
trial-headline = Test: does this reach you?
trial-meaning = Nothing happened. Open the link and press the button: then it is known that you can be called this way.
trial-receiver-headline = Test: do messages arrive here?
trial-receiver-meaning = Nothing happened. Somebody tries whether messages arrive here: nothing is to be done.
canary-title = Canary
canary-headline = The way of messages works
canary-meaning = Nothing happened. Every few minutes a message like this one proves the whole way: nothing is to be done.
