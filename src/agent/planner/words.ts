// The one list of words: what each phrase of a question means, beside the words that the registry of fields and the
// special forms bring along. A new phrase is one more in its line; what stands in no line is not understood.
import { MAX_WINDOW, MIN_WINDOW } from '../../domain/windows.ts';
import { ENTRIES, findField } from '../../fields/registry.ts';
import type { BarInterval, IntradayInterval, Side } from '../../domain/types.ts';
import { lexQuestion } from './lexer.ts';
import { MORE_PHRASES } from './phrases.ts';

export type Order = 'highest' | 'lowest';
export type Aggregate = Order | 'average' | 'median' | 'total';
/** `it` stands for a symbol, `one` (its) also beside one. `many`: they, their. A number: both, the three. */
export type Pronoun = 'it' | 'one' | 'many' | number;

/** `weekday`: the same day of the week; `same`: as long as what it stands beside; `span`: the same part of another year. */
export type StepUnit = 'day' | 'week' | 'month' | 'quarter' | 'year' | 'weekday' | 'same' | 'span';

/** What days are put together to: the best month, weeks in a row. */
export type PeriodWord = 'week' | 'month' | 'quarter' | 'year';

/** What a phrase means. Values behind the dot of a line's meaning stand in `value`. */
export type Meaning =
  /** Names of fields, or expressions of them. */
  | { is: 'field'; names: string[] }
  | { is: 'form'; form: string }
  | { is: 'aggregate'; aggregate: Aggregate }
  /** `by`: what is ranked, where the word says it. */
  | { is: 'rank'; order: Order; by?: string }
  | { is: 'relation'; operator: '>' | '<' | '>=' | '<=' }
  | { is: 'move'; direction: 'up' | 'down' | 'any' }
  | { is: 'state'; expression: string }
  | { is: 'side'; side: Side | 'both' }
  | { is: 'interval'; interval: BarInterval | IntradayInterval }
  | { is: 'pronoun'; pronoun: Pronoun }
  | { is: 'money'; money: 'itm' | 'otm' | 'atm' }
  | { is: 'bestDay'; which: string }
  | { is: 'strategy'; strategy: string }
  | { is: 'scan'; scan: string }
  /** Several symbols by one name; `sector`: it only describes the symbols that stand beside it. */
  | { is: 'group'; symbols: string[]; isSector: boolean }
  | { is: 'allTime'; field: 'high' | 'low' }
  | { is: 'unit'; unit: PeriodWord }
  | { is: 'occasion'; occasion: 'first' | 'last' }
  | { is: 'refuse'; why: string }
  | { is: 'step'; unit: StepUnit; by: 1 | -1 }
  | { is: Flag };

/** Words that only say how something is asked. */
export type Flag =
  | 'filler'
  | 'joiner'
  | 'follow'
  | 'correct'
  | 'add'
  | 'compare'
  | 'held'
  | 'mayCall'
  | 'dataOnly'
  | 'from'
  | 'distance'
  | 'within'
  | 'nearest'
  | 'farthest'
  | 'count'
  | 'streak'
  | 'which'
  | 'top'
  | 'howMuch'
  | 'allStrikes'
  | 'strikesWord'
  | 'delta'
  | 'open'
  | 'define'
  | 'percent'
  | 'crossed'
  | 'minus'
  | 'ratio'
  | 'target'
  | 'than'
  | 'samePeriod'
  | 'did'
  | 'abs'
  | 'usual'
  | 'touch'
  | 'when'
  | 'aboveOrBelow'
  | 'ofStrategy'
  | 'days'
  | 'dollars'
  | 'drop'
  | 'each'
  | 'narrow'
  | 'paid'
  | 'pays'
  | 'share'
  | 'short'
  | 'swap'
  | 'without'
  | 'worth';

/**
 * `meaning: phrase, phrase, …` in the lexer's normal form; several values apart by `+`. A phrase of several words goes
 * before its parts, and this list before the registry's words.
 */
export const PHRASES = `
samePeriod: that period, in that period, of that period, that window, those days, on those days, those sessions, over those days, over those same days, that week, that wk, that month, that quarter, that year, of that week, of that month, that time, that stretch
filler: period, this period, time period, time frame, timeframe, same strike, same strikes, the same strike, same expiration, same expiry, same exp, same date, same window, same period, same range, same side, same week, same month, same time, instead please, rather, then please, too please, at present, present, if not, and if not, than the day before, than the previous day, than the session before, than the day prior, in this order, in that order, should like, i should like, i should like to, i should like to see, i should like to know, will do, would do, r, bad, line, lines, listed, word, words, apply, applies, anything of note, annualised, annualized, blue chip, blue chips, calendar day, regular session, in the session before, both of which, going into, expressed as, dont care, dont mind, dont know, i dont know, not sure, im not sure, i dont get, and sell here, sell here, if i sell, if i sell now, if i sold, if i sell my, sell now, if sold, what happened to the price of, is it trending, trending, nothing else, and nothing else, i mean the fund, in percentage points, commission apart, dates only, so far today, to within, put these in, put them in, put it in, put this in, put that in
filler: one paragraph, whole percents, happened, dates, dow names, among dow names, nasdaq names, shw, shw me, net, left, left in, left in them, btw, my buddy says, buddy says, fwiw, please, pls, plz, show, show me, shows, give, give me, gimme, get, get me, tell, tell me, what, whats, wats, wat, is, are, was, were, be, been, being, am, the, a, an, teh, of, for, on, in, at, to, by, with, as, about, ab, me, my, i, im, ive, we, you, your, u, ur
filler: can, could, would, may, might, can you, could you, would you, do you have, do you know, you got, i want, i want to see, i need, i would like, id like, wanna know, want to know, wanna see, let me see, let me have, let me know, lets see, lemme see, lemme know, for me, tell us, any idea, i wonder, wondering, curious, curious about, looking for, looking at, trying to see, trying to find, help me, help me see
filler: see, check, check on, pull, pull up, look up, look, fetch, display, list, print, find, run, quick check, hey, hi, hello, yo, ok, okay, so, well, um, uh, hmm, lol, thx, thanks, thank you, ty, cheers, bro, dude, man, guys, team, sir, mate, morning, good morning, real quick, quick, quickly, quick question, just, only, exactly, actually, basically, roughly, approximately, about how, overall, in total, in all, in general, please and thank you
filler: how, hows, has, have, had, does, did, right now, now, currently, current, latest, live, real time, realtime, up to date, as of, as of now, at the moment, so far, yet, still, again, ever, even, lately right now, presently, these days now
filler: stock, stocks, share, shares, ticker, tickers, symbol, symbols, equity, equities, company, companies, inc, corp, corporation, name, names, data, info, information, details, figures, figure, number, numbers, value, values, level of, reading, readings, stat, stats, row, rows, table, in a table, as a table, daily rows, dollars, us dollars, usd, bucks, cents, dollar amount, terms
filler: there, here, that, this, these, it has, where, wheres, during, out of, from the list, among, amongst, between, across, each, each of, either, either of, any, any of, all, all of, every, respectively, per, then, though, tho, both of these, including, include, includes, together, side, its own, own, of them, one, ones, list of, much, far along, use, using, provide, analyze the, based on, based, too, lot, lots
filler: in new york, eastern, with zone, et, est, edt, in et, minus the commentary, percentage, percentage wise, percentagewise, wise, expressed, rounded, sitting, sit, sits, sat, standing, stands, stand, trading, trade, trades, traded, going, goes, go, running, runs, ran, looking like, look like, looks like, come in, came in, coming in, printed, made, make, makes, set, sets, have been, on the day, on the session, in the session, time, times, day, days, session, sessions, mark, point, points, basis, trading day, trading days, trading sessions, hold, ended, end, ends, finish, finished, finishes, finishing, settle, settled, settles, begin, began, start, started, starts, now vs then
filler: daily chart, on the daily, on the daily chart, daily timeframe, on a daily basis, per day, a day, per session, each day, every day, on average day
filler: know, kindly, grateful, question, a question, question about, read, believe, seems, seemed, apparently, especially, particularly, precisely, simple, plain, words, simple words, plain words, plain english, in terms, in plain words, simply, short answer please, wait, insane, crazy, wild, right, haha, somewhere, typed, got, nothing, basket, everyone, everything in, thing, things, stuff, big, tech, big tech, megacap, mega cap, megacaps, etfs, etf, fund, funds, my list, following, the following, judged, judging, judging by, according to, such as, say, like, ye, ya, yea, yeah, yes, nah, alr, holding, whether, wether, wife, husband, very, kind, kindest, quite, really, rather, pretty, helpful, able, new to this, beginner, newbie, question is, basically just, good day, day sir, dear, hope you are well, if possible, possible, if you can, if you could, if you would, if i may, whatever, anyway, anyways, wondering if, see if, check if, tell if, tell me if, know if, find out if, find out, compute, work out, calculate, count up, context, for context, fwiw, fyi, asap, today please, sharp, exact, rough, ballpark, estimate of, good, nicely, clean, quickly please, sir please, more or less, the thing, wide open, all time it, kinda, sort of, kind of, bit, a bit, a little, little, super, stocks like, names like, lookin, looking, i hear, i heard, i see, i saw, i noticed, noticed, saw, heard, see that, i believe, i think, im thinking, thinking, thinking about, considering, interested, interested in, im interested in, wise to know, point blank, listed on, quoted on, shares that is, that is, that are, of mine, of yours, im short, i am short, short the, im long, i am long, long the, on deck, respectively please, pts, pt, vol pts, vol points, ticks wide, total please, given, currently sitting, personally, also please, either one, altogether, all together, all in all
abs: absolute, abs, in absolute terms, absolute terms, either way, in either direction, either direction, up or down by, plus or minus, plus minus
touch: hit, hits, hitting, touch, touched, touches, tag, tagged, reach, reached, reaching, reaches, get to, got to, trade at or through, seen, print above
when: with dates, with date, with its date, with their dates, and dates, and their dates, when, when was, when did, what day, which day, what date, on which day, on what day, and its date, the date, date, on what date, which date, and when
aboveOrBelow: above or below, below or above, over or under, under or over
did: do, doing, done, do in, do over
howMuch: how much, how many, how many points, how much percent, what percent, what percentage, how many percent, by how much, how much in percent, how much of a percent
joiner: and, or, but, plus, n, w, n also, as well as, and also, along with, or rather, and then
follow: what about, how about, wbt, same, same for, same thing, same thing for, the same for, the same, do the same for, do that for, do it for, same with, same question for, ditto, ditto for, likewise, as well, also, also for, and now, now do, now for, now show, again for, how bout, hbu, and for, and what about, and how about, now the, and the, now with, try, try it with, let us do, repeat for, repeat with, repeat that for, make it, make that, instead, change it to, change that to, switch to, switch it to, go with
correct: i meant, no i meant, no meant, sorry i meant, i mean, no i mean, meant, no sorry, oops, oops i meant, my bad, wait i meant, sorry, scratch that, not that, wrong one, nope, no
add: throw, toss in, and also add, add to that, bring in, include, include also, throw in, and add, also add, add in, plus also, put in, add, next to it, next to them, alongside, beside it, beside them, on top of that
each: curve, the curve, inverted, upward sloping, downward sloping, in inversion, by expiration, by expiry, by expirations, by exp, per expiration, per expiry, each expiration, each expiry, every expiration, every expiry, for each expiration, for every expiration, for each expiry, for every expiry, all expirations, all expiries, across expirations, across expiries, across all expirations, across all expiries, over all expirations, term structure, vol term structure, iv term structure, volatility term structure, term structure of volatility, term structure of implied volatility, term structure of iv, iv curve, vol curve, forward curve of vol, which expiration, which expiry, contango, backwardation, in contango, in backwardation, in contango or backwardation, slope of the term structure, term structure slope, terms structure
field.putCallVolume: more puts or calls, more calls or puts, more puts than calls, more calls than puts, puts vs calls volume, calls vs puts volume
field.atmIv: atm iv, front month iv, atm vols
field.expectedMove+expectedMovePercent: ems, 1 sd move, one standard deviation move, 1 sigma move, move the options expect, options expect, move expected, move implied, implied by the straddle
field.probabilityItm: itm prob, prob of itm, itm probability, probability of finishing in the money, chance of expiring itm, chance of finishing itm
field.hv20: realized, realised vol, rv
rank.lowest.money: closest to the money, nearest to the money, nearest the money, closest to spot, nearest to spot, nearest the spot, closest to the spot, nearest to the spot
rank.highest.volume: most active strike, most active strikes, most traded strike, most traded strikes, volume leader, volume leaders, most volume, busier
drop: remove, take out, leave out, kick out, kick, exclude, excluding, ditch, get rid of, throw out, without, except, except for, but not, instead of, in place of, in stead of, lose the, drop the
swap: swap, swap out, replace, switch out, exchange, substitute
narrow: only the ones, just the ones, only ones, only those, just those, keep the ones, keep those, keep only, of those, from those, out of those, of the ones, the ones, of these, which of those, which of these, from these, narrow it to, filter to, filter for, filter by, restrict to, limit to, those that, those which, the ones that
without: drop the ones, drop those, remove the ones, remove those, lose the ones, leave out the ones, leave out those, take out those, take out the ones, without the ones, without those, exclude those, exclude the ones, not the ones, excluding those, excluding the ones
step.day.before: day before, the day before, day before that, the day before that, session before, the session before, previous session, the previous session, previous day, the previous day, prior day, prior session, the prior session, one day earlier, a day earlier, day prior, the day prior
step.day.after: day after, the day after, day after that, the day after that, next day, the next day, session after, the session after, next session, the next session, following day, the following day, following session, the following session
step.week.before: week before, the week before, week before that, the week before that, previous week, the previous week, prior week, the prior week, a week earlier, week prior
step.week.after: week after, the week after, week after that, the week after that, following week, the following week
step.month.before: month before, the month before, month before that, the month before that, previous month, the previous month, prior month, the prior month, month prior
step.month.after: month after, the month after, month after that, the month after that, following month, the following month
step.quarter.before: quarter before, the quarter before, quarter before that, the quarter before that, previous quarter, the previous quarter, prior quarter, the prior quarter
step.quarter.after: quarter after, the quarter after, following quarter, the following quarter
step.same.before: the one before, one before, the one before that, one before that, the previous one, previous one, the prior one, prior one, the preceding one
step.same.after: the one after, one after, the one after that, one after that, the following one, the next one, next one, the one following
step.span.before: same time last year, the same time last year, this time last year, same period last year, the same period last year, same period a year ago, the same period a year ago, same stretch last year, the same stretch last year, same point last year, last ytd, ytd last year, last years ytd, year ago period, the year ago period, prior year period, the same period the year before, a year earlier, prior ytd, the same months last year, same months last year
step.year.before: year before, the year before, year before that, the year before that, previous year, the previous year, prior year, the prior year
step.year.after: year after, the year after, following year, the following year
compare: compare, compare to, comparison, compared to, compared with, compared against, comparing, versus, vs, v, against, head to head, side by side, relative to, stack up against, next to, stacked against, matchup
held: no tool calls, no tool call, no tools, without tool calls, without tools, without a tool call, with no tool calls, with no tools, make no tool calls, do not call tools, dont call tools, without fetching, do not fetch, dont fetch, no fetching, no new data, no new calls, no provider calls, no calls, from memory
held: we have, data we have, the data we have, from the data we have, data we already have, already here, already have, already fetched, already shown, already available, we already have, you already have, what we have, what you have, what is here, existing data, available data, all available data, data above, chains above, chain above, chains shown, data at hand, at hand, in this conversation, of this conversation, this conversation, this session data, from above, price and ta data, all current already available data, all current already available price and ta data, based on all current data, based on all current available data, current data, based on what we have, based on the above, from what we have, those chains, that chain
dataOnly: data only, only data, only the data, no analysis, with no analysis, without analysis, no commentary, without commentary, numbers only, figures only, only numbers, only the numbers, just the numbers, just numbers, just data, just the data, raw data, raw numbers, no prose, no text, no explanation, no fluff, no bs, no opinion, keep it short, short answer, one line, in one line, briefly, brief, tldr, quick summary please
mayCall: make tool calls only if needed, tool calls only if needed, only if needed, if needed, if necessary
which: which, who, whos, whose, which one, which ones, which one is, which of, which of these, which of those, which of them, who has, who is, which stock, which stocks, what stock, what stocks, which name, which names, which ticker, which tickers
distance: how far above, how far below, how far over, how far under, how much above, how much below, far, how far, away, distance, how close, close to, how near, off, percent off, percent from, percent below, percent above, percent under, percent over, percent away, percent away from, room, room to, upside to, downside to, down from, up from, off from, points from, points below, points above, dollars from, dollars below, dollars above, far from, far off, far below, far above, far away from, away from, pullback from, drawdown from, bounce off, bounce from, discount to, premium to its, gap to, come down from, come up from, retreated from, fallen from, dropped from, lost since its, stretched from, extended from, extended above, pullback, pullback since, drop from, dropped since, come down since, down since, dist, dist to, dist from, distance to, distance from
from: from, off of, versus its, vs its, relative to its, compared to its, compared with its, against its, since its, near, near its, around its, close to its, to its, respect to
nearest: closest to, nearest to, nearer to, closer to, nearest, nearer its, nearest its, closest its, closest, closer
farthest: furthest from, farthest from, farther from, further from, further off, further below, further above, further under, further over, further away from, farther below, farther above, farther off, furthest below, farthest below, furthest above, farthest above, furthest off, furthest, farthest, most extended
within: within
percent: percent, bps, in bps, basis points, in basis points, in percent, as a percent, in percentage terms, percent wise, in percent terms
dollars: in dollars, in dollar terms, in points, in dollars terms, as dollars
relation.>: above, over its, over the, greater than, higher than, more than, larger than, bigger than, exceeds, exceed, exceeding, exceeded, trading above, north of, over than, upwards of, beat, beats, on top of, topped, tops, broke, just broke, broke through, back above, back over, still above, holding above, held above, stay above, stayed above, came in above
relation.<: below, under, beneath, less than, lower than, smaller than, fewer than, trading below, south of, undercut, trading under, back below, back under, still below, still under, came in below
relation.>=: at least, no less than, at or above, or more, minimum of
relation.<=: at most, no more than, at or below, or less, maximum of
minus: minus, less the, subtract, difference between, the difference between, gap between, distance between, the distance between, difference in
ratio: ratio, ratio of, divided by, as a multiple of, multiple of, ratio between, as percent of, as a percent of, as percentage of, as a percentage of, as a fraction of, as fraction of, as a share of, in percent of, expressed in percent of
target: if, need, needs, needed, have to, has to, would have to, needs to, need to, must
crossed: cross, crosses, crossed, crossing, cross above, crossed above, crossed over, crosses above, break above, broke above, broken above
aggregate.highest: highest, longest, steepest, steeper, widest, fattest, richest, record, max, maximum, peak, largest, biggest, greatest, most, high point of, highs of, heaviest
aggregate.lowest: lowest, shortest, tightest, thinnest, flattest, min, minimum, smallest, least, trough, low point of, fewest, lightest, quietest
aggregate.median: median, median of
aggregate.average: average, mean, typical, typically, on average
aggregate.total: total, sum, sum of, cumulative, combined, aggregate, overall total
rank.highest: higher, highest one, more, top of, ranked highest first, rank, ranked, ranking, rank them, rank by, ranked by, sort, sort by, sorted, sorted by, order by, ordered by, sort them by, rank them by, leader, leads, leading, most of all, larger, bigger, greater, stronger, first place, from highest to lowest, high to low, highest to lowest, descending, largest first, highest first, in order of, order of, greenest of
rank.lowest: lower, less, smaller, fewer, from lowest to highest, low to high, lowest to highest, ascending, smallest first, lowest first
rank.highest.changePercent: biggest gainer, top gainer, largest gainer, biggest gainers, top gainers, gainers, best performer, best performers, top performer, best performing, best of, up most, up the most, up more, gained most, gained the most, gained more, moved up the most, moved most, moved the most, moved more, rose most, rose the most, rose more, performed best, performed better, performed the best, did best, did the best, did better, doing best, doing better, do better, do best, done best, done better, strongest, winner, the winner, biggest winner, wins, winning, won, biggest mover up, outperformed, outperforming, outperform, outperforms, beat the other, beating, leading the pack, ranked by performance, by performance, best, better, hottest, held up best, held up better, greenest, led, lead, ahead, beaten, best to worst, strongest to weakest, kept up with, keep up with, keeping up with, top performers, risers, biggest risers, biggest riser, best one, order of strength, in order of strength, relative strength
rank.lowest.changePercent: biggest loser, top loser, largest loser, biggest losers, losers, worst performer, worst performers, worst performing, worst of, down most, down the most, down more, lost most, lost the most, lost more, fell most, fell the most, fell more, dropped the most, dropped most, dropped more, sold off the most, performed worst, performed worse, did worst, did the worst, did worse, doing worst, doing worse, done worst, done worse, weakest, weaker, lagging, laggard, laggards, lagged, underperformed, underperforming, worst, worse, hit hardest, hurt most, getting hit hardest, reddest, worst to best, weakest to strongest, worst one, bled most, bleeding most, bleeding more, bled more, got hit worst, hit worst, got wrecked worst
rank.highest.volume: most active, most traded, busiest, heaviest traded
rank.highest.dollarVolume: dollar volume leaders, dollar volume leader, by dollar volume, by dollar vol
rank.highest.iv: richest iv, richest vol
rank.highest.hv20: most volatile, more volatile, wildest, riskier, riskiest, wilder, jumpier, jumpiest, choppier, choppiest, fluctuate more, fluctuates more, swings more, swing more
rank.lowest.hv20: least volatile, calmest, less volatile, quietest, steadier, steadiest, calmer, safer, less risky, more stable, most stable, fluctuate less, fluctuates less, swings less
rank.highest.last: most expensive, pricier, priciest
rank.lowest.last: cheapest, cheaper
rank.highest.rsi14: most overbought, more overbought
rank.lowest.rsi14: most oversold, more oversold
top: top, first, bottom
than: than
bestDay.highest: best day, best single day, biggest up day, biggest green day, biggest gain in a day, biggest daily gain, largest daily gain, biggest one day gain, best session, largest gain in a day, best trading day, biggest single day gain, biggest day up, largest one day gain, biggest daily percent gain, strongest day, best days, biggest up days, biggest gains in a day, best sessions, strongest days, biggest green days, best trading days, biggest daily gains, best daily gains
bestDay.lowest: worst day, worst single day, biggest down day, biggest red day, biggest drop in a day, biggest daily loss, biggest daily drop, biggest one day drop, largest daily loss, worst session, biggest single day drop, worst trading day, largest one day drop, biggest day down, biggest one day loss, weakest day, biggest daily percent loss, worst days, biggest down days, biggest red days, worst sessions, weakest days, worst trading days, biggest daily drops, biggest daily losses, biggest decline in a day, biggest fall in a day, largest drop in a day, biggest loss in a day
bestDay.abs: biggest days, biggest daily moves, biggest moves, biggest daily move, biggest move in a day, largest daily move, max daily move, biggest one day move, largest one day move, biggest single day move, max daily percent move, largest daily percent move, max abs daily percent move
move.up: up, gain, gained, gains, rise, rose, risen, rises, rising, rally, rallied, rallying, climbed, climb, green, in the green, positive, higher on, advance, advanced, jumped, jump, popped, pop, ripped, ripping, mooning, higher close, closed higher, close higher, closed up, close up, closes up, closes higher, finished higher, finish higher, ended higher, finished up, ended up, finish green, close green, closed green, closed positive, close positive, up day, up days, green day, green days, winning days, positive days, gaining, making money, made money, make money, pumped, mooned, climbed since, gone up
move.down: down, lose, lost, loses, losing, loss, losses, fall, fell, fallen, falls, falling, drop, dropped, drops, dropping, dump, dumped, dumping, decline, declined, declines, declining, sank, sink, tank, tanked, tanking, red, in the red, negative, slid, slide, bleeding, sold off, sell off, selloff, lower close, closed lower, close lower, closed down, close down, closes down, closes lower, finished lower, finish lower, ended lower, finished down, ended down, finish red, close red, closed red, closed negative, close negative, down day, down days, red day, red days, losing days, negative days, getting hit, underwater, lost money, lose money, losing money, wrecked, gone down, came down, come down
move.any: change, changes, changed, moved, move, moves, moving, net change, day change, daily change, up or down, down or up, green or red, red or green, higher or lower, percent change, change percent, change in percent, percent move, percentage change, percentage move, gain or loss, gains and losses, gain loss, swing, swung, return, returns, returned, total return, price change, price return, relative performance, relative move, relative return, relative returns, price difference
state.rsi14 < 30: oversold
state.rsi14 > 70: overbought
state.crosses(sma50, sma200): golden cross, a golden cross, had a golden cross
state.crosses(sma200, sma50): death cross, a death cross
state.high >= week52High: at a 52 week high, at its 52 week high, at 52 week highs, at new highs, at a new 52 week high, making new highs, making a new 52 week high, making a new 52wk high, hitting a new 52 week high, made a new 52 week high, a new 52 week high, a new high, reached a new high, new 52 week high, new 52wk high, hit a new high, a record
state.low <= week52Low: at a 52 week low, at its 52 week low, at 52 week lows, at new lows, making new lows
state.gapPercent > 0: gapped up, gap up, gapping up, gaps up, gap ups, opened higher, open higher, opens higher, opened up
state.gapPercent < 0: gapped down, gap down, gapping down, gaps down, gap downs, opened lower, open lower, opens lower, opened down
state.changePercent >= 100: doubled, more than doubled, has doubled, doubling
state.changePercent >= 200: tripled, more than tripled
state.changePercent <= -50: halved, more than halved
state.high < ago(high, 1) and low > ago(low, 1): inside day, an inside day, inside bar
state.high > ago(high, 1) and low < ago(low, 1): outside day, an outside day, outside bar
state.macd > macdSignal: macd bullish, macd positive crossover, bullish macd
state.macd < macdSignal: macd bearish, bearish macd
count: count, count the sessions, count the times, count how many, number of closes, for how many days, on how many days, on how many sessions, in how many, of how many, how many days, how many sessions, how many times, how many trading days, number of days, number of sessions, number of times, count of days, count the days, how often, how many of the days, how many closes, number of
streak: in a row, straight, consecutive, straight days, straight sessions, days in a row, sessions in a row, days straight, consecutive days, consecutive sessions, consecutively, back to back
open: is it open, is it closed, is it open now, is it still open, are they open, is it open today
define: what does it mean, what does, meaning, meaning of, define, definition, definition of, explain, whats the meaning of, explain what, stand for, stands for, what do you mean by, what is meant by, whats a, whats an, what is a, what is an, eli5, differ, differs, difference is
side.call: call, calls, call option, call options, call side, call option chain, call options chain, call chain, calls only, only calls, just calls, just the calls, upside calls
side.put: put, puts, put option, put options, put side, put option chain, put options chain, put chain, puts only, only puts, just puts, just the puts, downside puts
side.both: both sides, both chains, calls and puts, puts and calls, call and put, put and call, calls puts, calls or puts, call and put chains, call and put option chains, call and put options, both call and put, both calls and puts, both option chains, both options chains
money.atm: atm, at the money, at the money strike, atm strike, near the money, atm option, atm options, atm contract
money.itm: itm, in the money
money.otm: otm, out of the money
allStrikes: all strikes, every strike, all the strikes, full chain, whole chain, entire chain, complete chain
strikesWord: strikes, strikes in, show strikes in, by strike, per strike, strikes with
delta: delta, deltas
interval.day: daily, daily bars, daily candles, by day, day bars, day by day
interval.week: weekly, weekly bars, weekly candles, by week, week bars, week by week, each week
interval.quarter: quarterly bars, by quarter, quarter by quarter, each quarter, every quarter, per quarter, quarter bars
interval.year: yearly, annual, annually, yearly bars, year by year, each year, every year, by calendar year, each calendar year, calendar year
interval.month: monthly, monthly bars, monthly candles, by month, month bars, month by month, each month
pronoun.it: it
pronoun.one: its, the stock, same stock, that stock, this stock, same symbol, that one
pronoun.many: they, them, their, those, all of them
pronoun.2: both, the two, both of them, these two, those two, the pair, two
pronoun.3: the three, all three, these three, those three, all three of them
pronoun.4: the four, all four, these four
pronoun.5: the five, all five, these five
field.last: level now, level right now, index level, price, last, spot, spot price, underlying price, cost, costs, last trade, last traded, last traded price, last price, price now, stock price, share price, stock prices, share prices, current price, current prices, prices, market price, trading at, trading for, trade at, trades at, traded at, going for, price right now, price at the moment
field.ohlc: ohlc, ohlcv, open high low close, open high low and close, open high low close volume, open high low close and volume, o h l c, open high low
field.open: opened, opens, opening, opening price, opening prices, open at, opening print, the open
field.high: highs, daily highs, day high, daily high, intraday high, high of the day, hod, high of day, session high, days high, todays high, today high, peak price
field.low: lows, daily lows, day low, daily low, intraday low, low of the day, lod, low of day, session low, days low, todays low, today low
field.high+low: range of the day, high and low, highs and lows, high low, intraday range high and low, low and high
field.range: range, ranges, trading range, day range, daily range, daily ranges, intraday range, high low range, range today, point range, how wide was the range, how wide is the range, how wide was its range
field.close: closed, closes, closing, closing price, closing prices, close at, closed at, closing level, daily close, daily closes, session close, finish at, finished at, end at, ended at, settle at, settled at
field.previousClose: previous close, prior close, last close, close before, previous closing price, prior day close, previous day close, prevclose, pclose
field.dollarVolume: dollar volume, dollar vol, traded dollars, dollars traded, value traded, turnover in dollars
field.volume: volume, volumes, vol, shares traded, trading volume, daily volume, share volume, shares change hands, shares changed hands, turnover, shares changing hands
field.averageVolume: average volume, average vol, average daily volume, adv, average trading volume, usual volume, normal volume, typical volume, volume average
field.relativeVolume: rvol, relative volume, volume vs average, volume compared to average, volume relative to average, volume versus average, unusual volume, volume ratio
field.bid+ask: bid ask, bid and ask, bid offer, bid and offer, bids and asks
field.spread: bid ask spread, bid offer spread, spread, how wide is the market, how wide, wide
field.week52High: 52 week high, 52 week highs, 52w high, 52wk high, 52 wk high, 52 w high, 52wk hi, 52 week hi, year high, yearly high, 52 week peak, 1 year high, one year high, 52 weeks high, 52 week top, annual high, yearly highs, its peak, the peak, its highs, the highs, their highs, recent highs, high of the year, its high of the year, the years high, top of the year, peak of the year, record of the year, its record of the year, highest point of the year
field.week52Low: 52 week low, 52 week lows, 52w low, 52wk low, 52 wk low, 52 w low, 52wk lo, 52 week lo, year low, yearly low, 1 year low, one year low, 52 weeks low, 52 week bottom, annual low, yearly lows, its lows, the lows, their lows, low of the year, its low of the year, the years low, bottom of the year, lowest point of the year
field.week52Low+week52High+(last - week52Low) / (week52High - week52Low) * 100 as percentOfRange: percent of its 52 week range, in its 52 week range, where in its 52 week range, where in the 52 week range, percent of 52 week range, percent of the 52 week range, position in its 52 week range, 52 week position, 52 week range position, within its 52 week range, of its 52 week range, inside its 52 week range, 52 week range percent, percent of its 52w range, in its 52w range, where in its 52w range, where in the 52w range, percent of 52w range, percent of the 52w range, position in its 52w range, 52w position, 52w range position, within its 52w range, of its 52w range, inside its 52w range, 52w range percent, percent of its 52wk range, in its 52wk range, where in its 52wk range, where in the 52wk range, percent of 52wk range, percent of the 52wk range, position in its 52wk range, 52wk position, 52wk range position, within its 52wk range, of its 52wk range, inside its 52wk range, 52wk range percent, percent of its 52 wk range, in its 52 wk range, where in its 52 wk range, where in the 52 wk range, percent of 52 wk range, percent of the 52 wk range, position in its 52 wk range, 52 wk position, 52 wk range position, within its 52 wk range, of its 52 wk range, inside its 52 wk range, 52 wk range percent, percent of its year range, in its year range, where in its year range, where in the year range, percent of year range, percent of the year range, position in its year range, year position, year range position, within its year range, of its year range, inside its year range, year range percent, percent of its yearly range, in its yearly range, where in its yearly range, where in the yearly range, percent of yearly range, percent of the yearly range, position in its yearly range, yearly position, yearly range position, within its yearly range, of its yearly range, inside its yearly range, yearly range percent, where in that range, in that range, where in its range, between its 52 week high and low, between its 52 week low and high, halfway between its 52 week high and low
field.week52High+week52Low: 52 week range, 52 week high and low, 52 week low and high, 52w range, 52 week high low, 52wk range, 52 wk range, 52 w range, yearly range, year range, 52 week hi lo, 52 wk hi lo, 52 week high n low, 52 wk high n low, 52w high n low, 52 week high or low, 52 wk high low, 52 week high and 52 week low, 52wk high and low, 52w high low, 52w hi lo, years high and low, the years high and low
field.changeFromOpen+changeFromOpenPercent: change from open, change from the open, from the open, from open, from its open, off the open, since the open, since open, since the opening bell, up from open, up from the open, down from the open, down from open, above the open, below the open, vs open, versus open, vs the open, open to now, intraday change
field.gapPercent+open+previousClose+low+high: fill the gap, filled the gap, fill its gap, filled its gap, gap fill, gap filled, gap fill level, gap been filled, filled that gap, fill that gap, closed the gap, close the gap
field.gap+gapPercent: gap, gaps, gapped, opening gap, overnight gap, gap at the open
field.macd+macdSignal+macdHistogram: macd, macd 12 26 9, macd and signal, macd line and signal, macd with signal
field.streak: streak, win streak, winning streak, streaks
field.macdSignal: signal line, macd signal line
field.rsi14: rsi, relative strength index
field.sma20+sma50+sma200: moving averages, moving average, averages, mas, simple moving averages, smas, sma, ma, dma, major moving averages, key moving averages
field.ema20+ema50+ema200: emas, ema, exponential moving averages
field.sma10: ten day
field.sma20: twenty day
field.sma50: fifty day
field.sma100: hundred day, one hundred day
field.sma200: two hundred day
field.bbUpper20: upper bollinger band, upper band, upper bollinger, upper bband, top band
field.bbLower20: lower bollinger band, lower band, lower bollinger, lower bband, bottom band
field.bbPercent20+bbUpper20+bbLower20: within its bollinger bands, in its bollinger bands, inside its bollinger bands, within the bollinger bands, in the bollinger bands, inside the bollinger bands, within its bands, bollinger band position
field.bbUpper20+sma20+bbLower20: upper and lower bollinger bands, upper and lower bands, bollinger bands, bollinger band, bollingers, bbands, bb bands
field.stochK+stochD: stochastics, stochastic, stoch, stoch k and d
field.atr14: atr, average true range
field.hv20: hv, realized, realised, historical volatility, historic volatility, historical vol, realized volatility, realised volatility, realized vol, realised vol, standard deviation of daily returns, standard deviation of its daily returns, standard deviation of returns, daily standard deviation
field.iv30: iv30, iv 30, 30 day iv, 30 day implied volatility, 30d iv
field.ivMinusHv30: iv minus hv, iv over hv, iv hv spread, iv minus hv30, iv30 minus hv30, volatility risk premium, vrp
field.iv: iv, ivs, implied, implieds, implied volatility, implied volatilities, implied vol, implied vols, vols
field.ivRank: iv rank, ivr, implied volatility rank, rank of iv
field.ivPercentile: iv percentile, ivp, implied volatility percentile, iv percentile rank, percentile of iv
field.ivRank+ivPercentile: iv rank and percentile, iv rank and iv percentile, ivr and ivp, ivr ivp, ivr or ivp
field.iv30+ivRank+ivPercentile: iv high, iv low, iv elevated, iv cheap, iv rich, iv expensive, implied volatility high, implied volatility low, implied vol high, volatility high, volatility low, vol elevated, iv high or low, iv high right now, iv high for it
field.skew25: skew, vol skew, put skew, iv skew, 25 delta skew, risk reversal, 25 delta risk reversal
field.expectedMove+expectedMovePercent: expected move, exp move, implied move, expected range, straddle move, expected moves, implied moves, implied range, pricing in, market maker move, mmm, move priced in, priced in, priced in move, move are options pricing in, options implied move, options pricing, expected swing
field.expectedMovePercent: straddle as percent of price, straddle as percent of spot, straddle percent, expected move percent, em percent
field.straddle: atm straddle, straddle price, at the money straddle, straddle cost, atm straddle price, straddle
field.maxPain: max pain, maximum pain, maxpain, max pain strike, pain point, max pain level, pin
field.putCallOpenInterest+putCallVolume: put call ratio, put to call ratio, p c ratio, pcr, put call ratios, put call, pc ratio, p c, put call open interest and volume
field.putCallOpenInterest: put call open interest ratio, put call oi, put call ratio by open interest, put call open interest, put call oi ratio, oi put call ratio
field.putCallVolume: put call volume ratio, put call volume, put call ratio by volume, volume put call ratio
field.optionVolume: option volume, options volume, options traded, contracts traded, total option volume, total options volume, contract volume
field.optionOpenInterest: total open interest, option open interest, options open interest, total oi, open interest total
field.openInterest: open interest, oi
field.delta+gamma+theta+vega+iv: greeks, the greeks
field.theta: theta, theta decay, time decay, decay
field.breakEven: break even, breakeven, breakevens, break even price, break evens
field.probabilityItm: probability itm, probability in the money, prob itm, chance in the money, chance of finishing in the money, odds of finishing itm, probability of expiring itm, probability of being itm, odds itm, prob of expiring itm, chance of expiring in the money
field.nextEarnings+daysToEarnings: earnings, earnings date, earnings dates, next earnings, next earnings date, report earnings, reports earnings, report, reports, reporting, reports next, report its results, report results, report next, earnings day, days to earnings, days until earnings, earnings report, next report, er date, prints when, when does it print, print date, next print, prints earnings
field.exDividend: ex dividend, ex div, ex date, ex dividend date, ex div date, exdiv, goes ex, go ex, next ex dividend, next ex dividend date, next ex date
field.dividendYield: dividend yield, div yield, yield, yields, dividend yields, current yield
field.mid: mids, midpoint, midprice, mid price, midpoints, mark, marks
field.volumeToOpenInterest: vol oi, volume oi, voi, vol to oi, volume to oi, vol oi ratio, volume oi ratio, v oi, volume open interest ratio
field.openInterestChange: oi change, change in oi, change in open interest, open interest change
field.forward: fwd, fwd price, forward price, forward, implied forward
field.mid / strike * 100: premium percent, premium percentage, premium yield, premium in percent, percent premium
field.extrinsic: extrinsic, time premium, juice
field.bid+ask+mid: prem, prems, option premium, premium, premiums, contract price, option price, cost of the option, how much premium
field.extrinsic: extrinsic, extrinsic value, time value
field.intrinsic: intrinsic, intrinsic value
field.dte: dte, days to expiration, days to expiry, days till expiration, days until expiration, days left
field.atmIv: atm iv, at the money iv, atm implied volatility, atm vol, at the money implied volatility, atm ivs
refuse.forecast: pt from, pt on, will, wont, going to, gonna, forecast, forecasts, prediction, predictions, predict, predicts, predicted, price target, price targets, target price, target prices, target, targets, outlook for the future, projected, projection, where will, expected to, likely to, headed, heading, odds of, chance of, chances of, probability of, bottom in, bottomed, bottomed out, next move, keep going, continue to, should it, end up at, future
refuse.advice: should, should i, recommend, recommendation, recommendations, good buy, worth buying, a buy, buy or sell, buy the dip, good entry, entry point, good time, safe bet, better buy, better investment, invest in, best trade, play, best option, best options, what do you think, do you think, you think, your opinion, thoughts, thoughts on, advice, suggest, a sell, worth it, undervalued, overvalued, fairly valued, fair value, good stock, bullish or bearish, bearish or bullish, sentiment, cheap or expensive, yolo, worth holding, hedge
refuse.order: do it, put it on, place it, send it, fill it, take it, execute it, buy, sell, buying, selling, go long, go short, place an order, place a, close my, open a position, roll my, roll, stop loss, set a stop, limit order, market order, execute, bto, sto, btc limit, stc
refuse.news: news, headline, headlines, why, why is, why are, why did, what happened, what moved, reason, catalyst, rumor, rumors, tweet, press release, announced, announcement, announce, upgrade, upgrades, upgraded, downgrade, downgrades, downgraded, analyst, analysts, rating, ratings, moving the market
refuse.events: ipo, buyback, buybacks, earnings call, er, earnings move, earnings history, earnings surprise, after earnings, on earnings, into earnings, through earnings, before earnings, since earnings, around earnings, last earnings, past earnings, earnings reaction, earnings gap, raised its dividend, dividend history of
refuse.fundamentals: pe, p e, p e ratio, pe ratio, eps, revenue, revenues, sales, profit, profits, net income, margin, margins, market cap, marketcap, market capitalization, float, shares outstanding, short interest, short float, book value, free cash flow, guidance, ebitda, fundamentals, balance sheet, valuation, peg, return on equity, return on assets, return on investment, roe, insider, insiders, insider trading, institutional, institutions, ownership, holders, ceo, cfo, employees, beta, peers, competitors, sharpe, sharpe ratio, correlation, correlated
refuse.position: p and l, pnl, portfolio, buying power, my watchlist, watchlist, did i make, am i up, am i down
refuse.alert: text me, text me if, text me when, message me, email me, warn me, warn me if, shoot me a text, alert, alerts, alert me, notify, notify me, remind me, let me know when, tell me when, watch for, ping me
strategy.iron-condor: iron condor, iron condors, ic, ics, condor, condors
strategy.iron-butterfly: iron fly, iron flies, iron butterfly, ironfly, iron butterflies
strategy.butterfly: butterfly, butterflies, call butterfly, call fly, fly, flies
strategy.strangle: strangle, strangles
strategy.straddle: long straddle, price a straddle, price a long straddle, buy a straddle, a straddle, straddle break evens
strategy.collar: collar, collars
strategy.covered-call: covered call, covered calls, cc, buy write, covered call candidates
strategy.cash-secured-put: cash secured put, cash secured puts, csp, csps, short put, naked put
strategy.put-credit-spread: put credit spread, put credit spreads, pcs, bull put spread, bull put, short put spread, credit put spread, put spread credit
filler: wheel, the wheel, wheel names, wheel stocks, wheel it, my wheel stocks, my wheel names, leg, legs, each leg, candidate, candidates, optionable, from here, at the close, in total, all in, per share, per contract, each contract, on the chain, from the chain, in the chain, of the chain, also show, then show, shorts, short strikes, short strike, longs, wings
strategy.call-credit-spread: call credit spread, call credit spreads, ccs, bear call spread, bear call, short call spread, credit call spread, call spread credit
strategy.call-debit-spread: call spread, call spreads, call debit spread, bull call spread, bull call, call vertical, long call spread, debit call spread
strategy.put-debit-spread: put spread, put spreads, put debit spread, bear put spread, bear put, put vertical, long put spread, debit put spread
strategy.synthetic: synthetic, synthetics, synthetic long, synthetic stock, combo
strategy.jade-lizard: jade lizard, jade lizards
strategy.ratio-spread: ratio spread, ratio spreads, ratio put spread, ratio call spread, put ratio spread, call ratio spread, 1x2, 1x2 ratio, 1x2 ratio spread, front ratio
strategy.broken-wing-butterfly: bwb, bwbs, broken wing butterfly, broken wing fly, broken wing
strategy.pmcc: pmcc, pmccs, poor mans covered call, poor man covered call, diagonal, diagonals, call diagonal, diagonal spread
strategy.put-calendar: put calendar, put calendars, put calendar spread
strategy.calendar: call calendar, calendar call spread, calendar spread, calendar spreads, calendar, calendars
ofStrategy: credit, debit, max loss, max profit, max gain, net credit, net debit, total credit, credit received, most profit, most loss, pop, probability of profit, chance of profit, odds of profit, return on risk, bes, what credit, how much credit, reward to risk, risk and reward, risk reward, breakeven prices, payoff, at mid, lower break even, upper break even, profit and loss, ror, return on collateral, max gain n loss, max gain and loss, max profit and loss, max loss and profit, max risk, collateral, margin needed, buying power needed, natural, mid and natural, total debit, net cost, net price, credit or debit, debit or credit, width, credit to width, credit of width
short: short
refuse.strategy: assigned, called away, strategy, strategies, backspread, box spread, legged, best covered call, best iron condor, best spread, best credit spread, best put spread, best call spread, best strangle, best csp, best put to sell, best call to sell
refuse.scan: scan, screen, screener, scanner, all stocks, any stocks, find stocks, find me stocks, stocks that, stocks with, in the market, whole market, entire market, in the s and p, in the nasdaq, most mentioned, unusual options activity, unusual activity, options flow, flow, dark pool, sweeps, block trades, meme stocks, s and p stocks, biggest movers, top movers, movers
refuse.intraday: minute, minutes, 4h, 1h, tick, ticks, level 2, level ii, order book, depth of book, first hour, last hour, power hour, opening range, tape, anchored vwap, anchored
refuse.elsewhere: price of gold, price of silver, price of oil, silver price, oil price, spot gold, gold spot, gold price, futures, future contract, es futures, crypto, bitcoin price, forex, eur usd, treasury yield, fed, fomc, cpi, rates, interest rates, inflation, fed meeting, jobs report, vix futures
refuse.settlement: am or pm, am settled, pm settled, am settlement, pm settlement, am or pm settled, am or pm settlement, cash settled, physically settled
refuse.exposure: gamma wall, gamma walls, gamma exposure, gex, dealer gamma, delta wall, vanna, vanna wall, charm, gamma flip, gamma squeeze, dealer positioning, zero gamma
group.AAPL+MSFT+GOOGL+AMZN+NVDA+META+TSLA: mag 7, mag7, the mag7, the mag 7, mag seven, magnificent 7, magnificent seven, the magnificent 7, the magnificent seven
group.META+AAPL+AMZN+NFLX+GOOGL: faang, the faang, fang, faangs
sector.XLK+XLF+XLV+XLI+XLE+XLU+XLP+XLY+XLB+XLRE+XLC: sector, sectors, sector etfs, sector etf, sector spdrs, sector funds, the sectors, all sectors, the sector etfs
group.SPY+QQQ+DIA+IWM: indices, indexes, the indices, the indexes, major indices, major indexes, the major indices, the major indexes, main indices, the averages, us indices, index etfs, the big indices
group.SPY: market doing, markets doing, the market doing, stock market doing, market do, market did, market look, market looking, market up, market down, market been, stock market up, stock market down, is the market red, is the market green, market red, market green, market performance, market return, s and p fund, s&p fund, s&p etf, the s&p etf, the s&p fund
group.QQQ: nasdaq fund, nasdaq etf, the nasdaq fund, the nasdaq etf, nasdaq 100 fund, qs
group.IWM: small caps, small cap stocks, small cap, smallcaps
group.GLD: gold, gold etf, gold fund
group.SLV: silver, silver etf
group.TLT: bonds, long bonds, the long bond, treasuries, long treasuries, bond fund, treasury bond fund, long treasury bond fund, the bond fund, treasury etf, bond etf, treasury bonds, long dated treasuries
group.USO: oil etf, oil fund
sector.XBI: biotech, biotechs
sector.XLV: healthcare, health care, healthcare stocks
sector.XLE: energy, energy stocks, oil stocks
sector.XLF: financials, banks, financial stocks
sector.SMH: semis, semiconductors, chips, chip stocks, semi
sector.XLP: staples, consumer staples
sector.XLY: discretionary, consumer discretionary
sector.XLU: utilities, utes
sector.XLK: technology, tech sector, tech stocks
sector.XLI: industrials
sector.XLRE: real estate, reits
sector.GDX: gold miners, miners
sector.KRE: regional banks, regionals
paid: bought, i bought, paid, i paid, purchased, got assigned, assigned on, entry, my entry, cost basis, my cost basis, basis, average cost, my average cost, my average, my cost, i own, own, i hold, held, i have, got in, got in at, i got, bagholding, in from, holding from, my shares, my buy price, buy price, purchase price, i keep
worth: worth, become, invested, would be worth, put in, put into, buy me
refuse.days: drop the ones
unit.week: week, weeks, wk, wks
unit.month: month, months, calendar month, calendar months
unit.quarter: quarter, quarters, qtr
unit.year: year, years
days: which days, on which days, what days, on what days, which sessions, all days, all the days, name all days, list the days, all sessions, list of days, the days on which, the days when, days on which, days when, which dates, on which dates, all the times, each time, every time, when did it happen
occasion.last: last time, when was last time, when was the last time, the last time, most recent time, most recently
occasion.first: first time, when was first time, when was the first time, the first time
share: percent of days, percentage of days, what percentage of days, what percent of days, share of days, percent of the days, percentage of the days, percent of sessions, percentage of sessions, share of sessions, what share of days, what fraction of days, fraction of days, what percentage of sessions, what percent of sessions, majority of days, on the majority of days
refuse.allTime: 
interval.1min: 1 minute bars, 1 minute candles, 1 minute chart, 1 min bars, 1 min candles, 1 min chart, 1m bars, 1m candles, 1m chart, minute bars, minute chart, minute candles, one minute chart
interval.5min: 5 minute bars, 5 minute candles, 5 minute chart, 5 min bars, 5 min candles, 5 min chart, 5m bars, 5m candles, 5m chart, 5min bars, 5min candles, 5min chart, five minute chart, five minute bars
interval.15min: 15 minute bars, 15 minute candles, 15 minute chart, 15 min bars, 15 min candles, 15 min chart, 15m bars, 15m candles, 15m chart, 15min bars, 15min candles, 15min chart
interval.30min: 30 minute bars, 30 minute candles, 30 minute chart, 30 min bars, 30 min candles, 30 min chart, 30m bars, 30m candles, 30m chart, 30min bars, 30min candles, 30min chart, half hour bars
interval.hour: hourly bars, hourly candles, hourly chart, hourly, 1 hour bars, 1 hour candles, 1 hour chart, 1h bars, 1h candles, 1h chart, hour bars, by the hour, intraday chart, intraday bars
allTime.high: all time high, all time highs, ath, aths, its all time high, record high, record highs, highest ever, record
allTime.low: all time low, all time lows, atl, record low, record lows, lowest ever
usual: than usual, usual, normal, its normal, than normal, what is normal, what is usual, the usual, typical day, normal day, a normal day, a typical day, usual for it, than it usually does
refuse.not: not, except, excluding, without, besides, other than, ignore, ignoring, never, isnt, arent, wasnt, werent, didnt, doesnt, dont, do not, no longer, hasnt, havent, isn't, aren't, wasn't, weren't, didn't, doesn't, don't, hasn't, haven't, won't, wouldn't, neither, nor, unless, but not
`;

/** The same for a question without a symbol that is about the whole market; these go before the others. */
const SCAN_PHRASES = `
scan.gainers: top gainers, top gainers today, gainers today, biggest gainers, biggest gainers today, gainers list, market gainers, top movers up, gainers
scan.losers: top losers, losers today, biggest losers, losers list, market losers, losers
scan.active: most active, most active stocks, most traded, most traded stocks, volume leaders, highest volume stocks, actives
scan.gap-up: gap ups, gap up stocks, gappers, stocks gapping up, gapped up stocks, gap up list, biggest gap ups
scan.gap-down: gap downs, gap down stocks, stocks gapping down, biggest gap downs, gap down list
scan.new-high: new 52 week highs, 52 week highs list, 52wk highs list, hit a 52 week high, hit a new 52 week high, reached a new 52 week high, reached a 52 week high, made a 52 week high, at 52 week highs, stocks at 52 week highs, making new highs, new 52 wk highs, new 52w highs, new yearly highs, new highs list, stocks at new highs, hit 52 week highs, hitting 52 week highs
scan.new-low: new 52 week lows, 52 week lows list, 52wk lows list, hit a 52 week low, hit a new 52 week low, reached a 52 week low, reached a new 52 week low, made a 52 week low, at 52 week lows, stocks at 52 week lows, making new lows, new 52 wk lows, new 52w lows, new yearly lows, new lows list, stocks at new lows, hit 52 week lows, hitting 52 week lows
scan.unusual-volume: with unusual volume, stocks with unusual volume, unusual volume stocks, on unusual volume, unusual volume, unusual volume today, unusual volume scan, unusual volume scanner
scan.oversold: oversold stocks, most oversold stocks, oversold names
scan.overbought: overbought stocks, most overbought stocks, overbought names
scan.golden-cross: any golden cross, golden crosses, golden cross today, stocks with a golden cross, any golden crosses, golden cross stocks
scan.squeeze: squeeze scan, stocks in a squeeze, squeezes, ttm squeeze stocks, bollinger squeeze stocks, in a bollinger squeeze, in a squeeze, bollinger squeeze
scan.large: large caps, which large caps, of the large caps
scan.: scan, screen, screener, scanner, stonks, stonks that, find me stonks, find me, find us, all stocks, any stocks, find stocks, find me stocks, stocks that, stocks with, in the market, in the whole market, whole market, entire market, which stocks, what stocks, anything, scan for, screen for, names, companies that, companies, companies with, companies that are, which names, which companies, big techs, which big techs, stocks, names that, any names, everything, tickers
`;

export interface PhraseMatch {
  meaning: Meaning;
  length: number;
}

export interface Vocabulary {
  /** The longest known phrase that starts at a word. */
  match(words: readonly string[], start: number): PhraseMatch | undefined;
  /** Whether a word stands in the list by itself. */
  isWord(text: string): boolean;
  /** The one word of the list that a mistyped one can mean. */
  correct(typed: string, distance: (a: string, b: string) => number): string | undefined;
}

const MOST_WORDS = 9;
/** Shorter words are one letter away from too much. */
const SHORTEST_CORRECTED = 5;

/** @param ofForms the words of special forms, each with its name. */
export function createVocabulary(ofForms: Iterable<readonly [string, string]>, isOfMarket = false): Vocabulary {
  const heads: string[] = [];
  /** Of each phrase its line, whose meaning is read when a question has it. */
  const lineOf = new Map<string, number>();
  const meanings: Meaning[] = [];
  const meaningOf = (line: number): Meaning => (meanings[line] ??= parseMeaning(heads[line] ?? ''));
  /** Thousands of phrases in a few entries: building them all would take longer than a question. */
  const products: { firsts: ReadonlySet<string>; pattern: RegExp; line: number }[] = [];
  for (const line of `${isOfMarket ? SCAN_PHRASES.trim() : ''}${PHRASES}${MORE_PHRASES.trimStart()}`
    .trim()
    .split('\n')) {
    const at = line.indexOf(': ');
    const number = heads.push(line.slice(0, at)) - 1;
    for (const entry of line.slice(at + 2).split(', '))
      if (entry.includes('{')) products.push({ firsts: firstWordsOf(entry), pattern: patternOf(entry), line: number });
      else if (!lineOf.has(entry)) lineOf.set(entry, number);
  }
  for (const [form, words] of ofForms) {
    const number = heads.push(`form.${form}`) - 1;
    for (const phrase of words.split(', ')) lineOf.set(phrase, number);
  }
  for (const [phrase, name] of phrasesOfRegistry())
    if (!lineOf.has(phrase)) lineOf.set(phrase, heads.push(`field.${name}`) - 1);
  const findProduct = (phrase: string): number | undefined => {
    const first = phrase.slice(0, phrase.indexOf(' '));
    return products.find(({ firsts, pattern }) => firsts.has(first) && pattern.test(phrase))?.line;
  };
  let singles: string[] | undefined;

  return {
    isWord: (text) => lineOf.has(text),
    match(words, start) {
      for (let length = Math.min(MOST_WORDS, words.length - start); length > 0; length -= 1) {
        const phrase = words.slice(start, start + length).join(' ');
        const line = lineOf.get(phrase) ?? (length === 1 ? undefined : findProduct(phrase));
        if (line !== undefined) return { meaning: meaningOf(line), length };
      }
      return undefined;
    },
    correct(typed, distance) {
      if (typed.length < SHORTEST_CORRECTED - 1 || /\d/.test(typed)) return undefined;
      singles ??= [...lineOf.keys()].filter((phrase) => !phrase.includes(' '));
      if (typed.length < SHORTEST_CORRECTED) return singles.find((word) => isSwapped(typed, word));
      const near = singles.filter((word) => isSlip(typed, word, distance));
      const lines = new Set(near.map((word) => lineOf.get(word)));
      return lines.size === 1 ? near[0] : undefined;
    },
  };
}

/** From here on two slips are still one word. */
const LONGEST_SLIP = 9;
const VOWEL = /[aeiouy]/;

/**
 * Two letters swapped, one missing or too many, or another vowel; another consonant or two slips only in a long word.
 * What restricts or negates is never guessed.
 */
function isSlip(typed: string, word: string, distance: (a: string, b: string) => number): boolean {
  if (word.length < SHORTEST_CORRECTED - 1 || NEVER_GUESSED.test(word) || /\d/.test(word)) return false;
  if (isSwapped(typed, word)) return true;
  const slips = distance(typed, word);
  if (slips === 2) return Math.min(typed.length, word.length) >= LONGEST_SLIP && typed[0] === word[0];
  if (slips !== 1 || typed.length !== word.length || typed.length >= LONGEST_SLIP - 2) return slips === 1;
  const at = Array.from(typed).findIndex((letter, index) => letter !== word[index]);
  return VOWEL.test(typed[at] ?? '') && VOWEL.test(word[at] ?? '');
}

const NEVER_GUESSED =
  /^(?:except|excluding|exclude|without|unless|never|neither|ignore|ignoring|besides|below|above|under|beneath|higher|lower|fewer|least|within|first|before|after|should|would|could|might|will)$/;

/** `{rose|ran} {most|more}` stands for four phrases. */
function patternOf(entry: string): RegExp {
  return new RegExp(`^${entry.replaceAll('{', '(?:').replaceAll('}', ')')}$`);
}

/** Most phrases begin with none of these, and need no pattern: each costs a millisecond when it is first used. */
function firstWordsOf(entry: string): ReadonlySet<string> {
  const [, group = entry] = /^\{([^}]*)\}/.exec(entry) ?? [];
  return new Set(group.split('|').map((words) => words.split(' ', 1)[0] ?? ''));
}

/** Two neighbors the other way round. */
function isSwapped(typed: string, word: string): boolean {
  const at = Array.from(typed).findIndex((letter, index) => letter !== word[index]);
  return at >= 0 && typed.slice(0, at) + (typed[at + 1] ?? '') + (typed[at] ?? '') + typed.slice(at + 2) === word;
}

/** Every phrase of the registry, as the lexer gives it, with the field that it names. */
function* phrasesOfRegistry(): Generator<[phrase: string, name: string]> {
  for (const { name, words, windows } of ENTRIES) {
    const own = windows === undefined ? name : `${name}${windows[0] ?? ''}`;
    for (const phrase of [own.toLowerCase(), name.toLowerCase(), ...words]) {
      const text = /^[a-z ]+$/.test(phrase)
        ? phrase
        : lexQuestion(phrase)
            .map((word) => word.text)
            .join(' ');
      // A day before a figure is a date.
      if (!text.startsWith('yesterday')) yield [text, own];
    }
  }
}

function parseMeaning(text: string): Meaning {
  const [is = '', ...rest] = text.split('.');
  const value = rest.join('.');
  switch (is) {
    case 'field':
      return { is, names: value.split('+') };
    case 'form':
      return { is, form: value };
    case 'aggregate':
      return { is, aggregate: value as Aggregate };
    case 'rank': {
      const [order = '', by] = rest;
      return { is, order: order as Order, ...(by === undefined ? {} : { by }) };
    }
    case 'relation':
      return { is, operator: value as '>' };
    case 'move':
      return { is, direction: value as 'up' };
    case 'state':
      return { is, expression: value };
    case 'side':
      return { is, side: value as 'both' };
    case 'interval':
      return { is, interval: value as BarInterval | IntradayInterval };
    case 'pronoun':
      return { is, pronoun: /\d/.test(value) ? Number(value) : (value as 'it') };
    case 'money':
      return { is, money: value as 'atm' };
    case 'bestDay':
      return { is, which: value };
    case 'strategy':
      return { is, strategy: value };
    case 'scan':
      return { is, scan: value };
    case 'group':
    case 'sector':
      return { is: 'group', symbols: value.split('+'), isSector: is === 'sector' };
    case 'allTime':
      return { is, field: value as 'high' };
    case 'unit':
      return { is, unit: value as PeriodWord };
    case 'occasion':
      return { is, occasion: value as 'last' };
    case 'refuse':
      return { is, why: value };
    case 'step':
      return { is, unit: rest[0] as StepUnit, by: rest[1] === 'before' ? -1 : 1 };
    default:
      return { is: is as Flag };
  }
}

const SESSION_UNIT = String.raw`(?:days?|d|dma|sessions?|periods?|bars?)`;
const AVERAGE = String.raw`(?:(simple|exponential) )?(moving averages?|averages?|avgs?|smas?|emas?|mas?|dma|line)`;
/** `50 day moving average`, `50dma`, `20 ema`. */
const WINDOW_FIRST = new RegExp(String.raw`^(\d{1,3}) ?(?:${SESSION_UNIT} )?${AVERAGE}(?= |$)`);
const WINDOW_LAST = /^(sma|ema|ma|dma) ?(\d{1,3})(?= |$)/;
/** `20 day high`, `30 day average volume`, `10 day return`. */
const OVER_WINDOW = new RegExp(
  String.raw`^(\d{1,3}) ?${SESSION_UNIT} (highs?|lows?|average volume|avg volume|average vol|volume average|return|performance|change|rsi|atr|hv|realized vol(?:atility)?|historical vol(?:atility)?|adx)(?= |$)`,
);
const HIGH_AND_LOW = new RegExp(String.raw`^(\d{1,3}) ?${SESSION_UNIT} highs? (?:and|/|n) lows?(?= |$)`);
const AVERAGE_VOLUME = new RegExp(String.raw`^(?:average|avg) (\d{1,3}) ?${SESSION_UNIT} vol(?:ume)?(?= |$)`);
const NAMED_WINDOW = /^(rsi|atr|hv|adx|roc|rv|yz|yang zhang) ?(\d{1,3})(?= |$)(?! (?:days? in|percent|or|and below))/;
/** `5/10/20/50/200 averages`, `20, 50 and 200 day smas`. */
const AVERAGE_LIST =
  /^\d{1,3}(?: ?(?:\/|,|and|, and) ?\d{1,3})+ ?(?:days? |d )?((?:simple |exponential )?(?:moving averages?|averages|smas?|emas?|mas|dmas?))(?= |$)/;
const BARE_WINDOW = new RegExp(String.raw`^(\d{1,3}) ?(?:day|d|dma)(?= |$)`);
/** What `N day` names where nothing else says so. */
const KNOWN_AVERAGES = new Set([8, 9, 10, 20, 21, 50, 100, 150, 200]);

/** A field whose name holds a number of sessions, at a place of a question. */
export function matchWindowed(
  words: readonly string[],
  start: number,
  isCompared: boolean,
): { names: string[]; length: number } | undefined {
  const text = words.slice(start, start + 12).join(' ');
  const isOfThree = words[start] === 'yang' && /\d/.test(words[start + 2] ?? '');
  if (!isOfThree && !/\d/.test(words[start] ?? '') && !/\d/.test(words[start + 1] ?? '')) return undefined;
  const found = (match: RegExpExecArray, name: string): { names: string[]; length: number } | undefined =>
    findField(name) === undefined && !name.includes('(')
      ? undefined
      : { names: [name], length: match[0].split(' ').length };
  const macd = /^macd 12 ?[/,]? ?26 ?[/,]? ?9/.exec(text);
  if (macd !== null) return { names: ['macd', 'macdSignal', 'macdHistogram'], length: macd[0].split(' ').length };
  const all = AVERAGE_LIST.exec(text);
  if (all !== null)
    return {
      names: (all[0].match(/\d+/g) ?? []).map((window) => `${/ema|exp/.test(all[1] ?? '') ? 'ema' : 'sma'}${window}`),
      length: all[0].split(' ').length,
    };
  const over = HIGH_AND_LOW.test(text) ? null : OVER_WINDOW.exec(text);
  if (over !== null) return found(over, overWindow(over[1] ?? '', over[2] ?? ''));
  const both = HIGH_AND_LOW.exec(text);
  if (both !== null)
    return {
      names: [`highest(high, ${both[1] ?? ''})`, `lowest(low, ${both[1] ?? ''})`],
      length: both[0].split(' ').length,
    };
  const volume = AVERAGE_VOLUME.exec(text);
  if (volume !== null) return found(volume, `avg(volume, ${volume[1] ?? ''})`);
  const first = WINDOW_FIRST.exec(text);
  if (first !== null) {
    const [, window = '', style, kind = ''] = first;
    return found(first, `${style === 'exponential' || kind.startsWith('ema') ? 'ema' : 'sma'}${window}`);
  }
  const last = WINDOW_LAST.exec(text);
  if (last !== null) return found(last, `${last[1] === 'ema' ? 'ema' : 'sma'}${last[2] ?? ''}`);
  const named = NAMED_WINDOW.exec(text);
  if (named !== null) return found(named, `${OWN_NAMES[named[1] ?? ''] ?? named[1] ?? ''}${named[2] ?? ''}`);
  const list =
    /^(\d{1,3}) (?:and|or|,|\/|, and) (?=(?:\d{1,3} (?:and|or|,|\/|, and) )*\d{1,3} ?(?:day|d|dma|sma|ema|ma|moving)(?= |$))/.exec(
      text,
    );
  if (list !== null && isCompared) return { names: [`sma${list[1] ?? ''}`], length: 1 };
  // Of weeks as many sessions.
  const weeks = /^(\d{1,2}) ?(?:weeks?|wks?|w) ?(?:simple )?(?:ma|sma|moving average|average|line)(?= |$)/.exec(text);
  if (weeks !== null) return found(weeks, `sma${String(5 * Number(weeks[1]))}`);
  const slashed = /^\d{1,3}(?: \/ \d{1,3})+(?= |$)/.exec(text);
  const listed = slashed?.[0].split(' / ').map(Number) ?? [];
  if (slashed !== null && listed.length > 1 && listed.every((each) => KNOWN_AVERAGES.has(each)))
    return { names: listed.map((each) => `sma${String(each)}`), length: slashed[0].split(' ').length };
  const owned =
    /^(20|50|100|200)(?= |$)(?! (?:day|d|week|percent|strike|call|put|share|point|contract|delta|session|dollar))/.exec(
      text,
    );
  if (owned !== null && isCompared && /^(?:its|the|both)$/.test(words[start - 1] ?? ''))
    return found(owned, `sma${owned[1] ?? ''}`);
  const bare = BARE_WINDOW.exec(text);
  const window = Number(bare?.[1]);
  if (bare === null || window < MIN_WINDOW || window > MAX_WINDOW) return undefined;
  const isAlone =
    start > 0 &&
    window >= 20 &&
    !/^(?:about|and|the|last|past|for|over|in)$/.test(words[start - 1] ?? '') &&
    /^(?:|,|and|or|\/|;|on|for|of)$/.test(words[start + bare[0].split(' ').length] ?? '') &&
    !words.some((word) => OF_WINDOWS.test(word));
  const isNamed = isCompared || isAlone || words[start - 1] === 'the' || words[start - 1] === 'its';
  return isNamed && KNOWN_AVERAGES.has(window) ? found(bare, `sma${window}`) : undefined;
}

/** What has a window of its own beside an average. */
const OF_WINDOWS =
  /^(?:returns?|performance|perf|change|changes|gains?|volume|hv|iv|moves?|range|ranges|high|low|highs|lows|rv|realized|realised|volatility|chart|history|ago|calls?|puts?|straddles?|options?|delta|em|expected|skew|vol|chain|dte|bars|candles|data|price|prices)$/;
const OWN_NAMES: Readonly<Record<string, string>> = { 'yang zhang': 'yangZhang', yz: 'yangZhang', rv: 'hv' };

function overWindow(window: string, what: string): string {
  if (what.startsWith('high')) return `highest(high, ${window})`;
  if (what.startsWith('low')) return `lowest(low, ${window})`;
  if (
    what.includes('vol') &&
    !what.includes('atility') &&
    !what.startsWith('realized') &&
    !what.startsWith('historical')
  )
    return `avg(volume, ${window})`;
  if (/^(?:return|performance|change)$/.test(what)) return `roc${window}`;
  return `${/vol|hv/.test(what) ? 'hv' : what}${window}`;
}
