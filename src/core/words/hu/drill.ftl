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
