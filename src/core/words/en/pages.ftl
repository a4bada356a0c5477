### What pages say beside what messages do.

## Every page

the-feed = The feed
pages = Pages
times-in = Times in { $zone }.
settings = Language and time zone
settings-language = Language
settings-usual = As set for everybody
settings-zone = Time zone
settings-zone-help = A name like Europe/Budapest. Empty: as set for everybody.
settings-zone-wrong = There is no time zone “{ $zone }”. Names are like Europe/Budapest.
settings-keep = Keep
all-incidents = All incidents
watches = Watches
handbook = Handbook
handbook-what = How to run orszem, what it finds, and what the alerts about it mean.
since = Since
so-far = { $length } so far

## Signing in

sign-in = Sign in
sign-in-why = Sign in to see the list of incidents. To see one incident, open it with the link in the message that you received.
sign-in-token = Token
sign-in-token-help = The api_token of the configuration: ask who operates orszem.
sign-in-do = Sign in
sign-in-wrong = This is not the token. Nothing was changed.
sign-in-token-operator = For those who operate orszem: the api_token of the configuration.
sign-in-at = Sign in with { $provider }
sign-in-at-provider = Sign in with your organisation’s account
sign-in-proxy = People sign in before they reach this page. If you see it, you came around that sign-in: open orszem at the address that your organisation gave you.
sign-in-away = The sign-in service does not answer. The links in your messages still work; please try again in a moment.
sign-in-failed = The sign-in did not work. Nothing was changed. Please try again.
sign-out = Sign out
signed-in-as = Signed in as { $name } ({ $role })
role-viewer = viewer
role-responder = responder
role-approver = approver
role-admin = administrator
account = Account
account-is = Your account: { $account }
account-of-proxy = You signed in before you reached orszem. To sign out, use the sign-in of your organisation.
sign-out-everywhere = Sign out everywhere
sign-out-everywhere-does = on every device
sign-out-other = Sign out somebody else
sign-out-other-help = The name of the person in the configuration, or their account. All their devices are signed out.
sign-out-other-do = Sign out everywhere

## Refusals

refusal-nothing-changed = Nothing was changed.
refusal-not-found = Page not found
refusal-not-found-text = The address may have been cut short.
refusal-method = Method not allowed
refusal-method-text = Open the incident and use its buttons.
refusal-no-incident = Incident not found
refusal-no-incident-text = The address may have been cut short, or the incident ended so long ago that it is no longer kept.
refusal-unavailable = This page is unavailable
refusal-unavailable-text = The access token is configured but cannot be read. The log of the program says why.
refusal-too-large = The form is too large
refusal-form = The form is incomplete
refusal-form-text = Something that the action needs is missing or too long. Nothing was changed.
refusal-expired = This link has expired
refusal-expired-text = Nothing was changed. A newer message about the incident has a newer link.
refusal-forged = This link is not valid
refusal-forged-text = Nothing was changed. Open the incident from the message that you received.
refusal-name = Your name is missing
refusal-name-text = Nothing was changed. Go back and write your name, so that others know who has it.
refusal-signed-out = You are no longer signed in
refusal-signed-out-text = Nothing was changed. Sign in and try again.
refusal-role = Your role does not allow this
refusal-role-text = Nothing was changed. Ask those who operate orszem for the right to act, or use the link in your message.
refusal-no-role = Your account has no access
refusal-no-role-text = You are signed in with the account “{ $account }”, which has no role in orszem. Ask those who operate it. The links in your messages still work.
refusal-proxy-header = Request refused
refusal-proxy-header-text = It carries a header that only the sign-in proxy may send. Nothing was changed. Tell those who operate orszem.
refusal-no-mention = Mention not found
refusal-no-mention-text = The incident no longer shows this mention. Nothing was changed.
refusal-enough = This link cannot write more
refusal-enough-text = This link has written as much about the incident as one link may. Nothing was changed. The operators of orszem can still act with the API.
refusal-not-saved = Your action was not saved
refusal-not-saved-text = The ledger could not be written. Go back and press the button again. If it fails again, call a colleague.
refusal-starting = Orszem has just been started
refusal-starting-text = It has not read the incidents yet. Nothing was changed. Please try again in a moment.
refusal-late = The request took too long
refusal-late-text = Please try again.

## States, kinds, teams

state-open = Open
state-acknowledged = Somebody has it
state-resolved = Over
badge-nobody-came = Nobody came
badge-nobody-had-it = Nobody had it
badge-false-alarm = False alarm
badge-learning = Still learning
kind-negativity = More negative mentions than usual
kind-volume = More mentions than usual
kind-praise = More friendly mentions than usual. Nobody is called
kind-slow-burn = A slow burn: the share of negative mentions has crept up, without a burst
kind-silence = No mentions, while the feed brings others. Nobody is called
kind-no-data = The feed brings nothing
desk-crisis = Crisis team
desk-care = Customer service
desk-employer = Employer brand
desk-audience = Audience

## The list

open-incidents = { $n ->
    [0] No open incidents
    [one] 1 open incident
   *[other] { $n } open incidents
}
list-nothing = No incidents yet.
list-nothing-found = No incident is like that. Change the filter above.
list-cut = Only the first { $n } are shown. The table for spreadsheets has all of them.
list-csv = As a table (CSV)
list-read-link = A link that only reads
list-read-link-is = shows this list to anyone who has it, for a week, and lets nobody act.
filter = Filter
filter-watch = Watch
filter-desk = Desk
filter-state = State
filter-severity = Severity
filter-days = Begun
filter-all = all
filter-last-days = { $n ->
    [one] in the last day
   *[other] in the last { $n } days
}
filter-do = Show
severity-or-worse = Severity { $n } or worse
had-it = { $by } had it from { $at }
button-acknowledge-all = { $n ->
    [one] I have the 1 open incident shown
   *[other] I have all { $n } open incidents shown
}
csv-minutes = Minutes
csv-height = At the worst
csv-window = Counted in minutes
csv-had-by = Who had it
csv-had-at = Since when
csv-closed-by = Closed by
csv-mentions = Mentions in all
csv-negatives = Negative in all

## The watches

watches-now = Last five minutes
watches-past = Past
watches-open = Open incidents
watches-learning = { $n } of { $all } watches are still learning what is usual. Until then they call people only for what their settings always count as a crisis.
watches-warm = loads history.
watches-no-data = no data yet, or another copy of the program has this watch
watches-seen = { $n }, { $negatives } negative
watches-left = learning, { $n ->
    [one] 1 hour
   *[other] { $n } hours
} to go
watches-ready = known

## An incident: who has it

stands-nobody = Nobody has it yet.
stands-nobody-came = Everybody was called, and nobody has acknowledged.
stands-nobody-had-it = Nobody acknowledged it.
stands-has-it = { $by } has it since { $at }. You have not taken it over.
stands-has-it-after = { $by } has it since { $at }, in place of { $before }. You have not taken it over.
stands-known = It is known what this is: nobody is called until { $n } are counted.
stands-you-have-it = You ({ $by }) have it since { $at }.
stands-open-again = { $by } closed it, { $at }. It rose above what could be seen then, and is open again.
stands-given-back = { $by } gave it back, { $at }.
stands-undone = { $by } took back that it is over, { $at }.
stands-closed = { $by } closed it, { $at }.
stands-false-alarm = { $by } called it a false alarm, { $at }.
stands-goes-on = An hour later it still went on.

## What you just did

did-know = It is yours, and known. Nobody is called unless it doubles.
did-yours = Thank you. You have it: nobody else will be called.
did-not-yours = { $by } has it since { $at }. You have not taken it over.
did-over-already = Thank you. It is over already, so there was nothing to take on.
did-hand-over = Saved. Tell your colleague as well: orszem tells only those who were called.
did-escalate = Saved. The next step is called.
did-give-back = Saved. Nobody has it: people are called again from the first step.
did-note = Saved. Your note is below, under “What happened”.
did-close = Thank you. It is closed. You can take that back for half an hour.
did-undo = Saved. It is not over.
did-undo-late = It can no longer be taken back. If it rises again, people are called again.
did-feedback = Thank you. This is saved for training the next model. The figures stay as they are.
did-soon = Thank you. This is saved and will show here in a moment.

## Buttons

you-are = You are { $name }.
your-name = Your name
button-have-it = I have it
button-have-it-does = Acknowledge
button-take-over = Take it over
button-take-over-does = I have it now
button-over = Over, or not a crisis
button-over-does = Close
closing-high = The figures are still high: { $headline }. If you close it now, nobody is called unless it rises above what you see here. If it still goes on in an hour, everybody who was told hears so.
closing-ask = Over, or not a crisis?
button-closed = It is over
button-closed-does = It was one
button-false-alarm = A false alarm
button-false-alarm-does = It was none
button-undo = It is not over
button-undo-does = Take back the closing
more-actions = Note, promise, hand over, give back
note = Note
button-note = Save the note
hand-over-to = Who has it from now on
button-hand-over = Hand over
button-hand-over-does = They have agreed
button-escalate = Call the next now
button-escalate-does = Do not wait for the time of the step
button-know = Known: tell me if it doubles
button-know-does = You have it. Nobody is called until it is twice as high as now
button-give-back = Give it back
button-give-back-does = Nobody has it then
link-until = This link works until { $at }.
link-expired = This link has expired, so you can read but not act. A newer message about the incident has a newer link.
link-expired-page = This link has expired, so it shows no mentions and cannot act. For a new one, open the newest message about the incident: each has its own link. The people who run orszem can read the incident after signing in.
link-forged = This link is not valid or was cut short, so you can read but not act. Open the incident from the message again.
no-link = To act on this incident, open it with the link in the message that you received, or sign in.
no-role-to-act = Your role lets you see this, not act on it.

## Figures

figures = Figures
figures-up-to = figures up to { $at }
fact-now = Now
fact-height = At the worst
fact-past = Compared with
fact-severity = Severity
fact-kind = Kind
fact-desk = Desk
fact-budget = Setting
fact-copies = Of them
fact-classifier = How sure
counted-until = { $counted }, until { $at }
usual-unknown = Not known yet
usual-and-seldom = About { $usual }. More than { $high } happens seldom
past-known = The last { $learnt }
past-learning = Nothing yet: learnt { $learnt }, { $left ->
    [one] 1 hour
   *[other] { $left } hours
} to go
severity-now = { $severity }. Now { $now }
budget = { $n } false pages a week
copies = { $originals } originals, { $reposts } reposts, { $copies } copies; at most { $one } repeat one text; { $positives } positive
classifier = A program judges whether a mention is negative. It misses { $missed_en } of negative mentions in English and { $missed_hu } in Hungarian, and takes { $mistaken_en } and { $mistaken_hu } of others for negative.
grounds-multilingual = { $n } of { $mentions } are in languages without a model of their own, where it is wrong more often.
grounds-unjudged = { $n } of { $mentions } are in a language that it does not know, or too short to tell, and count as mentions only.
grounds-wordless = { $n } of { $mentions } have no words to judge beside the name, and count as mentions only.
forecast-of = About { $n } mentions in the next { $hours ->
    [one] hour
   *[other] { $hours } hours
} ({ $low } to { $high })

## Mentions and messages

sample-mentions = What people wrote
samples-none = No mentions were kept.
open-at = open it on { $host }
says-class = { $by } says: { $class }.
not-this-class = Not { $class }? It is
mention-is = Mention { $n } is { $class }
what-happened = What happened
messages-sent = Messages sent
messages-none = No messages yet.
messages-accepted-means = Accepted means that the service received the message, not that somebody has read it.
message-receiver = Receiver
message-what = Message
message-tries = Tries
message-outcome = Outcome
message-when = When
message-call = call
message-figures = newer figures
message-acknowledged = somebody has it
message-over = over
message-within = (within the message of another incident)
outcome-accepted = accepted
outcome-in-part = accepted in part, trying again
outcome-retry = trying again
outcome-failed = failed
outcome-sending = sending

## What happened

history-told-first = Told first: { $receivers }.
history-told = Then told: { $receivers }.
history-opened = It began, at severity { $n }.
history-figures = Severity { $n }: { $count } mentions in { $window }.
history-figures-negative = Severity { $n }: { $count } negative mentions in { $window }.
history-acknowledged = { $by } has it.
history-taken-over = { $by } took it over.
history-handed-over = { $by } handed it over to { $to }.
history-given-back = { $by } gave it back.
history-noted = { $by } notes:
history-closed = { $by } closed it.
history-false-alarm = { $by } called it a false alarm.
history-undone = { $by } took back that it is over.
history-open-again = Open again: it rose above the { $n } that { $by } had seen when closing it.
history-routed = Goes by the route { $route }.
history-joined = Shares a page with { $first }, by the route { $route }.
history-feedback = { $by } says that a mention is { $corrected } (judged { $judged }).
history-escalated = { $by } asked for the next step.
history-nobody-on-call = Nobody could be called in this step.
history-reminded = They were asked whether they still have it.
history-worse = Worse than when it was acknowledged: the calls began again.
history-known = { $by } knows it, at { $n }. Nobody is called unless that doubles.
history-doubled = It doubled since somebody said that it is known: the calls began again.
history-withheld = A call by { $receiver } waits, because of its limit: it goes in one message with others.
history-group-worse = The group got worse: the calls began again.
history-page-given-back = Nobody has another incident of its group any more: the calls began again.
history-ran-out = The acknowledgement ran out: the calls began again.
history-nobody-came = Everybody was called, and nobody acknowledged.
history-nobody-notified = Over. Nobody was told: the watch has no receivers.
person-through = { $by } (by the link to { $receiver })
person-api = { $by } (by the API)

## Trying a query

try-query = Try a query
try-first = Query
try-second = A second query, to see what changes (optional)
try-topic = Topic
try-hours = Mentions of the last
try-do = Try
try-nothing-saved = Nothing is saved here. Copy a query that works to your configuration:
try-faults = The query has errors.
try-failed = The query was not tried:
try-first-query = First query
try-second-query = Second query
try-matches = What it matches
try-matched = { $n } of { $mentions ->
    [one] 1 mention
   *[other] { $mentions } mentions
}, { $per_hour } an hour
try-read = Records of the topic { $topic } from the last { $length }.
try-span = Published from { $first } to { $last }.
try-newest = Only the newest were read, because there are more than a page reads. All of them:
try-refused = Left out, because they are not mentions: { $n }, the first because { $because }.
try-of-first = Matches of the first query
try-found = Matches
try-near = Near misses
try-only-first = Only the first query matches
try-only-second = Only the second query matches
try-none = None.
try-sample = A sample: { $n } of { $count }.

## The chart

chart-too-little = Not enough data for a chart yet.
chart-mentions = Mentions in { $span }
chart-negatives = Negative mentions in { $span }
chart-share = Share of negative mentions in { $span }
chart-negative = of them negative
chart-usual = usual
chart-band = more or less happens seldom
chart-limit = Your limit: { $limit } in { $within }, drawn evenly: { $pace } in { $span }
chart-worst = At the worst: { $counted }, until { $at }
chart-began = it began
chart-times = Times in { $zone }, from { $from }
chart-tip = { $at }: { $n }
chart-tip-usual = { $at }: { $n } (usual: { $usual })
chart-says-mentions = Mentions, { $span } at a time, since { $since }: at most { $most }, at { $at }.
chart-says-negatives = Negative mentions, { $span } at a time, since { $since }: at most { $most }, at { $at }.
chart-says-share = The share of negative mentions, { $span } at a time, since { $since }: at most { $most }, at { $at }.
chart-says-usual = About { $usual } is usual, more than { $high } happens seldom.
chart-says-unknown = What is usual is not known yet.
chart-peak = at most { $n }
chart-peaks = at most { $first } by the first query, { $second } by the second
chart-matches = Matches in an hour
chart-matches-first = Matches in an hour, first query
chart-matches-second = second query
chart-matches-since = Matches in each hour since { $since }: { $peaks }.

## Playbooks

playbook-heading = Playbook: { $title }
playbook-by = by { $at }
playbook-late = was due by { $at }
playbook-done = Done by { $by }, { $at }
button-tick = It is done
button-untick = Not done after all
did-tick = Saved.
history-ticked = { $by } did: { $item }
history-unticked = { $by } took back: { $item }
refusal-no-item = No playbook says this
refusal-no-item-text = The playbook was changed a moment ago. Go back, load the page again, and press the button there.
