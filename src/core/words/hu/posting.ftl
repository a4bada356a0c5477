### Ki posztolhat, mit mondunk, fiókok, és az ezekről szóló üzenetek.

## Üzenetek egy embernek

ask-statement = { $by } szövege: „{ $text }”
ask-approve = kérjük, hagyja jóvá a közleményt
ask-approve-as-deputy = a közleményt még senki nem hagyta jóvá. Kérjük, helyettesként hagyja jóvá
ask-may-go-out = a közleményt időben senki nem hagyta jóvá. Második ember nélkül is kimehet: Önnek van felhatalmazása. Ez naplózva van
ask-may-post = a közlemény jóvá van hagyva. Közzétehető eddig: { $until }
ask-due = most esedékes: { $what }
ask-due-meaning = Nyissa meg az incidenst, intézze el vagy intéztesse el, és pipálja ki ott.
ask-due-elsewhere = lejárt, és senki nem pipálta ki: { $what }
ask-due-elsewhere-meaning = Akinél az incidens van, kapott emlékeztetőt. Kérjük, gondoskodjon róla, hogy meglegyen, és pipálja ki.
ask-due-several = most { $n } dolog esedékes
ask-due-several-meaning = { $list } Nyissa meg az incidenst, intézze el vagy intéztesse el ezeket, és pipálja ki ott.
ask-due-elsewhere-several = { $n } dolog lejárt, és senki nem pipálta ki
ask-due-elsewhere-several-meaning = { $list } Akinél az incidens van, kapott emlékeztetőt. Kérjük, gondoskodjon róla, hogy meglegyenek, és pipálja ki őket.
ask-looked-up = { $by } megnézte, hol van ennek a fióknak a belépési adata: { $account }
ask-looked-up-meaning = Ön a fiók felelőse. Ha ez nem volt rendben, lépjen azonnal.

## Ki posztolhat

posting-heading = Ki posztolhat most
posting-on-duty = Ügyeletes
posting-until = eddig: { $at }
posting-deputies = Helyettes
posting-approvers = Jóváhagy
posting-mandate = Kérdés nélkül mehet
posting-nobody = most senki

## A közlemény

language-code = hu
statement-heading = Mit mondunk
statement-revision = { $n }. változat, { $by }, { $at }
statement-forbidden = Ezt nem szabad mondani: „{ $phrase }”
statement-approved = Jóváhagyta: { $by }, { $at }.
statement-waived = Időben senki nem hagyta jóvá. { $at } óta második ember nélkül is kimehet; a felhatalmazás: { $who }.
statement-waits = Egy második ember jóváhagyására vár.
statement-waits-for = Egy második ember jóváhagyására vár: { $who }.
statement-own-text = Ön írta: egy második embernek kell jóváhagynia.
statement-may-post = Közzéteheti: { $who } (ügyeletes), eddig: { $until }.
statement-may-post-anybody = Közzétehető eddig: { $until }.
statement-ran-out = Eddig lehetett volna közzétenni: { $until }. Hagyassa jóvá újra: módosítsa vagy írja meg újra.
statement-posted = A(z) { $n }. változat kint van: { $by }, { $at }.
statement-posted-by = A(z) { $n }. változat kint van itt: { $account }. { $by }, { $at }.
statement-posted-where = Megnézem ott
statement-must-not = Amit nem szabad mondani
statement-fallback = A krízis nyelve: „{ $wanted }”. Ezen a nyelven nincs érvényes szöveg: ez „{ $found }” nyelvű.
statement-text-approved = Előre jóváhagyta: { $by }; eddig használható: { $until }.
statement-expired = „{ $title }” ({ $language }) lejárt, { $until }: nem használható.
statement-change = A szöveg módosítása
statement-write = Szöveg írása
statement-text = Mit mondunk
statement-language = A nyelv két betűje
statement-refused-who = Nincs jóváhagyva: nem tudni, hogy Ön kicsoda, így az sem, hogy második ember-e. Használja az Önnek küldött üzenet hivatkozását, vagy jelentkezzen be.
statement-refused-not-yours = Nincs jóváhagyva: ebben az incidensben nem Ön hagyja jóvá.
statement-refused-whose-text = Nem tudni, ki írta ezt a szöveget, így senki nem lehet második ember. Valakinek újra kell mentenie a neki küldött üzenet hivatkozásával vagy bejelentkezve.
statement-refused-own-text = Nincs jóváhagyva: Ön írta. Egy második embernek kell jóváhagynia.
statement-refused-changed = Nincs jóváhagyva: a szöveget módosították, miután elolvasta. Ez a különbség. Olvassa el, és az újat hagyja jóvá.
statement-refused-unknown = Nincs jóváhagyva: ez a változat már nincs meg. Olvassa el a legújabbat.
statement-refused-before = Már jóvá van hagyva.
button-approve = Jóváhagyom
button-approve-does = Így, ahogy itt áll. Ha utána módosítják, nincs jóváhagyva.
button-posted = Kint van
button-posted-does = A jelentésben látszik, mikor ment ki az első közlemény.
button-use = Ezt a szöveget használom
button-use-does = Ez lesz a tervezet. Egy második ember hagyja jóvá.
button-draft = A szöveg mentése
button-draft-does = A jóváhagyók azonnal kapnak üzenetet.
posted-account = Hol
posted-elsewhere = máshol
posted-url = A bejegyzés címe (maradhat üresen)
did-draft = Mentve. A jóváhagyók most kapnak üzenetet.
did-approve = Jóváhagyva. Akik közzétehetik, üzenetet kapnak.
refusal-not-to-post = Ezt nem szabad közzétenni
refusal-not-to-post-text = Nincs jóváhagyva, vagy valaki azóta módosította. Lépjen vissza, és töltse be újra az oldalt.

## Fiókok

accounts = Fiókjaink
account-owner = Felelős most
account-owner-rotation = { $people } ({ $rotation })
account-owner-nobody = { $rotation }: most senki sincs ügyeletben
account-administrators = Be tud lépni
account-outside = A cégen kívül
account-emergency = A platform vészhelyzeti elérhetősége
account-credential = Hol van a belépési adat
account-second-factor = Második tényező
account-recovery = Visszaállítás
account-how-post = Hogyan kell posztolni
account-how-edit = Hogyan kell bejegyzést módosítani
account-how-hide = Hogyan kell valamit elrejteni
account-how-pin = Hogyan kell bejegyzést kitűzni
account-how-close-comments = Hogyan kell lezárni a hozzászólásokat
button-look-up = Mutasd, hol van a belépési adat
button-look-up-does = Az incidenssel együtt naplózva lesz, és a felelős értesítést kap.
did-look-up = Naplózva; a fiók felelőse értesítést kap. Lásd: „Fiókjaink”.
refusal-who = Nem tudni, hogy Ön kicsoda
refusal-who-text = Ehhez használja az Önnek küldött üzenet hivatkozását, vagy jelentkezzen be: feljegyezzük, ki nézte meg.
refusal-no-account = Nincs ilyen fiók
refusal-no-account-text = A beállításokat az imént módosították. Lépjen vissza, és töltse be újra az oldalt.

## Mi történt

history-drafted = { $by } megírta, mit mondunk:
history-approved = { $by } jóváhagyta a(z) { $n }. változatot.
history-waived = A(z) { $n }. változatot időben senki nem hagyta jóvá: második ember nélkül is kimehet. A felhatalmazás: { $who }.
history-posted = { $by } szerint a közlemény kint van.
history-posted-by = { $by } szerint a közlemény kint van itt: { $account }.
history-seen-posted = A közlemény megjelent az említések között: { $account } tette közzé.
history-looked-up = { $by } megnézte, hol van ennek a fióknak a belépési adata: { $account }.
history-ask-approve = { $who } kérést kapott: hagyja jóvá a(z) { $of }. változatot.
history-ask-approve-as-deputy = { $who } helyettesként kérést kapott: hagyja jóvá a(z) { $of }. változatot.
history-ask-may-go-out = { $who } értesítést kapott: a(z) { $of }. változat második ember nélkül is kimehet.
history-ask-may-post = { $who } értesítést kapott: a(z) { $of }. változat közzétehető.
history-ask-due = { $who } emlékeztetőt kapott: { $of }
history-ask-due-elsewhere = { $who } értesítést kapott, hogy ez lejárt: { $of }
history-ask-looked-up = { $who } értesítést kapott arról, ki nézte meg a belépési adatot: { $of }
history-ask-no-way = { $who } nem kapott üzenetet: nincs hozzá beállított út. Erről szólt volna: { $of }

## A fiókok, incidensen kívül

accounts-what = Hogy hol van egy belépési adat, az láthatja, aki megnézi, egy óráig. Ezt feljegyezzük, és a fiók felelőse értesítést kap.
accounts-none = Nincs beállított fiók.
account-sign-in = Ha látni szeretné, hol van a belépési adat, jelentkezzen be a beállításokban szereplő személyként.
account-proofs = Be tudott lépni
account-proven = { $person }: igen, { $at }
account-proven-long-ago = { $person }: igen, de túl régen: { $at }
account-could-not = { $person }: nem, { $at }
account-not-proven = { $person }: nincs igazolva
account-looked-up = Megnézte
account-looked-up-by = { $by }, { $at }
account-looked-up-drill = { $by }, { $at } (gyakorlat)
button-look-up-outside-does = Naplózva lesz, és a felelős értesítést kap.
button-look-up-drill-does = Ez a gyakorlata egyik lépése. Naplózva lesz, és a felelős arról kap értesítést, hogy gyakorlat volt.
did-look-up-outside = Naplózva; a fiók felelőse értesítést kap. Egy óráig látható.
