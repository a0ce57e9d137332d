// The companies and funds that a question may call by name: the sample market, the largest US companies and the funds
// and small caps that traders ask for. Names as people say them; the symbol of a company that renamed is the new one.

/**
 * Entries apart by `;` or line ends: `SYMBOL=Name as shown,other name,…`. Other names are in the lexer's normal form, and
 * that of a shown name with more than letters, digits and blanks is among them. A name with `^` before it is an English word too
 * and counts only with a capital letter. A name that stands at two symbols is ambiguous and is asked back.
 * What comes before the first line `---` is so well known that a symbol one letter away from it is taken for a slip;
 * what comes after the second is so rare that nothing is taken for a slip of its symbol.
 */
export const NAMES_TABLE = `
SPY=SPDR S&P 500 ETF,spdr s&p 500 etf,spider,spdr,s&p 500 etf,spy etf;QQQ=Invesco QQQ,nasdaq 100 etf,the nasdaq 100 etf,qqqs,nasdaq,the nasdaq;IWM=iShares Russell 2000 ETF,russell 2000 etf,the russell 2000 etf,russell,the russell
DIA=SPDR Dow Jones ETF,dow etf,diamonds,dow,the dow,dow jones;GLD=SPDR Gold Shares,gold etf
TLT=iShares 20+ Year Treasury ETF,ishares 20 and year treasury etf,ishares 20 year treasury etf,long bond etf,long bond fund,20 year treasury etf,long treasury etf,treasury bond etf
XLF=Financial Select Sector SPDR,financials etf,financial etf,financial sector etf,financial select sector;SMH=VanEck Semiconductor ETF,semiconductor etf,semis etf,semi etf,semiconductors etf,vaneck semiconductor
ARKK=ARK Innovation ETF,ark innovation,ark etf,arkk etf;AAPL=Apple,apple computer;MSFT=Microsoft;NVDA=NVIDIA;AMZN=Amazon,amazon.com;GOOGL=Alphabet,google,alphabet class a;GOOG=Alphabet Class C,google class c
META=Meta Platforms,meta,facebook;TSLA=Tesla,tesla motors;AVGO=Broadcom,broadcomm;AMD=Advanced Micro Devices,advanced micro,amd inc;INTC=Intel;MU=Micron Technology,micron;QCOM=Qualcomm
TXN=Texas Instruments,tex instruments,tex instr;MRVL=Marvell Technology,marvell;ARM=Arm Holdings;SMCI=Super Micro Computer,supermicro,super micro,supermicro computer
TSM=Taiwan Semiconductor,tsmc,taiwan semi,taiwan semi conductor,taiwan semiconductor manufacturing;ASML=ASML Holding,asml;WDC=Western Digital;STX=Seagate Technology,seagate;SOUN=SoundHound AI,soundhound,sound hound
PLTR=Palantir Technologies,palantir;IONQ=IonQ,ion q;ORCL=Oracle;CRM=Salesforce,salesforce.com,sales force;ADBE=Adobe;IBM=International Business Machines,big blue;CSCO=Cisco Systems,cisco;SNOW=Snowflake,snow flake
CRWD=CrowdStrike,crowd strike,crowdstrike holdings;PANW=Palo Alto Networks,palo alto,palo;SHOP=Shopify;UBER=Uber Technologies,uber;ABNB=Airbnb,air bnb;NFLX=Netflix,net flix;DIS=Walt Disney,disney,walt disney company;CMCSA=Comcast
SNAP=Snap Inc,snapchat,^snap;RDDT=Reddit;ROKU=Roku;T=AT&T,at&t,at and t,at and t inc;VZ=Verizon,verizon communications;TMUS=T-Mobile,t mobile,tmobile;JPM=JPMorgan Chase,jpmorgan,jp morgan,j.p morgan;BAC=Bank of America,bofa
WFC=Wells Fargo;C=Citigroup,citi,citibank;GS=Goldman Sachs,goldman;MS=Morgan Stanley;V=Visa;MA=Mastercard;AXP=American Express,amex;PYPL=PayPal,pay pal,venmo;COIN=Coinbase,coin base;HOOD=Robinhood,robin hood
SOFI=SoFi Technologies,sofi,so fi;SCHW=Charles Schwab,schwab;MSTR=Strategy Inc,microstrategy,micro strategy;MARA=MARA Holdings,marathon digital
BRK.B=Berkshire Hathaway,berkshire,berkshire hathaway b,berkshire hathaway class b,berkshire b,brkb,brk;UNH=UnitedHealth,united health,unitedhealth group,united healthcare,united health care
JNJ=Johnson & Johnson,johnson and johnson,j and j,j&j,j n j;LLY=Eli Lilly,lilly;PFE=Pfizer;MRK=Merck;ABBV=AbbVie;XOM=Exxon Mobil,exxon,exxonmobil,exxon mobil corp;CVX=Chevron,chevron corp;OXY=Occidental Petroleum,occidental,oxy
WMT=Walmart,wal mart,walmart inc;COST=Costco,costco wholesale;TGT=Target,^target;HD=Home Depot,homedepot;MCD=McDonald's,mcdonald,mcdonalds,mcdonald corp;SBUX=Starbucks;NKE=Nike;KO=Coca-Cola,coca cola,coke,cocacola
PEP=PepsiCo,pepsi;PG=Procter & Gamble,procter and gamble,procter gamble,procter,p&g;BA=Boeing;CAT=Caterpillar;GE=GE Aerospace,general electric;LMT=Lockheed Martin,lockheed;UPS=United Parcel Service;F=Ford Motor,ford
GM=General Motors;RIVN=Rivian,rivian automotive;NIO=NIO Inc,nio;GME=GameStop,game stop;AAL=American Airlines;SPX=S&P 500 index,s&p 500 index,s&p 500,s and p 500,s&p,sp500,sp 500,s p 500,the s&p,the s&p 500,spx500,spx 500,s and p
VIX=Cboe Volatility Index,volatility index,fear index
---
VOO=Vanguard S&P 500 ETF,vanguard s&p 500 etf,vanguard s and p 500 etf,vanguard sp 500 etf,vanguard 500;VTI=Vanguard Total Stock Market ETF,vanguard total market,vanguard total market etf,total stock market etf
IVV=iShares Core S&P 500 ETF,ishares core s&p 500 etf;XLK=Technology Select Sector SPDR,technology etf,tech etf,technology spdr,technology select sector,tech sector etf
XLE=Energy Select Sector SPDR,energy etf,energy sector etf,energy select sector;XLV=Health Care Select Sector SPDR,health care etf,healthcare etf,health care select sector
XLI=Industrial Select Sector SPDR,industrials etf,industrial etf;XLP=Consumer Staples Select Sector SPDR,consumer staples etf,staples etf;XLY=Consumer Discretionary Select Sector SPDR,consumer discretionary etf,discretionary etf
XLU=Utilities Select Sector SPDR,utilities etf,utility etf;XLB=Materials Select Sector SPDR,materials etf;XLC=Communication Services Select Sector SPDR,communications etf,communication services etf
XLRE=Real Estate Select Sector SPDR,real estate select sector;KRE=SPDR S&P Regional Banking ETF,spdr s&p regional banking etf,regional bank etf,regional banks etf,regional banking etf
XBI=SPDR S&P Biotech ETF,spdr s&p biotech etf,biotech etf;XOP=SPDR S&P Oil & Gas Exploration ETF,spdr s&p oil and gas exploration etf;XRT=SPDR S&P Retail ETF,spdr s&p retail etf,retail etf
XHB=SPDR S&P Homebuilders ETF,spdr s&p homebuilders etf,homebuilders etf,homebuilder etf;ITB=iShares US Home Construction ETF,home construction etf;IYR=iShares US Real Estate ETF;GDX=VanEck Gold Miners ETF,gold miners etf
GDXJ=VanEck Junior Gold Miners ETF,junior gold miners etf;SLV=iShares Silver Trust,silver etf;USO=United States Oil Fund,oil etf,united states oil,crude oil etf,oil fund
UNG=United States Natural Gas Fund,natural gas etf,nat gas etf,natgas etf;HYG=iShares High Yield Corporate Bond ETF,high yield bond etf,junk bond etf
LQD=iShares Investment Grade Corporate Bond ETF,investment grade bond etf,investment grade corporate bond etf;IEF=iShares 7-10 Year Treasury ETF,ishares 7 10 year treasury etf
SHY=iShares 1-3 Year Treasury ETF,ishares 1 3 year treasury etf;BND=Vanguard Total Bond Market ETF,vanguard total bond,vanguard total bond etf;AGG=iShares Core US Aggregate Bond ETF,us aggregate bond etf,aggregate bond etf
TIP=iShares TIPS Bond ETF,tips etf,tips bond etf;EEM=iShares Emerging Markets ETF,emerging markets etf;EFA=iShares EAFE ETF,eafe etf;FXI=iShares China Large-Cap ETF,ishares china large cap etf,china etf
KWEB=KraneShares China Internet ETF,china internet etf;EWZ=iShares Brazil ETF,brazil etf;VWO=Vanguard FTSE Emerging Markets ETF,vanguard emerging markets etf;VEA=Vanguard FTSE Developed Markets ETF,vanguard developed markets etf
VXUS=Vanguard Total International Stock ETF,vanguard total international;SCHD=Schwab US Dividend Equity ETF,schwab dividend etf,schwab dividend equity etf
VYM=Vanguard High Dividend Yield ETF,vanguard high dividend,vanguard high yield dividend etf;VUG=Vanguard Growth ETF;VTV=Vanguard Value ETF;VNQ=Vanguard Real Estate ETF,real estate etf,reit etf;VT=Vanguard Total World Stock ETF
IVW=iShares S&P 500 Growth ETF,ishares s&p 500 growth etf;IJR=iShares Core S&P Small-Cap ETF,ishares core s&p small cap etf;IJH=iShares Core S&P Mid-Cap ETF,ishares core s&p mid cap etf
MDY=SPDR S&P MidCap 400 ETF,spdr s&p midcap 400 etf,midcap etf,mid cap etf,midcap 400 etf
RSP=Invesco S&P 500 Equal Weight ETF,invesco s&p 500 equal weight etf,equal weight s&p,equal weight s&p 500,equal weight s&p 500 etf,equal weight spy;QQQM=Invesco Nasdaq 100 ETF;DVY=iShares Select Dividend ETF
SOXX=iShares Semiconductor ETF;SOXL=Direxion Semiconductor Bull 3x;SOXS=Direxion Semiconductor Bear 3x;TQQQ=ProShares UltraPro QQQ;SQQQ=ProShares UltraPro Short QQQ;UPRO=ProShares UltraPro S&P 500,proshares ultrapro s&p 500
SPXU=ProShares UltraPro Short S&P 500,proshares ultrapro short s&p 500;SPXL=Direxion S&P 500 Bull 3x,direxion s&p 500 bull 3x;SPXS=Direxion S&P 500 Bear 3x,direxion s&p 500 bear 3x
SSO=ProShares Ultra S&P 500,proshares ultra s&p 500;SDS=ProShares UltraShort S&P 500,proshares ultrashort s&p 500;SH=ProShares Short S&P 500,proshares short s&p 500;PSQ=ProShares Short QQQ;TNA=Direxion Small Cap Bull 3x
TZA=Direxion Small Cap Bear 3x;UVXY=ProShares Ultra VIX Short-Term Futures ETF,proshares ultra vix short term futures etf;VXX=iPath S&P 500 VIX ETN,ipath s&p 500 vix etn;SVXY=ProShares Short VIX ETF;SVIX;UVIX
LABU=Direxion Biotech Bull 3x;LABD=Direxion Biotech Bear 3x;FAS=Direxion Financial Bull 3x;FAZ=Direxion Financial Bear 3x;NUGT=Direxion Gold Miners Bull 2x;BOIL=ProShares Ultra Bloomberg Natural Gas
KOLD=ProShares UltraShort Bloomberg Natural Gas;TMF=Direxion 20+ Year Treasury Bull 3x,direxion 20 and year treasury bull 3x;TMV;TBT=ProShares UltraShort 20+ Year Treasury,proshares ultrashort 20 and year treasury
NVDL=GraniteShares 2x Long NVDA;NVDX;NVDS;NVD;TSLL=Direxion TSLA Bull 2x;TSLQ;TSLS=Direxion TSLA Bear 1x;AMDL=GraniteShares 2x Long AMD;CONL=GraniteShares 2x Long COIN;MSTU;MSTZ;MSTX=Defiance Daily Target 2x Long MSTR
BITO=ProShares Bitcoin ETF,bitcoin futures etf;IBIT=iShares Bitcoin Trust,blackrock bitcoin etf,ishares bitcoin etf;FBTC=Fidelity Wise Origin Bitcoin Fund,fidelity bitcoin etf,fidelity bitcoin fund;GBTC=Grayscale Bitcoin Trust
ETHA=iShares Ethereum Trust,ethereum etf,ishares ethereum etf;ARKG=ARK Genomic Revolution ETF,ark genomics,ark genomic;ARKW=ARK Next Generation Internet ETF;ARKF=ARK Fintech Innovation ETF,ark fintech
JETS=US Global Jets ETF,airlines etf,airline etf;TAN=Invesco Solar ETF,solar etf;ICLN=iShares Global Clean Energy ETF,clean energy etf;URA=Global X Uranium ETF,uranium etf;LIT=Global X Lithium ETF,lithium etf
HACK=Amplify Cybersecurity ETF;CIBR=First Trust Nasdaq Cybersecurity ETF,cybersecurity etf,cyber etf;IGV=iShares Expanded Tech-Software ETF,ishares expanded tech software etf,software etf;SPLG
SPYG=SPDR S&P 500 Growth ETF,spdr s&p 500 growth etf;SPYV=SPDR S&P 500 Value ETF,spdr s&p 500 value etf;SPYI=NEOS S&P 500 High Income ETF,neos s&p 500 high income etf;JEPI=JPMorgan Equity Premium Income ETF
JEPQ=JPMorgan Nasdaq Equity Premium Income ETF;XSP;NDX=Nasdaq 100,nasdaq 100 index,the nasdaq 100,nas100,nasdaq100;RUT=Russell 2000,russell 2000 index,the russell 2000,russell index
DJI=Dow Jones Industrial Average,dow jones industrials,dow industrials,dow jones average;DJX;OEX;A=Agilent,agilent technologies;ABT=Abbott Laboratories,abbott,abbott labs;ACGL=Arch Capital;ACN=Accenture;ADI=Analog Devices
ADM=Archer Daniels Midland,archer daniels;ADP=Automatic Data Processing;ADSK=Autodesk;AEE=Ameren;AEP=American Electric Power;AES=aes corp;AFL=Aflac;AFRM=Affirm,^affirm,affirm holdings;AIG=American International Group;AIZ=Assurant
AJG=Arthur J. Gallagher,arthur j gallagher,gallagher;AKAM=Akamai;ALB=Albemarle;ALGN=Align Technology,^align,invisalign;ALL=Allstate;ALLE=Allegion;AMAT=Applied Materials,applied material
AMC=AMC Entertainment,amc theatres,amc theaters;AMCR=Amcor;AME=Ametek;AMGN=Amgen;AMP=Ameriprise;AMT=American Tower;ANET=Arista Networks,arista;ANSS=Ansys;AON=aon plc;AOS=A. O. Smith,a o smith,ao smith;APA=apa corp,apache
APD=Air Products;APH=Amphenol;APO=Apollo Global,apollo;APP=AppLovin,app lovin;APTV=Aptiv;ARE=Alexandria Real Estate;ARES=Ares Management;ATO=Atmos Energy;AVB=AvalonBay;AVY=Avery Dennison;AWK=American Water Works,american water
AXON=Axon Enterprise,taser;AZO=AutoZone,auto zone;AI=C3.ai,c3.ai,c3 ai;ACHR=Archer Aviation;JOBY=Joby Aviation,joby;ASTS=AST SpaceMobile,ast,ast space mobile,spacemobile;APLD=Applied Digital;AUR=Aurora Innovation;BABA=Alibaba
BIDU=Baidu,baidu inc;JD=JD.com,jd.com,jd;PDD=PDD Holdings,pinduoduo;NTES=NetEase;BALL=Ball Corporation;BAX=Baxter;BBY=Best Buy,bestbuy;BDX=Becton Dickinson,becton;BEN=Franklin Resources,franklin templeton
BF.B=Brown-Forman,brown forman;BG=Bunge;BIIB=Biogen;BK=Bank of New York Mellon,bny,bny mellon;BKNG=Booking Holdings,booking.com,^booking,priceline;BKR=Baker Hughes;BLDR=Builders FirstSource;BLK=BlackRock
BMY=Bristol-Myers Squibb,bristol myers squibb,bristol myers,^bristol;BR=Broadridge;BRO=Brown & Brown,brown and brown;BSX=Boston Scientific;BX=Blackstone;BXP;BYND=Beyond Meat;BB=BlackBerry,black berry
BBAI=BigBear.ai,bigbear.ai,big bear,bigbear;BE=Bloom Energy,^bloom;BILI=Bilibili;BITF=Bitfarms,bit farms;BMNR=BitMine,bit mine,bitmine immersion;BP=british petroleum;BTI=British American Tobacco
BRK.A=Berkshire Hathaway Class A,berkshire a;CAG=Conagra;CAH=Cardinal Health;CARR=Carrier Global,^carrier;CB=Chubb;CBOE=Cboe Global Markets,cboe;CBRE;CCI=Crown Castle;CCL=Carnival,carnival cruise;CDNS=Cadence Design,cadence;CDW
CEG=Constellation Energy;CF=CF Industries;CFG=Citizens Financial;CHD=Church & Dwight,church and dwight;CHRW=C.H. Robinson,c.h robinson,ch robinson;CHTR=Charter Communications,^spectrum,^charter;CI=Cigna;CINF=Cincinnati Financial
CL=Colgate-Palmolive,colgate palmolive,colgate;CLX=Clorox;CMG=Chipotle,chipotle mexican grill;CME=CME Group;CMI=Cummins;CMS=CMS Energy;CNC=Centene;CNP=CenterPoint Energy;COF=Capital One;COO=Cooper Companies,^cooper
COP=ConocoPhillips,conoco;COR=Cencora;CPAY=Corpay;CPB=Campbell's,campbell,campbell soup,campbells;CPRT=Copart;CPT=Camden Property;CRL=Charles River,charles river labs;CSGP=CoStar;CSX=csx corp;CTAS=Cintas;CTRA=Coterra
CTSH=Cognizant;CTVA=Corteva;CVNA=Carvana;CVS=CVS Health,cvs;CZR=Caesars;CRWV=CoreWeave,core weave;CLSK=CleanSpark,clean spark;CHWY=Chewy;CELH=Celsius Holdings,celsius;CFLT=Confluent;CHPT=ChargePoint,charge point
CIFR=Cipher Mining,^cipher;CLF=Cleveland-Cliffs,cleveland cliffs,^cliffs;CRSP=CRISPR Therapeutics,crispr;CRCL=Circle Internet,^circle,circle internet group;D=Dominion Energy,dominion;DAL=Delta Air Lines,delta airlines
DASH=DoorDash,door dash;DAY=Dayforce;DD=DuPont;DDOG=Datadog,data dog;DE=Deere,john deere;DECK=Deckers,hoka,ugg;DELL=Dell Technologies,dell;DG=Dollar General;DGX=Quest Diagnostics,^quest;DHI=D.R. Horton,d.r horton,dr horton
DHR=Danaher;DLR=Digital Realty;DLTR=Dollar Tree;DOC=Healthpeak;DOV=Dover;DOW=Dow Inc,dow chemical;DPZ=Domino's,domino,dominos,domino pizza,dominos pizza;DRI=Darden,olive garden,darden restaurants;DTE=DTE Energy;DUK=Duke Energy
DVA=DaVita;DVN=Devon Energy,^devon;DXCM=DexCom;DOCU=DocuSign,docu sign;DKNG=DraftKings,draft kings;DJT=Trump Media;DNN=Denison Mines,denison;DUOL=Duolingo,duo lingo;EA=Electronic Arts;EBAY=eBay,ebay inc;ECL=Ecolab
ED=Consolidated Edison,con edison,con ed;EFX=Equifax;EG=Everest Group;EIX=Edison International,socal edison;EL=Estee Lauder,estee;ELV=Elevance Health,elevance,^anthem;EME=EMCOR;EMN=Eastman Chemical;EMR=Emerson Electric,emerson
ENPH=Enphase,enphase energy;EOG=EOG Resources;EPAM=epam systems;EQIX=Equinix;EQR=Equity Residential;EQT;ERIE=Erie Indemnity,erie insurance;ES=Eversource;ESS=Essex Property;ETN=Eaton;ETR=Entergy;ETSY=Etsy;EVRG=Evergy
EW=Edwards Lifesciences,edwards;EXC=Exelon;EXE=Expand Energy,chesapeake;EXPD=Expeditors;EXPE=Expedia;EXR=Extra Space Storage;ENVX=Enovix;EOSE=Eos Energy,eos;ENTG=Entegris;FANG=Diamondback Energy,diamondback;FAST=Fastenal
FCX=Freeport-McMoRan,freeport mcmoran,freeport;FDS=FactSet;FDX=FedEx,fed ex;FE=FirstEnergy,first energy;FFIV=F5;FI;FICO=Fair Isaac;FIS;FITB=Fifth Third;FOX;FOXA=Fox Corporation;FRT=Federal Realty;FSLR=First Solar,firstsolar
FTNT=Fortinet;FTV=Fortive;FUBO=fubotv;FCEL=FuelCell Energy,fuel cell energy,fuelcell;FIVE=Five Below,fivebelow;FIG=Figma,figma inc;FUTU=Futu Holdings,futu;FLNC=Fluence Energy,fluence;GD=General Dynamics;GDDY=GoDaddy
GEHC=GE HealthCare,ge health,ge health care;GEN=Gen Digital,norton,nortonlifelock;GEV=GE Vernova,vernova;GILD=Gilead,gilead sciences;GIS=General Mills;GL=Globe Life;GLW=Corning;GNRC=Generac;GPC=Genuine Parts,napa
GPN=Global Payments;GRMN=Garmin;GWW=Grainger;GAP=Gap Inc,^gap;GRAB=Grab Holdings;GTLB=GitLab,git lab;GSK=glaxo;HAL=Halliburton;HAS=Hasbro;HBAN=Huntington Bancshares;HCA=HCA Healthcare;HIG=The Hartford,hartford
HII=Huntington Ingalls;HLT=Hilton;HOLX=Hologic;HON=Honeywell;HPE=Hewlett Packard Enterprise,hewlett packard enterprise company;HPQ=HP Inc;HRL=Hormel;HSIC=Henry Schein;HST=Host Hotels;HSY=Hershey;HUBB=Hubbell;HUM=Humana;HWM=Howmet
HIMS=Hims & Hers,hims and hers,hims;HUT=Hut 8;HUBS=HubSpot,hub spot;IBKR=Interactive Brokers;ICE=Intercontinental Exchange;IDXX=IDEXX;IEX=idex;IFF;INCY=Incyte;INTU=Intuit;INVH=Invitation Homes;IP=International Paper
IPG=Interpublic;IQV=IQVIA;IR=Ingersoll Rand;IRM=Iron Mountain;ISRG=Intuitive Surgical,intuitive surgical inc;IT=Gartner;ITW=Illinois Tool Works,illinois tool;IVZ=Invesco;IREN=IREN,iris energy,iris;INTR=Inter & Co,inter and co
J=Jacobs;JBHT=J.B. Hunt,j.b hunt,jb hunt;JBL=Jabil;JCI=Johnson Controls;JKHY=Jack Henry;JBLU=JetBlue,jet blue;K=Kellanova;KDP=Keurig Dr Pepper,dr pepper,keurig;KEY=KeyCorp,keybank;KEYS=Keysight;KHC=Kraft Heinz,^kraft;KIM=Kimco;KKR
KLAC=KLA,kla corp,kla tencor;KMB=Kimberly-Clark,kimberly clark;KMI=Kinder Morgan,^kinder;KMX=CarMax,car max;KR=Kroger;KSS=Kohl's,kohl,kohls;KVUE=Kenvue;KTOS=Kratos;L=Loews;LDOS=Leidos;LEN=Lennar
LH=Labcorp,lab corp,labcorp holdings;LHX=L3Harris,l3;LII=Lennox;LIN=Linde;LKQ;LNT=Alliant Energy;LOW=Lowe's,lowe,lowes;LRCX=Lam Research,lam,lam research corp;LULU=Lululemon,lulu;LUV=Southwest Airlines,southwest,southwest air
LVS=Las Vegas Sands;LW=Lamb Weston;LYB=LyondellBasell;LYV=Live Nation,ticketmaster;LCID=Lucid,lucid motors,lucid group;LYFT=Lyft;LI=Li Auto;LMND=Lemonade;LUNR=Intuitive Machines;LAC=Lithium Americas;LEU=Centrus,centrus energy
M=Macy's,macy,macys;MAA=Mid-America Apartment,mid america apartment;MAR=Marriott;MAS=Masco;MCHP=Microchip Technology,microchip;MCK=McKesson;MCO=Moody's,moody,moodys;MDLZ=Mondelez;MDT=Medtronic;MELI=MercadoLibre,mercado libre
MET=MetLife;MGM=MGM Resorts;MHK=Mohawk;MKC=McCormick;MLM=Martin Marietta;MMC;MMM=3M;MNST=Monster Beverage,^monster;MO=Altria;MOH=Molina;MOS=Mosaic;MPC=Marathon Petroleum;MPWR=Monolithic Power;MRNA=Moderna;MSCI
MSI=Motorola Solutions,motorola;MTB=M&T Bank,m&t bank;MTCH=Match Group;MTD=Mettler Toledo;MDB=MongoDB,mongo,mongo db;NBIS=Nebius,nebius group;NCLH=Norwegian Cruise Line,norwegian cruise,norwegian cruise lines;NDAQ=Nasdaq Inc
NDSN=Nordson;NEE=NextEra Energy,nextera,next era;NEM=Newmont,newmont mining;NET=Cloudflare,cloud flare;NI=NiSource;NOC=Northrop Grumman,northrop,northrup,northrup grumman;NOW=ServiceNow,service now;NRG=NRG Energy
NSC=Norfolk Southern;NTAP=NetApp;NTRS=Northern Trust;NUE=Nucor;NVAX=Novavax;NVO=Novo Nordisk,novo;NVR;NWS;NWSA=News Corp;NXPI=NXP Semiconductors,nxp;NU=Nu Holdings,nubank,nu bank;NVTS=Navitas,navitas semiconductor;NKLA=Nikola
NNE=Nano Nuclear,nano nuclear energy;O=Realty Income;ODFL=Old Dominion Freight,old dominion;OKE=ONEOK,one ok;OMC=Omnicom;ON=ON Semiconductor,onsemi;ORLY=O'Reilly Automotive,o'reilly automotive,oreilly,o'reilly,o'reilly auto
OTIS=Otis Worldwide;OKLO=Oklo;OKTA=Okta;OPEN=Opendoor,open door;OSCR=Oscar Health,^oscar;OPK=OPKO Health;ONDS=Ondas,ondas holdings;PARA=Paramount;PSKY=Paramount Skydance;PAYC=Paycom;PAYX=Paychex;PCAR=Paccar
PCG=PG&E,pg&e,pacific gas and electric;PEG=Public Service Enterprise Group;PFG=Principal Financial;PGR=Progressive,^progressive;PH=Parker-Hannifin,parker hannifin,^parker;PHM=PulteGroup,pulte;PINS=Pinterest
PKG=Packaging Corp of America;PLD=Prologis;PLUG=Plug Power,^plug;PM=Philip Morris;PNC=PNC Financial;PNR=Pentair;PNW=Pinnacle West;PODD=Insulet;POOL=Pool Corporation,pool corp;PPG;PPL=ppl corp;PRU=Prudential;PSA=Public Storage
PSX=Phillips 66;PTC=ptc inc;PTON=Peloton;PWR=Quanta Services,quanta;PATH=UiPath,ui path;QBTS=D-Wave Quantum,d wave quantum,d wave,dwave,d wave systems;QS=QuantumScape,quantum scape;QUBT=Quantum Computing Inc;RBLX=Roblox
RCL=Royal Caribbean;REG=Regency Centers;REGN=Regeneron;RF=Regions Financial;RGTI=Rigetti,rigetti computing;RIOT=Riot Platforms;RJF=Raymond James;RKLB=Rocket Lab,rocketlab;RKT=Rocket Companies,rocket mortgage;RL=Ralph Lauren
RMD=ResMed;ROK=Rockwell Automation,rockwell;ROL=Rollins;ROP=Roper;ROST=Ross Stores,^ross;RSG=Republic Services;RTX=RTX Corporation,raytheon,rtx,raytheon technologies;RVTY=Revvity;RUN=Sunrun;RXRX=Recursion
RCAT=Red Cat Holdings,red cat;S=SentinelOne,sentinel one,sentinel;SBAC=SBA Communications;SE=Sea Limited,sea ltd,shopee;SHW=Sherwin-Williams,sherwin williams;SJM=Smucker,jm smucker;SLB=Schlumberger,slumberger
SMR=NuScale Power,nuscale;SNA=Snap-on,snap on;SNDK=SanDisk,san disk,sandisk corp;SNPS=Synopsys,synopsis;SO=Southern Company;SOLV=Solventum;SPG=Simon Property;SPGI=S&P Global,s&p global;SPOT=Spotify;SRE=Sempra,sempra energy
STE=Steris;STLD=Steel Dynamics;STT=State Street;STZ=Constellation Brands;SW=Smurfit Westrock,smurfit;SWK=Stanley Black & Decker,stanley black and decker;SWKS=Skyworks;SYF=Synchrony;SYK=Stryker;SYY=Sysco;SPCE=Virgin Galactic
SERV=Serve Robotics;SIRI=Sirius XM,sirius;SOLS=Solstice;SONY=Sony;XYZ=Block Inc,^block,square,cash app;STLA=Stellantis,jeep,chrysler;TAP=Molson Coors;TDG=TransDigm;TDY=Teledyne;TEAM=Atlassian;TECH=Bio-Techne,bio techne
TEL=TE Connectivity;TER=Teradyne;TFC=Truist;TJX=TJX Companies,tj maxx,tjmaxx;TKO=TKO Group,wwe,ufc;TLRY=Tilray;TMO=Thermo Fisher,thermo;TPL=Texas Pacific Land,texas pacific;TPR=Tapestry,^coach;TRGP=Targa,targa resources
TRMB=Trimble;TROW=T. Rowe Price,t rowe price;TRV=Travelers;TSCO=Tractor Supply;TSN=Tyson Foods,tyson,tyson food;TT=Trane;TTD=The Trade Desk,trade desk;TTWO=Take-Two Interactive,take two interactive,take two,take2;TXT=Textron
TYL=Tyler Technologies;TEM=Tempus AI,tempus;TOST=Toast;TWLO=Twilio;TTM=Tata Motors;TM=Toyota;U=Unity Software,unity;UA;UAA=Under Armour,under armor;UAL=United Airlines;UDR;UEC=Uranium Energy;UHS=Universal Health
ULTA=Ulta Beauty,ulta;UNP=Union Pacific;UPST=Upstart,up start;URI=United Rentals;USB=US Bancorp,u.s bancorp;UUUU=Energy Fuels;VALE;VICI;VLO=Valero;VLTO=Veralto;VMC=Vulcan Materials;VRSK=Verisk;VRSN=Verisign
VRTX=Vertex Pharmaceuticals,vertex pharma;VST=Vistra;VTR=Ventas;VTRS=Viatris;VRT=Vertiv,vertiv holdings;W=Wayfair;WAB=Wabtec;WAT=Waters Corporation,waters corp;WBA=Walgreens
WBD=Warner Bros Discovery,warner bros,warner brothers,warner brothers discovery;WDAY=Workday;WEC=WEC Energy;WELL=Welltower;WM=Waste Management;WMB=Williams Companies;WOLF=Wolfspeed;WRB=W. R. Berkley,w r berkley
WSM=Williams-Sonoma,williams sonoma;WST=West Pharmaceutical;WTW=Willis Towers Watson;WULF=TeraWulf,tera wulf;WY=Weyerhaeuser;WYNN=Wynn Resorts,wynn;X=US Steel,us steel corp;XEL=Xcel Energy;XPEV=XPeng;XYL=Xylem
YUM=Yum Brands,kfc,taco bell;Z=Zillow,zillow group;ZBH=Zimmer Biomet,zimmer;ZBRA=Zebra Technologies;ZM=Zoom Communications,^zoom,zoom video;ZS=Zscaler,z scaler;ZTS=Zoetis
---
AA=Alcoa;AAAU;AAOI=Applied Optoelectronics;AAON;AAP=Advance Auto Parts,advance auto;AAPB;AAPD;AAPU;AAT;ABAT=American Battery Technology;ABBNY=ABB;ABCB=Ameris;ABCL=AbCellera;ABEV=Ambev;ABG=Asbury Automotive;ABM=ABM Industries;ABMD
ABR=Arbor Realty;ABSI=Absci;ABTC=American Bitcoin;ABUS=Arbutus;ABVX=Abivax;ACAD=Acadia Pharmaceuticals;ACB=Aurora Cannabis;ACCD;ACES;ACHC=Acadia Healthcare;ACI=Albertsons;ACIW=ACI Worldwide;ACLS=Axcelis;ACLX=Arcellx;ACM=AECOM
ACMR=ACM Research;ACWI=iShares ACWI ETF;ACWX;AD=Array Digital;ADC=Agree Realty;ADEA=Adeia;ADMA=ADMA Biologics;ADNT=Adient;ADT;ADTN=Adtran;ADUS=Addus;AEHR=Aehr Test Systems,aehr test;AEIS=Advanced Energy;AEM=Agnico Eagle,agnico
AEO=American Eagle Outfitters,american eagle;AEVA=Aeva;AFG=American Financial Group;AFK;AG=First Majestic Silver,first majestic;AGCO;AGEN=Agenus;AGI=Alamos Gold,alamos;AGIO=Agios;AGL=agilon;AGM=Farmer Mac;AGNC=AGNC Investment
AGO=Assured Guaranty;AGQ=ProShares Ultra Silver;AGX=Argan;AGYS=Agilysys;AHR=American Healthcare REIT;AIFF;AIQ=Global X Artificial Intelligence ETF;AIT=Applied Industrial;AKR=Acadia Realty;AL=Air Lease;ALAB=Astera Labs,astera
ALC=Alcon;ALE=Allete;ALG=Alamo Group;ALGM=Allegro MicroSystems;ALGT=Allegiant;ALHC=Alignment Healthcare;ALK=Alaska Air,alaska airlines;ALKS=Alkermes;ALKT=Alkami;ALLO=Allogene;ALLY=Ally Financial,ally bank
ALNY=Alnylam Pharmaceuticals,alnylam;ALRM=Alarm.com,alarm.com;ALSN=Allison Transmission;ALT=Altimmune;ALTM;ALV=Autoliv;AMBA=Ambarella;AMBP=Ardagh;AMBQ=Ambiq Micro;AMCX=AMC Networks;AMG=Affiliated Managers;AMH=American Homes 4 Rent
AMKR=Amkor;AMLP=Alerian MLP ETF;AMPX=Amprius;AMPY=Amplify Energy;AMR=Alpha Metallurgical;AMRC=Ameresco;AMRZ=Amrize;AMSC=American Superconductor;AMTM=Amentum;AMUU;AMWL=Amwell;AMX=America Movil;AMZD;AMZU;AMZY;AMZZ
ANF=Abercrombie & Fitch,abercrombie and fitch,abercrombie;ANGI=Angi;ANGL;ANIP=ANI Pharmaceuticals;AOA;AOK;AOM;AOR;AOUT;APAM=Artisan Partners;APG=APi Group;APLS=Apellis;APLY;APPF=AppFolio;APPN=Appian;APPX;AQN=Algonquin Power
AR=Antero Resources,antero;ARBE=Arbe Robotics;ARCB=ArcBest;ARCC=Ares Capital;ARCH;ARDX=Ardelyx;AREC=American Resources;ARGT=Global X Argentina ETF,argentina etf;ARGX=argenx;ARHS=Arhaus;ARKB=ARK 21Shares Bitcoin ETF
ARKQ=ARK Autonomous Tech & Robotics ETF,ark autonomous tech and robotics etf;ARKX=ARK Space Exploration ETF,ark space;ARLO=Arlo;ARLP=Alliance Resource Partners;ARMK=Aramark;ARMU;AROC=Archrock;ARQQ=Arqit;ARQT=Arcutis
ARRY=Array Technologies;ARTY;ARW=Arrow Electronics;ARWR=Arrowhead;ASAN=Asana;ASB=Associated Banc-Corp,associated banc corp;ASGN;ASH=Ashland;ASHR;ASIX=AdvanSix;ASM=Avino Silver;ASMIY;ASND=Ascendis;ASO=Academy Sports
ASPI=ASP Isotopes;ASTE=Astec;ASX=ASE Technology;ATAI=atai;ATAT=Atour;ATEC=Alphatec;ATER;ATHM=Autohome;ATI;ATKR=Atkore;ATMU=Atmus;ATNF;ATRO=Astronics;ATZAF;AU=AngloGold Ashanti,anglogold;AUPH=Aurinia;AUUD;AVA=Avista
AVAV=AeroVironment,aero vironment;AVDE;AVDV;AVEM;AVGX;AVL;AVNT=Avient;AVO=Mission Produce;AVT=Avnet;AVTR=Avantor;AVUS;AVUV=Avantis US Small Cap Value ETF,avantis small cap value;AVXL=Anavex;AWI=Armstrong World
AWR=American States Water;AX=Axos Financial,axos;AXL=American Axle;AXS=AXIS Capital;AXSM=Axsome;AXTA=Axalta;AXTI=AXT Inc;AYI=Acuity;AZEK;AZN=AstraZeneca,astra zeneca,astra;AZPN;AZTA=Azenta;AZUL;AZZ
B=Barrick Mining,barrick,barrick gold;BABU;BABX;BAESY=BAE Systems;BAH=Booz Allen Hamilton,booz allen;BALI;BAM=Brookfield Asset Management;BANC=Banc of California;BAND=Bandwidth Inc;BANR=Banner Inc,^banner;BAP=Credicorp
BARK=Bark Inc;BATRK=Atlanta Braves;BATT;BAYRY=Bayer;BBAR;BBBY=Bed Bath & Beyond,bed bath and beyond,overstock;BBD=Banco Bradesco,bradesco;BBIG;BBIO=BridgeBio;BBJP;BBU=Brookfield Business;BBUS;BBVA
BBWI=Bath & Body Works,bath and body works;BCC=Boise Cascade;BCE;BCPC=Balchem;BCRX=BioCryst;BCS=Barclays;BDC=Belden;BDJ;BDN=Brandywine;BEAM=Beam Therapeutics;BECN;BEKE=KE Holdings;BELFB=Bel Fuse;BERY;BERZ
BETR=Better Home & Finance,better home and finance;BETZ;BF.A;BFH=Bread Financial;BFRG;BGNE;BGS=B&G Foods,b&g foods;BHC=Bausch Health,bausch;BHE=Benchmark Electronics;BHF=Brighthouse Financial,brighthouse;BHP=BHP Group
BHVN=Biohaven;BIB;BIGC;BIL=SPDR 1-3 Month T-Bill ETF,spdr 1 3 month t bill etf,t bill etf;BILL=Bill Holdings,bill.com;BINC;BIO=Bio-Rad,bio rad;BIOX;BIP=Brookfield Infrastructure;BIRK=Birkenstock;BIS;BITB=Bitwise Bitcoin ETF;BITI
BITQ;BITU=ProShares Ultra Bitcoin ETF;BITX=Volatility Shares 2x Bitcoin ETF;BIV=Vanguard Intermediate-Term Bond ETF,vanguard intermediate term bond etf;BJ=BJ's Wholesale,bj wholesale,bjs,bjs wholesale;BJK;BKCH;BKD=Brookdale
BKE=Buckle Inc,^buckle;BKH=Black Hills;BKKT=Bakkt;BKLN=Invesco Senior Loan ETF,senior loan etf,bank loan etf;BKSY=BlackSky;BKU=BankUnited;BL=BlackLine;BLBD=Blue Bird;BLCO=Bausch + Lomb,bausch and lomb;BLD=TopBuild
BLDP=Ballard Power,ballard;BLKB=Blackbaud;BLMN=Bloomin' Brands,bloomin brands;BLNK=Blink Charging;BLOK=Amplify Blockchain ETF,blockchain etf;BLSH=Bullish;BLUE;BLV=Vanguard Long-Term Bond ETF,vanguard long term bond etf;BMA
BMBL=Bumble;BMI=Badger Meter;BMO=Bank of Montreal;BMRN=BioMarin;BMWYY;BN=Brookfield Corporation,brookfield;BNDX=Vanguard Total International Bond ETF;BNO=United States Brent Oil Fund,brent oil fund,brent etf
BNS=Bank of Nova Scotia,scotiabank;BNTX=BioNTech;BOH=Bank of Hawaii;BOKF=BOK Financial;BOND=PIMCO Active Bond ETF;BOOT=Boot Barn;BOTZ=Global X Robotics & AI ETF,global x robotics and ai etf,robotics etf;BOX=Box Inc;BPMC
BPOP=Popular Inc;BRBR=BellRing Brands;BRKD;BRKR=Bruker;BRKU;BROS=Dutch Bros;BRRR;BRX=Brixmor;BRY;BRZE=Braze;BRZU;BSAC;BSBR;BSJP;BSOL=Bitwise Solana Staking ETF,solana etf;BST
BSV=Vanguard Short-Term Bond ETF,vanguard short term bond etf;BSY=Bentley Systems;BTAL;BTBT=Bit Digital;BTCM;BTCO;BTCS;BTCW;BTDR=Bitdeer;BTE=Baytex;BTG=B2Gold;BTQ;BTU=Peabody Energy,peabody
BUD=Anheuser-Busch InBev,anheuser busch inbev,anheuser busch,budweiser,ab inbev;BUFR;BUG=Global X Cybersecurity ETF;BULL=Webull Inc,webull;BULZ;BURL=Burlington Stores,burlington;BUZZ;BV=BrightView
BW=Babcock & Wilcox,babcock and wilcox;BWA=BorgWarner;BWIN=Baldwin Group;BWXT=BWX Technologies,bwx;BXC=BlueLinx;BXMT=Blackstone Mortgage;BXSL=Blackstone Secured Lending;BYD=Boyd Gaming;BYDDY=BYD;BYRN=Byrna;BZ=Kanzhun;BZH=Beazer
CAAP;CABA=Cabaletta;CABO=Cable One;CACC=Credit Acceptance;CACI;CADE=Cadence Bank;CAI=Caris Life Sciences;CAJPY;CAKE=Cheesecake Factory;CAL=Caleres;CALF=Pacer US Small Cap Cash Cows ETF
CALM=Cal-Maine Foods,cal maine foods,cal maine;CALX=Calix;CALY=Callaway Golf,callaway;CAMT=Camtek;CANE=Teucrium Sugar Fund,sugar etf;CAOS;CAPR=Capricor;CAR=Avis Budget,avis;CARG=CarGurus;CARS=Cars.com,cars.com
CART=Instacart,maplebear;CARZ;CASY=Casey's General Stores,casey general stores,casey,caseys;CATY=Cathay General;CAVA=Cava Group,cava;CBRL=Cracker Barrel;CBT=Cabot;CCEP=Coca-Cola Europacific,coca cola europacific;CCJ=Cameco
CCK=Crown Holdings;CCOR;CDE=Coeur Mining,coeur;CDLX=Cardlytics;CDNA=CareDx;CDP=COPT Defense;CE=Celanese;CEI;CEIX;CELC=Celcuity;CENN;CENT=Central Garden;CENX=Century Aluminum;CERT=Certara;CEVA
CFR=Cullen Frost;CG=Carlyle Group,carlyle;CGAU=Centerra;CGC=Canopy Growth,^canopy;CGNX=Cognex;CGON=CG Oncology;CGW;CHAT;CHAU;CHCO=City Holding;CHDN=Churchill Downs;CHE=Chemed
CHEF=Chefs' Warehouse,chefs warehouse;CHH=Choice Hotels;CHKP=Check Point Software,check point,^checkpoint;CHRD=Chord Energy,^chord;CHT=Chunghwa Telecom;CHYM=Chime Inc,^chime;CIB;CIEN=Ciena;CIVI=Civitas Resources,civitas
CLBT=Cellebrite;CLDX=Celldex;CLFD=Clearfield;CLH=Clean Harbors;CLM;CLMT=Calumet;CLNE=Clean Energy Fuels;CLOU;CLOV=Clover Health;CLS=Celestica;CLW=Clearwater Paper;CM=CIBC,canadian imperial bank;CMA=Comerica;CMC=Commercial Metals
CMPS=Compass Pathways;CNA=CNA Financial;CNBS;CNDT=Conduent;CNH=CNH Industrial;CNI=Canadian National,canadian national railway;CNK=Cinemark;CNMD=Conmed;CNO=CNO Financial;CNQ=Canadian Natural Resources,canadian natural
CNR=Core Natural Resources;CNRG;CNS=Cohen & Steers,cohen and steers;CNX=CNX Resources;CNXC=Concentrix;COHR=Coherent Inc,^coherent;COHU=Cohu;COKE=Coca-Cola Consolidated,coca cola consolidated;COLB=Columbia Banking;COLD=Americold
COLM=Columbia Sportswear;COMM=CommScope;COMT;CONI;CONY;COOP=Mr. Cooper,mr cooper;COPX=Global X Copper Miners ETF,copper miners etf,copper miners;CORN=Teucrium Corn Fund,corn etf;CORT=Corcept;CORZ=Core Scientific;COTY=Coty
COWZ=Pacer US Cash Cows 100 ETF,cash cows etf,pacer cash cows;CP=Canadian Pacific,canadian pacific kansas city;CPA=Copa Holdings;CPER=United States Copper Index Fund,copper etf;CPIX;CPNG=Coupang;CPRI=Capri Holdings
CPRX=Catalyst Pharmaceuticals;CPSH;CQP=Cheniere Energy Partners;CQQQ;CRBG=Corebridge;CRBU=Caribou Biosciences;CRC=California Resources;CRCG;CRDO=Credo Technology,credo;CRF;CRGY=Crescent Energy;CRH;CRI=Carter's,^carter,carters
CRK=Comstock Resources;CRML=Critical Metals;CRNX=Crinetics;CRON=Cronos;CROX=Crocs;CRS=Carpenter Technology;CRSR=Corsair Gaming;CRTO=Criteo;CRUS=Cirrus Logic;CRWL;CRWU;CSIQ=Canadian Solar;CSL=Carlisle;CSW=CSW Industrials;CTA;CTB
CTGO=Contango Ore;CTLT;CTRE=CareTrust;CTRM;CTS=CTS Corporation;CUBE=CubeSmart;CUBI=Customers Bancorp;CURE;CURLF=Curaleaf;CUTR;CVAC=CureVac;CVBF=CVB Financial;CVCO=Cavco;CVE=Cenovus Energy,cenovus;CVI=CVR Energy
CVLG=Covenant Inc,^covenant;CVLT=Commvault;CWAN=Clearwater Analytics;CWB=SPDR Convertible Securities ETF,convertible bond etf;CWEB;CWEN=Clearway Energy;CWH=Camping World;CWK=Cushman & Wakefield,cushman and wakefield
CWST=Casella Waste;CWT=California Water;CX=Cemex;CXM=Sprinklr;CXT=Crane NXT;CYB;CYBR=CyberArk;CYH=Community Health Systems;CYTK=Cytokinetics;DAC=Danaos;DADA;DAN=Dana Inc;DANOY=Danone;DAPP;DAR=Darling Ingredients;DAVA=Endava
DAVE=Dave Inc;DAWN=Day One Biopharma;DB=Deutsche Bank;DBA=Invesco DB Agriculture Fund,agriculture etf;DBB=Invesco DB Base Metals Fund,base metals etf;DBC=Invesco DB Commodity Index Fund,commodity etf,commodities etf
DBI=Designer Brands;DBMF;DBO;DBP;DBRG=DigitalBridge;DBS;DBX=Dropbox;DC=Dakota Gold;DCFC;DCI=Donaldson;DCO=Ducommun;DDD=3D Systems;DDM;DDS=Dillard's,dillard,dillards;DEI=Douglas Emmett;DEM;DENN=Denny's,denny,dennys;DEO=Diageo;DFAC
DFAI;DFAT;DFDV=DeFi Development;DFEN;DFH=Dream Finders;DFIN=Donnelley Financial;DFIV;DFSV;DFUS;DGII=Digi International;DGRO=iShares Core Dividend Growth ETF;DGRW=WisdomTree US Quality Dividend Growth ETF;DGS;DHT;DIDIY=Didi;DIG
DIN=Dine Brands;DINO=HF Sinclair;DIOD=Diodes Inc;DIVO;DJP;DK=Delek;DKL=Delek Logistics;DKS=Dick's Sporting Goods,dick sporting goods,dicks sporting goods,dicks;DLB=Dolby;DLLL;DLO=DLocal;DNA=Ginkgo Bioworks,ginkgo;DNLI=Denali;DNOW
DNUT=Krispy Kreme;DOCN=DigitalOcean;DOCS=Doximity;DOG;DOLE=Dole Inc,^dole;DOOR;DORM=Dorman;DOYU;DPRO=Draganfly;DPST=Direxion Regional Banks Bull 3x;DQ=Daqo New Energy,daqo;DRD=DRDGOLD;DRH=DiamondRock
DRIP=Direxion Oil & Gas Bear 2x,direxion oil and gas bear 2x;DRIV;DRN;DRS=Leonardo DRS;DRUG=Bright Minds;DRV;DSGX=Descartes;DSI;DSP=Viant;DT=Dynatrace;DTCR;DTM=DT Midstream;DUG;DUOT=Duos Technologies;DUSL
DUST=Direxion Gold Miners Bear;DV=DoubleVerify;DVAX=Dynavax;DXC=DXC Technology;DXD;DXJ=WisdomTree Japan Hedged Equity ETF;DXYZ=Destiny Tech100;DY=Dycom;DYN=Dyne Therapeutics;DYNF;EADSY=Airbus;EAT=Brinker International,brinker
EBC=Eastern Bankshares;EBON;EC=Ecopetrol;ECC=Eagle Point Credit;ECH=iShares Chile ETF,chile etf;ECPG=Encore Capital;EDC;EDEN;EDIT=Editas Medicine,editas;EDU=New Oriental,new oriental education
EDV=Vanguard Extended Duration Treasury ETF;EDZ;EEFT=Euronet;EEMV;EETH;EEV;EFAV;EFG;EFNL;EFV;EGHT=8x8;EGLE;EGO=Eldorado Gold,eldorado;EGP=EastGroup;EH=EHang;EHC=Encompass Health;EIDO=iShares Indonesia ETF,indonesia etf;EIRL
EIS=iShares Israel ETF,israel etf;ELAN=Elanco;ELF=e.l.f. Beauty,e.l.f beauty,elf beauty;ELIL;ELS=Equity LifeStyle;ELY;EMB=iShares Emerging Markets Bond ETF,emerging markets bond etf;EMBC=Embecta;ENB=Enbridge;ENLC;ENOV=Enovis
ENR=Energizer;ENS=EnerSys;ENSG=Ensign Group;ENTA;ENVA=Enova;ENZL;EPAC=Enerpac;EPC=Edgewell;EPD=Enterprise Products Partners,enterprise products;EPHE=iShares Philippines ETF,philippines etf;EPI=WisdomTree India Earnings ETF
EPOL=iShares Poland ETF,poland etf;EPR=EPR Properties;EPRT=Essential Properties;EPU=iShares Peru ETF,peru etf;EQH=Equitable Holdings;EQNR=Equinor;EQX=Equinox Gold;ERIC=Ericsson;ERJ=Embraer;ERO=Ero Copper;ERX;ERY
ESE=ESCO Technologies;ESGU;ESGV=Vanguard ESG US Stock ETF;ESI=Element Solutions;ESNT=Essent;ESPO;ESRT=Empire State Realty;ESTC=Elastic Inc,^elastic;ET=Energy Transfer;ETHD;ETHE=Grayscale Ethereum Trust;ETHT;ETHU;ETHV;ETHW;ETNB
ETOR=eToro;ETV;ETY;EUAD;EUM;EURL;EURN;EVBG;EVEX=Eve Air;EVGO=EVgo;EVH=Evolent;EVR=Evercore;EVRI;EVTC=Evertec;EVTL=Vertical Aerospace;EWA=iShares Australia ETF,australia etf;EWBC=East West Bancorp,east west bank
EWC=iShares Canada ETF,canada etf;EWD=iShares Sweden ETF,sweden etf;EWG=iShares Germany ETF,germany etf;EWH=iShares Hong Kong ETF,hong kong etf;EWI=iShares Italy ETF,italy etf;EWJ=iShares Japan ETF,japan etf;EWK
EWL=iShares Switzerland ETF,switzerland etf;EWM=iShares Malaysia ETF,malaysia etf;EWN=iShares Netherlands ETF;EWO;EWP=iShares Spain ETF,spain etf;EWQ=iShares France ETF,france etf;EWS=iShares Singapore ETF,singapore etf
EWT=iShares Taiwan ETF,taiwan etf;EWTX=Edgewise;EWU=iShares United Kingdom ETF,uk etf;EWW=iShares Mexico ETF,mexico etf;EWY=iShares South Korea ETF,korea etf,south korea etf;EXAS=Exact Sciences;EXEL=Exelixis;EXG
EXK=Endeavour Silver;EXOD=Exodus Movement;EXPI=eXp World;EXPO=Exponent;EXPR;EXTR=Extreme Networks;EYPT=EyePoint;EZA=iShares South Africa ETF,south africa etf;EZBC;EZJ;EZU=iShares Eurozone ETF,eurozone etf
FAF=First American Financial;FALN;FAN=First Trust Global Wind Energy ETF,wind etf;FATE=Fate Therapeutics;FBIN=Fortune Brands;FBL;FBP=First BanCorp;FBY;FCG;FCN=FTI Consulting;FCOM;FCPT=Four Corners Property;FDIS
FDN=First Trust Dow Jones Internet ETF;FDP=Fresh Del Monte;FDVV;FELE=Franklin Electric;FENY;FERG=Ferguson;FETH=Fidelity Ethereum Fund;FEZ=SPDR Euro Stoxx 50 ETF,euro stoxx 50 etf;FFAI=Faraday Future;FFIE
FFIN=First Financial Bankshares;FFTY;FHI=Federated Hermes;FHLC;FHN=First Horizon;FIDU;FIGR=Figure Technology;FIGS=Figs;FINV=FinVolution;FINX;FISV=Fiserv;FIVG;FIVN=Five9;FIW;FIX=Comfort Systems;FIZZ=National Beverage;FL=Foot Locker
FLEX=Flex Ltd;FLG=Flagstar Financial,flagstar,new york community;FLIN;FLO=Flowers Foods;FLOT;FLR=Fluor;FLS=Flowserve;FLUT=Flutter Entertainment,flutter,fanduel;FLYW=Flywire;FM;FMAT;FMC=FMC Corporation;FMCC=Freddie Mac
FMS=Fresenius Medical;FMX=Femsa;FN=Fabrinet;FNB=F.N.B. Corporation,f.n.b corporation;FNCL;FNDA;FNDF;FNDX;FNF=Fidelity National Financial;FNGD;FNGU;FNKO=Funko;FNMA=Fannie Mae;FNV=Franco-Nevada,franco nevada;FOLD=Amicus
FORD=Forward Industries;FORM=FormFactor;FOUR=Shift4 Payments,shift4;FOXF=Fox Factory;FR=First Industrial;FREL;FREY;FRO=Frontline;FROG=JFrog;FRPT=Freshpet;FRSH=Freshworks;FSK=FS KKR;FSLY=Fastly;FSM=Fortuna Mining,fortuna silver;FSR
FSS=Federal Signal;FSTA;FTCI;FTEC=Fidelity MSCI Information Technology ETF;FTI=TechnipFMC;FTS=Fortis;FTXL;FUL=H.B. Fuller,h.b fuller;FULT=Fulton Financial;FUN=Six Flags,cedar fair;FUTY;FVD;FVRR=Fiverr
FWONK=Formula One Group,formula one,formula 1;FWRD=Forward Air;FWRG=First Watch;FXA;FXB;FXC;FXE=Invesco CurrencyShares Euro Trust,euro etf;FXF;FXP;FXU;FXY=Invesco CurrencyShares Japanese Yen Trust,yen etf;FYBR;GAMB;GAMR;GATO;GATX
GBCI=Glacier Bancorp;GBDC=Golub Capital;GBX=Greenbrier;GCO=Genesco;GDLC;GDOT=Green Dot;GDRX=GoodRx;GDS=GDS Holdings;GDXU;GEF=Greif;GEMI=Gemini Space Station;GENI=Genius Sports;GERN=Geron;GES=Guess Inc,^guess;GETY=Getty Images
GEVO=Gevo;GFAI=Guardforce;GFF=Griffon;GFI=Gold Fields;GFL=GFL Environmental;GFS=GlobalFoundries,global foundries;GGAL=Grupo Financiero Galicia;GGB=Gerdau;GGG=Graco;GGLL=Direxion GOOGL Bull 2x;GGLS;GH=Guardant Health,guardant
GHLD=Guild Inc,^guild;GHRS;GIII=G-III Apparel,g iii apparel;GIL=Gildan;GKOS=Glaukos;GLBE=Global-E Online,global e online;GLDM=SPDR Gold MiniShares;GLL;GLOB=Globant;GLPI=Gaming and Leisure Properties;GLXY=Galaxy Digital
GMED=Globus Medical,globus;GMS;GNK=Genco;GNL=Global Net Lease;GNR;GNS;GNTX=Gentex;GNW=Genworth;GOEV;GOF;GOGL=Golden Ocean;GOGO=Gogo;GOLF=Acushnet;GOOS=Canada Goose;GOOY;GOTU=Gaotu;GOVT=iShares US Treasury Bond ETF
GPCR=Structure Therapeutics;GPI=Group 1 Automotive;GPIQ;GPIX;GPK=Graphic Packaging;GPOR=Gulfport Energy;GPRE=Green Plains;GPRO=GoPro;GPS;GRAL=Grail Inc,^grail;GRBK=Green Brick Partners;GREE=Greenidge
GREK=Global X Greece ETF,greece etf;GRID;GRND=Grindr;GRNY=Fundstrat Granny Shots ETF,granny shots etf,granny shots;GROY=Gold Royalty;GRPN=Groupon;GRRR=Gorilla Technology;GRWG=GrowGeneration;GSAT=Globalstar
GSG=iShares S&P GSCI Commodity Trust,ishares s&p gsci commodity trust;GSHD=Goosehead;GSL=Global Ship Lease;GSLC;GTBIF=Green Thumb;GTES=Gates Industrial;GTLS=Chart Industries;GTM=ZoomInfo;GTN=Gray Media;GTX=Garrett Motion;GUNR
GUSH=Direxion Oil & Gas Bull 2x,direxion oil and gas bull 2x;GVA=Granite Construction;GWH=ESS Tech;GWRE=Guidewire;GXO=GXO Logistics;H=Hyatt;HA;HAE=Haemonetics;HAIN=Hain Celestial;HALO=Halozyme;HAYN;HBI=Hanesbrands,hanes
HBM=Hudbay Minerals,hudbay;HCC=Warrior Met Coal;HCI=HCI Group;HCM=Hutchmed;HDB=HDFC Bank,hdfc;HDGE;HDV=iShares Core High Dividend ETF;HE=Hawaiian Electric;HEAR;HEDJ;HEES;HEFA;HEI=HEICO;HEINY=Heineken;HELE=Helen of Troy;HERO;HES
HESM=Hess Midstream;HEWJ;HG=Hamilton Insurance;HGV=Hilton Grand Vacations;HHH=Howard Hughes;HIBB;HIBL;HIBS;HIMX=Himax;HIPO=Hippo Inc,^hippo;HIVE=HIVE Digital;HIW=Highwoods;HL=Hecla Mining,hecla;HLF=Herbalife;HLI=Houlihan Lokey
HLIT=Harmonic;HLN=Haleon;HLNE=Hamilton Lane;HLX=Helix Energy;HMBL;HMC=Honda Inc,honda;HMY=Harmony Gold,^harmony;HNGE=Hinge Health;HNST=Honest Company;HODL=VanEck Bitcoin ETF;HOG=Harley-Davidson,harley davidson,harley
HOLO=MicroCloud Hologram;HOMB=Home BancShares;HOOG;HOOX;HOPE=Hope Bancorp;HOTH;HOUS=Anywhere Real Estate;HOV=Hovnanian;HP=Helmerich & Payne,helmerich and payne;HPP=Hudson Pacific;HQY=HealthEquity;HRB=H&R Block,h&r block
HRI=Herc Holdings;HRMY=Harmony Biosciences;HROW=Harrow;HSAI=Hesai;HSBC;HSII=Heidrick;HTGC=Hercules Capital;HTHIY=Hitachi;HTHT=H World;HTLD=Heartland Express;HTZ=Hertz;HUBG=Hub Group;HUMA=Humacyte;HUN=Huntsman;HURN=Huron;HUYA
HWC=Hancock Whitney;HWKN=Hawkins;HXL=Hexcel;HY=Hyster-Yale,hyster yale;HYGW;HYLB;HYLN=Hyliion;HYSR;HZO=MarineMax;IAC;IAG=IAMGOLD,iam gold;IAI;IART=Integra LifeSciences;IAS=Integral Ad Science;IAT;IAU=iShares Gold Trust
IBB=iShares Biotechnology ETF;IBEX;IBN=ICICI Bank,icici;IBOC=International Bancshares;IBP=Installed Building;IBRX=ImmunityBio;IBTA=Ibotta;ICFI=ICF;ICHR=Ichor;ICL=ICL Group;ICLR=ICON plc;ICSH;ICUI=ICU Medical;IDA=Idacorp
IDCC=InterDigital;IDR=Idaho Strategic;IDRV;IDV;IDYA=Ideaya;IEFA=iShares Core EAFE ETF;IEI=iShares 3-7 Year Treasury ETF,ishares 3 7 year treasury etf;IEMG=iShares Core Emerging Markets ETF;IEO;IESC=IES Holdings;IEUR;IEV;IEZ
IFNNY=Infineon;IFRA;IGF;IGIB;IGLB;IGM;IGPT;IGSB;IGT;IHAK;IHE;IHF;IHG=InterContinental Hotels;IHI=iShares US Medical Devices ETF,medical devices etf;IHRT=iHeartMedia;IIPR=Innovative Industrial Properties;IJJ;IJK;IJS;IJT
ILF=iShares Latin America 40 ETF,latin america etf;ILMN=Illumina;IMAX;IMBBY;IMO=Imperial Oil;IMPP;IMVT=Immunovant;INDA=iShares India ETF,india etf;INDB=Independent Bank Corp;INDI=indie Semiconductor;INDL=Direxion India Bull 2x
INDY=iShares India 50 ETF;INFN;INFQ=Infleqtion;INFY=Infosys;ING=ING Groep;INGR=Ingredion;INMD=InMode;INO=Inovio;INOD=Innodata;INSM=Insmed;INSP=Inspire Medical,inspire medical systems;INSW=International Seaways;INTW;INVA=Innoviva
INVZ=Innoviz;IONL;IONS=Ionis Pharmaceuticals,ionis;IONX;IOSP=Innospec;IOT=Samsara;IOVA=Iovance;IPAR=Interparfums;IPAY;IPGP=IPG Photonics;IPI=Intrepid Potash;IQ=iQIYI;IRBO;IRBT=iRobot;IRDM=Iridium;IRT=Independence Realty
IRWD=Ironwood Pharma;ISCG;ISCV;ITA=iShares US Aerospace & Defense ETF,ishares us aerospace and defense etf,aerospace and defense etf,defense etf;ITGR=Integer
ITOT=iShares Core S&P Total US Stock Market ETF,ishares core s&p total us stock market etf,ishares total us stock market;ITRG;ITRI=Itron;ITT;ITUB=Itau Unibanco,itau;IUSB;IUSG;IUSV
IVE=iShares S&P 500 Value ETF,ishares s&p 500 value etf;IVES=Dan Ives Wedbush AI Revolution ETF;IVOG;IVOO;IVOV;IWB=iShares Russell 1000 ETF,russell 1000 etf;IWC=iShares Micro-Cap ETF,ishares micro cap etf,micro cap etf
IWD=iShares Russell 1000 Value ETF,russell 1000 value etf;IWF=iShares Russell 1000 Growth ETF,russell 1000 growth etf;IWL;IWN=iShares Russell 2000 Value ETF,russell 2000 value etf
IWO=iShares Russell 2000 Growth ETF,russell 2000 growth etf;IWP;IWR=iShares Russell Mid-Cap ETF,ishares russell mid cap etf;IWS;IWV=iShares Russell 3000 ETF,russell 3000 etf;IWX;IWY;IX=ORIX Corporation;IXC
IXUS=iShares Core Total International ETF;IYH;IYM;IYT=iShares Transportation ETF,transportation etf,transports etf;IYW=iShares US Technology ETF;IZRL;JAAA=Janus Henderson AAA CLO ETF;JACK=Jack in the Box;JAKK=JAKKS Pacific;JAMF
JANX=Janux;JAZZ=Jazz Pharmaceuticals,jazz pharma;JBGS=JBG Smith;JBTM=JBT Marel;JDST=Direxion Junior Gold Miners Bear;JEF=Jefferies;JELD=JELD-WEN,jeld wen;JGLO;JHG=Janus Henderson;JHX=James Hardie
JJSF=J&J Snack Foods,j&j snack foods;JKS=JinkoSolar,jinko;JLL=Jones Lang LaSalle;JMOM;JNK=SPDR High Yield Bond ETF;JNUG=Direxion Junior Gold Miners Bull;JO;JOE=St. Joe,st joe
JPST=JPMorgan Ultra-Short Income ETF,jpmorgan ultra short income etf;JQUA;JWN=Nordstrom;JXN=Jackson Financial;KALU=Kaiser Aluminum;KALV=KalVista;KAMN;KARS;KB=KB Financial;KBE=SPDR S&P Bank ETF,spdr s&p bank etf,bank etf
KBH=KB Home;KBR;KBWB=Invesco KBW Bank ETF;KC=Kingsoft Cloud;KD=Kyndryl;KELYA=Kelly Services;KEX=Kirby Inc,kirby;KFY=Korn Ferry;KGC=Kinross Gold,kinross;KGS=Kodiak Gas;KIE;KLAR=Klarna;KLIC=Kulicke & Soffa,kulicke and soffa;KLIP
KMLM;KMPR=Kemper;KMT=Kennametal;KN=Knowles;KNF=Knife River;KNSL=Kinsale Capital,kinsale;KNTK=Kinetik;KNX=Knight-Swift,knight swift;KODK=Eastman Kodak,kodak;KOF=Coca-Cola FEMSA,coca cola femsa;KOP=Koppers;KOPN=Kopin;KORU
KOS=Kosmos Energy,kosmos;KOSS=Koss;KRBN;KRC=Kilroy;KRG=Kite Realty;KRMN=Karman;KRO=Kronos;KRUS=Kura Sushi;KRYS=Krystal Biotech;KSA=iShares Saudi Arabia ETF,saudi etf;KSCP=Knightscope;KSPI=Kaspi;KT=KT Corporation;KTB=Kontoor Brands
KURA=Kura Oncology;KVYO=Klaviyo;KYMR=Kymera;KYOCY;LAD=Lithia Motors,lithia;LAES=SEALSQ,seal sq;LAMR=Lamar Advertising;LANC=Marzetti;LAR=Lithium Argentina;LASR=nLight;LAZ=Lazard;LAZR=Luminar;LB=LandBridge;LBRDK=Liberty Broadband
LBRT=Liberty Energy;LBTYA=Liberty Global;LC=LendingClub,lending club;LCII=LCI Industries;LDI=loanDepot;LEA=Lear Inc,^lear;LECO=Lincoln Electric;LEGN=Legend Biotech;LEVI=Levi Strauss,levi,levis;LFMD=LifeMD;LFUS=Littelfuse;LGF.A
LGIH=LGI Homes;LGND=Ligand;LIDR=AEye;LILM;LIND=Lindblad;LION=Lionsgate;LITE=Lumentum;LKNCY=Luckin Coffee,luckin;LLYVK;LLYX;LMAT=LeMaitre;LNC=Lincoln National,lincoln financial;LNG=Cheniere Energy,cheniere;LNN=Lindsay;LNOK
LNW=Light & Wonder,light and wonder;LOAR=Loar;LOCO=El Pollo Loco;LOGI=Logitech;LOVE=Lovesac;LPLA=LPL Financial,lpl;LPTH=LightPath;LPX=Louisiana-Pacific,louisiana pacific;LQDA=Liquidia;LQDW;LSCC=Lattice Semiconductor,lattice
LSPD=Lightspeed;LSTR=Landstar;LTBR=Lightbridge;LTC=LTC Properties;LTH=Life Time Group;LTHM;LTRX=Lantronix;LU=Lufax;LUMN=Lumen Technologies,lumen;LVMUY=LVMH;LWLG=Lightwave Logic;LXP;LXRX=Lexicon;LXU=LSB Industries
LYG=Lloyds Banking Group,lloyds;LZB=La-Z-Boy,la z boy,lazboy;MAC=Macerich;MAG;MAGS=Roundhill Magnificent Seven ETF,mag 7 etf,magnificent seven etf,mag7 etf;MAIN=Main Street Capital;MANH=Manhattan Associates;MANU=Manchester United
MASI=Masimo;MAT=Mattel;MATX=Matson;MAXN;MBB=iShares MBS ETF;MBGYY;MBUU=Malibu Boats;MC=Moelis;MCHI=iShares China ETF;MCRI=Monarch Casino;MCY=Mercury General;MDGL=Madrigal Pharmaceuticals,madrigal;MDLN=Medline;MDU=MDU Resources
MEDP=Medpace;MEI=Methode;MESO=Mesoblast;METD;METU;METV;MEXX;MFA=MFA Financial;MFC=Manulife;MFG=Mizuho;MGA=Magna International;MGC=Vanguard Mega Cap ETF;MGK=Vanguard Mega Cap Growth ETF;MGNI=Magnite;MGPI=MGP Ingredients
MGRC=McGrath RentCorp;MGV=Vanguard Mega Cap Value ETF;MGY=Magnolia Oil & Gas,magnolia oil and gas;MHO=MI Homes;MIDD=Middleby;MIDU;MINT=PIMCO Enhanced Short Maturity ETF;MIR=Mirion;MIRM=Mirum;MITK=Mitek;MJ;MKL=Markel
MKSI=MKS Instruments,mks;MKTX=MarketAxess;ML=MoneyLion;MLI=Mueller Industries;MMAT;MMS=Maximus;MMSI=Merit Medical;MMYT=MakeMyTrip;MNDY=Monday.com,monday.com;MNKD=MannKind;MNMD=MindMed;MNRO=Monro;MNSO=Miniso;MNTN;MNTS=Momentus
MOAT=VanEck Morningstar Wide Moat ETF,wide moat etf;MOD=Modine;MODG=Topgolf Callaway;MOG.A=Moog;MOO=VanEck Agribusiness ETF,agribusiness etf;MORN=Morningstar;MORT;MP=MP Materials;MPLX
MPW=Medical Properties Trust,medical properties;MQ=Marqeta;MRO;MRSH=Marsh McLennan,^marsh;MRUS;MSA=MSA Safety;MSFD;MSFL;MSFO;MSFU;MSGE=Madison Square Garden Entertainment
MSGS=Madison Square Garden Sports,madison square garden,^knicks;MSM=MSC Industrial;MSOS=AdvisorShares Pure US Cannabis ETF,cannabis etf,weed etf;MSTY=YieldMax MSTR Option Income ETF;MT=ArcelorMittal;MTDR=Matador Resources,matador
MTG=MGIC;MTH=Meritage Homes;MTN=Vail Resorts,vail;MTRN=Materion;MTSI=MACOM Technology,macom;MTUM=iShares MSCI USA Momentum ETF,momentum etf,momentum factor etf;MTW=Manitowoc;MTX=Minerals Technologies;MTZ=MasTec
MUB=iShares National Muni Bond ETF,muni bond etf,national muni bond etf;MUD;MUFG=Mitsubishi UFJ,mitsubishi ufj financial;MULL;MULN;MUR=Murphy Oil;MUSA=Murphy USA;MUU;MUX=McEwen;MVIS=MicroVision;MVST=Microvast;MWA=Mueller Water
MXL=MaxLinear;MYGN=Myriad Genetics;MYRG=MYR Group;NABL=N-able,n able;NAIL;NAKA=KindlyMD;NAKD;NAT=Nordic American Tankers;NAVI=Navient;NB=NioCorp;NBIX=Neurocrine Biosciences,neurocrine;NBR=Nabors;NCNO=nCino;NE=Noble Corporation
NEO=NeoGenomics;NEOG=Neogen;NEP;NEU=NewMarket;NEWR;NFE=New Fortress Energy;NFLY;NFXL;NFXS;NG=NovaGold;NGD=New Gold Inc,^new gold;NGE;NGG=National Grid;NGVT=Ingevity;NHI=National Health Investors;NIB;NICE=NICE Ltd;NIE;NIOG
NJR=New Jersey Resources;NKTR=Nektar;NLR=VanEck Uranium and Nuclear ETF,vaneck nuclear etf,nuclear etf;NLY=Annaly Capital,annaly;NMIH=NMI Holdings;NMR=Nomura;NMRK=Newmark;NNDM=Nano Dimension;NNI=Nelnet;NNN=NNN REIT
NOBL=ProShares Dividend Aristocrats ETF,dividend aristocrats etf,dividend aristocrats;NOK=Nokia;NORW;NOVA;NOVT=Novanta;NPO=Enpro;NRGD;NRGU;NRIX=Nurix;NSA=National Storage;NSANY=Nissan;NSIT=Insight Enterprises;NSP=Insperity
NSRGY=Nestle;NTCT=NetScout;NTDOY=Nintendo;NTGR=Netgear;NTLA=Intellia Therapeutics,intellia;NTNX=Nutanix;NTR=Nutrien;NTRA=Natera;NTRB;NTSK=Netskope;NTST=Netstreit;NTSX;NUKZ;NUS=Nu Skin;NUTX;NUVA;NUVL=Nuvalent;NVCR=NovoCure;NVDD
NVDQ;NVDU=Direxion NVDA Bull 2x;NVDY=YieldMax NVDA Option Income ETF;NVEC;NVMI=Nova Ltd;NVOX;NVS=Novartis;NVST=Envista;NVT=nVent;NVVE;NWBI=Northwest Bancshares;NWE=NorthWestern Energy;NWG=NatWest;NWL=Newell Brands,newell
NXDR=Nextdoor;NXE=NexGen Energy,nexgen;NXRT=NexPoint Residential;NXST=Nexstar;NXT=Nextracker,nextpower;NYCB;NYT=New York Times;OBDC=Blue Owl Capital Corp;OBE=Obsidian Energy;OC=Owens Corning;OCGN=Ocugen;OCUL=Ocular Therapeutix
ODD=Oddity;OEF=iShares S&P 100 ETF,ishares s&p 100 etf;OFG=OFG Bancorp;OGE=OGE Energy;OGI=Organigram;OGN=Organon;OGS=ONE Gas;OHI=Omega Healthcare;OIH=VanEck Oil Services ETF,oil services etf;OII=Oceaneering;OKLL
OLED=Universal Display;OLLI=Ollie's,ollie,ollies;OLN=Olin;OLO;OLPX=Olaplex;OMCL=Omnicell;OMDA=Omada Health;OMF=OneMain;OMFL;ONB=Old National;ONC=BeOne Medicines,beigene;ONEQ=Fidelity Nasdaq Composite ETF;ONEW=OneWater
ONON=On Holding;ONTO=Onto Innovation;OPAD=Offerpad;OPCH=Option Care;OPFI;OPRT=Oportun;ORA=Ormat;ORI=Old Republic;ORLA=Orla Mining;OSIS=OSI Systems;OSK=Oshkosh;OTEX=OpenText,open text;OTLY=Oatly;OUST=Ouster;OVV=Ovintiv
OWL=Blue Owl Capital,blue owl;OXLC=Oxford Lane;PAA=Plains All American;PAAS=Pan American Silver;PACB=Pacific Biosciences,pacbio;PACS=PACS Group;PACW;PAG=Penske Automotive;PAGP=Plains GP;PAGS=PagSeguro
PALL=abrdn Palladium ETF,palladium etf;PALU;PAR=PAR Technology;PARR=Par Pacific;PATK=Patrick Industries;PAVE=Global X US Infrastructure ETF,infrastructure etf;PAY=Paymentus;PAYO=Payoneer;PB=Prosperity Bancshares
PBA=Pembina Pipeline,pembina;PBF=PBF Energy;PBR=Petrobras;PBUS;PBW;PCH=PotlatchDeltic;PCOR=Procore;PCRX=Pacira;PCTY=Paylocity;PCVX=Vaxcyte;PD=PagerDuty;PDBC=Invesco Optimum Yield Diversified Commodity ETF;PDCO;PDDL;PDI
PDYN=Palladyne AI,palladyne;PEB=Pebblebrook;PECO=Phillips Edison;PEGA=Pegasystems,pega;PEJ;PEN=Penumbra;PENN=Penn Entertainment;PEY;PFF=iShares Preferred and Income Securities ETF,preferred stock etf;PFFD
PFGC=Performance Food Group;PFS=Provident Financial;PFSI=PennyMac Financial;PGNY=Progyny;PGRE=Paramount Group;PGTI;PGX;PGY=Pagaya;PHG=Philips;PHIN=Phinia;PHK;PHO=Invesco Water Resources ETF,water etf;PHR=Phreesia
PHYS=Sprott Physical Gold Trust;PICK;PII=Polaris;PIPR=Piper Sandler;PJP;PJT=PJT Partners;PK=Park Hotels;PKW;PKX=POSCO;PL=Planet Labs;PLAB=Photronics;PLL=Piedmont Lithium;PLMR=Palomar;PLNT=Planet Fitness;PLTD;PLTK=Playtika;PLTU
PLTY;PLXS=Plexus;PMT=PennyMac Mortgage;PNFP=Pinnacle Financial;PNM;POET=POET Technologies;PONY=Pony AI;POR=Portland General;POSH;POST=Post Holdings;POWI=Power Integrations;POWL=Powell Industries;POWW;PPA;PPBI
PPC=Pilgrim's Pride,pilgrim pride,pilgrims pride;PPH;PPLT=abrdn Platinum ETF,platinum etf;PPTA=Perpetua Resources,perpetua;PR=Permian Resources;PRAA=PRA Group;PRAX=Praxis Precision;PRCH=Porch Group;PRCT=PROCEPT;PRF;PRGO=Perrigo
PRGS=Progress Software;PRI=Primerica;PRIM=Primoris;PRK=Park National;PRKS=United Parks,seaworld;PRLB=Proto Labs;PRM=Perimeter Solutions;PRMB=Primo Brands;PRME=Prime Medicine;PRNT;PROK=ProKidney;PRVA=Privia;PSEC=Prospect Capital
PSI;PSIX=Power Solutions;PSLV=Sprott Physical Silver Trust;PSMT=PriceSmart;PSN=Parsons Inc,^parsons;PSNY=Polestar;PSP;PST;PSTG=Pure Storage;PTCT=PTC Therapeutics;PTEN=Patterson-UTI,patterson uti;PTGX=Protagonist;PTIR;PTLC
PTLO=Portillo's,portillo,portillos;PTY;PUBM=PubMatic;PVH;PXD;PZZA=Papa John's,papa john,papa johns;QAT;QBTX;QCLN;QCMU;QDEL=QuidelOrtho,quidel;QDTE;QFIN=Qifu;QID=ProShares UltraShort QQQ;QLD=ProShares Ultra QQQ;QLYS=Qualys
QMCO=Quantum Corporation;QNST=QuinStreet;QQEW;QQQE;QQQI=NEOS Nasdaq 100 High Income ETF;QQQJ=Invesco Nasdaq Next Gen 100 ETF;QQQX;QRVO=Qorvo;QSI=Quantum-Si,quantum si;QSR=Restaurant Brands,burger king,tim hortons
QTUM=Defiance Quantum ETF,quantum etf;QTWO=Q2 Holdings;QUAL=iShares MSCI USA Quality ETF,quality factor etf;QUBX;QURE=uniQure;QXO;QYLD=Global X Nasdaq 100 Covered Call ETF;RACE=Ferrari;RARE=Ultragenyx;RBC=RBC Bearings;RBRK=Rubrik
RCI=Rogers Communications;RCKT=Rocket Pharmaceuticals;RDFN=Redfin;RDN=Radian;RDNT=RadNet;RDTE;RDVY;RDW=Redwire;RDY=Dr. Reddy's,dr reddy,dr reddys;REI=Ring Energy;REKR=Rekor;RELY=Remitly
REM=iShares Mortgage REIT ETF,mortgage reit etf;REMX=VanEck Rare Earth ETF,rare earth etf;RETL;REVG=REV Group;REW;REXR=Rexford Industrial;REYN=Reynolds;REZ;RFG;RGA=Reinsurance Group;RGEN=Repligen;RGLD=Royal Gold;RGR=Sturm Ruger
RGTX;RH=Restoration Hardware;RHHBY=Roche;RHI=Robert Half;RHP=Ryman Hospitality;RIDE;RIG=Transocean;RING;RIO=Rio Tinto;RITM=Rithm Capital;RKLX;RMBS=Rambus;RNA=Avidity;RNR=RenaissanceRe;RNST=Renasant;ROAD=Construction Partners;ROBN
ROBO;ROBT;ROG=Rogers Inc,^rogers;ROIC;ROKT;ROOT=Root Inc;RPAR;RPD=Rapid7;RPG;RPM=RPM International;RPV;RQI;RRC=Range Resources;RRR=Red Rock Resorts;RRX=Regal Rexnord;RS=Reliance Steel,reliance inc;RSPD;RSPT;RTXG
RUM=Rumble Inc,^rumble;RUSHA=Rush Enterprises;RVLV=Revolve;RVMD=Revolution Medicines;RWM;RWR;RXO;RXT=Rackspace;RY=Royal Bank of Canada,royal bank;RYAAY=Ryanair;RYAN=Ryan Specialty;RYCEY=Rolls-Royce,rolls royce;RYI=Ryerson;RYLD
RYN=Rayonier;RYTM=Rhythm Pharmaceuticals;RZG;SA=Seabridge Gold;SABR=Sabre;SAFE=Safehold;SAGE;SAH=Sonic Automotive;SAIA=Saia;SAIC;SAIL=SailPoint;SAM=Boston Beer;SAN=Banco Santander,santander;SANA=Sana Biotechnology
SAND=Sandstorm Gold;SANM=Sanmina;SAP=sap se;SARK;SARO=StandardAero;SATL=Satellogic;SATS=EchoStar;SAVA=Cassava Sciences,cassava;SAVE;SBCF=Seacoast Banking;SBET=SharpLink Gaming,sharplink;SBGI=Sinclair;SBH=Sally Beauty;SBIT
SBLK=Star Bulk;SBRA=Sabra Health Care;SBSW=Sibanye Stillwater,sibanye;SCCO=Southern Copper;SCHA=Schwab US Small-Cap ETF,schwab us small cap etf;SCHB=Schwab US Broad Market ETF;SCHE;SCHF=Schwab International Equity ETF
SCHG=Schwab US Large-Cap Growth ETF,schwab us large cap growth etf,schwab growth etf;SCHH=Schwab US REIT ETF;SCHK;SCHM=Schwab US Mid-Cap ETF,schwab us mid cap etf;SCHO;SCHP;SCHQ;SCHR
SCHV=Schwab US Large-Cap Value ETF,schwab us large cap value etf;SCHX=Schwab US Large-Cap ETF,schwab us large cap etf;SCHY;SCHZ;SCI=Service Corporation;SCL=Stepan;SCO=ProShares UltraShort Bloomberg Crude Oil;SCSC=ScanSource
SCVL=Shoe Carnival;SCZ;SDGR=Schrodinger;SDIG;SDOW=ProShares UltraPro Short Dow 30;SDRL=Seadrill;SDY=SPDR S&P Dividend ETF,spdr s&p dividend etf;SEAS;SEAT=Vivid Seats;SEDG=SolarEdge,solar edge;SEI=Solaris Energy
SEIC=SEI Investments;SEM=Select Medical;SENS=Senseonics;SES=SES AI;SEZL=Sezzle;SF=Stifel;SFIX=Stitch Fix;SFM=Sprouts Farmers Market,sprouts;SFNC=Simmons First;SFTBY=SoftBank;SFY;SFYF;SG=Sweetgreen;SGI=Somnigroup;SGML=Sigma Lithium
SGOL;SGOV=iShares 0-3 Month Treasury ETF,ishares 0 3 month treasury etf;SGRY=Surgery Partners;SHAK=Shake Shack;SHEL=Shell plc,^shell,royal dutch shell;SHG=Shinhan;SHLD=Global X Defense Tech ETF;SHLS=Shoals Technologies,shoals
SHOO=Steve Madden;SHPU;SHV=iShares Short Treasury Bond ETF;SHYF;SHYG;SID=Companhia Siderurgica;SIDU=Sidus Space;SIEGY=Siemens;SIFY=Sify;SIG=Signet Jewelers,signet;SIGI=Selective Insurance
SIL=Global X Silver Miners ETF,silver miners etf,silver miners;SILJ=Amplify Junior Silver Miners ETF;SILV;SITE=SiteOne Landscape;SITM=SiTime;SIX;SJB;SJNK;SJW;SKE=Skeena;SKF;SKLZ=Skillz;SKM=SK Telecom;SKT=Tanger;SKWD=Skyward
SKX=Skechers;SKY=Champion Homes;SKYT=SkyWater Technology,skywater;SKYW=SkyWest;SKYY=First Trust Cloud Computing ETF,cloud etf;SLAB=Silicon Labs,silicon laboratories;SLDP=Solid Power;SLF=Sun Life;SLG=SL Green;SLGN=Silgan
SLI=Standard Lithium;SLM=Sallie Mae;SLNO=Soleno;SLVM=Sylvamo;SLVP;SLX=VanEck Steel ETF,steel etf;SLY;SM=SM Energy;SMAR;SMCL;SMCX;SMCZ;SMFG=Sumitomo Mitsui;SMG=Scotts Miracle-Gro,scotts miracle gro,scotts;SMIN;SMLF
SMLR=Semler Scientific;SMMT=Summit Therapeutics;SMP=Standard Motor Products;SMPL=Simply Good Foods;SMST;SMTC=Semtech;SN=SharkNinja;SNBR=Sleep Number;SNCY=Sun Country;SNDL;SNDR=Schneider National;SNDX=Syndax
SNN=Smith & Nephew,smith and nephew;SNSR;SNV=Synovus;SNX=TD Synnex,synnex;SNY=Sanofi;SOCL;SOFX;SOLT;SOLZ;SON=Sonoco;SONO=Sonos;SOS;SOVO;SOXQ=Invesco PHLX Semiconductor ETF;SOXY;SOYB=Teucrium Soybean Fund,soybean etf;SPAB
SPB=Spectrum Brands;SPDW;SPEM;SPGM;SPHB=Invesco S&P 500 High Beta ETF,invesco s&p 500 high beta etf,high beta etf;SPHD=Invesco S&P 500 High Dividend Low Volatility ETF,invesco s&p 500 high dividend low volatility etf;SPHQ
SPHR=Sphere Entertainment;SPIB;SPIR=Spire Global;SPLB;SPLV=Invesco S&P 500 Low Volatility ETF,invesco s&p 500 low volatility etf,low volatility etf;SPMD;SPMO=Invesco S&P 500 Momentum ETF,invesco s&p 500 momentum etf
SPNT=SiriusPoint;SPR=Spirit AeroSystems;SPRT;SPRY=ARS Pharmaceuticals;SPSB;SPSC=SPS Commerce;SPSM;SPTI;SPTL;SPTM;SPTS;SPUU;SPWR=SunPower;SPYD=SPDR S&P 500 High Dividend ETF,spdr s&p 500 high dividend etf
SPYM=SPDR Portfolio S&P 500 ETF,spdr portfolio s&p 500 etf;SPYX;SQM;SQNS=Sequans;SRAD=Sportradar;SRCL;SRFM=Surf Air;SRLN;SRPT=Sarepta Therapeutics,sarepta;SRRK=Scholar Rock;SRS;SRTY;SRVR;SSB=SouthState;SSG;SSNLF=Samsung
SSP=Scripps;SSRM=SSR Mining;SSTK=Shutterstock;SSYS=Stratasys;STAA=STAAR Surgical;STAG=STAG Industrial;STBA=S&T Bancorp,s&t bancorp;STEM=Stem Inc;STEP=StepStone;STIP;STM=STMicroelectronics;STNE=StoneCo;STNG=Scorpio Tankers
STOK=Stoke Therapeutics;STRL=Sterling Infrastructure;STUB=StubHub;STWD=Starwood Property;SU=Suncor Energy,suncor;SUI=Sun Communities;SUN=Sunoco;SUPN=Supernus;SUPV;SUSA;SVAL;SVM=Silvercorp;SVOL=Simplify Volatility Premium ETF
SVRA=Savara;SWBI=Smith & Wesson,smith and wesson;SWI;SWN;SWX=Southwest Gas;SXC=SunCoke;SXI=Standex;SXT=Sensient;SYLD;SYNA=Synaptics;TAIL;TAK=Takeda;TAL=TAL Education;TALO=Talos Energy;TARS=Tarsus;TBF;TCAF;TCBI=Texas Capital
TCEHY=Tencent;TCNNF=Trulieve;TCOM=Trip.com,trip.com;TDOC=Teladoc;TDS=Telephone and Data Systems;TDUP=ThredUp;TD=Toronto Dominion Bank,td bank;TDW=Tidewater;TE=T1 Energy;TECK=Teck Resources,teck;TECL=Direxion Technology Bull 3x;TECS=Direxion Technology Bear 3x
TEF=Telefonica;TENB=Tenable;TEVA=Teva Pharmaceutical,teva;TEX=Terex;TFII=TFI International;TFIN=Triumph Financial;TFPM=Triple Flag;TFX=Teleflex;TGB=Taseko;TGI=Triumph Group;TGNA=Tegna;TGTX=TG Therapeutics
THC=Tenet Healthcare,tenet;THD=iShares Thailand ETF,thailand etf;THG=Hanover Insurance;THM;THNQ;THRM=Gentherm;THS=TreeHouse Foods;TIGR=UP Fintech,tiger brokers;TILL
TLH=iShares 10-20 Year Treasury ETF,ishares 10 20 year treasury etf;TLN=Talen Energy,talen;TLS=Telos;TLTW;TMC=TMC the metals company,metals company;TMDX=TransMedics;TME=Tencent Music;TMHC=Taylor Morrison
TNDM=Tandem Diabetes,tandem;TNET=TriNet;TNK=Teekay Tankers;TNL=Travel + Leisure,travel and leisure;TNXP=Tonix;TOKE;TOL=Toll Brothers;TOPT;TOWN=TowneBank;TPB=Turning Point Brands;TPC=Tutor Perini;TPG;TPH=Tri Pointe;TPOR;TPX
TREX=Trex;TRIP=TripAdvisor;TRKA;TRMD=TORM;TRMK=Trustmark;TRN=Trinity Industries;TRNO=Terreno;TROX=Tronox;TRP=TC Energy;TRU=TransUnion;TRUP=Trupanion;TSDD;TSEM=Tower Semiconductor;TSLR;TSLT;TSLY=YieldMax TSLA Option Income ETF;TSLZ
TSMU;TSMX;TSMZ;TSSI=TSS Inc;TTAN=ServiceTitan;TTC=Toro Inc,^toro;TTCF;TTE=TotalEnergies,total energies;TTEC;TTEK=Tetra Tech;TTGT;TTMI=TTM Technologies;TTT;TU=Telus;TUR=iShares Turkey ETF,turkey etf;TV=Televisa;TVTX=Travere
TW=Tradeweb;TWM;TWST=Twist Bioscience;TX=Ternium;TXG;TXMD;TXNM=TXNM Energy;TXRH=Texas Roadhouse;TYD;TYO;UAMY=United States Antimony,us antimony;UAN=CVR Partners;UBRL;UBS;UBSI=United Bankshares;UBT
UCO=ProShares Ultra Bloomberg Crude Oil;UCTT=Ultra Clean;UDN;UDOW=ProShares UltraPro Dow 30;UE=Urban Edge;UFO=Procure Space ETF,space etf;UFPI=UFP Industries;UFPT=UFP Technologies;UGA=United States Gasoline Fund,gasoline fund;UGI
UGL=ProShares Ultra Gold;UI=Ubiquiti;UIS=Unisys;UL=Unilever;ULCC=Frontier Group,frontier airlines;ULTY=YieldMax Ultra Option Income ETF;UMAC=Unusual Machines;UMBF=UMB Financial;UMC=United Microelectronics;UMH;UNF=UniFirst
UNFI=United Natural Foods;UNHG;UNIT=Uniti;UNL;UNM=Unum;UPAR;UPWK=Upwork;UPXI=Upexi;URBN=Urban Outfitters;URE;URG=Ur-Energy,ur energy;URNJ=Sprott Junior Uranium Miners ETF;URNM=Sprott Uranium Miners ETF,uranium miners etf;URTY
USAC=USA Compression;USAR=USA Rare Earth;USAS=Americas Gold and Silver;USFD=US Foods;USHY;USIG;USL;USLM=United States Lime;USM;USMV=iShares MSCI USA Min Vol ETF,min vol etf,minimum volatility etf;USRT;UTF;UTG
UTHR=United Therapeutics;UTSL;UTZ=Utz Brands;UUP=Invesco DB US Dollar Index Bullish Fund,dollar etf,dollar index etf;UVE=Universal Insurance;UVV=Universal Corporation;UWM;UWMC=UWM Holdings;UYG;VAC=Marriott Vacations;VAL=Valaris
VAW=Vanguard Materials ETF;VB=Vanguard Small-Cap ETF,vanguard small cap etf;VBIL;VBK=Vanguard Small-Cap Growth ETF,vanguard small cap growth etf;VBR=Vanguard Small-Cap Value ETF,vanguard small cap value etf;VC=Visteon;VCEL=Vericel
VCIT=Vanguard Intermediate-Term Corporate Bond ETF,vanguard intermediate term corporate bond etf,vanguard intermediate corporate bond;VCLT=Vanguard Long-Term Corporate Bond ETF,vanguard long term corporate bond etf
VCR=Vanguard Consumer Discretionary ETF;VCSH=Vanguard Short-Term Corporate Bond ETF,vanguard short term corporate bond etf;VCTR=Victory Capital;VCYT=Veracyte;VDC=Vanguard Consumer Staples ETF;VDE=Vanguard Energy ETF
VEEV=Veeva Systems,veeva;VEGI;VEON;VERA=Vera Therapeutics;VERI=Veritone;VERV;VERX=Vertex Inc;VET=Vermilion Energy;VEU=Vanguard FTSE All-World ex-US ETF,vanguard ftse all world ex us etf;VFC=VF Corporation,vf corp,^vans
VFF=Village Farms;VFH=Vanguard Financials ETF;VFS=VinFast;VG=Venture Global;VGIT=Vanguard Intermediate-Term Treasury ETF,vanguard intermediate term treasury etf;VGK=Vanguard FTSE Europe ETF,europe etf
VGLT=Vanguard Long-Term Treasury ETF,vanguard long term treasury etf;VGR;VGSH=Vanguard Short-Term Treasury ETF,vanguard short term treasury etf;VGT=Vanguard Information Technology ETF,vanguard technology etf,vanguard tech etf;VGUS
VGZ=Vista Gold;VHT=Vanguard Health Care ETF;VIAV=Viavi;VICR=Vicor;VIG=Vanguard Dividend Appreciation ETF,vanguard dividend appreciation;VIGI=Vanguard International Dividend Appreciation ETF;VIK=Viking Holdings;VIOG;VIOO;VIOV
VIPS=Vipshop;VIR=Vir Biotechnology;VIRT=Virtu Financial,virtu;VIS=Vanguard Industrials ETF;VITL=Vital Farms;VIV=Telefonica Brasil;VIXM;VIXY=ProShares VIX Short-Term Futures ETF,proshares vix short term futures etf
VKTX=Viking Therapeutics;VLRS=Volaris;VLUE=iShares MSCI USA Value ETF,value factor etf;VLY=Valley National,valley bank;VMBS=Vanguard Mortgage-Backed Securities ETF,vanguard mortgage backed securities etf;VNET
VNM=VanEck Vietnam ETF,vietnam etf;VNO=Vornado;VNT=Vontier;VO=Vanguard Mid-Cap ETF,vanguard mid cap etf;VOD=Vodafone;VOE=Vanguard Mid-Cap Value ETF,vanguard mid cap value etf;VONE=Vanguard Russell 1000 ETF
VONG=Vanguard Russell 1000 Growth ETF;VONV=Vanguard Russell 1000 Value ETF;VOOG=Vanguard S&P 500 Growth ETF,vanguard s&p 500 growth etf;VOOV=Vanguard S&P 500 Value ETF,vanguard s&p 500 value etf
VOT=Vanguard Mid-Cap Growth ETF,vanguard mid cap growth etf;VOX=Vanguard Communication Services ETF;VOYA=Voya;VOYG=Voyager Technologies;VPL=Vanguard FTSE Pacific ETF;VPU=Vanguard Utilities ETF;VRDN=Viridian;VRE=Veris Residential
VRM=Vroom Inc,^vroom;VRNA;VRNS=Varonis;VRNT;VRRM=Verra Mobility;VRTS=Virtus;VSAT=Viasat;VSCO=Victoria's Secret,victoria secret,victorias secret;VSH=Vishay
VSS=Vanguard FTSE All-World ex-US Small-Cap ETF,vanguard ftse all world ex us small cap etf;VSTM=Verastem;VSTS=Vestis;VTEB=Vanguard Tax-Exempt Bond ETF,vanguard tax exempt bond etf,vanguard muni bond etf
VTIP=Vanguard Short-Term Inflation-Protected Securities ETF,vanguard short term inflation protected securities etf;VTLE;VTWO=Vanguard Russell 2000 ETF;VUSB=Vanguard Ultra-Short Bond ETF,vanguard ultra short bond etf;VUZI=Vuzix
VV=Vanguard Large-Cap ETF,vanguard large cap etf;VVV=Valvoline;VVX=V2X;VWAGY=Volkswagen;VXZ;VYMI=Vanguard International High Dividend Yield ETF;VZIO;WAFD=WaFd;WAL=Western Alliance;WB=Weibo;WBS=Webster Financial;WBX;WCC=WESCO;WCLD
WCN=Waste Connections;WDFC=WD-40,wd 40;WEAT=Teucrium Wheat Fund,wheat etf;WEBL;WEBS;WEED;WEN=Wendy's,wendy,wendys;WERN=Werner;WES=Western Midstream;WEX;WF=Woori;WFRD=Weatherford
WGMI=CoinShares Bitcoin Miners ETF,bitcoin miners etf,valkyrie bitcoin miners etf;WGO=Winnebago;WGS=GeneDx;WH=Wyndham;WHD=Cactus Inc;WHR=Whirlpool;WING=Wingstop;WISH;WIX=Wix.com,wix.com;WKHS=Workhorse;WLK=Westlake;WMG=Warner Music
WMK=Weis Markets;WNC=Wabash;WOOD=iShares Global Timber ETF,timber etf;WOOF=Petco;WOR=Worthington Enterprises;WPC=W. P. Carey,w p carey;WPM=Wheaton Precious Metals,wheaton;WRBY=Warby Parker;WRD=WeRide;WRK;WRLD=World Acceptance
WS=Worthington Steel;WSC=WillScot;WSFS;WSO=Watsco;WTAI;WTFC=Wintrust;WTI=W&T Offshore,w&t offshore;WTM=White Mountains;WTRG=Essential Utilities;WTS=Watts Water;WU=Western Union;WVE=Wave Life Sciences;WWD=Woodward Inc,^woodward
XAR=SPDR S&P Aerospace & Defense ETF,spdr s&p aerospace and defense etf;XDTE;XENE=Xenon;XES;XHE;XHR=Xenia Hotels;XHS;XIFR=XPLR;XME=SPDR S&P Metals & Mining ETF,spdr s&p metals and mining etf,metals and mining etf;XMHQ;XMMO
XMTR=Xometry;XNCR=Xencor;XOVR;XP=XP Inc;XPEL=XPEL Inc;XPER=Xperi;XPH;XPO;XPOF=Xponential;XPP;XPRO=Expro;XRAY=Dentsply Sirona,dentsply;XRPI;XRX=Xerox Inc,xerox;XSD=SPDR S&P Semiconductor ETF,spdr s&p semiconductor etf;XSW;XT;XTN
XYF;XYLD;YANG=Direxion China Bear 3x;YELL;YELP=Yelp;YETI=Yeti;YEXT=Yext;YINN=Direxion China Bull 3x;YMAG;YMAX;YMM=Full Truck Alliance;YPF;YUMC=Yum China;ZETA=Zeta Global;ZI;ZIM=ZIM Integrated Shipping
ZION=Zions Bancorporation,zions;ZIP=ZipRecruiter;ZLAB=Zai Lab;ZROZ;ZSL=ProShares UltraShort Silver;ZTO=ZTO Express;ZWS=Zurn Elkay;ZYME=Zymeworks
`;

/** Between its three parts. */
export const PART_END = '---';

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
  'zoo quarterly yearly biweekly ' +
  'ability acre adds adios ado agents ain allegiance amber amour ample anger ante apaches applaud apples apt arctic ' +
  'arrest arrow assurance aura auto axis bach baker baldrick bale bane banned barker barracks bear bearer beaver ' +
  'beep benny bidder biker biz blacks blaze blood blooming blur boar boils bongo bop brace brave breaker brick ' +
  'brink brow bubble budge bulk bullied bullies bunker buster buyer cables calmed calories calves cameras cared ' +
  'careers carts carving casa caterer cave celebrate celebrity chamber chapter chapters character chatter cheater ' +
  'chewed chimes chimp chords cinema clarence clear clerks cliff coaster cod comp compact concept concert conduct ' +
  'conquest cons consent convent cooler cooling cooped copper corners corrupt cosmos cosy cot couch coupon coupons ' +
  'courting coy cozy craft cram crime crispy critics crock crops cub cubs cursing danny darker decision decker ' +
  'decks deep deli demon deny dew dex dib dickens dill disks diva docks dod dolly dome donny doorman dos dragonfly ' +
  'drinker ducks dung eerie ell embrace enlist err esteem event evolve fail falcon fangs farrow fear fence fertile ' +
  'festive finder flatter flight florence flute foe frail freshen freshmen fret funk funky gall gasp gear gel genes ' +
  'genesis gent giddy gigs gill gilly git gloat goo goof goon grace graft gran grief griff griffin grind gross ' +
  'groups guardian guarding guest guests guild guilt hacking hades hag hale hands hangs hark harmonica harmony ' +
  'harsh hawks hazard hep hick hicks hitch hitched hock hoi hoods hoof hooper hoss hugs humane humble hums huns ' +
  'hurley hype icon index ingredient insulin intro invent jag java jenny jig jive johns kai karma keeper kicks kip ' +
  'knocks kraut kris lanes lard laser lash latrine latte lava lax layer leaf leak leary legion lettuce levy lewis ' +
  'liar lice light lions liquid lizard loaf lobe locket logo luau lunar mach maggie magic magnet mam mango mankind ' +
  'manner manning march marital marked marrow mart marvel mascot mason mast master material maverick mavis medicine ' +
  'menace merger merlin method methods mets mic middle minister mister mobile moi mole monastery monsieur monsters ' +
  'monte moods moor moth muck nag nan narrow naw nets newest night nix norm norman omen ore organic organs outer ' +
  'oyster paco palm palmer palp pals pang pans paolo paris parson passions patched patches payment payments penny ' +
  'perp perpetual perv picks pioneer pipeline plastic plow plugs pods polar pole pongo printer prisons process ' +
  'promote propose protest provoke pun radiant raft rail rapid rear reb rec redo relevance remotely renaissance ' +
  'require resolve resolved rested retire revive revolt revolver rhythm roar rods rollers roo rubble rue rumble ' +
  'sands scouts scraps scripts seals sensing sha shall shelf shells shelly shift shifts shouts signed simmer sirens ' +
  'skater sketches skill skills slight slop smacked smoker snag snip snob snot sob socket softball songs sow spat ' +
  'spiders spins sports springer spun squads squares stamina stance standby steward stinker stoker stone stoned ' +
  'stoner stones storm stranded striker strips stun tack talent tales tang tanker tanner tavern tee temper ten ' +
  'tenant tent tic tilt tonic toot tore tori torn tornado toro torso tracer trail transfusion transition travel ' +
  'trek tremble trey trifle trot tuck tung unique units urn vain veil venom vent vents vertical victor vie virtue ' +
  'virtues virus vision vole wack wad wan wand ward ware warner watt weapon wear weep wills windy wop worldly worm ' +
  'xi ';
