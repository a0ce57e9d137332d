// Which symbols the sample market lists and how each behaves: price level, volatility, volume.
// Names and levels are those of the real companies in autumn 2025; every price made from them is invented.
import type { IsoDate, TickerSymbol } from '../domain/types.ts';

export type InstrumentKind = 'stock' | 'etf' | 'index';

export interface Instrument {
  symbol: TickerSymbol;
  name: string;
  kind: InstrumentKind;
  /** Tradier's one-letter code of the listing exchange: Q Nasdaq, N NYSE, P NYSE Arca, C Cboe. */
  exchange: string;
  /** Close on the reference day of prices.ts, in dollars. */
  anchorPrice: number;
  /** A year's standard deviation of log returns, as a fraction. */
  volatility: number;
  /** Shares in a usual session; 0 for an index. */
  averageVolume: number;
  /** `to` shares for every `from`, from the open of `date` on: prices of other days are told as of after it. */
  split?: { date: IsoDate; from: number; to: number };
}

/** symbol | name | kind | exchange | anchor price | volatility | average volume in millions */
const TABLE = `
SPY|SPDR S&P 500 ETF Trust|etf|P|685|0.15|72
QQQ|Invesco QQQ Trust, Series 1|etf|Q|629|0.19|54
IWM|iShares Russell 2000 ETF|etf|P|246|0.21|38
DIA|SPDR Dow Jones Industrial Average ETF Trust|etf|P|475|0.14|4.5
GLD|SPDR Gold Shares|etf|P|368|0.18|12
TLT|iShares 20+ Year Treasury Bond ETF|etf|Q|90.3|0.14|40
XLF|Financial Select Sector SPDR Fund|etf|P|52.3|0.17|42
SMH|VanEck Semiconductor ETF|etf|Q|362|0.33|9
ARKK|ARK Innovation ETF|etf|P|87|0.42|11
AAPL|Apple Inc|stock|Q|270|0.26|48
MSFT|Microsoft Corp|stock|Q|518|0.24|21
NVDA|NVIDIA Corp|stock|Q|205|0.42|185
AMZN|Amazon.com Inc|stock|Q|244|0.31|46
GOOGL|Alphabet Inc Class A|stock|Q|281|0.3|36
GOOG|Alphabet Inc Class C|stock|Q|282|0.3|24
META|Meta Platforms Inc|stock|Q|648|0.34|16
TSLA|Tesla Inc|stock|Q|440|0.56|88
AVGO|Broadcom Inc|stock|Q|369|0.45|22
AMD|Advanced Micro Devices Inc|stock|Q|255|0.5|60
INTC|Intel Corp|stock|Q|40|0.5|95
MU|Micron Technology Inc|stock|Q|224|0.5|24
QCOM|QUALCOMM Inc|stock|Q|181|0.34|9
TXN|Texas Instruments Inc|stock|Q|161|0.32|7
MRVL|Marvell Technology Inc|stock|Q|94|0.55|17
ARM|Arm Holdings plc ADR|stock|Q|170|0.54|6
SMCI|Super Micro Computer Inc|stock|Q|52|0.75|32
TSM|Taiwan Semiconductor Manufacturing ADR|stock|N|300|0.36|13
ASML|ASML Holding NV|stock|Q|1059|0.37|1.6
WDC|Western Digital Corp|stock|Q|150|0.48|9
STX|Seagate Technology Holdings plc|stock|Q|256|0.46|4.2
SOUN|SoundHound AI Inc|stock|Q|17|0.88|62
PLTR|Palantir Technologies Inc|stock|Q|200|0.62|62
IONQ|IonQ Inc|stock|N|62|0.9|26
ORCL|Oracle Corp|stock|N|262|0.42|20
CRM|Salesforce Inc|stock|N|260|0.34|8
ADBE|Adobe Inc|stock|Q|340|0.34|4
IBM|International Business Machines Corp|stock|N|307|0.26|5
CSCO|Cisco Systems Inc|stock|Q|73|0.22|20
SNOW|Snowflake Inc|stock|N|275|0.46|5
CRWD|CrowdStrike Holdings Inc|stock|Q|543|0.4|2.6
PANW|Palo Alto Networks Inc|stock|Q|220|0.33|6
SHOP|Shopify Inc|stock|Q|174|0.5|8
UBER|Uber Technologies Inc|stock|N|96|0.35|17
ABNB|Airbnb Inc|stock|Q|126|0.36|5
NFLX|Netflix Inc|stock|Q|112|0.34|38
DIS|Walt Disney Co|stock|N|113|0.28|9
CMCSA|Comcast Corp|stock|Q|27.8|0.28|28
SNAP|Snap Inc|stock|N|8|0.62|55
RDDT|Reddit Inc|stock|N|209|0.68|6
ROKU|Roku Inc|stock|Q|106|0.55|3
T|AT&T Inc|stock|N|24.7|0.22|38
VZ|Verizon Communications Inc|stock|N|39.7|0.21|20
TMUS|T-Mobile US Inc|stock|Q|210|0.24|4.4
JPM|JPMorgan Chase & Co|stock|N|311|0.24|9
BAC|Bank of America Corp|stock|N|53.4|0.26|36
WFC|Wells Fargo & Co|stock|N|87|0.28|14
C|Citigroup Inc|stock|N|101|0.3|13
GS|Goldman Sachs Group Inc|stock|N|789|0.29|2.1
MS|Morgan Stanley|stock|N|164|0.28|6
V|Visa Inc|stock|N|341|0.21|6
MA|Mastercard Inc|stock|N|552|0.22|2.7
AXP|American Express Co|stock|N|361|0.28|2.8
PYPL|PayPal Holdings Inc|stock|Q|69|0.37|15
COIN|Coinbase Global Inc|stock|Q|344|0.7|10
HOOD|Robinhood Markets Inc|stock|Q|147|0.7|34
SOFI|SoFi Technologies Inc|stock|Q|29.7|0.6|62
SCHW|Charles Schwab Corp|stock|N|94.5|0.26|9
MSTR|Strategy Inc|stock|Q|270|0.75|13
MARA|MARA Holdings Inc|stock|Q|18.3|0.85|48
BRK.B|Berkshire Hathaway Inc Class B|stock|N|478|0.18|4.6
UNH|UnitedHealth Group Inc|stock|N|342|0.36|9
JNJ|Johnson & Johnson|stock|N|189|0.18|8
LLY|Eli Lilly and Co|stock|N|863|0.36|3.7
PFE|Pfizer Inc|stock|N|24.6|0.25|48
MRK|Merck & Co Inc|stock|N|86|0.26|12
ABBV|AbbVie Inc|stock|N|218|0.24|6
XOM|Exxon Mobil Corp|stock|N|114|0.23|15
CVX|Chevron Corp|stock|N|158|0.23|8
OXY|Occidental Petroleum Corp|stock|N|41|0.32|11
WMT|Walmart Inc|stock|N|101|0.21|16
COST|Costco Wholesale Corp|stock|Q|911|0.21|2
TGT|Target Corp|stock|N|92.7|0.36|7
HD|Home Depot Inc|stock|N|380|0.23|3.6
MCD|McDonald's Corp|stock|N|298|0.18|3.3
SBUX|Starbucks Corp|stock|Q|81|0.3|9
NKE|NIKE Inc|stock|N|64.6|0.36|14
KO|Coca-Cola Co|stock|N|69|0.16|15
PEP|PepsiCo Inc|stock|Q|146|0.19|7
PG|Procter & Gamble Co|stock|N|150|0.17|8
BA|Boeing Co|stock|N|201|0.33|8
CAT|Caterpillar Inc|stock|N|577|0.3|3.6
GE|GE Aerospace|stock|N|309|0.3|4.8
LMT|Lockheed Martin Corp|stock|N|492|0.23|1.4
UPS|United Parcel Service Inc|stock|N|96.4|0.32|7
F|Ford Motor Co|stock|N|13.1|0.34|72
GM|General Motors Co|stock|N|69|0.34|10
RIVN|Rivian Automotive Inc|stock|Q|13.6|0.65|38
NIO|NIO Inc ADR|stock|N|7.3|0.62|48
GME|GameStop Corp|stock|N|22.3|0.6|9
AAL|American Airlines Group Inc|stock|Q|13.2|0.48|60
SPX|S&P 500 Index|index|C|6850|0.15|0
VIX|Cboe Volatility Index|index|C|17.5|0.7|0
`;

/** The listed instruments, in the table's order. Parsed anew at each call: keep the result. */
export function createInstruments(): Instrument[] {
  return TABLE.trim().split('\n').map(parseRow);
}

function parseRow(row: string): Instrument {
  const [symbol = '', name = '', kind = '', exchange = '', anchor, volatility, millions] = row.split('|');
  return {
    symbol,
    name,
    kind: kind === 'etf' || kind === 'index' ? kind : 'stock',
    exchange,
    anchorPrice: Number(anchor),
    volatility: Number(volatility),
    averageVolume: Number(millions) * 1_000_000,
  };
}

/** The funds whose options expire every day. */
export function hasDailyExpirations(symbol: TickerSymbol): boolean {
  return symbol === 'SPY' || symbol === 'QQQ' || symbol === 'IWM';
}
