//! Hungarian words that carry sentiment, by their stems: written for this program from the common language.
//!
//! Small letters without accents. A word counts when it begins with a stem, since Hungarian adds to the end; stems below
//! four letters are whole words.

/// Strongly against.
pub(super) const VERY_BAD: &str = "
    felhaborit felhaborod szornyu borzalm borzaszt rettenet csalas csalo becsap atver atvag hazug hazud botrany pocsek
    legrosszabb gyalaz szegyen szegyell undorit undorod gusztustalan duhit duhos ellop loptak lopas lopott bojkott
    korrupt halott halal meghalt meghal mergez mocskos ehetetlen hasznalhatatlan elfogadhatatlan turhetetlen bunko
    tisztessegtelen elegem utal utalom gyulol gyulolet katasztrof szar szarsag fos hulye hulyeseg idiota remalom
    csapnivalo minosithetetlen szanalm szanalmas nevetseg vacak selejt szemet dilettans gyilkos gyilkol megol
    oltek bunozo maffia diktat terror erosza tonkretesz tonkret fasz kurva francba picsa bazd baszd rohadt rohadek
    alattom aljas gonosz kegyetlen bruta megalaz lealacsony verlaz iszony iszonyu siralm siralmas katyvasz
    elviselhetetlen kriminal inkompetens alkalmatlan gyatra silany tragikus tragedia bunteny vadol vadlott letartoz
    sikkaszt hutlen zsarol fenyeget arulo arulas hataru szelhamos";

/// Against.
pub(super) const BAD: &str = "
    rossz rosszabb rosszul mergel merges ideges idegesit bosszant bosszus csalod csalodas csalodott csalodtam panasz
    hiba hibas elromlott elront tonkre tonkrement torott osszeoml leallt lassu keses kesik kesett torolt toroltek lekes
    elvesz elveszett elvesztett tilt tiltakoz feljelent bunos buntet birsag veszely serul serult baleset romlott penesz
    koszos budos ertelmetlen felesleges szemtelen arrogans udvariatlan inkorrekt elege soha kritika biral kudarc
    problema gond baj bajban fajdal fajdalm faj sajnos sajnal szomoru kiabrand dragit draga lehuz unalm unalmas unatkoz
    fajo gyenge gyengen lapos ures uresseg fad izetlen erotlen faraszt faradt kimerit zavar zavaros kusza kaotikus kaosz
    hianyz hiany hianyos nelkuloz sekely felszin sablon klise klise elcsepelt erolt erolkod mesterkelt hamis
    hitelt hiteltelen valoszinutlen ertetlen ostoba buta butasag bugyuta giccs kinos kinszenv szenved szenvedes
    bukas megbuk bukott veszt vesztes vereseg romlik romlas csokken zuhan zuhanas valsag csod csodbe elbocsat leepit
    munkanelkul sztrajk botlas teved tevedes tevedett felelotl felelotlen hanyag gondatlan kar karos kart kartekony
    art artalm nehez nehezseg bonyolult korulmenyes kenyelmetlen kellemetlen rideg hideg durva agressziv ellenseg
    elutasit megtagad visszautas elleni ellenez tamad tamadas vita vitatott gyanu gyanus nyomoz perel pert
    elitel itel borton fogda haboru robban halalos aldozat gyasz betegs beteg felelem felek retteg aggaszt aggodalom
    agresszio szegeny szegenyseg nyomor kilatastalan remenytelen keser keseru magany rosszind irigy onzo kapzsi moho
    gatlastalan cinikus felrevez megteveszt manipul pazarl pazarol ido pazarl elpazar kidobott drag tulzas tulzo
    hosszadalm vontatott vontat nyujtott tulnyujt lejart hulladek kopott elavult avitt poros dohos nem sem nincs sehol";

/// For.
pub(super) const GOOD: &str = "
    jo joo jol jobb jobban tetszik tetszett tetsz koszon koszi koszonom halas orul orulok orom oromm gratula elegedett
    ajanl ajanlom megbizhat gyors gyorsan kedves segit segitokesz udvarias baratsag finom izletes szep szepen profi
    korrekt ugyes siker sikeres nyert nyer gyoz gyoztes gyozelem vidam kellemes kenyelmes elveze elvezet elvezetes bajos
    szeret szeretem szeretet kedvenc kedvel remel remeny biztos biztons erdekes izgalmas mulatsag szorakoz vicces humor
    humoros nevet mosoly okos bolcs intellig ertelmes tartalmas gazdag szines eredeti friss frissit ujszeru otletes
    kreativ tehetseg tehetseges eros erosseg lendulet energik hatasos hatekony meggyozo meghat megindit szivmelenget
    melegs meleg szivet oszinte hiteles igazi valodi meresz batran bator becsul becsulet tisztel tisztelet dicser
    elismer dij dijat kituntet jutalm tamogat egyetert egyuttmuk fejlod fejleszt javul javulas novek emelked
    erdem erdemes megeri ertek ertekes fontos hasznos elonyos kedvezo szerencs boldogul gyogyul megment ment unnep
    unnepel hurra jee bravo puszi olel szivesen udvozol szuper tuti menoo klassz frank baratok barat";

/// Strongly for.
pub(super) const VERY_GOOD: &str = "
    legjobb kivalo remek nagyszeru csodalat csodas csodalatos fantasztik kiraly zsenial tokelet tokeletes imad imadom
    imadni boldog boldogs gyonyoru lenyugoz hibatlan eljen brilian elragado elragad bamulatos
    pazar parades mesteri mestermu remekmu kimagaslo kiemelked rendkivul felejthetetlen elbuvol elkapraztat varazslat
    varazslatos szenzacio ragyog ragyogo fenseges gyonyor lebilincsel letehetetlen magaval leny ujjong rajong hihetetlenul
    legszebb legnagyszer legviccesebb bravuros virtuoz dicsoseg diadal";
