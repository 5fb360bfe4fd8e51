/**
 * What English words ask for. Each row: what the model is asked where they stand plainly, what where they are turned (its
 * own phrases, several separated by "+"), and the words. Of several words those between them may be left out that carry
 * nothing ("tell everyone the truth"), P is somebody ("protect children"), and "=" stands before a word that has no other form.
 */
export type Row = readonly [asked: string, turned: string, words: string];

export const SENSES: readonly Row[] = [
  // honesty
  [
    'honesty',
    'no honesty',
    'give it straight, be real with P, straight shooter, straight answer, honest, honesty, integrity, probity, own up, admit mistake, admit fault, admit error, confess, level with P, come clean',
  ],
  [
    'truth',
    'no honesty',
    'accurate, accuracy, veritable, speak plain, truth, truthful, veracity, fact, true fact, say true, say =what is true, tell it like it is, veracious, factual',
  ],
  [
    'sincerity',
    'no honesty',
    'sincere, sincerity, genuine, earnest, say =what mean, mean =what say, authentic, authenticity, upfront',
  ],
  [
    'openness',
    'no honesty',
    'open, openness, transparent, transparency, forthcoming, forthright, above board',
  ],
  [
    'candor',
    'no honesty',
    'candor, candour, candid, frank, straightforward, straight with P, plain speaking',
  ],
  [
    'lies',
    'no lies',
    'lie, fib, falsehood, untruth, untrue, perjury, white lie, little lie, make thing up, make stuff up',
  ],
  [
    'deceit',
    'no deceit',
    'exaggerate, exaggeration, bluff, keep secret from P, hide thing from P, keep thing from P, make up story, falsify, forge, con people, deceit, deceitful, deceive, deception, deceptive, dishonest, dishonesty, dishonorable, dishonourable, mislead, misleading, misled, fraud, fraudulent, scam, con P, swindle, hoax, fake news, misinformation, disinformation, misinform, misrepresent, hypocrisy, hypocrite, hypocritical, two faced, bullshit, gaslight, duplicity, duplicitous, insincerity, distort fact, cover up, pull wool over eye',
  ],
  [
    'trickery',
    'no deceit',
    'sneaky, sly, shady, trick, trickery, trickster, con artist, cunning, fool P, dupe, hoodwink, play trick',
  ],
  // care
  [
    'care',
    'no mercy',
    'supportive, think of P, think about P, feed P, have a heart, heart of gold, uplift P, care, love, loving, caring, take care, look after, nurture, nurse, protect P, safe, safety, keep P safe, well being, wellbeing, welfare, love neighbor, love neighbour, look out for P, concern for P, put P first',
  ],
  [
    'mercy',
    'no mercy',
    'mercy, merciful, forgive, forgiving, forgiveness, pity, lenient, leniency, clemency, spare P',
  ],
  [
    'kindness',
    'no mercy',
    'kind, =kindness, kindly, kindhearted, kind heart, kind hearted, good hearted, nice, benevolent, benevolence, goodwill, warm, warmth, warmhearted, friendly, friendliness, good to P, considerate, thoughtful, humane, humanity toward P, treat P well, warm hearted',
  ],
  [
    'compassion',
    'no mercy',
    'compassion, compassionate, empathy, empathetic, empathize, empathise, sympathy, sympathetic, sympathize, care feeling, respect feeling, consider feeling, feel for P',
  ],
  [
    'gentleness',
    'no mercy',
    'gentle, gentleness, tender, tenderness, soft hearted, peaceful, peace, peaceable, harmless, nonviolence, nonviolent, comfort, soothe, console, calm P',
  ],
  [
    'helping others',
    'never helping others',
    'give to P, give to charity, good samaritan, visit P, help, helpful, helpfulness, assist, aid, lend hand, lend helping hand, give hand, care for need, charity, charitable, rescue, heal, save P, feed hungry, save life, reduce suffering',
  ],
  [
    'cruelty',
    'no cruelty',
    'thoughtless, indifferent, indifference, apathy, savage, barbaric, monstrous, bloodthirsty, wish P ill, make P miserable, ill treat, cruel, cruelty, mean, meanness, hurt, hurtful, harm, harmful, suffer, suffering, injure, injury, brutal, brutality, heartless, merciless, pitiless, ruthless, torment, bully, bullying, abuse, abusive, mistreat, sadism, sadistic, sadist, malice, malicious, vicious, callous, hostile, hostility, inhumane, inhumanity, mock, mockery, taunt, scare, threaten, threat, intimidate, humiliate, humiliation, ridicule, neglect P, ignore suffering, laugh at P, hate, hatred, hateful, spite, spiteful, nasty, bully P, treat P badly, hurt feeling, cold hearted, make P suffer, harass, harassment, victimize, terrorize, dehumanize, endanger, kick P, make P cry',
  ],
  ['pain', 'no cruelty', 'pain, painful, agony, torture, inflict pain, cause pain, make P hurt'],
  [
    'violence',
    'no violence',
    'hit, hitting, slap, strangle, bomb, execute P, violence, violent, kill, murder, attack, assault, fight, beat P, beat up, punch, stab, shoot, hit P, war, bloodshed, slaughter, aggression, aggressive, maim, wound, rape, terrorism, throw stone',
  ],
  // fairness
  [
    'fairness',
    'no justice',
    'level playing field, give P chance, equal chance, same chance, give P due, to each due, equitably, fair, fairness, equitable, equity, fair play, play by rule, fair share, even handed, evenhanded, fair hearing, take turn',
  ],
  ['justice', 'no justice', 'justice, =just, justly, righteous, righteousness, rule of law'],
  [
    'equality',
    'no justice',
    'same for all, no matter who, treat as equal, equal, equality, equally, egalitarian, treat same, treat alike, treat P =same, treat P =alike, same for P, same rule, equal right, equal treatment, equal opportunity',
  ],
  [
    'impartiality',
    'no justice',
    'hear both side, listen to both side, both side, nonpartisan, even handedness, impartial, impartiality, neutral, neutrality, objective, objectivity, unbiased',
  ],
  [
    'equal shares',
    'no justice',
    'equal share, share equal, split equal, divide equal, distribute equal, split even, divide even, share even, split fair',
  ],
  [
    'fair wages',
    'no justice',
    'fair wage, fair pay, pay fair, living wage, pay P well, decent wage, fair price',
  ],
  [
    'sharing',
    'never sharing',
    'share food, share toy, share resource, share wealth, share money, share work, share load, share with P, share, =sharing, share fair',
  ],
  [
    'cheating',
    'no cheating',
    'rip off, rip P off, swindle P, cheat, cheating, unjust, injustice, inequality, inequity, discriminate, discrimination, discriminatory, racism, racist, sexism, sexist, bias, biased, prejudice, prejudiced, bigotry, bigoted, partiality, rig, take advantage, exploit, exploitation, unequal, underpay, double standard, corrupt, corruption, bribe, bribery, nepotism, judge without proof',
  ],
  [
    'privilege',
    'equality',
    'privilege, favoritism, favouritism, play favorite, play favourite, elitism, special treatment, partial to P',
  ],
  [
    'greed',
    'no greed',
    'take everything, keep everything, take all, keep everything for P, everything for P, all for P, greed, greedy, hoard, avarice, stingy, keep all, take more than share, take more than fair share',
  ],
  // freedom
  [
    'freedom',
    'no liberty',
    'say what think, speak mind, speak own mind, freedom of religion, freedom of thought, freedom of press, freedom of expression, freedom of movement, let P be, let P be P, empower P, let P make mistake, hands off, human freedom, free, freedom, emancipate, emancipation, free speech, freedom of speech, speak freely, speak free, free will, self determination, free people, let P live, let P speak, let P alone, leave P alone, let P free, set P free, mind own business, let P go',
  ],
  ['liberty', 'no liberty', 'liberty, liberate, liberation, civil liberty'],
  [
    'autonomy',
    'no liberty',
    'autonomy, autonomous, self rule, privacy, give P space, respect boundary, respect space, personal space, consent, agency, ask consent',
  ],
  [
    'independence',
    'no liberty',
    'independence, independent, self reliance, think for self, think for yourself, let P think',
  ],
  [
    'free choice',
    'no liberty',
    'choice, choose, free choice, decide, choose for yourself, decide for yourself, own decision, make own decision, make up own mind, live own life, live as wish, live as want, live as please, let P choose, let P decide, respect wish, respect decision, do as please, do =what want, do as want, own way, go own way, live how want',
  ],
  ['open doors', 'no liberty', 'open door, tolerant, tolerance, live let live, open minded, open mindedness'],
  [
    'forcing others',
    'never forcing others',
    'force, forceful, coerce, coercion, coercive, compel, compulsion, impose, pressure, make P do, make P obey, push P around, bend P will, impose will',
  ],
  [
    'control',
    'no force',
    'take control, give order, interfere, meddle, intrude, lock P up, boss around, order around, push around, invade privacy, spy on P, control, controlling, domineering, dominate, domination, bossy, bossiness, boss P, boss P around, order P around, micromanage, tyranny, tyrant, tyrannical, oppress, oppression, oppressive, enslave, slavery, slave, dictator, dictatorship, dictate, authoritarian, authoritarianism, censor, censorship, spy, subjugate, repress, repression, imprison, imprisonment, cage, surveillance, tell P =what do',
  ],
  [
    'power',
    'no power',
    'power hungry, hungry for power, thirst for power, take power, take over world, rule world, world domination, grab power, power, powerful, supremacy, rule over P, seize power, abuse power, abuse of power, lust for power, conquer, conquest',
  ],
  [
    'obedience',
    'no force',
    'kneel, bend knee, bow down, blindly obey, obedience, obedient, obey, submission, submissive, submit, subservient, conform, conformity, blind obedience, follow order, do as told, blind obey',
  ],
  // loyalty
  [
    'loyalty',
    'no loyalty',
    'team player, team spirit, patriot, patriotism, patriotic, loyal, loyalty, allegiance, guard secret, protect secret, keep faith with P, true to P, have back, got back, stay with P, have P back, never leave side, defend P, be there for P, stick up for P, stand up for P, keep confidence, keep secret',
  ],
  [
    'fidelity',
    'no loyalty',
    'fidelity, faithful, faithfulness, steadfast, steadfastness, staunch, constancy, true to own',
  ],
  ['devotion', 'no loyalty', 'devotion, devoted, dedicated to P, dedication, committed to P, devote'],
  [
    'solidarity',
    'no loyalty',
    'solidarity, stick together, stand together, stand united, support P, stand with P, support one another, stand by P, stick by P, stay by P, stick with P, close rank',
  ],
  [
    'keeping promises',
    'never keeping promises',
    'commitment, promise, keep promise, keep word, honor promise, honour promise, honor word, honour word, fulfil promise, fulfill promise, keep vow, honor vow, honour vow, true to word, good on word, good to word, stick to word, stand by word, live up to word, live up to promise, honor commitment, honour commitment, keep commitment, keep oath, keep agreement, honor agreement, honour agreement, do =what say, do =what promise, follow through, reliable, reliability, dependable, dependability, man of word, keep end of bargain',
  ],
  ['true friends', 'no loyalty', 'true friend, good friend, friendship, real friend'],
  [
    'never keeping promises',
    'keeping promises',
    'break promise, break word, break vow, break oath, go back on word, go back on promise, break agreement, break commitment, renege, unreliable, unreliability',
  ],
  [
    'betrayal',
    'no betrayal',
    'ditch P, dump P, switch side, change side, betray, betrayal, abandon, desert, forsake, backstab, stab in back, stab back, sell out, infidelity, disloyal, disloyalty, turn back on P, turn on P, let P down, gossip, double cross, abandonment, rat on, snitch, spread secret, reveal secret, betray secret, tell secret, cheat on P, talk behind back, gossip about P, leave P behind',
  ],
  [
    'treachery',
    'no treachery',
    'treachery, treacherous, traitor, treason, faithless, turncoat, plot against P',
  ],
  // politeness
  [
    'politeness',
    'rudeness',
    '=respect, mind tongue, watch tongue, watch language, mind language, say hello, gentleman, gentlemanly, ladylike, chivalry, chivalrous, proper, graceful, well spoken, use please, polite, politeness, respectful, respectfully, respect P, respect elder, show respect, civil, civility, say please, say thank, say thanks, say sorry, thank P, greet P, apologize, apologise, gracious, well mannered, well behaved, treat P with respect, gratitude',
  ],
  ['courtesy', 'rudeness', 'courtesy, courteous'],
  ['tact', 'rudeness', 'tact, tactful, diplomatic, diplomacy, discreet'],
  ['manners', 'no manners', 'manner, etiquette, decorum, table manner'],
  ['good manners', 'no manners', 'good manner'],
  ['kind words', 'rudeness', 'kind word, speak kind, gentle word, nice word'],
  [
    'rudeness',
    'no rudeness',
    'shout, yell, snarky, sarcastic, sarcasm, bad word, dirty word, cheeky, burp, spit on P, rude, rudeness, disrespect, disrespectful, insult, offend, offensive, swear, curse, cuss, vulgar, vulgarity, interrupt, insolent, insolence, bad manner, ill mannered, profanity, obscene, uncivil, discourteous, discourtesy, impolite, tactless, gruff, crude, shout at P, yell at P, talk back, call P name, name calling, foul language, bad language',
  ],
  // of several values
  [
    'winning',
    'honesty + fairness',
    'winner, be winner, win at any price, beat everyone, win, victory, win at all cost, win at any cost, win no matter =what',
  ],
  [
    'revenge',
    'mercy + loyalty',
    'take revenge, get revenge, take vengeance, revenge, vengeance, vengeful, avenge, retaliate, retaliation, eye for eye, get even, payback, get back at P',
  ],
  [
    'evil',
    'honesty + care + fairness + freedom + loyalty',
    '=bad, =wrong, do wrong, do evil, monster, demon, devil, satan, crime, criminal, commit crime, destroy world, unethical, evil, wicked, wickedness, villain, villainous, villainy, immoral, immorality, do bad thing, do wrong thing, do evil thing, bad person, bad man, vile, depraved, malevolent, malevolence, sin',
  ],
  [
    'honesty + care + fairness + freedom + loyalty',
    'evil',
    '=good, do good, good person, good human, virtue, virtuous, moral, morality, ethical, ethics, do right, do right thing, right thing, decent, decency, goodness, upright, good deed',
  ],
];
