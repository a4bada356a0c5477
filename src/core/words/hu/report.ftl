### The report of an incident, in Hungarian.

## The page

report = Jelentés
report-and-evidence = Jelentés és bizonyítékok
report-title = Jelentés: { $title }
report-made = Incidens: { $incident }. A naplóból készült, { $at }.
report-open = Az incidens még nem ért véget: ez a pillanatnyi állás.
report-markdown = Szövegként (Markdown)
evidence-file = Bizonyítékok ellenőrző összegekkel (JSON)
report-back = Az incidens
report-fill = Kitöltendő.
report-nothing = Semmi.
report-never = nem történt meg
report-not-yet = még nem
report-what = Mi
report-when = Mikor
report-after = A kezdete után

## Times

report-times = Időpontok
report-began = Első szokatlan említések
report-detected = Az Orszem észlelte
report-paged = Az első üzenet megérkezett
report-acknowledged = Átvétel
report-acknowledged-by = Átvette: { $by }
report-statement = Az első közlemény megjelent
report-ended = Vége
report-to-page = Az észleléstől az első üzenetig: { $length }
report-to-acknowledge = Az első üzenettől az átvételig: { $length }
report-to-statement = Az átvételtől az első közleményig: { $length }
report-in-all = A kezdetétől a végéig: { $length }
report-other-clock = Az említések ideje nem az óráé, például mert a múltat játsszuk vissza. A kettő közötti időtartamok kimaradnak.

## Calls

report-calls = Kiket riasztottunk
report-calls-none = Senkit sem riasztottunk.
report-whom = Kit
report-came = Mi lett belőle
report-step = { $step }. lépés, { $round }. kör
report-arrived = megérkezett: { $at }
report-under-way = folyamatban
report-failed = nem érkezett meg: { $reason }
report-tries = ({ $n } próbálkozás)
report-other-messages = { $n ->
   *[other] További { $n } üzenet ment ki: újabb számok, átvétel vagy a vége.
}
report-withheld = Visszatartva
report-withheld-one = { $at }: egy riasztás várt ({ $receiver }), mert elérte a korlátját.

## What did not work

report-missed = Ami nem sikerült
report-missed-nobody = { $at }: a(z) { $round }. kör { $step }. lépésében senkit sem lehetett riasztani.
report-missed-exhausted = { $at }: minden lépés letelt ({ $escalation }), és senki sem vette át.
report-missed-call = { $at }: a riasztás nem érkezett meg ({ $receiver }): { $reason }
report-missed-ran-out = { $at }: az átvétel lejárt, és a riasztás újraindult.
report-missed-nobody-notified = { $at }: vége lett, és senkit sem értesítettünk.
report-missed-button = { $at }: „{ $button }” gomb, nem sikerült: { $reason }
report-missed-button-unknown = { $at }: „{ $button }” gomb, nem jött válasz: { $reason }
report-late = Ami késett
report-late-acknowledgement = Átvétel
report-late-done = { $what }: határidő { $due }, elkészült { $done }, elvégezte: { $by }; késés: { $length }.
report-late-open = { $what }: határidő { $due }, nem készült el.

## What it was

report-course = Lefolyás
report-height = A csúcson { $window } alatt { $count } említés, a szokásos körülbelül { $expected }; eddig: { $at }.
report-height-negative = A csúcson { $window } alatt { $count } negatív említés, a szokásos körülbelül { $expected }; eddig: { $at }.
report-severity = Súlyosság: { $n }, ettől kezdve: { $at }.
report-deeds = Ki mit tett
report-evidence = Bizonyítékok
report-evidence-is = { $n ->
   *[other] { $n } említés, ahogy megőriztük. A teljes lánc ellenőrző összege: { $hash }
}
report-evidence-left-out = { $n ->
   *[other] { $n } alkalommal kimaradt egy említés, mert túl sok volt.
}
report-published = { $class }, megjelent: { $published }, látható volt: { $seen }.

## What people add

report-well = Ami jól ment
report-change = Amin változtatni kell
