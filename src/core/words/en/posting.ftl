### Who may post, what is said, accounts, and the messages about them.

## Messages to one person

ask-statement = { $by } wrote: “{ $text }”
ask-approve = please approve the statement
ask-approve-as-deputy = nobody has approved the statement yet. Please do it as deputy
ask-may-go-out = nobody approved the statement in time. It may go out without a second person: you have the mandate. This is written down
ask-may-post = the statement is approved. It may be posted until { $until }
ask-due = due now: { $what }
ask-due-meaning = Open the incident, do it or have it done, and tick it there.
ask-due-elsewhere = overdue, and nobody has ticked it: { $what }
ask-due-elsewhere-meaning = The person who has the incident was reminded. Please see to it that it is done, and tick it.
ask-due-several = { $n } things are due now
ask-due-several-meaning = { $list } Open the incident, do them or have them done, and tick them there.
ask-due-elsewhere-several = { $n } things are overdue, and nobody has ticked them
ask-due-elsewhere-several-meaning = { $list } The person who has the incident was reminded. Please see to it that they are done, and tick them.
ask-looked-up = { $by } looked up where the credential of { $account } is kept
ask-looked-up-meaning = You are the owner of the account. If that was not right, act now.

## Who may post

posting-heading = Who may post now
posting-on-duty = On duty
posting-until = until { $at }
posting-deputies = Deputy
posting-approvers = Approves
posting-mandate = Without asking
posting-nobody = nobody now

## The statement

language-code = en
statement-heading = What we say
statement-revision = Revision { $n } by { $by }, { $at }
statement-forbidden = This must not be said: “{ $phrase }”
statement-approved = Approved by { $by }, { $at }.
statement-waived = Nobody approved it in time. Since { $at } it may go out without a second person; the mandate is with { $who }.
statement-waits = It waits for the approval of a second person.
statement-waits-for = It waits for the approval of a second person: { $who }.
statement-own-text = You wrote it: a second person has to approve it.
statement-may-post = May be posted by { $who } (on duty) until { $until }.
statement-may-post-anybody = May be posted until { $until }.
statement-ran-out = It was to be posted by { $until }. Have it approved again: change it, or write it again.
statement-posted = Revision { $n } was posted: { $by }, { $at }.
statement-posted-by = Revision { $n } was posted by { $account }: { $by }, { $at }.
statement-posted-where = See it there
statement-must-not = What must not be said
statement-fallback = The crisis is in “{ $wanted }”. There is no valid text in that language: this one is in “{ $found }”.
statement-text-approved = Approved in advance by { $by }, to be used until { $until }.
statement-expired = “{ $title }” ({ $language }) ran out on { $until }: it is not to be used.
statement-change = Change the text
statement-write = Write a text
statement-text = What we say
statement-language = Language, by two letters
statement-refused-who = Not approved: it is not known who you are, so nobody can tell whether you are a second person. Use the link in a message to you, or sign in.
statement-refused-not-yours = Not approved: you are not among those who approve in this incident.
statement-refused-whose-text = It is not known who wrote this text, so nobody can be a second person. Somebody has to save it again by the link in a message to them, or signed in.
statement-refused-own-text = Not approved: you wrote it. A second person has to approve it.
statement-refused-changed = Not approved: the text was changed after you read it. This is the difference. Read it, and approve the new one.
statement-refused-unknown = Not approved: there is no such revision any more. Read the newest one.
statement-refused-before = It is approved already.
button-approve = I approve it
button-approve-does = As it stands here. If it is changed after that, it is not approved.
button-posted = It is posted
button-posted-does = The report shows when the first statement was out.
button-use = Use this text
button-use-does = It becomes the draft. A second person approves it.
button-draft = Save the text
button-draft-does = The people who approve are asked at once.
posted-account = Where
posted-elsewhere = somewhere else
posted-url = Address of the post (may be empty)
did-draft = Saved. The people who approve it are asked now.
did-approve = Approved. Those who may post it are told.
refusal-not-to-post = This may not be posted
refusal-not-to-post-text = It is not approved, or somebody has changed it since. Go back and load the page again.

## Accounts

accounts = Our accounts
account-owner = Owner now
account-owner-rotation = { $people } ({ $rotation })
account-owner-nobody = { $rotation }: nobody is on call
account-administrators = Can sign in
account-outside = Outside the company
account-emergency = Emergency contact of the platform
account-credential = Where the credential is kept
account-second-factor = Second factor
account-recovery = Recovery
account-how-post = How to post
account-how-edit = How to change a post
account-how-hide = How to hide something
account-how-pin = How to pin a post
account-how-close-comments = How to close the comments
button-look-up = Show where the credential is kept
button-look-up-does = It is written down with the incident, and the owner is told.
did-look-up = Written down; the owner of the account is told. See “Our accounts”.
refusal-who = It is not known who you are
refusal-who-text = For this, use the link in a message to you, or sign in: it is written down who looked it up.
refusal-no-account = There is no such account
refusal-no-account-text = The configuration was changed a moment ago. Go back and load the page again.

## What happened

history-drafted = { $by } wrote what we say:
history-approved = { $by } approved revision { $n }.
history-waived = Nobody approved revision { $n } in time: it may go out without a second person. The mandate is with { $who }.
history-posted = { $by } says that the statement is posted.
history-posted-by = { $by } says that the statement is posted by { $account }.
history-seen-posted = The statement was seen in the stream: { $account } published it.
history-looked-up = { $by } looked up where the credential of { $account } is kept.
history-ask-approve = { $who } was asked to approve revision { $of }.
history-ask-approve-as-deputy = { $who } was asked as deputy to approve revision { $of }.
history-ask-may-go-out = { $who } was told that revision { $of } may go out without a second person.
history-ask-may-post = { $who } was told that revision { $of } may be posted.
history-ask-due = { $who } was reminded: { $of }
history-ask-due-elsewhere = { $who } was told that this is overdue: { $of }
history-ask-looked-up = { $who } was told who looked up the credential: { $of }
history-ask-no-way = { $who } could not be asked: no way to them is configured. It was about: { $of }

## The accounts, outside of an incident

accounts-what = Where a credential is kept is shown to the person who looks it up, for an hour. That is written down, and the owner of the account is told.
accounts-none = No account is configured.
account-sign-in = To see where the credential is kept, sign in as a person of the configuration.
account-proofs = Could sign in
account-proven = { $person }: yes, { $at }
account-proven-long-ago = { $person }: yes, but that was too long ago: { $at }
account-could-not = { $person }: no, { $at }
account-not-proven = { $person }: not proven
account-looked-up = Looked up by
account-looked-up-by = { $by }, { $at }
account-looked-up-drill = { $by }, { $at } (drill)
button-look-up-outside-does = It is written down, and the owner is told.
button-look-up-drill-does = It is a step of your drill. It is written down, and the owner is told that it was one.
did-look-up-outside = Written down; the owner of the account is told. It is shown for an hour.
