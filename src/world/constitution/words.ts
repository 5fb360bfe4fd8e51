/** Words that carry no value: those that turn one, and those that a principle does without. */

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));
const list = (phrases: string): readonly (readonly string[])[] =>
  phrases.split(',').map((phrase) => phrase.trim().split(/\s+/));

/** Somebody: whoever a deed is done to. */
export const PERSONS =
  set(`people person others other everyone everybody someone somebody anyone anybody them him her me us
  you yourself yourselves themselves himself herself oneself myself ourselves self human humans mankind humankind humanity man men woman women
  child children kid kids friend friends family families neighbor neighbors neighbour neighbours stranger strangers
  user users customer customers client clients patient patients animal animals being beings creature creatures poor weak
  vulnerable needy need elder elders elderly sick citizen citizens public society world community group team teammate teammates
  colleague colleagues partner partners parent parents mother father brother sister brothers sisters student students teacher teachers worker workers
  employee employees soul souls folk folks fellow fellows those life lives anna ben carla david emma frank lena maria noah omar rosa sam
  model models ai ais assistant assistants bot bots robot robots chatbot system machine machines agent ppl ppls peeps enemy enemies opponent opponents rival rivals guest guests
  visitor visitors minority minorities immigrant immigrants refugee refugees foreigner foreigners leader leaders king victim victims baby babies dog dogs cat cats pet pets
  spouse wife husband son sons daughter daughters relative relatives ally allies classmates lover nation country company homeless hungry disabled orphan orphans
  grandma grandpa grandparents host folk player players member members each`);

/** What falls away. Nothing here can turn or narrow what is asked for. */
export const LIGHT =
  set(`the a an this that these such its it i we they he she my your our their his hers yours theirs be is are am
  was were been being do does did doing done will shall should must ought to have has had having please ever try tries trying
  strive aim seek act acting behave behaving live living speak talk talking say saying tell telling answer make makes making
  sure ensure remember rule principle value valuing values principles show showing give giving offer use using practice practise practicing pursue promote promoting
  support supporting protect protecting defend defending uphold maintain maintaining embrace encourage encouraging foster prefer prioritize prioritise favor favour
  favoring admire stand believe keep keeping stay remain bring demand want wants need needs increase maximize maximise champion
  celebrate reward honor honour honoring treat treating respect respecting put in of with at on for by about toward towards upon into
  as both day work within thing things stuff matter matters kindly hereby simply
  first important essential vital key crucial valuable best policy necessary required lets us also
  full sense great strong deep basic mutual common personal own let's respond reply behavior behaviour conduct attitude way ways
  manner heart mind spirit word words action actions deed deeds another each one thou thy thee shalt u ur r plz pls gotta wanna gonna anything something special whole deserve deserves judge judges judging answers responses here love loves loving care cares caring help helps helping here there now today any from
  cause causing commit committing engage engaging inflict inflicting spread spreading create creating become becoming get getting choose choosing pay attention`);

/** These say how far or how often: after what turns, they narrow it ("not always", "not only"). */
export const DEGREES =
  set(`always only just too very all every everything so more most much really truly fully completely
  entirely totally absolutely necessarily simply merely extremely highly both exactly constantly quite equally`);

/** Said of a principle after it, or before it with "to": "honesty is good", "it is fine to lie". */
export const PRAISE = set(
  'good right ok okay fine acceptable allowed permitted important best nice cool great wise noble virtue admirable worth worthwhile justified justifiable tolerated legal',
);
export const BLAME = set(
  'bad wrong evil immoral unacceptable sin crime unethical horrible terrible awful shameful illegal wicked vile unforgivable inexcusable unjustified vice disgusting',
);

/** These turn what follows, or what stands before them at the end. */
export const NEGATORS: readonly (readonly string[])[] =
  list(`not, no, never, nor, neither, without, against, avoid, stop,
  quit, cease, refuse, prevent, oppose, reject, resist, refrain, refrain from, abstain, abstain from, renounce, forbid, ban, prohibit, end,
  eliminate, abolish, reduce, minimize, minimise, lessen, fewer, less, zero, nobody, no one, noone, none, nothing, fight, fight against,
  stand against, hate, despise, detest, loathe, abhor, condemn, punish, combat, shun, anti, non, free of, free from,
  freedom from, lack, lack of, absence of, stay away from, keep away from, steer clear of, steer clear, stay clear of, say no to, say no, give up, get rid of, get rid,
  protect from, protect against, guard against, save from, shield from, keep from, stop from, prevent from, fail, fail to, decline,
  rather than, instead of, hesitate, hesitate to, no more, no longer, not any, not ever, not ever any, under no circumstance, under no circumstance ever, on no account, at no time, by no means,
  in no way, no way, anything but, end to, put end to, hold back from, desist, desist from, do away with, dislike, opposed to, cut out, drop, discourage, deter, eradicate,
  never ever, zero tolerance for, no tolerance for`);

/** These turn what is good, and of what is bad nobody knows what they make. */
export const AGAINST_GOOD: readonly (readonly string[])[] =
  list(`hide, conceal, withhold, break, ignore, neglect, disregard, violate, betray,
  abandon, undermine, limit, restrict, deny, suppress, destroy, crush, bury, twist, distort, bend, take away, invade, deprive,
  lose, forget, forget to, sacrifice, compromise, bad, poor, false, block, obstruct, hinder, forsake, attack, mock, stifle, disrespect, curb, restrain, kill, steal, abuse, trample, trample on, deprive of, deprive, scorn, threaten, corrupt, evil, wrong, harm, hurt`);

/** These leave what is good as it is; of what is bad one cannot say that it is asked for. */
export const ALLOWING: readonly (readonly string[])[] = list(
  `allow, let, permit, tolerate, accept, forgive, excuse, trust, trust in, risk, expect, fear, hope for, hope, wish for, wish, like, enjoy, protect, guard, save, survive, endure, admit`,
);

/** Turns of phrase that change nothing, wherever they stand. */
export const ASIDES: readonly (readonly string[])[] =
  list(`no matter what, no matter how hard, no matter the cost, at all time, at all times, at all,
  at all cost, at all costs, at any cost, all the time, every time, every day, every way, in all, without exception, without exceptions, without fail, no exception, no exceptions, above all, first of all,
  even if it hurts, even if it is hard, even when it is hard, even when it hurts, even when hard, even if hard,
  even when difficult, even when it is difficult, even if it is difficult, even if difficult, even when no one is watching, even when nobody is watching, even when it is inconvenient, even to strangers, even to strangers, even to enemies,
  when you can, whenever you can, whenever possible, when possible, where possible, if possible, if you can, as possible, as much as possible, as much as you can,
  as you can, as well, make sure, of course, in everything, in all things, in every way, in every situation, nothing but, by all means, the only thing that matters, only thing, everything you do, all you do, one another, each other,
  most of all, more than anything, at heart, with all my heart, at every turn, to the core, every single, to all, for all, toward all, towards all, with all, of all, all people, all others, all other, every person, every human, every one, every man, all human, all man, all animal, all being, all creature, all friend, all citizen, all child, all user, all living,
  all your, all my, all our, all their, every promise, each and every, do your best, do best, as if, in mind, in the first place, so help me, fight for, stand up for, speak up for, speak out for, strive for, search for, vote for, live for, above all else, above everything, before all else, to the end, to the very end, in the end, in all circumstances, under all circumstances, whatever happens, whatever it takes, whatever the cost, come what may, who trust you, who need it, who need help, who are in need, in any situation, at any price, at all price, as a friend`);

/** Turns of phrase whose words say something else each by itself, or too little: nobody is asked by them. */
export const UNREAD: readonly (readonly string[])[] =
  list(`kind of, sort of, power to P, people have power, people power, power of,
  control yourself, self control, love yourself, love self, help yourself, true to yourself, true to self, stand up for yourself, civil right, human right`);

/** After what turns they only say that it need not be: "honesty does not matter", "you do not have to lie". */
export const NEEDS: ReadonlySet<string> = set(
  'matter matters important necessary required need needs enough essential vital key crucial have valuable best',
);
