//! English words that carry sentiment: written for this program from the common language. Small letters, no apostrophes.

/// Strongly against.
pub(super) const VERY_BAD: &str = "
    worst terrible horrible awful disgusting pathetic useless ridiculous unacceptable hate hated hates hating scam
    scammers fraud fraudulent stole stolen steal thief thieves liar liars lied lying lies shame shameful ashamed
    disgrace disgraceful incompetent incompetence nightmare disaster disastrous furious outraged outrage outrageous
    disgusted abysmal appalling atrocious dreadful horrendous horrific garbage trash crap crappy shit shitty bullshit
    fuck fucking fucked wtf damn idiot idiots moron morons asshole assholes bastard bastards rude ruined ruin ruins
    inexcusable unbelievable joke clowns corrupt corruption criminal criminals abuse abused abusive racist racism toxic
    poison poisoned dead died killed kills murder murdered evil vile sick sucks suck sucked screwed boycott lawsuit sue
    sued ripoff robbed rob cheat cheated cheating deceived deceptive misled misleading betrayed insult insulting
    dangerous unsafe injured hell hellish miserable infuriating livid fiasco catastrophe catastrophic unforgivable";

/// Against.
pub(super) const BAD: &str = "
    bad poor poorly slow late delay delays delayed delaying cancel cancelled canceled cancels cancellation
    cancelations wait waiting waited stuck stranded lost lose losing loses missed miss missing broken broke break
    breaks fail fails failed failing failure failures problem problems issue issues error errors wrong mistake mistakes
    complaint complaints complain complained complaining disappointed disappointing disappointment disappoint annoyed
    annoying annoys frustrated frustrating frustration frustrates angry anger mad upset sad sadly unfortunately unhappy
    unfair unhelpful unreliable unresponsive unprofessional ignored ignore ignores ignoring rejected refused refuse
    refuses denied deny overpriced expensive overcharged charged fee fees refund refunds bug bugs buggy crash crashed
    crashes crashing down outage offline hacked leaked leak breach damaged damage damages destroyed dirty filthy smelly
    gross boring bored dull lame weak worse worsening cheap fake mess messy messed chaos chaotic confusing confused
    tired exhausted pain painful hurt hurts hurting sorry regret regrets worried worry worries worrying fear afraid
    scared scary fired layoffs sacked strike recall recalled warning fine fined guilty accused blame blamed blames
    avoid never stop quit quitting leaving unable cannot wont nobody nothing hours hung
    cry crying tears ugly stupid dumb silly nonsense absurd waste wasted wasting rotten stale cold hungry noisy loud
    uncomfortable cramped crowded inconvenient inconvenience terrible unwanted spam lag laggy lagging glitch glitches
    slowest rudely carelessly careless negligent neglect lacks lack lacking mediocre flop flopped bland awkward";

/// For.
pub(super) const GOOD: &str = "
    good nice fine well better glad happy pleased pleasant fun enjoy enjoyed enjoying enjoys like liked likes cool
    helpful helped helps help kind friendly polite quick quickly fast smooth smoothly easy easily comfortable clean
    fresh tasty reliable honest fair safe useful worth worthy win wins winning won winner congrats congratulations
    welcome thanks thank thankful thx ty appreciate appreciated appreciates grateful gratitude recommend recommended
    recommends impressed impressive improve improved improvement improvements solved resolved fixed success successful
    successfully support supports supportive proud pride hope hopeful hopefully exciting excited excitement yay woo
    hooray cheers smile smiling smiles laugh laughing laughs funny cute pretty lovely sweet warm charming elegant smart
    clever wise bright strong interesting positive satisfied satisfying affordable convenient generous patient
    professional responsive prompt promptly ready favorite favourite blessed bless lucky fans fan celebrate celebrating
    celebration party interested keen enthusiastic graceful refreshing relaxing calm peaceful classy solid";

/// Strongly for.
pub(super) const VERY_GOOD: &str = "
    best great excellent amazing awesome fantastic wonderful brilliant perfect perfectly love loved loves loving
    superb outstanding incredible fabulous phenomenal terrific marvelous magnificent stunning gorgeous beautiful
    beautifully delicious delightful delighted thrilled ecstatic flawless flawlessly exceptional extraordinary
    spectacular splendid stellar epic legendary masterpiece genius adore adorable adored kudos bravo hero heroes
    heroic rocks rocked rock heaven heavenly unforgettable breathtaking impeccable sublime joy joyful yummy wow
    woohoo yes bestest greatest finest happiest sweetest loveliest coolest favorites winners triumph victory
    inspiring inspirational inspired magical magic dream dreamy";
