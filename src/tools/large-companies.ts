// What a scan looks at where no provider has the whole market: large US companies, whose quotes go in one request.
// A list of names, not of figures: it ages slowly.
import type { TickerSymbol } from '../domain/types.ts';

const SYMBOLS = `AAPL MSFT NVDA AMZN GOOGL META TSLA AVGO BRK.B LLY JPM V XOM UNH MA COST WMT PG JNJ HD NFLX ORCL BAC ABBV
  CRM CVX KO MRK AMD WFC ADBE PEP LIN TMO CSCO ACN MCD ABT GE IBM PM DIS CAT TXN QCOM INTU VZ AMGN ISRG NOW GS AXP RTX
  CMCSA PFE UBER NEE SPGI T LOW BKNG HON AMAT UNP BLK ETN TJX COP BSX SYK C PANW VRTX ADP MS LMT DE BA SCHW MU PLTR
  CB GILD MDT SBUX BMY INTC ADI PLD NKE SO MDLZ UPS DUK CRWD KLAC LRCX SHOP ANET TMUS WM CI MO GM F PYPL TGT COIN`;

export function listLargeCompanies(): TickerSymbol[] {
  return SYMBOLS.split(/\s+/);
}
