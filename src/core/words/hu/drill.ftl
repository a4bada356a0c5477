### Amit a gyakorlatok mondanak: az üzenetekben, az oldalakon és a jelentésben.

## A jelzés: minden üzenetben és minden oldalon ez áll elöl

drill-mark = GYAKORLAT
drill-marked = GYAKORLAT: { $text }
drill-note = Ez gyakorlat: nem történt semmi. Tegye azt, amit élesben tenne, de ne tegyen közzé semmit.
drill-note-page = Ez gyakorlat: nem történt semmi. Tegye azt, amit élesben tenne, de ne tegyen közzé semmit. Amit itt megnyom, csak ezt a gyakorlatot változtatja meg.

## Ami kitalált

drill-invented = [Gyakorlathoz kitalált szöveg] { $text }
drill-source = gyakorlat
drill-author = kitalált szerző
drill-scandal-term = eltussolták
drill-scandal-first = Hat évig dolgoztam itt: { $title }. Tavasz óta tudnak róla, és senkinek sem szóltak.
drill-scandal-farthest = { $title }: eltussolták, itt vannak a levelek. Olvassátok el a harmadik oldalt, és utána mondjátok, hogy véletlen volt.
drill-scandal-typical = Hihetetlen. Ennél a cégnél olvassa egyáltalán valaki, amit ide írnak? ({ $title })
drill-outage-term = nem működik
drill-outage-first = { $title }: mindenkinél leállt, vagy csak nálam?
drill-outage-farthest = { $title }: már második órája nem működik, és egy szót sem szólnak róla.
drill-outage-typical = Nem tudok belépni: { $title }. Mikor lesz megint jó?

## Amit kezdés előtt mondunk

drill-title = Gyakorlat
drill-soon = Gyakorlat kezdődik, időpont: { $begins }. Tárgya: { $scenario }, { $title }
drill-soon-meaning = Nem történt semmi. Akkor lehet, hogy Önt is hívjuk: minden üzenet a GYAKORLAT szóval kezdődik.

## A jelentés

drill-report = A gyakorlat jelentése
drill-detected = Észlelve
drill-paged = Az első üzenet megérkezett
drill-acknowledged = Átvéve
drill-approved = Nyilatkozat jóváhagyva
drill-over = Vége
drill-after = { $time } múlva
drill-after-by = { $time } múlva ({ $by })
drill-not-reached = nem történt meg
drill-goes-on = még tart
drill-calls = Kit hívtunk és mikor (perc és másodperc az észleléstől)
drill-no-calls = senkit sem hívtunk
drill-called = hívás: { $time }
drill-arrived = megérkezett: { $time }
drill-failed = nem kézbesíthető ({ $reason })
drill-unanswered = még nincs válasz
drill-has = átvette: { $time }
drill-has-not = nem vette át

## Oldalak

drills = Gyakorlatok
drill-yes = igen
drill-no = nem
drill-column = Gyakorlat
drill-silences-only = Csak gyakorlatokra: ha valóban történik valami, a hívás akkor sem marad el
drill-silence = Csak gyakorlatokra vonatkozik
drill-silence-link = Gyakorlatok elnémítása

## A tízperces gyakorlat

personal-drill = Tízperces gyakorlat
personal-drill-what = Megnevez egy fiókot. Keresse meg, nézze meg, hol van a belépési adata, próbáljon belépni, és olvassa el, hogyan kell ott posztolni. Ne tegyen közzé semmit. Senkit sem hívunk.
personal-drill-start = Kezdés
personal-drill-start-does = Elindul a tíz perc, és megjelenik, melyik fiókról van szó.
personal-drill-again = Új gyakorlat kezdése
personal-drill-again-does = Az előző befejezetlen marad.
personal-drill-no-accounts = Nincs beállított fiók, így nincs mit megkeresni. Előbb vegyen fel egyet.
personal-drill-sign-in = Ez az Ön saját gyakorlata: jelentkezzen be a beállításokban szereplő személyként.
personal-drill-account = Az Ön fiókja: { $account }
personal-drill-until = Kezdés: { $began }. A tíz perc vége: { $until }.
personal-drill-late-now = A tíz perc lejárt: { $until }. Folytassa így is: későn elvégzettként őrizzük meg, és számít.
personal-drill-find = Keresse meg a fiókot, és nézze meg, hol van a belépési adata
personal-drill-find-do = A fiókokhoz
personal-drill-found = Megnyitva: { $at }
personal-drill-access = Vegye elő a belépési adatot, lépjen be, majd lépjen ki
personal-drill-access-yes = Be tudott lépni ({ $at }).
personal-drill-access-no = Nem tudott belépni ({ $at }). Kérje a fiók felelősétől, hogy állítsa vissza a hozzáférését.
personal-drill-read = Olvassa el, hogyan kell posztolni
personal-drill-read-none = Senki sem írta le, hogyan kell ott posztolni. Szóljon a fiók felelősének.
personal-drill-read-do = Elolvastam
personal-drill-read-done = Elolvasva: { $at }
personal-drill-step-waits = A(z) { $n }. lépés után.
personal-drill-owner = Nem történt semmi, és nincs teendő: ez egy tízperces gyakorlat része volt.
personal-drill-yours = Az Ön gyakorlatai
personal-drill-in-time = { $account }: elvégezve { $length } alatt, { $at }
personal-drill-late = { $account }: későn elvégezve, { $length } alatt, { $at }
personal-drill-incomplete = { $account }: nem fejezte be, { $at }
personal-drill-did = Elvégezve { $length } alatt. Fél évig számít.
personal-drill-did-late = Későn elvégezve: { $length } alatt, a cél tíz perc volt. Fél évig számít.
personal-drill-note = Gyakorlaton van: keresse meg ezt a fiókot, és nézze meg, hol van a belépési adata: { $account }.
personal-drill-back = Vissza a gyakorlathoz
