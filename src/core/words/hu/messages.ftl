### What messages say, in Hungarian. Names and figures stand where no ending is needed.

## Numbers and lengths of time

mentions = { $n ->
   *[other] { $n } említés
}
millions = { $n } millió
minutes = { $n ->
    [one] egy perc
   *[other] { $n } perc
}
hours = { $n ->
    [one] egy óra
   *[other] { $n } óra
}
days = { $n ->
    [one] egy nap
   *[other] { $n } nap
}

## The headline: what was counted at the height, and what is usual

counted = { $kind ->
    [negatives] { $n ->
       *[other] { $n } negatív említés { $window } alatt
    }
    [friendly] { $n ->
       *[other] { $n } többnyire barátságos említés { $window } alatt
    }
   *[mentions] { $n ->
       *[other] { $n } említés { $window } alatt
    }
}
headline-usual = { $title }: { counted } (szokásos: { $usual })
headline-unknown = { $title }: { counted }
headline-limit = { $title }: { counted }. A beállított határ: { $limit }, { $within } alatt
headline-worst-usual = { $title }: { counted } a csúcson (szokásos: { $usual }), { $at }
headline-worst-unknown = { $title }: { counted } a csúcson, { $at }
headline-worst-limit = { $title }: { counted } a csúcson, { $at }. A beállított határ: { $limit }, { $within } alatt
headline-now = { $headline }. Most { $now }, csökken
headline-silence = { $title }: { $window } óta nincs említés (szokásos: { $usual })
headline-no-data-all = { $window } óta egyetlen forrásból sem érkezett említés
headline-no-data = { $window } óta semmi sem érkezett innen: { $about }

## Why it is an incident

why-share = { $mentions } említésből { $n } negatív volt ({ $share }). A szokásos arány { $usual }.
why-slow-burn = { $span } óta { $mentions } említésnek { $share } része negatív. A megelőző hetekben { $usual } volt a szokásos. Hirtelen kiugrás nem volt.
why-negatives-last-days = Az utóbbi napokban ennyi idő alatt átlagosan { $expected } negatív említés volt. Most az említések { $share } része negatív, a szokásos { $usual }.
why-negatives-same-hours = Ezekben az órákban az elmúlt hét napban { $expected } negatív említés volt. Most az említések { $share } része negatív, a szokásos { $usual }.
why-mentions-last-days = Az utóbbi napokban ennyi idő alatt átlagosan { $expected } említés volt.
why-mentions-same-hours = Ezekben az órákban az elmúlt hét napban { $expected } említés volt.
why-limit-negatives = Átlépte az Önök által beállított határt: { $least } negatív említés, { $within } alatt.
why-limit-mentions = Átlépte az Önök által beállított határt: { $least } említés, { $within } alatt.
why-not-known-yet = Még nem tudni, mi a szokásos: ehhez még { $hours ->
   *[other] { $hours } óra kell
}.
why-outright = Ennyi negatív említés válság, bármi is a szokásos.
why-note = A negatívak aránya nem nagyobb a szokásosnál, ezért senkit sem riasztunk.
why-new-usual = Olyan régóta tart, hogy ez lett az új szokásos.
why-praise = Többségük barátságos. Senkit sem riasztunk.
why-silence = Más említések továbbra is érkeznek. Senkit sem riasztunk.
why-no-data-all = Amíg ez tart, a válságok nem látszanak.
why-no-data = Amíg ez tart, nem látszik, mit mondanak ott.
why-and = { $first } { $second }

## Severity and standing

severity = Súlyosság: { $n } (1 a legsúlyosabb, 4 a legenyhébb)
severity-short = Súlyosság: { $n }
standing-open = még senkinél sincs
standing-nobody-came = mindenkit értesítettünk, és senkinél sincs
standing-calls-ended = senkinél sincs, és mást nem értesítünk: a figyelésnek nincs már riasztási rendje
standing-acknowledged = { $by } intézi { $at } óta
standing-known = { $by } ismeri, értesítés csak akkor lesz, ha megduplázódik
standing-over = vége
standing-over-by = vége: { $by } lezárta
standing-over-false-alarm = vége: { $by } szerint téves riasztás
standing-over-removed = vége: a figyelést kivették a beállításokból
standing-goes-on = { $by } lezárta ({ $at }), de még tart

## What a message tells that was not told before: a sentence for the first line

news-called-again = Ismételt riasztás: { $since } óta senki sem vette át.
news-worse = Súlyosbodik: a súlyosság most { $n } (1 a legsúlyosabb).
news-acknowledged = { $by } intézi { $at } óta. Mást nem riasztunk.
news-taken-over = { $by } intézi { $at } óta. Előtte nála volt: { $before }.
news-undone-with = { $who } visszavonta, hogy vége. Most { $by } intézi.
news-undone = { $who } visszavonta, hogy vége. Senkinél sincs.
news-given-back = { $who } visszaadta ({ $at }). Senkinél sincs.
news-still-yours = { $by }, még Ön intézi? Nyugtázza újra 10 percen belül, különben másokat riasztunk.
news-doubled = { $by } szerint ismert volt. Azóta megduplázódott: { $n }.
news-not-heard-of = { $by } nem jelentkezett. Senkinél sincs.
news-missing = { $by } intézi. Még nem vette át: { $missing }.
news-nobody-came = Mindenkit értesítettünk, és { $since } óta senki sem vette át.
news-calls-ended = Mást nem értesítünk: a figyelésnek nincs már riasztási rendje.
news-open-again = Újra nyitva: erősödött, miután { $by } lezárta ({ $at }).
news-group-open-again = Újra nyitva: a csoportban új incidens kezdődött.
news-goes-on = { $by } lezárta ({ $at }), de még tart.
news-over = Vége: az említések száma visszatért a szokásoshoz.
news-over-new-usual = Vége: ami most érkezik, az lett az új szokásos.
news-over-by = Vége: { $by } lezárta.
news-over-false-alarm = Vége: { $by } szerint téves riasztás volt.
news-over-removed = Vége: a figyelést kivették a beállításokból, így senki sem látja, hogyan folytatódik.
news-over-nobody = { $news } Senki sem vette át.

## Subjects: the headline with what the message tells before it

subject-first = [{ $n }. súlyosság] { $headline }
subject-called-again = [{ $n }. súlyosság] Ismételt riasztás: { $headline }
subject-worse = [{ $n }. súlyosság] Súlyosbodik: { $headline }
subject-acknowledged = { $by } intézi: { $headline }
subject-nobody-came = [{ $n }. súlyosság] Senki sem jelentkezett: { $headline }
subject-calls-ended = [{ $n }. súlyosság] Mást nem értesítünk: { $headline }
subject-open-again = [{ $n }. súlyosság] Újra nyitva: { $headline }
subject-back = [{ $n }. súlyosság] Újra senkinél sincs: { $headline }
subject-still-yours = [{ $n }. súlyosság] Még Ön intézi? { $headline }
subject-goes-on = Még tart: { $headline }
subject-over = Vége: { $headline }
subject-ended = Lezárult: { $headline }
subject-more = { $subject } (és még { $more ->
   *[other] { $more } incidens
})

## Facts: at most six, a name and a value

fact-driven-by = A szokásosnál jóval többször
fact-people = Említések
fact-reach = Elérés
fact-forecast = Előrejelzés
fact-chance = Véletlenül
fact-began = Kezdete
fact-ended = Vége
fact-silent = Néma
fact-usual = Szokásos
fact-incident = Incidens
driven-figure = „{ $term }” ({ $times }-szeres)
driven-new = „{ $term }” (új)
driven-author = „{ $term }” szerző ({ $times }-szeres)
driven-source = „{ $term }” forrás ({ $times }-szeres)
driven-language = „{ $term }” nyelv ({ $times }-szeres)
people = { $mentions ->
   *[other] { $mentions } említés
}, { $authors ->
   *[other] körülbelül { $authors } szerzőtől
}, { $negatives ->
    [0] egyik sem negatív
   *[other] { $negatives } negatív
}
people-one-text = { $people }. 10-ből { $part } ugyanazt a szöveget ismétli
people-pass-on = { $people }. 10-ből { $part } mások írását adja tovább
reach = A szerzőknek együtt legfeljebb { $followers } követőjük van
forecast = Ha így folytatódik: a következő { $hours ->
   *[other] { $hours } órában
} körülbelül { $n } további ({ $low } és { $high } között)
forecast-further = { $forecast }, a következő { $hours } órában { $n }
chance-often = hetente körülbelül { $n } alkalommal
chance-week = hetente körülbelül egyszer
chance-weeks = körülbelül { $n } hetente egyszer
chance-months = körülbelül { $n } havonta egyszer
chance-years = körülbelül { $n } évente egyszer
chance-century = 100 évben egyszer sem
silent-all = Minden forrás
usual-minutes = { $window } alatt körülbelül { $n ->
   *[other] { $n } percben
} van említés

## Other parts of a message

detail-why = Miért
detail-standing = Állapot
to-do = Első teendők
move-within = { $move } (határidő: { $time })
moves-more = és még { $n }, az oldalon
open-link = Megnyitás, átvétel
open-link-over = Megnyitás
link-line = Megnyitás, átvétel: { $link }
link-line-over = Megnyitás: { $link }
quotes = Amit az emberek írtak (nem a mi szavaink)
quotes-note = Orszem, incidens: { $incident }. A fenti idézetek mások szavai.
others-forbidden = { $n ->
   *[other] További { $n } incidens ebben az egy üzenetben, mert a fogadó nem enged mindegyikhez külön üzenetet
}
others-of-group = { $n ->
   *[other] További { $n } incidens ugyanebből a csoportból
}
others-of-digest = { $n ->
   *[other] További { $n } incidens, amelyek miatt senkit sem kell felébreszteni, mostani állásuk szerint
}
others-more = és még { $n }
other-line = Súlyosság { $n }: { $headline }
quote-on = { $author }, { $source }
quote-followers = { $n ->
   *[other] { $n } követő
}
quote-unknown = ismeretlen szerző
class-negative = negatív
class-neutral = semleges
class-positive = pozitív
role-first = Az első
role-farthest = A legtöbb emberhez jut el
role-typical = Jellemző

## Messages about no incident

plain-link = Megnyitás: { $link }
plain-open = Megnyitás
shift-title = Ügyelet
shift-soon = Ügyeletes lesz: { $rotation }, { $from }
shift-now = Mostantól Ön az ügyeletes: { $rotation }
shift-until = Eddig: { $until }. Nem történt semmi, ez csak tájékoztatás.
shift-open-end = Nem történt semmi, ez csak tájékoztatás.
trial-title = Próba
trial-headline = Próba: megérkezett?
trial-meaning = Nem történt semmi. Nyissa meg a hivatkozást és nyomja meg a gombot: ebből derül ki, hogy így elérhető.
trial-receiver-headline = Próba: megérkeznek ide az üzenetek?
trial-receiver-meaning = Nem történt semmi. Valaki kipróbálja, hogy ide megérkeznek-e az üzenetek: nincs teendő.
canary-title = Kanári
canary-headline = Az üzenetek útja rendben van
canary-meaning = Nem történt semmi. Néhány percenként egy ilyen üzenet próbálja végig az egész utat: nincs teendő.
