### Hogy ma éjjel működne-e.

readiness = Ma éjjel működne?
readiness-none = Semmi nem hiányzik.
readiness-count = { $n ->
   *[other] { $n } dolog hiányzik. Mindegyiknél ott áll, ki pótolja és hogyan.
}
readiness-more = és még { $n }
readiness-owner = Pótolja: { $owner }.
readiness-keeper = Pótolják, akik a beállításokat kezelik.
gap-rotation-gap-title = Nincs ügyeletes
gap-rotation-gap = { $of }: nincs ügyeletes ettől: { $at }.
gap-rotation-gap-fix = Vegyen fel egy réteget vagy helyettesítést, vagy legyen minden riasztási láncnak tartaléka.
gap-certificate-ends-title = 30 napon belül lejáró vagy lejárt tanúsítványok
gap-certificate-ends = Eddig érvényes a tanúsítvány: { $at }. Ez a beállítás nevezi meg: { $of } ({ $what }).
gap-certificate-ends-fix = Szerezzen be újat, tegye ugyanarra a helyre, és töltesse újra az orszemmel. A Kafkához újra kell indítani.
gap-token-ends-title = 30 napon belül lejáró vagy lejárt tokenek
gap-token-ends = Eddig érvényes a token: { $at }. Ez a beállítás nevezi meg: { $of } ({ $what }).
gap-token-ends-fix = Kérjen újat, tegye ugyanarra a helyre, és töltesse újra az orszemmel. Az `orszem check` megmondja, melyik titokhoz kell újraindítani.
gap-credential-ends-title = 30 napon belül lejáró vagy lejárt belépési adatok
gap-credential-ends = A belépési adatok utolsó napja { $what }, ennél a fióknál: { $of }.
gap-credential-ends-fix = Újítsa meg ott, ahol tartják, lépjen be vele egyszer, és írja be az új utolsó napját: `credential_expires`.
gap-leaver-title = Akik elmentek
gap-leaver = { $of } elment, de még szerepel itt: { $what }.
gap-leaver-fix = Vegye ki őket az ügyeletből, a riasztási láncokból és a fiókokból, és változtassa meg az általuk ismert jelszavakat.
gap-way-unconfirmed-title = Utak, amelyeken még senki nem válaszolt
gap-way-unconfirmed = { $of } még nem válaszolt üzenetre ezen az úton: { $what }.
gap-way-unconfirmed-fix = Küldjön próbát az „Utak” oldalon, és nyissa meg a benne lévő hivatkozást.
gap-owner-unreachable-title = Elérhetetlen felelősök
gap-owner-unreachable = Senki nem érhető el azok közül, akik ezért felelnek: { $of }.
gap-owner-unreachable-fix = Adjon meg utat a felelőshöz, vagy nevezzen meg másikat.
gap-access-unproven-title = Nem igazolt hozzáférések
gap-access-unproven = { $what } az elmúlt negyedévben nem igazolta, hogy be tud lépni ide: { $of }.
gap-access-unproven-fix = Lépjen be egyszer, és válaszoljon a kapott kérdésre. Ha nem tud belépni, állítsák helyre a hozzáférését.
gap-one-administrator-title = Fiókok kettőnél kevesebb kezelővel
gap-one-administrator = Ennek a fióknak kettőnél kevesebb jelenlévő kezelője van: { $of }.
gap-one-administrator-fix = Adjon hozzáférést egy második embernek, és nevezze meg a beállításokban.
gap-outside-only-title = Fiókok, amelyekbe csak külsősök tudnak belépni
gap-outside-only = Ide csak a cégen kívüliek tudnak belépni: { $of }.
gap-outside-only-fix = Vegyék át a fiókot: a cégnél két embernek legyen saját hozzáférése.
gap-statement-expired-title = Lejárt közlemények
gap-statement-expired = Lejárt a szöveg: { $of }, nyelv: „{ $what }”.
gap-statement-expired-fix = Olvassa el, módosítsa, ha kell, és adjon meg új dátumot.
gap-statement-missing-title = Közlemények hiányzó nyelven
gap-statement-missing = { $of }: nincs szöveg ezen a nyelven: „{ $what }”.
gap-statement-missing-fix = Írja meg, és hagyassa jóvá.
gap-watch-without-owner-title = Figyelések felelős nélkül
gap-watch-without-owner = Senki nem felel ezért: { $of }.
gap-watch-without-owner-fix = Nevezzen meg felelőst a figyelésnél.
gap-watch-without-playbook-title = Figyelések forgatókönyv nélkül
gap-watch-without-playbook = Nincs forgatókönyv ehhez: { $of }.
gap-watch-without-playbook-fix = Írjon egyet, vagy vonatkoztasson rá egy meglévőt.
gap-receiver-refused-title = Fogadók, amelyek utolsó próbája nem sikerült
gap-receiver-refused = A próbát visszautasította: { $of }, { $at }.
gap-receiver-refused-fix = Futtassa újra: `orszem receiver test`. Megmondja, mit válaszolt a másik oldal.
gap-team-undrilled-title = Nem volt gyakorlat
gap-team-undrilled = Az elmúlt 180 napban nem volt csapatgyakorlat.
gap-team-undrilled-fix = Futtassa: `orszem drill`, bejelentve vagy anélkül.
gap-person-undrilled-title = Akik nem gyakoroltak
gap-person-undrilled = { $of } az elmúlt 180 napban egyetlen gyakorlaton sem vett részt, és tízpercest sem végzett el.
gap-person-undrilled-fix = Végezzék el a tízperces gyakorlatot, amely a „Fiókjaink” oldalról érhető el. Vagy tartson gyakorlatot, amikor ők az ügyeletesek: megnyitják az oldalát, és megteszik, amit egy igazi kérne.

## Be tudott lépni?

access-title = Hozzáférés
access-headline = Be tudott ma lépni ide: { $account }?
access-meaning = Nem történt semmi. Lépjen be, aztán nyissa meg a hivatkozást, és mondja meg, sikerült-e.
access-what = { $person }, kérjük, lépjen be most, és mondja meg, sikerült-e. Semmi nem kerül ki.
access-yes = Igen, sikerült
access-no = Nem sikerült
access-thanks = Köszönjük
access-thanks-yes = Feljegyeztük. Negyedév múlva kérdezzük újra.
access-thanks-no = Feljegyeztük, és látszik ott, ahol a készenlétet mutatjuk. Kérje a fiók felelősét, hogy állítsa helyre a hozzáférését.
access-stale-text = A következő negyedévben újra megkérdezzük. Akik a beállításokat kezelik, látják, hogy nyitva van.

## A kríziskártya

card = Kríziskártya
card-of = Állapot: { $at }. Nyomtassa ki, és tartsa ott, ahol akkor is megtalálja, ha semmi nem működik. Az nincs rajta, hol vannak a belépési adatok.
card-nobody = A következő két hétben nincs ügyeletes.
card-people = Emberek
card-statements = Amit azonnal mondhatunk
card-headline = Megváltozott a kríziskártya, { $at }
card-meaning = Nem történt semmi. Nyomtassa ki újra, és dobja el a régit. Rajta van minden, ami akkor kell, ha semmi nem működik.
