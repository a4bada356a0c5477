### What pages say beside what messages do, in Hungarian.

## Every page

the-feed = A forrás
pages = Oldalak
times-in = Az időpontok időzónája: { $zone }.
settings = Nyelv és időzóna
settings-language = Nyelv
settings-usual = Ahogy mindenkinek be van állítva
settings-zone = Időzóna
settings-zone-help = Például: Europe/Budapest. Üresen: ahogy mindenkinek be van állítva.
settings-zone-wrong = Nincs ilyen időzóna: „{ $zone }”. A nevek ilyenek: Europe/Budapest.
settings-keep = Mentés
all-incidents = Minden incidens
watches = Figyelések
handbook = Kézikönyv
handbook-what = Az orszem üzemeltetése, amit talál, és amit a róla szóló riasztások jelentenek. Angolul.
since = Kezdete:
so-far = eddig { $length }

## Signing in

sign-in = Belépés
sign-in-why = Az incidensek listájához be kell lépni. Egy incidens a kapott üzenetben lévő hivatkozással nyitható meg.
sign-in-token = Kulcs
sign-in-token-help = A beállítások api_token értéke: kérje az üzemeltetőtől.
sign-in-do = Belépés
sign-in-wrong = Ez nem a kulcs. Semmi sem változott.
sign-in-token-operator = Az üzemeltetőnek: a beállítások api_token értéke.
sign-in-at = Belépés: { $provider }
sign-in-at-provider = Belépés a szervezet fiókjával
sign-in-proxy = Belépni ez előtt az oldal előtt kell. Aki ezt látja, kikerülte a belépést: az orszemet a szervezet által megadott címen nyissa meg.
sign-in-away = A belépési szolgáltatás nem válaszol. Az üzenetekben lévő hivatkozások most is működnek; próbálja újra egy kicsit később.
sign-in-failed = A belépés nem sikerült. Semmi sem változott. Próbálja újra.
sign-out = Kilépés
signed-in-as = Belépve: { $name } ({ $role })
role-viewer = megtekintő
role-responder = intézkedő
role-approver = jóváhagyó
role-admin = rendszergazda
account = Fiók
account-is = A fiók: { $account }
account-of-proxy = A belépés az orszem előtt történt. Kilépni a szervezet belépési oldalán lehet.
sign-out-everywhere = Kilépés mindenhol
sign-out-everywhere-does = minden eszközön
sign-out-other = Más kiléptetése
sign-out-other-help = A személy neve a beállításokban, vagy a fiókja. Minden eszközén kilép.
sign-out-other-do = Kiléptetés mindenhol

## Refusals

refusal-nothing-changed = Semmi sem változott.
refusal-not-found = Nincs ilyen oldal
refusal-not-found-text = Lehet, hogy a cím csonka.
refusal-method = Ez így nem megy
refusal-method-text = Nyissa meg az incidenst, és használja a gombjait.
refusal-no-incident = Nincs ilyen incidens
refusal-no-incident-text = Lehet, hogy a cím csonka, vagy az incidens olyan régen ért véget, hogy már nem őrizzük.
refusal-unavailable = Ez az oldal nem érhető el
refusal-unavailable-text = A hozzáférési kulcs be van állítva, de nem olvasható. Az okát a program naplója mondja meg.
refusal-too-large = Az űrlap túl nagy
refusal-form = Az űrlap hiányos
refusal-form-text = Hiányzik vagy túl hosszú valami, ami a művelethez kell. Semmi sem változott.
refusal-expired = Ez a hivatkozás lejárt
refusal-expired-text = Semmi sem változott. Az incidensről szóló újabb üzenetben újabb hivatkozás van.
refusal-forged = Ez a hivatkozás érvénytelen
refusal-forged-text = Semmi sem változott. Nyissa meg az incidenst a kapott üzenetből.
refusal-name = Hiányzik a neve
refusal-name-text = Semmi sem változott. Lépjen vissza, és írja be a nevét, hogy mások tudják, ki intézi.
refusal-signed-out = Már nincs belépve
refusal-signed-out-text = Semmi sem változott. Lépjen be, és próbálja újra.
refusal-role = Ehhez nincs jogosultsága
refusal-role-text = Semmi sem változott. Kérjen jogot az üzemeltetőtől, vagy használja az üzenetben lévő hivatkozást.
refusal-no-role = Ennek a fióknak nincs hozzáférése
refusal-no-role-text = A belépés a(z) „{ $account }” fiókkal történt, amelynek nincs szerepe az orszemben. Forduljon az üzemeltetőhöz. Az üzenetekben lévő hivatkozások most is működnek.
refusal-proxy-header = A kérés elutasítva
refusal-proxy-header-text = Olyan fejléc van benne, amelyet csak a belépési proxy küldhet. Semmi sem változott. Szóljon az üzemeltetőnek.
refusal-no-mention = Nincs ilyen említés
refusal-no-mention-text = Az incidens már nem mutatja ezt az említést. Semmi sem változott.
refusal-enough = Ezzel a hivatkozással több nem írható
refusal-enough-text = Ezzel a hivatkozással már annyit írtak az incidenshez, amennyit egy hivatkozással lehet. Semmi sem változott. Az üzemeltetők az API-val még tehetnek valamit.
refusal-not-saved = A műveletet nem sikerült elmenteni
refusal-not-saved-text = A naplót nem sikerült írni. Lépjen vissza, és nyomja meg újra a gombot. Ha megint nem sikerül, hívjon fel egy kollégát.
refusal-starting = Az Orszem most indult el
refusal-starting-text = Még nem olvasta be az incidenseket. Semmi sem változott. Próbálja újra egy pillanat múlva.
refusal-late = Túl sokáig tartott
refusal-late-text = Próbálja újra.

## States, kinds, teams

state-open = Nyitott
state-acknowledged = Valaki intézi
state-resolved = Vége
badge-nobody-came = Senki sem jelentkezett
badge-nobody-had-it = Senkinél sem volt
badge-false-alarm = Téves riasztás
badge-learning = Még tanul
kind-negativity = A szokásosnál több negatív említés
kind-volume = A szokásosnál több említés
kind-praise = A szokásosnál több barátságos említés. Senkit sem riasztunk
kind-slow-burn = Lassú romlás: a negatív említések aránya hirtelen kiugrás nélkül nőtt meg
kind-silence = Nincs említés, miközben a forrás másokat hoz. Senkit sem riasztunk
kind-no-data = A forrás semmit sem hoz
desk-crisis = Válságcsapat
desk-care = Ügyfélszolgálat
desk-employer = Munkáltatói márka
desk-audience = Közönség

## The list

open-incidents = { $n ->
    [0] Nincs nyitott incidens
   *[other] { $n } nyitott incidens
}
list-nothing = Még nincs incidens.
list-nothing-found = Nincs ilyen incidens. Változtasson a fenti szűrőn.
list-cut = Csak az első { $n } látszik. A táblázatban mind benne van.
list-csv = Táblázatként (CSV)
list-read-link = Csak olvasható hivatkozás
list-read-link-is = egy hétig mutatja ezt a listát annak, akinél megvan, és senkinek sem enged beavatkozni.
filter = Szűrő
filter-watch = Figyelés
filter-desk = Csapat
filter-state = Állapot
filter-severity = Súlyosság
filter-days = Kezdődött
filter-all = mind
filter-last-days = { $n ->
    [one] az elmúlt napban
   *[other] az elmúlt { $n } napban
}
filter-do = Mutatás
severity-or-worse = Súlyosság: { $n } vagy súlyosabb
had-it = { $by } intézte, { $at } óta
button-acknowledge-all = { $n ->
   *[other] Átveszem mind a { $n } látható nyitott incidenst
}
csv-minutes = Percek
csv-height = A csúcson
csv-window = Hány perc alatt
csv-had-by = Ki intézte
csv-had-at = Mikortól
csv-closed-by = Ki zárta le
csv-mentions = Összes említés
csv-negatives = Összes negatív

## The watches

watches-now = Az utolsó öt perc
watches-past = Múlt
watches-open = Nyitott incidensek
watches-learning = { $all } figyelésből { $n } még tanulja, mi a szokásos. Addig csak azért riaszt, amit a beállítások mindig válságnak vesznek.
watches-warm = betölti az előzményeket.
watches-no-data = még nincs adat, vagy a program egy másik példánya figyeli
watches-seen = { $n }, ebből { $negatives } negatív
watches-left = tanul, még { $n ->
   *[other] { $n } óra
}
watches-ready = ismert

## An incident: who has it

stands-nobody = Még senkinél sincs.
stands-nobody-came = Mindenkit értesítettünk, és senki sem vette át.
stands-nobody-had-it = Senki sem vette át.
stands-has-it = { $by } intézi, { $at } óta. Ön nem vette át.
stands-has-it-after = { $by } intézi, { $at } óta; előtte nála volt: { $before }. Ön nem vette át.
stands-known = Ismert, mi ez: értesítés csak { $n } említésnél lesz.
stands-you-have-it = Ön ({ $by }) intézi, { $at } óta.
stands-open-again = { $by } lezárta, { $at }. Azóta erősebb lett annál, ami akkor látszott, ezért újra nyitott.
stands-given-back = { $by } visszaadta, { $at }.
stands-undone = { $by } visszavonta, hogy vége, { $at }.
stands-closed = { $by } lezárta, { $at }.
stands-false-alarm = { $by } szerint téves riasztás volt, { $at }.
stands-goes-on = Egy órával később még tartott.

## What you just did

did-know = Önnél van, ismertként. Értesítés csak akkor lesz, ha megduplázódik.
did-yours = Köszönjük. Ön intézi: mást nem riasztunk.
did-not-yours = { $by } intézi { $at } óta. Ön nem vette át.
did-over-already = Köszönjük. Már vége van, nem volt mit átvenni.
did-hand-over = Elmentve. Szóljon a kollégájának is: az Orszem csak azoknak szól, akiket riasztott.
did-escalate = Mentve. A következő lépés riasztása indul.
did-give-back = Elmentve. Senkinél sincs: a riasztás az első lépéstől újraindul.
did-note = Elmentve. A megjegyzés lent olvasható, a „Mi történt” részben.
did-close = Köszönjük. Lezárva. Ezt fél óráig visszavonhatja.
did-undo = Elmentve. Nincs vége.
did-undo-late = Ezt már nem lehet visszavonni. Ha újra erősödik, újra riasztunk.
did-feedback = Köszönjük. Ezt a következő modell tanításához őrizzük meg. A számok nem változnak.
did-soon = Köszönjük. Elmentve, egy pillanat múlva itt is látszik.

## Buttons

you-are = Ön: { $name }.
your-name = Az Ön neve
button-have-it = Nálam van
button-have-it-does = Átveszem
button-take-over = Átveszem
button-take-over-does = Mostantól én intézem
button-over = Vége, vagy nem válság
button-over-does = Lezárás
closing-high = A számok még magasak: { $headline }. Ha most lezárja, senkit sem riasztunk, hacsak erősebb nem lesz annál, ami most látszik. Ha egy óra múlva még tart, erről mindenki értesül, akit értesítettünk.
closing-ask = Vége van, vagy nem is volt válság?
button-closed = Vége van
button-closed-does = Válság volt
button-false-alarm = Téves riasztás
button-false-alarm-does = Nem volt az
button-undo = Nincs vége
button-undo-does = A lezárás visszavonása
more-actions = Megjegyzés, ígéret, átadás, visszaadás
note = Megjegyzés
button-note = A megjegyzés mentése
hand-over-to = Ki intézi mostantól
button-hand-over = Átadás
button-hand-over-does = Már megbeszéltük
button-escalate = A következő riasztása most
button-escalate-does = Nem várunk a lépés idejére
button-know = Ismert: szóljon, ha megduplázódik
button-know-does = Önnél van. Senkit sem hív, amíg a mostani kétszeresét el nem éri
button-give-back = Visszaadás
button-give-back-does = Akkor senkinél sem lesz
link-until = Ez a hivatkozás eddig működik: { $at }.
link-expired = Ez a hivatkozás lejárt, ezért olvasni lehet vele, beavatkozni nem. Az incidensről szóló újabb üzenetben újabb van.
link-expired-page = Ez a hivatkozás lejárt, ezért nem mutat említéseket, és nem lehet vele beavatkozni. Nyissa meg az incidensről szóló legújabb üzenetet: mindegyikben saját hivatkozás van. Az üzemeltetők belépés után olvashatják az incidenst.
link-forged = Ez a hivatkozás érvénytelen vagy csonka, ezért olvasni lehet, beavatkozni nem. Nyissa meg újra az incidenst az üzenetből.
no-link = A beavatkozáshoz nyissa meg az incidenst a kapott üzenetben lévő hivatkozással, vagy lépjen be.
no-role-to-act = Ez a szerep megtekintésre jogosít, intézkedésre nem.

## Figures

figures = Számok
figures-up-to = a számok eddig tartanak: { $at }
fact-now = Most
fact-height = A csúcson
fact-past = Amihez képest
fact-severity = Súlyosság
fact-kind = Fajtája
fact-desk = Csapat
fact-budget = Beállítás
fact-copies = Ebből
fact-classifier = Mennyire biztos
counted-until = { $counted }, eddig: { $at }
usual-unknown = Még nem tudni
usual-and-seldom = Körülbelül { $usual }. Ritka, hogy több: { $high }
past-known = Az utolsó { $learnt }
past-learning = Még semmi: eddig { $learnt }, még { $left ->
   *[other] { $left } óra
} kell
severity-now = { $severity }. Most { $now }
budget = hetente { $n } téves riasztás
copies = { $originals } eredeti, { $reposts } megosztás, { $copies } másolat; legfeljebb { $one } ismétli ugyanazt a szöveget; { $positives } pozitív
classifier = Azt, hogy egy említés negatív-e, program dönti el. Az angol negatív említések { $missed_en } részét, a magyarok { $missed_hu } részét nem veszi észre, a többiek { $mistaken_en } és { $mistaken_hu } részét negatívnak véli.
grounds-multilingual = { $mentions } említésből { $n } olyan nyelvű, amelyhez nincs saját modell; ezeknél gyakrabban téved.
grounds-unjudged = { $mentions } említésből { $n } nyelvét nem ismeri, vagy túl rövid hozzá; ezek csak említésnek számítanak.
grounds-wordless = { $mentions } említésből { $n } a néven kívül nem tartalmaz megítélhető szót; ezek csak említésnek számítanak.
forecast-of = A következő { $hours ->
   *[other] { $hours } órában
} körülbelül { $n } említés ({ $low } és { $high } között)

## Mentions and messages

sample-mentions = Amit az emberek írtak
samples-none = Nincs megőrzött említés.
open-at = megnyitás itt: { $host }
says-class = { $by } szerint: { $class }.
not-this-class = Nem { $class }? Hanem
mention-is = { $n }. említés: { $class }
what-happened = Mi történt
messages-sent = Elküldött üzenetek
messages-none = Még nincs üzenet.
messages-accepted-means = Az „átvette” azt jelenti, hogy a szolgáltatás megkapta az üzenetet, nem azt, hogy valaki elolvasta.
message-receiver = Fogadó
message-what = Üzenet
message-tries = Próbálkozás
message-outcome = Eredmény
message-when = Mikor
message-call = riasztás
message-figures = újabb számok
message-acknowledged = valaki intézi
message-over = vége
message-within = (egy másik incidens üzenetében)
outcome-accepted = átvette
outcome-in-part = részben átvette, újrapróbáljuk
outcome-retry = újrapróbáljuk
outcome-failed = nem sikerült
outcome-sending = küldjük

## What happened

history-told-first = Elsőként értesítve: { $receivers }.
history-told = Azután értesítve: { $receivers }.
history-opened = Elkezdődött, súlyosság: { $n }.
history-figures = Súlyosság: { $n }. { $count } említés { $window } alatt.
history-figures-negative = Súlyosság: { $n }. { $count } negatív említés { $window } alatt.
history-acknowledged = { $by } átvette.
history-taken-over = { $by } átvette más helyett.
history-handed-over = { $by } átadta, új felelős: { $to }.
history-given-back = { $by } visszaadta.
history-noted = { $by } megjegyzése:
history-closed = { $by } lezárta.
history-false-alarm = { $by } szerint téves riasztás.
history-undone = { $by } visszavonta, hogy vége.
history-open-again = Újra nyitva: több lett annál ({ $n }), amennyit { $by } a lezáráskor látott.
history-routed = Útvonala: { $route }.
history-joined = Közös értesítésben van ezzel: { $first }, útvonala: { $route }.
history-feedback = { $by } szerint egy említés { $corrected } (a program szerint { $judged }).
history-escalated = { $by } a következő lépést kérte.
history-nobody-on-call = Ebben a lépésben senkit sem lehetett riasztani.
history-reminded = Rákérdeztünk, hogy még intézik-e.
history-worse = Súlyosabb, mint az átvételkor: a riasztás újraindult.
history-known = { $by } ismeri, { $n } említésnél. Értesítés csak akkor lesz, ha ez megduplázódik.
history-doubled = Megduplázódott, mióta valaki ismertnek jelölte: a riasztás újraindult.
history-withheld = Egy riasztás vár ({ $receiver }), mert elérte a korlátját: másokkal közös üzenetben megy.
history-group-worse = A csoport súlyosabb lett: a riasztás újraindult.
history-page-given-back = Csoportjának egyik incidensét visszaadták: a riasztás újraindult.
history-ran-out = Az átvétel lejárt: a riasztás újraindult.
history-nobody-came = Mindenkit értesítettünk, és senki sem vette át.
history-nobody-notified = Vége. Senkit sem értesítettünk: a figyelésnek nincs fogadója.
person-through = { $by } ({ $receiver } hivatkozásával)
person-api = { $by } (az API-val)

## Trying a query

try-query = Keresés kipróbálása
try-first = Keresés
try-second = Másik keresés, hogy látszódjon, mi változik (nem kötelező)
try-topic = Topic
try-hours = Ennyi idő említései:
try-do = Próba
try-nothing-saved = Itt semmi sem mentődik el. A működő keresést másolja a beállításokba:
try-faults = Hibás a keresés.
try-failed = A keresést nem sikerült kipróbálni:
try-first-query = Első keresés
try-second-query = Második keresés
try-matches = Amit megtalál
try-matched = { $mentions ->
   *[other] { $mentions } említésből { $n }
}, óránként { $per_hour }
try-read = Rekordok innen: { $topic }, az utolsó { $length }.
try-span = Megjelenésük: { $first } – { $last }.
try-newest = Csak a legújabbakat olvastuk be, mert több van, mint amennyit egy oldal olvas. Az összes:
try-refused = Kihagyva, mert nem említések: { $n }; az elsőnek az oka: { $because }.
try-of-first = Az első keresés találatai
try-found = Találatok
try-near = Majdnem találatok
try-only-first = Csak az első keresés találja meg
try-only-second = Csak a második keresés találja meg
try-none = Nincs.
try-sample = Minta: { $count } közül { $n }.

## The chart

chart-too-little = Az ábrához még kevés az adat.
chart-mentions = Említések { $span } alatt
chart-negatives = Negatív említések { $span } alatt
chart-share = A negatív említések aránya { $span } alatt
chart-negative = ebből negatív
chart-usual = szokásos
chart-band = ritka, hogy több vagy kevesebb
chart-limit = A beállított határ: { $within } alatt { $limit }, egyenletesen elosztva { $span } alatt { $pace }
chart-worst = A csúcson: { $counted }, { $at }-ig
chart-began = itt kezdődött
chart-times = Időzóna: { $zone }, kezdete: { $from }
chart-tip = { $at }: { $n }
chart-tip-usual = { $at }: { $n } (szokásos: { $usual })
chart-says-mentions = Említések, egy pont { $span }, kezdete { $since }: legfeljebb { $most }, ekkor: { $at }.
chart-says-negatives = Negatív említések, egy pont { $span }, kezdete { $since }: legfeljebb { $most }, ekkor: { $at }.
chart-says-share = A negatív említések aránya, egy pont { $span }, kezdete { $since }: legfeljebb { $most }, ekkor: { $at }.
chart-says-usual = A szokásos körülbelül { $usual }, ritka, hogy több mint { $high }.
chart-says-unknown = Még nem tudni, mi a szokásos.
chart-peak = legfeljebb { $n }
chart-peaks = az elsővel legfeljebb { $first }, a másodikkal { $second }
chart-matches = Találatok óránként
chart-matches-first = Találatok óránként, első keresés
chart-matches-second = második keresés
chart-matches-since = Találatok óránként, kezdete { $since }: { $peaks }.

## Playbooks

playbook-heading = Forgatókönyv: { $title }
playbook-by = határidő: { $at }
playbook-late = lejárt: { $at }
playbook-done = Kész: { $by }, { $at }
button-tick = Kész
button-untick = Mégsem kész
did-tick = Elmentve.
history-ticked = { $by } elvégezte: { $item }
history-unticked = { $by } visszavonta, hogy kész: { $item }
refusal-no-item = Ilyen nincs a forgatókönyvben
refusal-no-item-text = A forgatókönyv az imént megváltozott. Lépjen vissza, töltse újra az oldalt, és ott nyomja meg a gombot.
