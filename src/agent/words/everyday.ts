// What changes nothing in a question about figures: words of everyday English (people, talk, feelings, courtesy, slang, how
// an answer should look), and whole clauses that say why or when one asks.
import type { Token } from './tokens.ts';

/**
 * One word each, as the lexer gives it; what the one list of words has goes before. No word that restricts, negates,
 * compares, counts, or points to a time may stand here.
 */
const EVERYDAY = `
wife husband son sons daughter daughters kid kids child children brother sister mother father mom mum mama dad papa grandson granddaughter grandma grandpa
grandmother grandfather uncle aunt cousin nephew niece law friend friends pal mates neighbor neighbour neighbors neighbours colleague colleagues coworker
coworkers boss manager client clients customer customers broker brokers advisor adviser advisors advisers banker accountant teacher professor gal girl boy men
woman women people peoples person persons folks someone somebody everybody anyone anybody family trader traders investor investors partner girlfriend
boyfriend spouse roommate student students
says said saying mention mentions mentioned told tells telling claim claims claimed insist insists swear swears reckon reckons reckoned guess guessed guessing
suppose supposed assume assumed assuming suggested speak speaks spoke spoken talk talks talked talking discuss discussed hearing reading wrote write
writes written remark remarked noted remind reminded recall recalls remember remembered remembers wonders wondered ask asks asked asking answer answers reply
replied describe described describes understand understood confirm confirms confirmed confirming verify inform informed
worried worry worries nervous anxious scared afraid excited happy glad sad angry annoyed surprised surprising surprisingly shocked shocking amazed amazing
impressive impressed terrible awful horrible dreadful nasty ugly beautiful lovely brutal nuts mad silly stupid dumb smart clever lucky unlucky unfortunate
unfortunately fortunately luckily hopefully hope hoped hoping wish wished wishes love loved loves hate hated hates enjoy keen eager tired bored confused
confusing bag bags bagholding cooked rekt wrecked damage painful pain hurts hurting ouch spicy juicy toasty
appreciate appreciated apologies apologize apology pardon excuse bother bothering obliged regards sincerely welcome sure surely certainly course absolutely
definitely gladly gentlemen ladies madam maam lads everyone
generally usually mostly mainly certain obviously clearly evidently apparently frankly honestly seriously truly literally merely maybe somehow meanwhile meantime
suddenly steadily gradually sharply badly specifically ideally officially basics already again anyhow incidentally mind
column columns tabel tabular csv markdown md format formatted formatting spreadsheet excel sheet sheets cell separated delimited comma commas round
decimals decimal digits precise precision bullet bullets sentence sentences paragraph lines output text
happen happens happened happening become becomes became becoming seem appear appears appeared     act acts acting  
       stay stayed stays staying keep keeps kept keeping hover hovering hovers hovered come comes came
coming gone take takes took taken taking turn turned turns turning bring brings brought stood lie lies lay lying found thought feel feels felt feeling watch
watching watched track tracking tracked monitor monitoring eyeing eyes offer offers offered fetch fetched work works worked working helps helped matter matters
care cares deal deals carry carries carried lived lives spend spent let lets leave leaves wanted wants wanting needing tried tries trying learn learned learning
study studying glance peek review reviewing update updates updated refresh refreshed browse
fact facts case cases situation picture idea ideas matter issue issues problem moment moments occasion instance example examples purposes purpose sake
paper papers newspaper article articles television radio podcast internet website web page pages screen screens computer phone laptop desk office retirement
pension savings college birthday vacation trip lunch breakfast dinner coffee homework class course school project presentation meeting bet bets account accounts
market-wise investment investments holdings position positions lot lots batch bunch handful pile crowd club group chat discord twitter youtube stocktwits
cnbc bloomberg thinkorswim tos app dash dashboard terminal feed
lmao lmfao rofl omg wtf smh ngl tbh imo imho fr frfr bruh fam homie legend king queen goat aight alright alrighty yeah yep yup dang damn darn heck hell gosh
jeez geez sheesh yikes oof woah whoa welp phew ugh meh boom bam lolol haha hahaha hehe xd k kk okie yall dawg sup wassup howdy greetings heya hiya gm gn aye oi
pls plss pleaseee thanx tks thankyou cheerio tnx tq rly rlly srsly def deffo lowkey highkey deadass idk idc iirc afaik btw jk lulz kek yooo broski chief champ
cool sweet decent fine okay sound solid healthy huge massive giant tiny serious important interesting useful relevant accurate correct actual specific particular
special ordinary basic complete entire respective boring quiet sleepy sluggish choppy crazy wild weird strange odd funny sick dope lit fire messy stable
full fully single whole entirely simply true truth honest personal private public modern old young dear poor proper
anywhere rich protect protecting
american americans european germans british canadian local national domestic overseas abroad
thereabouts ish major pullbacks remarkable missed miss inherited some crash else gave q ny way breadth lotto unrealised unrealized commission apart quotations yes extended occured occurred  lands prettier bull roughly merely lads lol
looks looked knows thinks likes liked seeing shows showing reads reader readers hears noticing notices believes believed believing trusts trusted relies rely
relied suspect suspected imagine imagined realise gathers gathered decide decided decides deciding plans planned planning intend intends prefer prefers
prepare preparing prepared explore exploring evaluate evaluating examine examining investigate investigating research researching analyzing analysing analysed
analyzed reviewed compile compiling compiled calculating calculated computing computed doublecheck verifying reconcile reconciling argue arguing argument
debate debating dispute disagree disagreed betting curiosity interested knowledge information understanding clarity clarification confirmation explanation
detail reference memo reporting reporter journalist columnist editor newsroom deadline piece draft editorial slide slides powerpoint workbook email mail
letter note notes notebook diary journal ledger logbook committee council trustee trustees treasurer secretary chairman charity church parish village
grandkids grandchild grandchildren grandsons granddaughters stepson stepdaughter fiance fiancee hubby wifey missus bestie buddy buddies mentor tutor classmate
classmates flatmate roomie landlord pops granny grandad granddad nana nanna auntie dearest gents lad lass chap chaps blokes bloke gaffer guv anxiously
nervously happily sadly gratefully politely humbly respectfully truthfully candidly theoretically presumably supposedly allegedly reportedly ostensibly
admittedly arguably undoubtedly doubtless naturally understandably interestingly curiously strangely oddly weirdly remarkably furthermore moreover likewise
similarly consequently accordingly awfully terribly dreadfully horribly frightfully jolly bloody flipping freaking frigging fricking effing friggin freakin
fkn fking fuckin fucking fuck fck shit shitty crap crappy ass hella hecka wicked goddamn dammit bullshit wth omfg istg ikr ffs pfft sigh yeet sus based cringe
homies bruv mandem blud innit boutta dunno idunno prolly legit obvs totes hallo hullo ello hiii heyy heyyy heyya helloo hellooo yoo ayo ayy bonjour hola
namaste salaam guten servus moin aloha gday evenin mornin mornings afternoon evening thanku thankz thnx thnks thks tysm tyvm tyia gracias merci danke arigato
appreciative plz plzz pleas plase sorry sry soz srry apologise apologising tablet ipad iphone android smartphone handset platform software program chatbot
assistant robot machine helper tool widget gadget stuck frozen loading webull etrade fidelity ameritrade tastytrade tradingview finviz barchart marketwatch
reuters wsj retired retiree pensioner widow widower veteran nurse engineer plumber electrician farmer dentist doctor lawyer attorney physician bookkeeper
clerk cashier driver chef barber mechanic carpenter librarian nestegg piggybank allowance inheritance annuity superannuation nicer brilliant fabulous
fantastic superb splendid wonderful marvelous marvellous excellent terrific awesome incredible unbelievable ridiculous absurd outrageous hilarious tough rough
rocky bumpy hairy wobbly shaky jittery nervy frothy toppy dull tame muted subdued stormy brisk whomever wherever albeit whilst thingy thingie thingamajig
doodad stuffs bits assortment variety bevy selection yourself yourselves ourselves himself herself themselves oneself yours ours theirs hers his him her she
english spanish french german italian dutch portuguese chinese japanese korean indian russian polish swedish norwegian danish finnish irish scottish welsh
australian translate translation spelling grammar accent language speaker newcomer novice rookie amateur layman laymans noob newb newbies beginners greenhorn
expert
`;

/** Looked for in the text: of two thousand words a question has a few, which pay for no set. */
const WORDS = EVERYDAY.replaceAll('\n', ' ');

export function isEverydayWord(text: string): boolean {
  return WORDS.includes(` ${text} `);
}

/** `anywere`: a long one that begins alike, with a letter too few or too many. */
export function isSlipOfEveryday(text: string, distance: (a: string, b: string) => number): boolean {
  const isNear = (word: string): boolean => word[0] === text[0] && Math.abs(word.length - text.length) === 1;
  return text.length > 6 && WORDS.split(' ').some((word) => isNear(word) && distance(text, word) === 1);
}

/** Each clause costs a reading of the question without it: what has more is no person's, and stays whole. */
export const MOST_CLAUSES = 8;

const WH =
  "what|whats|what's|what’s|how|hows|how's|which|who|whos|where|wheres|where's|show|give|gimme|pull|list|tell|lmk|compare|price of|quote";
const BE = `${WH}|is|are|was|were|did|does|has|need|want`;
const REASON =
  "before (?:i|we|my|our|the (?:meeting|market))|(?:i )?(?:dont|don[’']t|do not) (?:wanna|want to|wish to)(?! (?:see|show|include|list|count|use))|because|bc|cuz|coz|cause|since (?:i|we|my|our)|so (?:i|we|that|my)|as (?:i|we|my)|while (?:i|we|my)|after (?:i|we|my|work|lunch|that)|in case|thinking|asking|trying to|tryna (?:figure|work|sort|plan|decide|time|do|get)|considering|planning|deciding|debating|hoping|wondering whether|to (?:decide|figure|see|know) (?:if|whether|what|how)|just in case|(?:gotta|gonna|have to|need to|about to) (?:hop|run|go|leave|catch|jump|head|take|pick up|drop off|feed|walk)|or (?:do|am|did|will|can|would) (?:i|we)|or is (?:it|that) just me|then i|ahead of|prior to (?:my|our|a)|given (?:the recent|all the|how|that)|with (?:\\w+ ){1,3}(?:moving|falling|rising|going|being|looking|getting)|as an? (?:\\w+[ -]){0,4}(?:holder|investor|owner|trader|seller|buyer|believer|beginner|retiree)";
const LIFE =
  "i have|i only have|i got|i am|i'm|im|i’m|ive|i've|we have|we are|we're|my (?:wife|husband|boss|client|shift|friend|son|daughter)";
const STATEMENT =
  "i|im|i'm|i’m|ive|i've|i’ve|we|we're|we’ve|we've|my|our|(?:had )?(?:a |the )?clients?|people|everyone|folks|word|rumor|following up|as (?:promised|discussed)|the (?:committee|press|papers?|street|talk)|one of|he|she|they|someone|just|got|been|having|for (?:a|an|my|our|the|his|her|tomorrow|today)|on behalf|on my|in my|at my|not that|(?:the |a )?(?:boss|wife|husband|kids?|client|mom|dad|son|daughter|neighbor|friend|buddy)|no idea|sorry|long time|asking for|heading (?:in|out|to)|looking to|need to|gotta|gonna|wanna|tryna|trying|cant|cannot|couldnt|long story|speaking|with (?:my|our|a)";
const MARKS = String.raw`(?<=[,;:!?…—()]|\.(?=\s)|\s[-–]{1,2}(?=\s))\s*`;
const cutsBefore = (words: string): RegExp =>
  new RegExp(
    String.raw`${MARKS}|(?<!\b(?:before|because|bc|cuz|cause|since|as|while|after|if|when))\s+(?=(?:${words}|${REASON}|${LIFE}|for (?:a|an|my|our|his|her|tomorrow))(?![\w'’]))`,
    'i',
  );
const CUTS = [cutsBefore(WH), cutsBefore(BE)];
const LEAD = String.raw`^[\s,;:(—–-]*(?:(?:and|but|so|ok|okay|hey|well|also|now|yo|hi|anyway|btw)[\s,]+)*`;
const IS_REASON = new RegExp(String.raw`${LEAD}(?:${REASON})(?![\w'’])`, 'i');
const IS_STATEMENT = new RegExp(String.raw`${LEAD}(?:${STATEMENT})(?![\w])`, 'i');
const kinds = (names: string): readonly Token['is'][] => names.split(' ') as Token['is'][];
/** What tells something and asks for nothing. */
export const TELLING = kinds('filler symbol unknown joiner pronoun did paid worth mark unit define doubt');
const OF_ASIDES: ReadonlySet<Token['is']> = new Set([...TELLING, 'follow', 'correct', 'target', 'pays']);
/** What a reason may hold beside that: it is what one means to do, not what is asked. */
const OF_REASONS = new Set(
  kinds('move when which side strategy form field short money open touch add drop share top times rank usual each'),
);
/** What a statement about no symbol may hold: `a 12 hour night`, `up late`. */
const OF_LIFE = new Set(kinds('number distance from move interval open top step each'));
const OF_TALK = /^(?:position|order|news|events)$/;
const TO_COME = /tomorrow|\btmr?o?r?w?s?\b|tonight|next|later|soon/i;

/**
 * The question without the clauses that tell why or when one asks (`before my shift starts`, `thinking of selling`), all of
 * them left out or one; with the tokens of what was left out.
 */
export function withoutAsides(
  question: string,
  read: (text: string) => readonly Token[],
): { text: string; left: Token[] }[] {
  return CUTS.flatMap((cuts) => {
    const clauses = question.split(cuts).filter((each) => each.trim() !== '');
    if (clauses.length > MOST_CLAUSES) return [];
    const asides = clauses.map((clause) => {
      const isReason = IS_REASON.test(clause);
      const isHeading = /:\s*$/.test(clause);
      const tokens = read(clause);
      const isTold = isReason || isHeading || IS_STATEMENT.test(clause) || isVoid(clause, tokens);
      return tokens.length > 0 &&
        isTold &&
        isAside(tokens, isReason, clause) &&
        !(isHeading && tokens.some(({ is }) => is === 'symbol' || is === 'top'))
        ? tokens
        : undefined;
    });
    const without = (isLeft: (at: number) => boolean): { text: string; left: Token[] } => ({
      text: clauses.filter((_clause, at) => !isLeft(at)).join(' '),
      left: asides.flatMap((tokens, at) => (tokens !== undefined && isLeft(at) ? tokens : [])),
    });
    const found = asides.flatMap((tokens, at) => (tokens === undefined ? [] : [at]));
    const all = found.length === 0 || found.length === clauses.length ? [] : [without((at) => found.includes(at))];
    return [...all, ...(found.length > 1 ? found.map((one) => without((at) => at === one)) : [])];
  });
}

/** `I hate wide markets`, but not `I only trade the monthlies`, `I sell 45 days out`. */
const FEELS =
  /^[\s,]*(?:i|we|ive|im|weve|people|everyone|folks|they|(?:had )?(?:a|my|our|the) (?:client|boss|wife|husband|friend|buddy|brother|sister|neighbor|dad|mom|son|daughter|advisor|broker)s?(?: in law)?|clients)(?:['’](?:ve|m|re))?(?: (?:have|am|are|do|dont|don['’]t|been|always|usually|really|often|still|a bit|getting|get|tend to|keep))* (?:worr(?:y|ied)|hat(?:e|ing)|lov(?:e|ing)|like|dislike|fear|afraid|scared|nervous|wonder(?:ing)?|suspect|curious|tired|sick|concerned|interested|hearing|reading|hear|read|says?|said|thinks?|thought|brag|bragging|swears?|talk(?:s|ing)? about|ask(?:s|ing|ed)?(?: me)? about)(?!.*(?:\d|\b(?:only|just|except|but|not|never)\b))/i;

const FELT = /^(.*?)(?:, so|[:;.]|\s[-–—])\s+(?=\S+ \S)(.*)$/is;
const RESTRICTING = /^(?:side|date|interval|strategy|money|strike|deltaOf|symbol|relation)$/;

/** The question behind what one feels or was told, where that says nothing that would restrict it. */
export function withoutFeeling(question: string, read: (text: string) => readonly Token[]): string | undefined {
  const [, felt = '', rest = ''] = FELT.exec(question) ?? [];
  if (!FEELS.test(felt) || !ASKING.test(rest)) return undefined;
  const asked = read(rest);
  const isSaid = (token: Token): boolean =>
    token.text === 'early' ||
    asked.some(
      (each) => each.is === token.is && (each.is !== 'symbol' || token.is !== 'symbol' || each.symbol === token.symbol),
    );
  return read(felt).every((token) => !RESTRICTING.test(token.is) || isSaid(token)) ? rest : undefined;
}

const VOID = /^(?:filler|unknown|joiner|pronoun|did|mark|doubt)$/;
const isFiller = ({ is }: Token): boolean => is === 'filler' || is === 'mark';
const TELLS = /\b(?:i|im|ive|we|you|u|my|me|he|she|they|that|not|people|everyone|is|are|r|was)\b/i;
const ASKING =
  /\b(?:what|where|when|which|who|why|how)(?:['’]?s)?\b|^[\s,]*(?:and |but |so )*(?:is|are|was|were|does|do|did|has|have|can|could|will|show|give|gimme|tell|list|compare|pull|get|find|price|quote)\b/i;
const OF_TIME = /\b(?:weekends?|overnight|midday|noon|nights?|evening|half|hours?|next|prior|ago)\b/i;

/** Nothing of the data and no question: `and if not`, `difference column at the right`. */
function isVoid(clause: string, tokens: readonly Token[]): boolean {
  const isPlain = tokens.length > 1 && tokens.every(({ is, text }) => VOID.test(is) && !/\d/.test(text));
  const isTold = TELLS.test(clause) && !ASKING.test(clause) && !OF_TIME.test(clause);
  return isPlain && isTold && !tokens.every(isFiller);
}

/** `i dont want the weeklies` restricts, `it never sits still` does not. */
const RESTRICTS = /\b(?:want|wanna|need|include|count|show|see|give|list|use|only|but|except|without)\b/i;

function isAside(tokens: readonly Token[], isReason: boolean, clause: string): boolean {
  const isOfSymbols = tokens.some(({ is }) => is === 'symbol' || is === 'side' || is === 'field');
  const isOfMatter = tokens.some(({ is }) => is === 'symbol' || OF_REASONS.has(is));
  return tokens.every((token) => {
    if (OF_ASIDES.has(token.is) || (isReason && OF_REASONS.has(token.is))) return true;
    const isDenial = token !== tokens.at(-1) && !RESTRICTS.test(clause.replace(/[\s,]+but\s*$/i, ''));
    if (token.is === 'refuse') return isReason || OF_TALK.test(token.why) || (token.why === 'not' && isDenial);
    if (token.is === 'date') return TO_COME.test(token.text) || !isOfMatter;
    return !isOfSymbols && OF_LIFE.has(token.is);
  });
}

const CONTRASTED = /^(?:symbol|date|side|interval|percent|dollars|money|field)$/;

/** `the monthly not the weekly`, `calls not puts on NVDA`: what is denied beside its like says no more than that does. */
export function withoutContrast(tokens: readonly Token[]): Token[] {
  const isSaid = (each: Token): boolean => each.is !== 'filler';
  const gone = tokens.flatMap((token, at) => {
    if (!/^(?:but |and )?not$|^instead of$/i.test(token.text)) return [];
    const denied = tokens.findIndex((each, index) => index > at && isSaid(each));
    const { is } = tokens[denied] ?? token;
    const next = tokens.slice(denied + 1).find(isSaid);
    const isEnd = next === undefined || next.is === 'mark' || (next.is !== is && /^(?:date|symbol)$/.test(next.is));
    // "not the weeklies just the monthly"
    const isTurned =
      next?.is === is &&
      tokens.slice(denied, tokens.indexOf(next)).some((each) => /^(?:just|only|but)$/i.test(each.text));
    const isBeside = tokens
      .slice(0, at)
      .some((each) => kindOf(each) === kindOf(tokens[denied] ?? token) && each.text !== tokens[denied]?.text);
    const isWhole =
      is !== 'symbol' || tokens.some((each) => !/^(?:filler|symbol|mark|joiner)$/.test(each.is) && each !== token);
    return CONTRASTED.test(is) && (isTurned || (isEnd && isBeside && isWhole))
      ? [...Array(denied + 1 - at).keys()].map((step) => at + step)
      : [];
  });
  return tokens.map((token, at) => (gone.includes(at) ? { is: 'filler', text: token.text } : token));
}

/** Dollars and percent are two of a kind. */
const kindOf = ({ is }: Token): string => (is === 'percent' ? 'dollars' : is);
