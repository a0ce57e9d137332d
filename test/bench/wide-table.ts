// The wide table of the bench: fifty symbols of the sample market by twenty columns of quotes and daily series.

export const FIFTY_SYMBOLS =
  'SPY QQQ IWM DIA GLD TLT XLF SMH ARKK AAPL MSFT NVDA AMZN GOOGL GOOG META TSLA AVGO AMD INTC MU QCOM TXN MRVL ARM SMCI TSM PLTR ORCL CRM ADBE IBM CSCO SNOW CRWD PANW SHOP UBER ABNB NFLX DIS JPM BAC WFC GS MS V MA COIN HOOD'.split(
    ' ',
  );

export const TWENTY_COLUMNS =
  'last,changePercent,volume,relativeVolume,gapPercent,rangePercent,rsi14,macd,macdSignal,macdHistogram,sma20,sma50,sma200,ema20,atrPercent14,bbPercent20,adx14,hv20,stochK,pct(last, week52High) as fromHigh';
