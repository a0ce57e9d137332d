// The companies and funds that a question may call by name: the sample market, the largest US companies and the funds
// and small caps that traders ask for most. Names as people say them; the symbol of a company that renamed is the new one.

/**
 * Entries apart by `;` or line ends: `SYMBOL=Name as shown,other name,…`. Other names are in the lexer's normal form, and
 * that of a shown name with more than letters, digits and blanks is among them. A name with `^` before it is an English word too
 * and counts only with a capital letter. A name that stands at two symbols is ambiguous and is asked back.
 * What comes before the line `---` is so well known that a symbol one letter away from it is taken for a slip.
 */
export const NAMES_TABLE = `
SPY=SPDR S&P 500 ETF,spdr s&p 500 etf,spider,spdr,s&p 500 etf,spy etf;QQQ=Invesco QQQ,nasdaq 100 etf,the nasdaq 100 etf,qqqs,nasdaq,the nasdaq;IWM=iShares Russell 2000 ETF,russell 2000 etf,the russell 2000 etf,russell,the russell
DIA=SPDR Dow Jones ETF,dow etf,diamonds,dow,the dow,dow jones;GLD=SPDR Gold Shares,gold etf;TLT=iShares 20+ Year Treasury ETF,ishares 20 and year treasury etf;XLF=Financial Select Sector SPDR,financials etf
SMH=VanEck Semiconductor ETF,semiconductor etf;ARKK=ARK Innovation ETF,ark innovation;AAPL=Apple,apple computer
MSFT=Microsoft;NVDA=NVIDIA;AMZN=Amazon,amazon.com;GOOGL=Alphabet,google,alphabet class a;GOOG=Alphabet Class C,google class c
META=Meta Platforms,meta,facebook;TSLA=Tesla,tesla motors;AVGO=Broadcom;AMD=Advanced Micro Devices,advanced micro;INTC=Intel
MU=Micron Technology,micron;QCOM=Qualcomm;TXN=Texas Instruments,tex instruments,tex instr;MRVL=Marvell Technology,marvell;ARM=Arm Holdings
SMCI=Super Micro Computer,supermicro,super micro;TSM=Taiwan Semiconductor,tsmc,taiwan semi;ASML=ASML Holding
WDC=Western Digital;STX=Seagate Technology,seagate;SOUN=SoundHound AI,soundhound;PLTR=Palantir Technologies,palantir
IONQ=IonQ;ORCL=Oracle;CRM=Salesforce,salesforce.com;ADBE=Adobe;IBM=International Business Machines,big blue
CSCO=Cisco Systems,cisco;SNOW=Snowflake;CRWD=CrowdStrike;PANW=Palo Alto Networks,palo alto;SHOP=Shopify;UBER=Uber Technologies,uber
ABNB=Airbnb;NFLX=Netflix;DIS=Walt Disney,disney;CMCSA=Comcast;SNAP=Snap Inc,snapchat,^snap;RDDT=Reddit;ROKU=Roku
T=AT&T,at&t,at and t;VZ=Verizon;TMUS=T-Mobile,t mobile;JPM=JPMorgan Chase,jpmorgan,jp morgan,j.p morgan;BAC=Bank of America,bofa
WFC=Wells Fargo;C=Citigroup,citi,citibank;GS=Goldman Sachs,goldman;MS=Morgan Stanley;V=Visa;MA=Mastercard
AXP=American Express,amex;PYPL=PayPal,pay pal;COIN=Coinbase;HOOD=Robinhood,robin hood;SOFI=SoFi Technologies,sofi
SCHW=Charles Schwab,schwab;MSTR=Strategy Inc,microstrategy,micro strategy;MARA=MARA Holdings,marathon digital
BRK.B=Berkshire Hathaway,berkshire,berkshire hathaway b,berkshire hathaway class b,berkshire b,brkb;UNH=UnitedHealth,united health,unitedhealth group
JNJ=Johnson & Johnson,johnson and johnson,j and j,j&j;LLY=Eli Lilly,lilly;PFE=Pfizer;MRK=Merck;ABBV=AbbVie;XOM=Exxon Mobil,exxon,exxonmobil
CVX=Chevron;OXY=Occidental Petroleum,occidental;WMT=Walmart,wal mart;COST=Costco,costco wholesale;TGT=Target,^target;HD=Home Depot
MCD=McDonald's,mcdonald,mcdonalds;SBUX=Starbucks;NKE=Nike;KO=Coca-Cola,coca cola,coke,cocacola;PEP=PepsiCo,pepsi;PG=Procter & Gamble,procter and gamble,procter gamble,procter,p&g
BA=Boeing;CAT=Caterpillar;GE=GE Aerospace,general electric;LMT=Lockheed Martin,lockheed;UPS=United Parcel Service;F=Ford Motor,ford
GM=General Motors;RIVN=Rivian;NIO=NIO Inc;GME=GameStop,game stop;AAL=American Airlines;SPX=S&P 500 index,s&p 500 index,s&p 500,s and p 500,s&p,sp500,sp 500,s p 500,the s&p,the s&p 500;VIX=Cboe Volatility Index,volatility index,fear index
---
VOO=Vanguard S&P 500 ETF,vanguard s&p 500 etf;VTI=Vanguard Total Stock Market ETF;IVV=iShares Core S&P 500 ETF,ishares core s&p 500 etf;XLK=Technology Select Sector SPDR;XLE=Energy Select Sector SPDR
XLV=Health Care Select Sector SPDR;XLI;XLP;XLY;XLU;XLB;XLC;XLRE;KRE;XBI;XOP;XRT;XHB;ITB;IYR;GDX;GDXJ;SLV=iShares Silver Trust,silver etf;USO=United States Oil Fund,oil etf
UNG;HYG;LQD;IEF;SHY;BND;AGG;TIP;EEM;EFA;FXI;KWEB;EWZ;VWO;VEA;VXUS;SCHD;VYM;VUG;VTV;VNQ;VT;IVW;IJR;IJH;MDY;RSP;QQQM;DVY;SOXX;SOXL;SOXS;TQQQ;SQQQ;UPRO;SPXU;SPXL;SPXS;SSO;SDS;SH;PSQ
TNA;TZA;UVXY;VXX;SVXY;SVIX;UVIX;LABU;LABD;FAS;FAZ;NUGT;BOIL;KOLD;TMF;TMV;TBT;NVDL;NVDX;NVDS;NVD;TSLL;TSLQ;TSLS;AMDL;CONL;MSTU;MSTZ;MSTX;BITO;IBIT=iShares Bitcoin Trust;FBTC;GBTC;ETHA;ARKG;ARKW;ARKF;JETS;TAN;ICLN;URA;LIT;HACK;CIBR;IGV
SPLG;SPYG;SPYV;SPYI;JEPI;JEPQ;XSP;NDX=Nasdaq 100,nasdaq 100 index,the nasdaq 100;RUT=Russell 2000,russell 2000 index,the russell 2000;DJI;DJX;OEX
A=Agilent;ABT=Abbott Laboratories,abbott;ACGL=Arch Capital;ACN=Accenture;ADI=Analog Devices;ADM=Archer Daniels Midland,archer daniels;ADP=Automatic Data Processing
ADSK=Autodesk;AEE=Ameren;AEP=American Electric Power;AES;AFL=Aflac;AFRM=Affirm,^affirm;AIG=American International Group;AIZ=Assurant;AJG=Arthur J. Gallagher,arthur j gallagher,gallagher
AKAM=Akamai;ALB=Albemarle;ALGN=Align Technology,^align;ALL=Allstate;ALLE=Allegion;AMAT=Applied Materials;AMC=AMC Entertainment;AMCR=Amcor;AME=Ametek;AMGN=Amgen
AMP=Ameriprise;AMT=American Tower;ANET=Arista Networks,arista;ANSS=Ansys;AON;AOS=A. O. Smith,a o smith;APA;APD=Air Products;APH=Amphenol;APO=Apollo Global,apollo
APP=AppLovin;APTV=Aptiv;ARE=Alexandria Real Estate;ARES=Ares Management;ATO=Atmos Energy;AVB=AvalonBay;AVY=Avery Dennison;AWK=American Water Works;AXON=Axon Enterprise;AZO=AutoZone
AI=C3.ai,c3.ai,c3 ai;ACHR=Archer Aviation;JOBY=Joby Aviation,joby;ASTS=AST SpaceMobile;APLD=Applied Digital;AUR=Aurora Innovation;BABA=Alibaba;BIDU=Baidu;JD=JD.com,jd.com;PDD=PDD Holdings,pinduoduo;NTES=NetEase
BALL=Ball Corporation;BAX=Baxter;BBY=Best Buy;BDX=Becton Dickinson;BEN=Franklin Resources;BF.B=Brown-Forman,brown forman;BG=Bunge;BIIB=Biogen;BK=Bank of New York Mellon,bny,bny mellon
BKNG=Booking Holdings,booking.com,^booking;BKR=Baker Hughes;BLDR=Builders FirstSource;BLK=BlackRock;BMY=Bristol-Myers Squibb,bristol myers squibb,bristol myers;BR=Broadridge
BRO=Brown & Brown,brown and brown;BSX=Boston Scientific;BX=Blackstone;BXP;BYND=Beyond Meat;BB=BlackBerry;BBAI=BigBear.ai,bigbear.ai;BE=Bloom Energy;BILI;BITF=Bitfarms;BMNR=BitMine;BP;BTI;BRK.A=Berkshire Hathaway Class A,berkshire a
CAG=Conagra;CAH=Cardinal Health;CARR=Carrier Global,^carrier;CB=Chubb;CBOE=Cboe Global Markets;CBRE;CCI=Crown Castle;CCL=Carnival;CDNS=Cadence Design;CDW;CEG=Constellation Energy
CF=CF Industries;CFG=Citizens Financial;CHD=Church & Dwight,church and dwight;CHRW=C.H. Robinson,c.h robinson;CHTR=Charter Communications;CI=Cigna;CINF=Cincinnati Financial;CL=Colgate-Palmolive,colgate palmolive,colgate;CLX=Clorox
CMG=Chipotle;CME=CME Group;CMI=Cummins;CMS;CNC=Centene;CNP=CenterPoint Energy;COF=Capital One;COO=Cooper Companies;COP=ConocoPhillips,conoco;COR=Cencora;CPAY=Corpay;CPB=Campbell's,campbell,campbell soup,campbells
CPRT=Copart;CPT=Camden Property;CRL=Charles River;CSGP=CoStar;CSX;CTAS=Cintas;CTRA=Coterra;CTSH=Cognizant;CTVA=Corteva;CVNA=Carvana;CVS=CVS Health;CZR=Caesars;CRWV=CoreWeave;CLSK=CleanSpark
CHWY=Chewy;CELH=Celsius Holdings;CFLT=Confluent;CHPT=ChargePoint;CIFR=Cipher Mining;CLF=Cleveland-Cliffs,cleveland cliffs;CRSP=CRISPR Therapeutics;CRCL=Circle Internet,^circle
D=Dominion Energy,dominion;DAL=Delta Air Lines,delta airlines;DASH=DoorDash;DAY=Dayforce;DD=DuPont;DDOG=Datadog;DE=Deere,john deere;DECK=Deckers;DELL=Dell Technologies,dell;DG=Dollar General
DGX=Quest Diagnostics;DHI=D.R. Horton,d.r horton,dr horton;DHR=Danaher;DLR=Digital Realty;DLTR=Dollar Tree;DOC=Healthpeak;DOV=Dover;DOW=Dow Inc;DPZ=Domino's,domino,dominos;DRI=Darden;DTE=DTE Energy;DUK=Duke Energy
DVA=DaVita;DVN=Devon Energy;DXCM=DexCom;DOCU=DocuSign;DKNG=DraftKings;DJT=Trump Media;DNN;DUOL=Duolingo
EA=Electronic Arts;EBAY=eBay;ECL=Ecolab;ED=Consolidated Edison,con edison;EFX=Equifax;EG=Everest Group;EIX=Edison International;EL=Estee Lauder;ELV=Elevance Health,elevance;EME=EMCOR;EMN=Eastman Chemical
EMR=Emerson Electric,emerson;ENPH=Enphase;EOG=EOG Resources;EPAM;EQIX=Equinix;EQR=Equity Residential;EQT;ERIE=Erie Indemnity;ES=Eversource;ESS=Essex Property;ETN=Eaton;ETR=Entergy;ETSY=Etsy
EVRG=Evergy;EW=Edwards Lifesciences;EXC=Exelon;EXE=Expand Energy;EXPD=Expeditors;EXPE=Expedia;EXR=Extra Space Storage;ENVX=Enovix;EOSE=Eos Energy;ENTG=Entegris
FANG=Diamondback Energy;FAST=Fastenal;FCX=Freeport-McMoRan,freeport mcmoran,freeport;FDS=FactSet;FDX=FedEx;FE=FirstEnergy;FFIV=F5;FI=Fiserv;FICO=Fair Isaac;FIS;FITB=Fifth Third;FOX;FOXA=Fox Corporation;FRT=Federal Realty
FSLR=First Solar;FTNT=Fortinet;FTV=Fortive;FUBO;FCEL=FuelCell Energy;FIVE=Five Below;FIG=Figma;FUTU;FLNC
GD=General Dynamics;GDDY=GoDaddy;GEHC=GE HealthCare;GEN=Gen Digital;GEV=GE Vernova;GILD=Gilead,gilead sciences;GIS=General Mills;GL=Globe Life;GLW=Corning;GNRC=Generac;GPC=Genuine Parts;GPN=Global Payments
GRMN=Garmin;GWW=Grainger;GAP=Gap Inc,^gap;GRAB;GTLB=GitLab;GSK;HAL=Halliburton;HAS=Hasbro;HBAN=Huntington Bancshares;HCA=HCA Healthcare;HIG=The Hartford,hartford;HII=Huntington Ingalls;HLT=Hilton
HOLX=Hologic;HON=Honeywell;HPE=Hewlett Packard Enterprise;HPQ=HP Inc;HRL=Hormel;HSIC=Henry Schein;HST=Host Hotels;HSY=Hershey;HUBB=Hubbell;HUM=Humana;HWM=Howmet;HIMS=Hims & Hers,hims and hers,hims;HUT=Hut 8;HUBS=HubSpot
IBKR=Interactive Brokers;ICE=Intercontinental Exchange;IDXX=IDEXX;IEX;IFF;INCY=Incyte;INTU=Intuit;INVH=Invitation Homes;IP=International Paper;IPG=Interpublic;IQV=IQVIA;IR=Ingersoll Rand;IRM=Iron Mountain;ISRG=Intuitive Surgical
IT=Gartner;ITW=Illinois Tool Works;IVZ=Invesco;IREN;INTR;J=Jacobs;JBHT=J.B. Hunt,j.b hunt;JBL=Jabil;JCI=Johnson Controls;JKHY=Jack Henry;JBLU=JetBlue
K=Kellanova;KDP=Keurig Dr Pepper,dr pepper;KEY=KeyCorp,keybank;KEYS=Keysight;KHC=Kraft Heinz;KIM=Kimco;KKR;KLAC=KLA;KMB=Kimberly-Clark,kimberly clark;KMI=Kinder Morgan;KMX=CarMax;KR=Kroger;KSS=Kohl's,kohl,kohls;KVUE=Kenvue;KTOS=Kratos
L=Loews;LDOS=Leidos;LEN=Lennar;LH=Labcorp;LHX=L3Harris;LII=Lennox;LIN=Linde;LKQ;LNT=Alliant Energy;LOW=Lowe's,lowe,lowes;LRCX=Lam Research;LULU=Lululemon;LUV=Southwest Airlines,southwest;LVS=Las Vegas Sands;LW=Lamb Weston;LYB=LyondellBasell
LYV=Live Nation;LCID=Lucid,lucid motors;LYFT=Lyft;LI=Li Auto;LMND=Lemonade;LUNR=Intuitive Machines;LAC=Lithium Americas;LEU=Centrus
M=Macy's,macy,macys;MAA=Mid-America Apartment,mid america apartment;MAR=Marriott;MAS=Masco;MCHP=Microchip Technology,microchip;MCK=McKesson;MCO=Moody's,moody,moodys;MDLZ=Mondelez;MDT=Medtronic;MELI=MercadoLibre;MET=MetLife;MGM=MGM Resorts;MHK=Mohawk
MKC=McCormick;MLM=Martin Marietta;MMC=Marsh McLennan;MMM=3M;MNST=Monster Beverage;MO=Altria;MOH=Molina;MOS=Mosaic;MPC=Marathon Petroleum;MPWR=Monolithic Power;MRNA=Moderna;MSCI;MSI=Motorola Solutions,motorola;MTB=M&T Bank,m&t bank
MTCH=Match Group;MTD=Mettler Toledo;MDB=MongoDB;NBIS=Nebius;NCLH=Norwegian Cruise Line;NDAQ=Nasdaq Inc;NDSN=Nordson;NEE=NextEra Energy,nextera;NEM=Newmont;NET=Cloudflare;NI=NiSource;NOC=Northrop Grumman,northrop
NOW=ServiceNow;NRG=NRG Energy;NSC=Norfolk Southern;NTAP=NetApp;NTRS=Northern Trust;NUE=Nucor;NVAX=Novavax;NVO=Novo Nordisk;NVR;NWS;NWSA=News Corp;NXPI=NXP Semiconductors,nxp;NU=Nu Holdings,nubank;NVTS=Navitas;NKLA=Nikola;NNE=Nano Nuclear
O=Realty Income;ODFL=Old Dominion Freight;OKE=ONEOK;OMC=Omnicom;ON=ON Semiconductor,onsemi;ORLY=O'Reilly Automotive,o'reilly automotive,oreilly;OTIS=Otis Worldwide;OKLO=Oklo;OKTA=Okta;OPEN=Opendoor;OSCR=Oscar Health;OPK;ONDS
PARA=Paramount;PSKY=Paramount Skydance;PAYC=Paycom;PAYX=Paychex;PCAR=Paccar;PCG=PG&E,pg&e;PEG=Public Service Enterprise Group;PFG=Principal Financial;PGR=Progressive,^progressive;PH=Parker-Hannifin,parker hannifin;PHM=PulteGroup,pulte;PINS=Pinterest;PKG=Packaging Corp of America
PLD=Prologis;PLUG=Plug Power;PM=Philip Morris;PNC=PNC Financial;PNR=Pentair;PNW=Pinnacle West;PODD=Insulet;POOL=Pool Corporation;PPG;PPL;PRU=Prudential;PSA=Public Storage;PSX=Phillips 66;PTC;PTON=Peloton;PWR=Quanta Services;PATH=UiPath
QBTS=D-Wave Quantum,d wave quantum,d wave;QS=QuantumScape;QUBT=Quantum Computing Inc;RBLX=Roblox;RCL=Royal Caribbean;REG=Regency Centers;REGN=Regeneron;RF=Regions Financial;RGTI=Rigetti;RIOT=Riot Platforms;RJF=Raymond James;RKLB=Rocket Lab;RKT=Rocket Companies;RL=Ralph Lauren
RMD=ResMed;ROK=Rockwell Automation;ROL=Rollins;ROP=Roper;ROST=Ross Stores;RSG=Republic Services;RTX=RTX Corporation,raytheon;RVTY=Revvity;RUN=Sunrun;RXRX=Recursion;RCAT=Red Cat Holdings
S=SentinelOne;SBAC=SBA Communications;SE=Sea Limited;SHW=Sherwin-Williams,sherwin williams;SJM=Smucker;SLB=Schlumberger;SMR=NuScale Power,nuscale;SNA=Snap-on,snap on;SNDK=SanDisk;SNPS=Synopsys;SO=Southern Company;SOLV=Solventum;SPG=Simon Property
SPGI=S&P Global,s&p global;SPOT=Spotify;SRE=Sempra;STE=Steris;STLD=Steel Dynamics;STT=State Street;STZ=Constellation Brands;SW=Smurfit Westrock;SWK=Stanley Black & Decker,stanley black and decker;SWKS=Skyworks;SYF=Synchrony;SYK=Stryker;SYY=Sysco;SPCE=Virgin Galactic
SERV=Serve Robotics;SIRI=Sirius XM;SOLS;SONY=Sony;XYZ=Block Inc,^block,square;STLA=Stellantis;TAP=Molson Coors;TDG=TransDigm;TDY=Teledyne;TEAM=Atlassian;TECH=Bio-Techne,bio techne;TEL=TE Connectivity;TER=Teradyne;TFC=Truist
TJX=TJX Companies,tj maxx;TKO=TKO Group;TLRY=Tilray;TMO=Thermo Fisher;TPL=Texas Pacific Land;TPR=Tapestry;TRGP=Targa;TRMB=Trimble;TROW=T. Rowe Price,t rowe price;TRV=Travelers;TSCO=Tractor Supply;TSN=Tyson Foods,tyson;TT=Trane;TTD=The Trade Desk,trade desk
TTWO=Take-Two Interactive,take two interactive,take two;TXT=Textron;TYL=Tyler Technologies;TEM=Tempus AI;TOST=Toast;TWLO=Twilio;TTM=Tata Motors;TM=Toyota;U=Unity Software;UA;UAA=Under Armour;UAL=United Airlines;UDR;UEC=Uranium Energy;UHS=Universal Health;ULTA=Ulta Beauty,ulta
UNP=Union Pacific;UPST=Upstart;URI=United Rentals;USB=US Bancorp,u.s bancorp;UUUU=Energy Fuels;VALE;VICI;VLO=Valero;VLTO=Veralto;VMC=Vulcan Materials;VRSK=Verisk;VRSN=Verisign;VRTX=Vertex Pharmaceuticals;VST=Vistra;VTR=Ventas;VTRS=Viatris;VRT=Vertiv
W=Wayfair;WAB=Wabtec;WAT=Waters Corporation;WBA=Walgreens;WBD=Warner Bros Discovery,warner bros;WDAY=Workday;WEC=WEC Energy;WELL=Welltower;WM=Waste Management;WMB=Williams Companies;WOLF=Wolfspeed;WRB=W. R. Berkley,w r berkley;WSM=Williams-Sonoma,williams sonoma
WST=West Pharmaceutical;WTW=Willis Towers Watson;WULF=TeraWulf;WY=Weyerhaeuser;WYNN=Wynn Resorts,wynn;X=US Steel;XEL=Xcel Energy;XPEV=XPeng;XYL=Xylem;YUM=Yum Brands;Z=Zillow;ZBH=Zimmer Biomet;ZBRA=Zebra Technologies;ZM=Zoom Communications,^zoom;ZS=Zscaler;ZTS=Zoetis
UNH=united healthcare
`;

export const FAMOUS_END = '---';

/** Bare words that stand for several companies: `word=SYMBOL,SYMBOL,…`. Always asked back. */
export const AMBIGUOUS_NAMES = `
united=UNH,UAL,UPS,URI;american=AXP,AAL,AEP,AMT;general=GE,GM,GD,GIS;morgan=JPM,MS;delta=DAL;constellation=CEG,STZ;dominion=D,ODFL
marathon=MPC,MARA;charles=SCHW,CRL;texas=TXN,TPL;western=WDC;bank=BAC,BK,JPM;wells=WFC;johnson=JNJ,JCI;global=GPN;capital=COF;williams=WMB,WSM
southern=SO;rocket=RKT,RKLB;archer=ADM,ACHR;fox=FOX,FOXA;paramount=PSKY,PARA;principal=PFG;hewlett=HPE,HPQ;hp=HPQ,HPE;huntington=HBAN,HII;quantum=QUBT,QBTS,QS
intuitive=ISRG,LUNR;applied=AMAT,APLD;gold=GLD;silver=SLV;oil=USO;bitcoin=IBIT;btc=IBIT;hathaway=BRK.B,BRK.A
`;

/**
 * Words of everyday and trading English that are one slip away from a symbol or a name: in small letters they are meant
 * as themselves. Made of the ten thousand most frequent words of speech.
 */
export const COMMON_WORDS =
  ' able ac acid acres acts ad adam adventure afc african age agent ages ago ah aid aim aims aka al alabama alan alex allen allied alt america americans ' +
  'ann anne applies apply ar arab area areas aren arms army art arts au aug baby backing banking banks bay bc bets billy bio black blank blocking blocks ' +
  'bowl boy btw ca camp cant card cardinal career carl carlos carried carries carry cars carter cast cc cd ce cell cells census center centers central ' +
  'centre ch charge charged charges charlie charter charts cite city clay clock cm coal coast coat code coi coins col cold collins com combat commons ' +
  'content cook copy costa cover crowd cult da dam dan dancer danger das dat dc dec del dem den der des desk di diamond die dies dips disc dj dna dog don ' +
  'dr dry du dual due duke duo dvd dyk east easy eds en energy enter entered enters ep era eric etc eu fa fact facts fame fans farm fc fee ff fire firm ' +
  'fish fl food form fort fr fri ft fuel ga game gang garden gas gay gene generally generate generic genetic gets gng god golf gov gr gray gt gulf ha ' +
  'half hall halt harm hasn hell hip hoax hole holy hong hook host htm human humans hunt ian ie iii ill imo inch ips iran item jack jacob jail jan jews ' +
  'jim job joke jos jp jr jul jun kg lab labor lack laid lang lap las lay le led les lie link lion log lord los lp lt ltd mac male mall maps maria mary ' +
  'match math md mdash meat men metal mi mid mike mix mm modern mon mp mr mrs na nasa navy nba ne neck nfl ng nine nom non none notes nov oak odd oh omg ' +
  'op oral organ os pa pale park partner pdf phd php pink pl png poor poster pov pp pr principle proper ra ram rare ray reality ref reign resumed rev rfa ' +
  'rfc rice rico rio rn rock roger role rolling ross roy rs ru sa sam san sang saw sc seem senate sep separate serve sex she shops shot shut si sigma six ' +
  'soft soil sole solve song sons soul sound southeast sp space spam sport spots sr sri ss steam sung svg tag tale tall tbh te tea teach teams tells term ' +
  'texts thus tie tier tim tmr toc told tom tomb tony tr traveled travels tribe triple trouble trust tue tv un und url usa user valign van var vast ve ' +
  'vega version vi vice von wang warm web wed west wild william wtf www yday ' +
  'aah abby abc abu accidental ace aces ache achieve additional adore ads aft aha ahold albert ale alien alike ' +
  'alive alley allies allocate ally alter amen americans amy ana anal announcer ant ants ape apes appreciates arc ' +
  'arise ark arranged arse ash aside ass ate atom attending attraction aw await awe ax axe axel ay babe backs bail ' +
  'baking bald balls band bang bare bark barking barks barrier bases bash bat bath baths baton batter battles ' +
  'beach beaches beam bean bearing bears beasts beck bee beg begins begun bein beings believed believer believes ' +
  'belle bells belly bend bent betting bien biff bike bills bin bind bing birds bite biting bits bitter blackjack ' +
  'blast blend bless blocked blow blowing blows bo boats boiling bombing bon bonding bones bong boo bookie booth ' +
  'bottle bow bowling box boxing bra brake brandy breach bread breakdowns breeding bright brock broken broom bud ' +
  'bug bugger bulls bum bun bunk burying businessmen butter cab cable caesar cage cain cake cal calculated calf ' +
  'calling cam camel cans capitol caring carrier carriers cart carver cashier casting catering cats cellar cesar ' +
  'cetera cha chad chances chang charley charmed charms chattering che checks cheer cher chevy chew chi chick chin ' +
  'china cho choke chop chopper chores chow chubby chuck chum circles cleans clears clicking clive closure co coco ' +
  'coil coiling cole colin collection collective colt commandant compass compassion compete competing con condo ' +
  'condoms cone confident conn connection considerable contact contacts contest contractor cooking coop ' +
  'cooperation cope cops cora cord cork corn corps corrected correctly corruption cortez counted counting counts ' +
  'county coup courier cove cow crab crane crank crap crate credits crisp crop crow crows crush crushed crushing ' +
  'cry crying csi ct cue cunning cups cure curl curry curt dale dame damon damp dante dare dares daring dated ' +
  'davis davy deadline dealers debits debut deceased decoy dee deer defending deline della depending depressed ' +
  'depressing dial dibs dice dick digs dim ding disco dish disk diver divine dix dock doe doji doll dollar dom ' +
  'dong doo doom double doubles doubted dove dowd drank dread drip drive drives driving drone drown duck dudes ' +
  'duel dug duh dull dum dunk dwell dye dying ear ease eaten eating eddy ee effective egg ego elf eli elk elle ' +
  'employee envy epi ere erin essential estate eta eth evaluation eve evenings ex exam executed expectations ' +
  'expedition experience experiences explains eyeballs fag failing fairy farmer farms fart fasten fastest fax fay ' +
  'feared feast feds fei fella fever fez fib fibs fiend figured files filling fills firing fist fitch fits flags ' +
  'flare fling flipped flipping flock flour flown flu fog fond fool fore forgave forgive forgiven fork formed ' +
  'former forms fortune fortunes founded foxy frank frat fright frost fry fur furious gag gale gardener gasping ' +
  'gasps gather gee gem generals geneva giants gig gin ginger gives givin glen glow golden gong goodman goods ' +
  'goody gps grabs graceful grad grain gram greet greta grin groom grounded grows grub gum gut gym hah hail ham ' +
  'han handles hang hanged hanging hank hans hare hash hat hath hats haul hawk hay heal healing heave hedged ' +
  'hedges hee hen hid hike hips historical hm ho hog hola holds holt honk hoo hooking hoop hoot hop hopping horn ' +
  'hose hub hug huh hump hung hup hurt husbands hy iced icy identity imply included incredible individual ' +
  'individuals infection inn inner inning inside insides institution insult insulted insults insured intercepted ' +
  'interest interests intuition invented invest ira irene isolation itch items ivy jab jam janet jap jar jay jen ' +
  'jess jet jin joey jog joint jones jose joy judge jug jumper jumpy kang kat kay keg ken kidding kin kinds kiss ' +
  'kit knee known kung la labs lace lad lam lame lamp lan large lasted lasting lasts ld leaking lean lease leaving ' +
  'lefty legging lend lenders lending lens lent leo leon level lever lew lex lf lid lift lifting lightly liked ' +
  'likes lily limbs lina linda lined linen ling lip lists liver ll ln loading lock locked loft lone loo loose ' +
  'lover lowa ls lucia lug lung lv lynn mace mack mae mag maid maids mal marc marco mare marker markers married ' +
  'marrying mars maru marx mash mask masks mat materials maxwell maya meaningful means media meg mel melt mem ' +
  'merci mercy mess meth mia mice mick midst mild milly milton mina minds misplaced mist mitch ml mob mock moe ' +
  'mold moms mona mood moore mop mornings moron morons morse moss mourning mover movie movies mow mud mug mumbling ' +
  'nada naked nam named nap nash nat nay neat needn needy nemo ness nest newport newton nicer nip nod norma nose ' +
  'notice notices nude nun nut oath observe observer odds ol ole olive ooh ops ora orange oranges orb oscar ought ' +
  'outfits oven ow owe owes ox oy pack pad pains paint painted paints pam pan par parent pas pat patch paths paw ' +
  'pawn paycheck pays pd pea peach peaches peck pee peep pen pens performer personality peru pet peters pets petty ' +
  'peyton pie pierce pies pig pigs pike pillow pilot pine ping pinning pint pip piper piss pit pits plays plead ' +
  'pleading pleased pleases plum po poc pocket pod poe pointed poke poking polo pond pony pooh pools poop por ' +
  'porter pose posing possibly pot potion pots potter pow practical prank preach prep presented presents prevent ' +
  'prick prince prints proceed producer production prop props prosecution protected protection provided provides ' +
  'pry psyche psyched pulls pulse pup purchase quack que questions quit rack racket rag raining raise raising ramp ' +
  'rang ranger rangers ranging rap rash rat ratios rd readers ready realize realizes reasonable reasons recently ' +
  'recession recommended recorder records reflect reflection reich relatives relieve ren rep repeating represent ' +
  'represented resent residence resist resisting revenge rex riches rid ridiculous rig rights righty rim rings ' +
  'rinse riots risking roach roads roaring roast rob robbins rocked rockets rod rog rolls rom rooms rope ropes ' +
  'rosa roses rosy rot rover roxy rub rug ruin ruining ruins rum rumbling rumour rumours runt rust ruth sack sal ' +
  'sample sap sarge saucer saxon sayid scar scaring scrap script sears seats seattle sec sells semen sends ' +
  'sentimental sera setting sew sewing sexy shack shame shape shared sharing shave shaw shawn shell shh shipped ' +
  'shipping shirt shoe shoo shore shorted shorting shorts shorty shoving shred significant simpler sims sin sings ' +
  'sins sip sire siren sirs sis sites skipped skipping skunk slap slapped slater slightest slit slob slot slowing ' +
  'slug sly smash smell smelling smiled smiles smith snaps snowing soaking soap sobs sofa sofia sol solar sold ' +
  'sonar sonny sore sorta sorts souls sounded soup sour sox soy spa spank specially spell spelling spice spit ' +
  'sporting squared squire st stack staff stalker stall stared staring stars starter startled starved statue steak ' +
  'steaks stew sticker stiff stinking stopped stops strangely strangled strategic stripes stroke strokes stuart ' +
  'stuck stud studied studios stuffy stumbled sub submarine subs substantial sucked sucker suckers sue suggests ' +
  'suing suits sundown superb supper surfing surprises swab swat sweat sweep sweets swell swelling sword swords ' +
  'synchro tab tables taco tai tam tame tapes tapped tapping taps tar tara teaches teaching tear ted teli temp tex ' +
  'thanked theirs theme thick thigh thighs thingy thinks threw thrown throws thy ti tickets tidy til timer tin ' +
  'tipped tips tis tit toa toby tod toll ton tor toss touchy tov tow towns tox toy trace train trance trap trashed ' +
  'traveler treason trick tricks tripping trips troll troy tsk tucker tug tuna tux twins tyr ufo umm unite upset ' +
  'upstairs upstate ust val valet valve vase veal vera vernon vest vet veta vic vile vin viola vista viva vivian ' +
  'voila vow wa wah waist wally wander wandering warden wax weather webster wee wet wha whack wheat wheels ' +
  'whereabouts whereas whoop whore whores wig willow willy winds winners wiser woke womb woo woody woof wool ' +
  'worlds worthy wounded wright yah yale yan yang yank yay yell yelling yells yen yin yours zack zap zebra zen zip ' +
  'zoo quarterly yearly biweekly ';
