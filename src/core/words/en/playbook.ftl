### Buttons, people to be told, clocks and promises of playbooks.

## Buttons

press-heading = Buttons
press-what = A button tells another system what to do. What came of it is written here.
press-confirm = Yes, do it
press-first = { $by } pressed it, { $at }.
press-under-way = It is on its way; no answer yet.
press-accepted = It worked: the other side took it, { $at }.
press-refused = It did not work: { $reason }
press-refused-do = Press again, or do it by hand.
press-unknown = There was no answer: { $reason } Nobody knows whether it worked.
press-unknown-do = Look there before you press again.
press-lost = There is no answer, because the program stopped meanwhile. Nobody knows whether it worked.
press-by-hand = By hand: { $how }
did-press = “{ $button }” is on its way. What came of it will be shown at the button.
did-press-accepted = “{ $button }” worked: the other side took it.
did-press-failed = “{ $button }” did not work. What to do stands at the button.
did-press-late = { $by } pressed “{ $button }” already, { $at }. It was not sent again.
history-pressed = { $by } pressed “{ $button }”.
history-pressed-late = { $by } pressed “{ $button }” as well. It was not sent again.
history-press-accepted = “{ $button }” worked: the other side took it.
history-press-refused = “{ $button }” did not work: { $reason }
history-press-unknown = “{ $button }” had no answer: { $reason }

## People to be told

stakeholders-heading = Who is to be told
button-told = They know
button-untold = Not told after all
history-told-stakeholder = { $by } told: { $item }
history-untold-stakeholder = { $by } took back that they were told: { $item }

## Clocks and promises

clocks-heading = Clocks and promises
promise-by = promised by { $by }
due-in = by { $at }, in { $length }
due-late = was due by { $at }, { $length } ago
promise-new = Promise something for a time
promise-what = What
promise-next = Next update
promise-when = When (time of { $zone })
button-promise = Promise it
button-promise-does = It stands here until it is kept
did-promise = Saved. It stands under “Clocks and promises” until it is kept.
history-promised = { $by } promised for { $due }: { $item }
history-ticked-due = { $by } did, due { $due }: { $item }
history-unticked-due = { $by } took back, due { $due }: { $item }
