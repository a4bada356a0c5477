### Who is on call, and what is silenced, in Hungarian.

## Who is on call

oncall = Ügyelet
oncall-no-rotation = A beállításokban nincs beosztás. Hogy hogyan lehet felvenni, a docs/oncall.md írja le.
oncall-nobody = Senki
oncall-until = eddig: { $at }
oncall-next = Utána { $who }, ettől: { $at }
oncall-gaps = { $n ->
    [one] A következő 30 napban egyszer nincs ügyeletes:
   *[other] A következő 30 napban { $n } alkalommal nincs ügyeletes:
}
oncall-shifts = A következő 14 nap
oncall-when = Mikor
oncall-zone = Az időpontok időzónája: { $zone }.
oncall-changes = Kézzel felvett változások
oncall-cancelled = Visszavonva
oncall-cancelled-by = Visszavonta: { $by }.
oncall-cancel = Visszavonom
oncall-take = Elvállalom
oncall-take-does = A kezdetétől helyette van ügyeletben.
oncall-taker = Ki vállalja
oncall-made = A változás mentve. Ügyeletben:
oncall-difference = { $span }: { $after } ({ $before } helyett)
oncall-idle = Ez semmin sem változtat: az illető akkor nincs ügyeletben. Ha nem ez volt a cél, vonja vissza.
oncall-new-gap = Ennek az időnek egy részében senki sincs ügyeletben. Vegyen fel valakit, vagy vonja vissza.
oncall-taken = Elvállalta: { $person }.
oncall-offered = A kérés mentve. Amíg valaki el nem vállalja, nem változik semmi.
oncall-late = Valaki megelőzte, vagy közben visszavonták. Semmi sem változott.
oncall-doubt-twice = Azon az éjszakán visszaállítják az órát, ez az időpont kétszer van. Az első számít.
oncall-doubt-missing = Azon az éjszakán előreállítják az órát, ez az időpont kimarad. Az óraállítás utáni időpont számít.
override-add = { $who } is ügyeletben van
override-remove = { $who } nincs ügyeletben
override-replace = { $who } { $whom } helyett
override-replace-all = { $who } mindenki helyett
override-roster = Egyedi beosztás a szokásos helyett
override-offer = { $who } keres valakit, aki ezt átveszi
override-new = Helyettesítés
override-rotation = Beosztás
override-kind = Mi változik
override-kind-replace = helyettesít valakit
override-kind-add = ő is ügyeletben van
override-kind-remove = nincs ügyeletben
override-person = Ki
override-whom = Ki helyett
override-everybody = mindenki helyett, aki ügyeletben van
override-from = Kezdete (üresen: most)
override-to = Vége
override-times-help = A beosztás időzónája szerint.
override-reason = Miért (mások is olvassák)
override-make = Mentés
override-fault-rotation = Nincs ilyen beosztás: „{ $name }”.
override-fault-person = Nincs ilyen személy: „{ $name }”.
override-fault-left = { $name } akkor már nem hívható: az utolsó napja korábban van.
override-fault-nobody = Nincs megadva senki.
override-fault-span = A végének a kezdete után és a jövőben kell lennie.
override-fault-too-long = Legfeljebb 92 napig tarthat. Hosszabb időre a beállításokban kell módosítani a beosztást.
offer-new = Műszak átadása
offer-person = Kinek a műszakja
offer-make = Kérem
offer-make-does = A többiek itt látják. Amíg valaki el nem vállalja, nem változik semmi.
calendar-title = Ügyelet: { $name }
calendar-shift = Ügyelet: { $rotation }
calendars = Naptárak
calendars-what = Ezekre a címekre lehet feliratkozni egy naptárprogramban. Aki ismeri a címet, látja a műszakokat, az incidensekről semmit. A legtöbb naptár csak néhány óránként frissít.
calendars-no-secret = Adja meg a [web] link_secret értékét: nélküle ezek a címek a program újraindulásáig élnek.
calendar-own = A saját műszakjai
calendar-renew = Új cím
calendar-renew-does = A régi ezután nem nyit meg semmit.

## What is silenced

silences = Némítások
silences-none = Semmi sincs némítva.
silences-over = Az elmúlt héten véget ért
silence-made = A némítás mentve, mostantól érvényes.
silence-holds = Érvényes eddig: { $until }
silence-waits = { $from } és { $until } között
silence-was = { $from } – { $until }
silence-everything = Minden incidens
silence-by = { $by }, { $at }
silence-ended-by = Véget vetett neki: { $by }.
silence-end = Vége most
silence-end-does = Akit hívott volna a program, azt azonnal hívja.
silence-new = Új némítás
silence-for = Mennyi időre
severity-or-milder = { $n }. szintű vagy enyhébb
silence-match = Pontosabban
silence-match-label = Szűrő
silence-match-help = Úgy, mint az útvonalaknál, például: kind = "volume", labels = { "{" } story = "merger*" { "}" }. A fenti választások helyett számít.
silence-reason = Miért (mások meg fogják kérdezni)
silence-look = Az elmúlt hét
silence-look-does = Mit némított volna el. Semmi sem változik.
silence-make = Némítás
silence-make-does = A végéig ezekért az incidensekért nem hív senkit a program.
silence-sure = Némítás így is
silence-past = Az elmúlt héten { $all } riasztó incidensből { $n } maradt volna némán.
silence-broad-everything = Ez minden figyelés minden incidensét elnémítja.
silence-broad-watches = Ez minden figyelést elnémít.
silence-broad-past = Ez az elmúlt hét minden incidensét elnémította volna.
silence-fault-match = A szűrő nem értelmezhető: { $what }
silence-fault-no-reason = Írja meg, miért: mások meg fogják kérdezni, miért nem hívtak senkit.
silence-fault-long-reason = Az indoklás túl hosszú: legfeljebb 500 karakter.
silence-fault-span = A végének a kezdete után és a jövőben kell lennie.
silence-fault-too-long = Egy némítás legfeljebb 30 napig tarthat. Hosszabb időre vegyen fel egy útvonalat: nobody = true.
silence-fault-idle = Ilyen incidens egyik figyelésnél sem lehet: a némítás nem némítana semmit.

## The ways to people

ways = Elérhetőségek
ways-what = Így hívja a program az embereket. Egy elérhetőség akkor biztos, ha az illető már válaszolt egy így érkezett üzenetre.
ways-none = Önnek nincs elérhetősége a beállításokban.
ways-unconfirmed = { $n ->
    [one] Egy elérhetőségre még nem jött válasz: nem tudni, működik-e.
   *[other] { $n } elérhetőségre még nem jött válasz: nem tudni, működnek-e.
}
way-confirmed = Válasz érkezett: { $at }.
way-unconfirmed = még nem jött válasz
way-test = Próbaüzenet
way-test-does = Azt írja, hogy nem történt semmi, és választ kér.
way-sent = Elküldve. Akkor számít, ha a benne lévő hivatkozásra válasz jön.
way-not-sent = Nem sikerült elküldeni: { $why }
way-answer = Megérkezett?
way-answer-what = { $person }, próbaüzenet érkezett ezen az úton: { $receiver }. Nem történt semmi.
way-answer-do = Megérkezett
way-thanks = Köszönjük
way-thanks-text = Mostantól biztos, hogy így elérhető. Más teendő nincs.
way-stale = Ez a hivatkozás lejárt
way-stale-text = Semmi sem változott. Kérjen új próbaüzenetet, vagy küldjön egyet az „Elérhetőségek” oldalon.
