// Exports of brokers as holdings: the documented columns of four of them, with titles, sections, footers and cash, and
// files of one's own; what is not understood is named with its line.
import { describe, expect, it } from 'vitest';
import { readBrokerFile } from '../../src/book/broker-files.ts';

// Columns and contracts of Schwab, Fidelity and Interactive Brokers are as public importers' own fixtures have them (real
// exports with the figures changed); Tradier's are the names of its API, its file has been seen nowhere.
const TRADIER = `id,symbol,quantity,cost_basis,date_acquired
130089,NVDA,100.00000000,18050.00,2026-08-03T14:41:11.405Z
130090,NVDA261218C00450000,-2.00000000,-1060.00,2026-11-18T14:42:00.774Z
130091,BRK/B,5,2100.5,2026-11-18
`;
const SCHWAB = `"Positions for account Individual ...123 as of 09:41 AM ET, 2026/11/20"

"Symbol","Description","Qty (Quantity)","Price","Price Chng $ (Price Change $)","Price Chng % (Price Change %)","Mkt Val (Market Value)","Day Chng $ (Day Change $)","Day Chng % (Day Change %)","Cost Basis","Gain $ (Gain/Loss $)","Gain % (Gain/Loss %)","Ratings","Reinvest?","Reinvest Capital Gains?","% of Acct (% of Account)","Security Type",
"NVDA","NVIDIA CORP","1,000","$406.67","$0.68","0.17%","$406,670.00","$680.00","0.17%","$180,500.00","$226,170.00","125.3%","A","No","N/A","60%","Equity",
"NVDA 12/18/2026 450.00 C","CALL NVIDIA CORP $450 EXP 12/18/26","-2","$6.10","$0.8","15.1%","($1,220.00)","($160.00)","-15.1%","$1,060.00","($160.00)","-15.1%","--","--","--","--","Option",
"Cash & Cash Investments","--","--","--","--","--","$5,000.00","$0.00","0%","--","--","--","--","--","--","3%","Cash and Money Market",
"Account Total","--","--","--","--","--","$416,450.00","$520.00","0.1%","$185,560.00","--","--","--","--","--","--","--",
`;
const FIDELITY = `Account Number,Account Name,Symbol,Description,Quantity,Last Price,Last Price Change,Current Value,Today's Gain/Loss Dollar,Today's Gain/Loss Percent,Total Gain/Loss Dollar,Total Gain/Loss Percent,Percent Of Account,Cost Basis Total,Average Cost Basis,Type
X00000001,Individual,SPAXX**,HELD IN MONEY MARKET,,,,$5000.00,,,,,3.00%,,,Cash,
X00000001,Individual,NVDA,NVIDIA CORPORATION COM,12.345,$406.67,+$0.68,$5020.34,+$8.39,+0.17%,+$2792.07,+125.30%,90.00%,$2228.27,$180.50,Cash,
X00000001,Individual, -NVDA261218C450,NVDA DEC 18 2026 $450 CALL,-2,$6.10,+$0.80,-$1220.00,-$160.00,-15.09%,-$160.00,-15.09%,-7.00%,$1060.00,$5.30,Margin,
X00000001,Individual,Pending Activity,,,,,$12.00,,,,,,,,

"The data and information in this spreadsheet is provided to you solely for your use and is not for distribution."

"Date downloaded Nov-20-2026 9:41 a.m ET"
`;
const INTERACTIVE = `Statement,Header,Field Name,Field Value
Statement,Data,Title,Activity Statement
Account Information,Data,Base Currency,USD
Open Positions,Header,DataDiscriminator,Asset Category,Currency,Symbol,Quantity,Mult,Cost Price,Cost Basis,Close Price,Value,Unrealized P/L,Code
Open Positions,Data,Summary,Stocks,USD,NVDA,100,1,180.5,18050,406.67,40667,22617,
Open Positions,Data,Lot,Stocks,USD,NVDA,60,1,180.5,10830,406.67,24400.2,13570.2,
Open Positions,Data,Summary,Stocks,USD,BRK B,5,1,420.1,2100.5,433.88,2169.4,68.9,
Open Positions,Total,,Stocks,USD,,,,,20150.5,,42836.4,22685.9,
Open Positions,Data,Summary,Equity and Index Options,USD,NVDA 18DEC26 450 C,-2,100,5.3,-1060,6.1,-1220,-160,
Open Positions,Total,,Equity and Index Options,USD,,,,,-1060,,-1220,-160,
Trades,Data,Order,Stocks,USD,AAPL,"2026-11-18, 10:00:00",10,200,2000
`;
const SCHWAB_ACCOUNTS = `"Positions for All-Accounts as of 09:15 AM ET, 2026/11/20"

"Individual ...111"
"Symbol","Description","Cost/Share","Mkt Val (Market Value)","Cost Basis","Qty (Quantity)","Asset Type",
"NVDA","NVIDIA CORP","$180.50","$4,066.70 ","$1,805.00 ","10","Equity",
"SWVXX","SCHWAB VALUE ADVANTAGE MONEY FUND","$1.00","$1,200.00","$1,200.00","1,200","Cash and Money Market",
"Positions Total","","--","$5,266.70","$3,005.00","--","--",

"Roth IRA ...222"
"Symbol","Description","Cost/Share","Mkt Val (Market Value)","Cost Basis","Qty (Quantity)","Asset Type",
"VTI","VANGUARD TOTAL STOCK MARKET ETF","$250.00","$300.00","$250.00","1","ETFs & Closed End Funds",
"Positions Total","","--","$300.00","$250.00","--","--",
`;
const FIDELITY_DATED = `
Account information as of Jun-09-2026

Account Number,Account Name,Symbol,Description,Quantity,Last Price,Last Price Change,Current Value,Cost Basis Total,Average Cost Basis,Type
X12345678,INDIVIDUAL,NVDA,NVIDIA CORP,10,$206.57,+$1.20,$2065.70,$1800.00,$180.00,Cash
X12345678,INDIVIDUAL,-NVDA260717C200,CALL (NVDA) NVIDIA CORP JUL 17 26 $200,2,$8.10,+$0.55,$1620.00,$1080.00,$5.40,Cash
X12345678,INDIVIDUAL,Pending activity,,,,,-$1.33,,,,
`;
const INTERACTIVE_TOTALS = `Open Positions,Header,DataDiscriminator,Asset Category,Currency,Symbol,Quantity,Mult,Cost Price,Cost Basis,Close Price,Value,Unrealized P/L,Unrealized P/L %,Code
Open Positions,Data,Summary,Stocks,USD,AAPL,50,1,150.50,7525.00,175.25,8762.50,1237.50,16.4,
Open Positions,Data,Summary,Equity and Index Options,USD,SPY 31MAR25 570.5 P,1,100,0.8315665,83.15665,0,0,-83.15665,-100,
Open Positions,Data,Total,,,,,,,7608.15665,,8762.50,1154.34,,
`;
const CALL = { symbol: 'NVDA261218C00450000', quantity: -2, cost: -1060 };

describe('an export of positions', () => {
  it.each([
    [
      'Tradier',
      TRADIER,
      [
        { symbol: 'NVDA', quantity: 100, cost: 18_050, opened: '2026-08-03' },
        { ...CALL, opened: '2026-11-18' },
        { symbol: 'BRK.B', quantity: 5, cost: 2100.5, opened: '2026-11-18' },
      ],
      [],
    ],
    ['Schwab', SCHWAB, [{ symbol: 'NVDA', quantity: 1000, cost: 180_500 }, CALL], ['Cash & Cash Investments']],
    [
      'Fidelity',
      FIDELITY,
      [{ symbol: 'NVDA', quantity: 12.345, cost: 2228.27 }, CALL],
      ['SPAXX**', 'Pending Activity'],
    ],
    [
      'Interactive Brokers',
      INTERACTIVE,
      [{ symbol: 'NVDA', quantity: 100, cost: 18_050 }, { symbol: 'BRK.B', quantity: 5, cost: 2100.5 }, CALL],
      [],
    ],
    [
      'Schwab, of several accounts',
      SCHWAB_ACCOUNTS,
      [
        { symbol: 'NVDA', quantity: 10, cost: 1805 },
        { symbol: 'VTI', quantity: 1, cost: 250 },
      ],
      ['SWVXX'],
    ],
    [
      'Fidelity, without its figures of the day',
      FIDELITY_DATED,
      [
        { symbol: 'NVDA', quantity: 10, cost: 1800 },
        { symbol: 'NVDA260717C00200000', quantity: 2, cost: 1080 },
      ],
      ['Pending activity'],
    ],
    [
      'Interactive Brokers, with its sums among the data',
      INTERACTIVE_TOTALS,
      [
        { symbol: 'AAPL', quantity: 50, cost: 7525 },
        { symbol: 'SPY250331P00570500', quantity: 1, cost: 83.15665 },
      ],
      [],
    ],
    [
      'of one’s own, with a cost per share',
      'Ticker,Shares,Price paid\nnvda,10,$180.505\nSPY,-3,650\nNVDA261218C00450000,1,5.3\n',
      [
        { symbol: 'NVDA', quantity: 10, cost: 1805.05 },
        { symbol: 'SPY', quantity: -3, cost: -1950 },
        { symbol: 'NVDA261218C00450000', quantity: 1, cost: 530 },
      ],
      [],
    ],
  ])('of %s is read', (_broker, text, holdings, leftOut) => {
    expect(readBrokerFile(text)).toEqual({ holdings, leftOut, problems: [] });
  });

  it.each([
    ['no ticker', 'Symbol,Quantity,Cost Basis\n912828ZT0,10,100\n', 'line 2: "912828ZT0": not a ticker or contract'],
    ['a pair of currencies', 'Symbol,Quantity,Cost Basis\nBTC-USD,1,50000\n', 'line 2: "BTC-USD": not a ticker'],
    ['no quantity', 'Symbol,Quantity,Cost Basis\nNVDA,--,100\n', 'line 2: "NVDA": no quantity'],
    ['no cost', 'Symbol,Quantity,Cost Basis\nNVDA,10,n/a\n', 'line 2: "NVDA": no cost'],
    [
      'a date of no calendar',
      'Symbol,Quantity,Cost,Opened\nNVDA,1,2,2026-02-30\n',
      'line 2: "NVDA": 2026-02-30 is not a date',
    ],
    ['half a contract', 'Symbol,Quantity,Cost\nNVDA261218C00450000,0.5,2\n', 'a fraction of a contract'],
    ['other money', 'Symbol,Quantity,Cost,Currency\nSAP,10,100,EUR\n', 'in EUR, not in dollars'],
    ['another size', 'Symbol,Quantity,Cost,Mult\nNVDA261218C00450000,1,100,10\n', 'a multiplier of 10'],
    ['no header', 'NVDA,10,100\n', 'no line names columns'],
    ['semicolons', 'Title\n"Symbol";"Quantity";"Cost Basis"\nNVDA;1;150,50\n', 'columns are separated by semicolons'],
    ['tabs', 'Symbol\tQuantity\tCost Basis\nNVDA\t1\t150\n', 'columns are separated by tabs'],
    ['nothing', '', 'no line names columns'],
    ['no rows', 'Symbol,Quantity,Cost\n', 'it contains no positions'],
  ])('with %s is a problem that is named', (_what, text, problem) => {
    const { problems } = readBrokerFile(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it('names the line behind fields that hold line ends, and every row that is not understood', () => {
    const { holdings, problems } = readBrokerFile(
      'Symbol,Note,Quantity,Cost\nNVDA,"a ""b"",\nc",1,2\n???,,1,2\n!,,1,2\n',
    );
    expect(holdings).toEqual([{ symbol: 'NVDA', quantity: 1, cost: 2 }]);
    expect(problems.map((problem) => problem.slice(0, 7))).toEqual(['line 4:', 'line 5:']);
  });

  it('with contracts as fin takes them elsewhere is understood, where their date needs no list', () => {
    const now = Date.parse('2026-12-01T11:15:00-05:00');
    const read = (symbol: string) => readBrokerFile(`symbol,quantity,cost per share\n${symbol},1,5\n`, now);
    for (const spelled of ['NVDA 450c dec 18', 'nvda 12/18/26 450 call', 'NVDA 2026-12-18 450 call', 'NVDA 12/18 450c'])
      expect(read(spelled), spelled).toMatchObject({
        holdings: [{ symbol: 'NVDA261218C00450000', cost: 500 }],
        problems: [],
      });
    expect(read('BRK.B 500p jan 15 2027').holdings).toMatchObject([{ symbol: 'BRKB270115P00500000' }]);
    for (const [spelled, why] of [
      ['NVDA 450c friday', 'its expiration is not a date'],
      ['NVDA 450c dec 19', 'no options expire on 2026-12-19'],
      ['NVDA261225C00450000', 'no options expire on 2026-12-25'],
      ['SPX 6000c dec 18', 'several option roots'],
      ['NVDA 450', 'not a ticker or contract'],
    ] as const) {
      expect(read(spelled).problems[0], spelled).toContain(why);
      expect(read(spelled).holdings).toEqual([]);
    }
  });
});

describe('the day on which it was opened', () => {
  const NOW = Date.parse('2026-12-01T11:15:00-05:00');
  const read = (head: string, when: string) =>
    readBrokerFile(`symbol,quantity,cost,${head}\nAAPL,10,1500,"${when}"\n`, NOW);

  it.each(['Opened', 'Open Date', 'Date Opened', 'Opened Date', 'Purchase Date', 'Acquisition Date', 'OpenDateTime'])(
    'is read from a column %s',
    (head) => {
      expect(read(head, '2026-10-01').holdings[0]?.opened).toBe('2026-10-01');
    },
  );

  it.each([
    '10/1/2026',
    '10/01/26',
    '20261001',
    '20261001;093000',
    '2026-10-01, 09:30:00',
    'Oct-01-2026',
    'Oct 1, 2026',
  ])('is read as %s', (when) => {
    expect(read('opened', when)).toMatchObject({ holdings: [{ opened: '2026-10-01' }], problems: [] });
  });

  it('is that of New York where a time has its offset, and none where there is a dash', () => {
    expect(read('date acquired', '2026-12-01T00:30:00.000Z').holdings[0]?.opened).toBe('2026-11-30');
    for (const none of ['-', '--', 'N/A', ''])
      expect(read('opened', none).holdings).toEqual([{ symbol: 'AAPL', quantity: 10, cost: 1500 }]);
  });

  it.each([
    ['2026-12-02', '2026-12-02 is in the future'],
    ['13/10/2026', '13/10/2026 is not a date'],
    ['Ano 1 2026', 'Ano 1 2026 is not a date'],
  ])('that cannot be, %s, is a problem', (when, why) => {
    expect(read('opened', when).problems).toEqual([`line 2: "AAPL": ${why}`]);
  });
});

describe('what is no position that is held', () => {
  it.each([
    'Symbol,Closed Date,Opened Date,Quantity,Cost Per Share,Proceeds,Cost Basis (CB),Gain/Loss ($)\nAAPL,11/20/2026,10/01/2026,10,190,1950,1900,50\n',
    'Symbol,Quantity,Date Acquired,Date Sold,Cost Basis\nAAPL,10,10/01/2026,11/20/2026,1900\n',
    'symbol,quantity,open_date,close_date,cost,gain_loss\nAAPL,10,2026-10-01,2026-11-20,1900,50\n',
  ])('lots that were sold are a problem of their file: %s', (text) => {
    const { holdings, problems } = readBrokerFile(text);
    expect(holdings).toEqual([]);
    expect(problems).toEqual([expect.stringMatching(/^line 1: with ".*(?:date|proceeds).*" it lists what was sold$/i)]);
  });

  it('lots count once beside the position that they make up', () => {
    const head = 'Symbol,Quantity,CostBasisMoney,LevelOfDetail\n';
    const lots = 'AAPL,6,900,LOT\nAAPL,4,601,LOT\n';
    expect(readBrokerFile(`${head}AAPL,10,1501,SUMMARY\n${lots}`).holdings).toMatchObject([{ quantity: 10 }]);
    expect(readBrokerFile(head + lots).holdings).toMatchObject([{ quantity: 6 }, { quantity: 4 }]);
  });
});

describe('a spelling', () => {
  it.each([
    ['BRKB', 'BRK.B'],
    ['BAC PRL', 'BACpL'],
    ['ACHR WS', 'ACHR.WS'],
    ['.NVDA261218C450', 'NVDA261218C00450000'],
    ["NVDA Dec 18 '26 $450 Call", 'NVDA261218C00450000'],
  ])('of a broker, %s, is %s', (spelled, symbol) => {
    expect(
      readBrokerFile(`symbol,quantity,cost\n${spelled},1,5\n`, Date.parse('2026-12-01T11:15:00-05:00')),
    ).toMatchObject({
      holdings: [{ symbol }],
      problems: [],
    });
  });
});

describe('a figure with commas', () => {
  it.each(['150,50', '1,5', '1.300,00', '12,34', '1,2345', ',5', '1,00,000'])('that is no %s is listed', (text) => {
    const file = (quantity: string, cost: string) =>
      readBrokerFile(`symbol,quantity,cost\nAAPL,"${quantity}","${cost}"\nMSFT,1,2\n`);
    for (const { holdings, problems } of [file(text, '10'), file('10', text)]) {
      expect(holdings.map(({ symbol }) => symbol)).toEqual(['MSFT']);
      expect(problems).toEqual([`line 2: "AAPL": ${text} is not a number: write it as 1,234.50`]);
    }
  });

  it.each([
    ['1,500', 1500],
    ['$12,345,678.90', 12_345_678.9],
    ['1500.5', 1500.5],
  ])('before each three digits, %s, is read', (text, cost) => {
    expect(readBrokerFile(`symbol,quantity,cost\nAAPL,1,"${text}"\n`).holdings).toEqual([
      { symbol: 'AAPL', quantity: 1, cost },
    ]);
  });

  it('is none where nobody can hold so much', () => {
    const { holdings, problems } = readBrokerFile('symbol,quantity,cost\nAAPL,1e308,10\nMSFT,1,1e308\n');
    expect([holdings.length, problems.length]).toEqual([0, 2]);
  });
});
