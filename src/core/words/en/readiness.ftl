### Whether it would work tonight.

readiness = Would it work tonight?
readiness-none = Nothing is missing.
readiness-count = { $n ->
    [one] 1 thing is missing. Each says who closes it, and how.
   *[other] { $n } things are missing. Each says who closes it, and how.
}
readiness-more = and { $n } more
readiness-owner = To be closed by { $owner }.
readiness-keeper = To be closed by those who keep the configuration.
gap-rotation-gap-title = Nobody is on call
gap-rotation-gap = { $of }: nobody is on call from { $at }.
gap-rotation-gap-fix = Add a layer or an override, or see that every escalation has a fallback.
gap-certificate-ends-title = Certificates that end within 30 days or have ended
gap-certificate-ends = The certificate that { $of } names ({ $what }) is valid until { $at }.
gap-certificate-ends-fix = Get a new one, put it in the same place, and reload orszem. For Kafka, restart it.
gap-token-ends-title = Tokens that end within 30 days or have ended
gap-token-ends = The token that { $of } names ({ $what }) is valid until { $at }.
gap-token-ends-fix = Have a new one made, put it in the same place, and reload orszem. `orszem check` says which secrets need a restart.
gap-credential-ends-title = Credentials of accounts that end within 30 days or have ended
gap-credential-ends = The last day of the credential of { $of } is { $what }.
gap-credential-ends-fix = Renew it where it is kept, sign in with it once, and write its new last day as `credential_expires`.
gap-leaver-title = People who have left
gap-leaver = { $of } has left, and is still named in { $what }.
gap-leaver-fix = Take them out of rotations, escalations and accounts, and change the passwords that they knew.
gap-way-unconfirmed-title = Ways that nobody answered
gap-way-unconfirmed = { $of } never answered a message by { $what }.
gap-way-unconfirmed-fix = Send a test on the page “Ways”, and open the link in it.
gap-owner-unreachable-title = Owners whom nothing reaches
gap-owner-unreachable = Nobody can be reached of those who answer for { $of }.
gap-owner-unreachable-fix = Give the owner a way, or name another one.
gap-access-unproven-title = Access that is not proven
gap-access-unproven = { $what } has not shown in the last quarter that they can sign in to { $of }.
gap-access-unproven-fix = They sign in once, and answer the question that they were sent. If they cannot, restore their access.
gap-one-administrator-title = Accounts with fewer than two administrators
gap-one-administrator = { $of } has fewer than two administrators who are here.
gap-one-administrator-fix = Give a second person access, and name them in the configuration.
gap-outside-only-title = Accounts that only others can get into
gap-outside-only = Only people outside the company can sign in to { $of }.
gap-outside-only-fix = Take the account over: two people of the company need access of their own.
gap-statement-expired-title = Statements that have run out
gap-statement-expired = The text of { $of } in “{ $what }” has run out.
gap-statement-expired-fix = Read it, change it where needed, and give it another date.
gap-statement-missing-title = Statements that lack a language
gap-statement-missing = { $of } has no text in “{ $what }”.
gap-statement-missing-fix = Write it, and have it approved.
gap-watch-without-owner-title = Watches without an owner
gap-watch-without-owner = Nobody answers for { $of }.
gap-watch-without-owner-fix = Name an owner in the watch.
gap-watch-without-playbook-title = Watches without a playbook
gap-watch-without-playbook = No playbook is for { $of }.
gap-watch-without-playbook-fix = Write one, or let one match it.
gap-receiver-refused-title = Receivers whose last test failed
gap-receiver-refused = The test of { $of } was refused at { $at }.
gap-receiver-refused-fix = Run `orszem receiver test` again: it says what the other side answered.
gap-team-undrilled-title = No drill
gap-team-undrilled = There was no drill of the team in the last 180 days.
gap-team-undrilled-fix = Run `orszem drill`, announced or not.
gap-person-undrilled-title = People without a drill
gap-person-undrilled = { $of } took part in no drill in the last 180 days, and completed none of ten minutes.
gap-person-undrilled-fix = They do the drill of ten minutes, on the page “Our accounts”. Or run a drill while they are on call: they open its page and do what a real one asks of them.

## Could you sign in?

access-title = Access
access-headline = Could you sign in to { $account } today?
access-meaning = Nothing happened. Sign in there, then open the link and say whether you could.
access-what = { $person }, please sign in there now, and say whether you could. Nothing is posted.
access-yes = Yes, I could
access-no = No, I could not
access-thanks = Thank you
access-thanks-yes = It is written down. You are asked again in a quarter.
access-thanks-no = It is written down, and shown where it is asked whether all would work. Ask the owner of the account to restore your access.
access-stale-text = You are asked again next quarter. Those who keep the configuration see that it is open.

## The grab card

card = Grab card
card-of = As of { $at }. Print it and keep it where you find it when everything is down. Where credentials are kept is not on it.
card-nobody = Nobody is on call in the next two weeks.
card-people = People
card-statements = What can be said at once
card-headline = The grab card has changed, { $at }
card-meaning = Nothing happened. Print it again and throw the old one away. It has all you need when everything is down.
