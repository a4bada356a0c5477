### Buttons, people to be told, clocks and promises of playbooks, in Hungarian.

## Buttons

press-heading = Gombok
press-what = Egy gomb egy másik rendszernek szól. Itt látszik, mi lett belőle.
press-confirm = Igen, mehet
press-first = { $by } megnyomta, { $at }.
press-under-way = Folyamatban; még nincs válasz.
press-accepted = Sikerült: a másik oldal átvette, { $at }.
press-refused = Nem sikerült: { $reason }
press-refused-do = Nyomja meg újra, vagy intézze kézzel.
press-unknown = Nem jött válasz: { $reason } Nem tudni, sikerült-e.
press-unknown-do = Nézzen utána, mielőtt újra megnyomja.
press-lost = Nincs válasz, mert a program közben leállt. Nem tudni, sikerült-e.
press-by-hand = Kézzel: { $how }
did-press = „{ $button }” úton van. A gombnál látszik majd, mi lett belőle.
did-press-accepted = „{ $button }” sikerült: a másik oldal átvette.
did-press-failed = „{ $button }” nem sikerült. A teendő a gombnál olvasható.
did-press-late = { $by } már megnyomta: „{ $button }”, { $at }. Nem küldtük el újra.
history-pressed = { $by } megnyomta: „{ $button }”.
history-pressed-late = { $by } is megnyomta: „{ $button }”. Nem küldtük el újra.
history-press-accepted = „{ $button }” sikerült: a másik oldal átvette.
history-press-refused = „{ $button }” nem sikerült: { $reason }
history-press-unknown = „{ $button }” válasz nélkül maradt: { $reason }

## People to be told

stakeholders-heading = Kiket kell értesíteni
button-told = Tudnak róla
button-untold = Mégsem tudnak róla
history-told-stakeholder = { $by } értesítette: { $item }
history-untold-stakeholder = { $by } visszavonta az értesítést: { $item }

## Clocks and promises

clocks-heading = Órák és ígéretek
promise-by = ígérte: { $by }
due-in = határidő: { $at }, még { $length }
due-late = lejárt: { $at }, { $length } óta
promise-new = Ígéret egy időpontra
promise-what = Mit
promise-next = Következő tájékoztatás
promise-when = Mikor ({ $zone } idő szerint)
button-promise = Megígérem
button-promise-does = Itt látszik, amíg nem teljesül
did-promise = Elmentve. Az „Órák és ígéretek” között látszik, amíg nem teljesül.
history-promised = { $by } megígérte, { $due }: { $item }
history-ticked-due = { $by } elvégezte, határidő { $due }: { $item }
history-unticked-due = { $by } visszavonta, határidő { $due }: { $item }
