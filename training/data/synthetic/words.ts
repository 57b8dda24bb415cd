/** Words that people make passwords of, by kind. Plain lists, one blank between words. */
const list = (text: string): readonly string[] => Object.freeze(text.trim().split(/\s+/));

export const NOUNS = list(`
  dragon monkey tiger eagle falcon wolf panther lion bear horse dolphin turtle rabbit spider snake shark raven hawk
  phoenix unicorn butterfly penguin puppy kitten hamster badger beaver otter moose buffalo cobra viper scorpion
  sunshine moonlight rainbow thunder lightning storm snow rain river ocean mountain forest desert island valley meadow
  flower rose lily daisy tulip orchid sunflower cherry apple banana orange lemon peach mango berry strawberry blueberry
  cookie chocolate coffee vanilla pepper ginger honey sugar butter cheese pizza pasta burger pancake muffin waffle
  guitar piano violin trumpet drum music melody rhythm harmony concert soccer football hockey baseball tennis golf
  basketball cricket rugby boxing karate marathon racing skate surf fishing hunting sailing camping
  castle knight wizard warrior ninja samurai pirate viking king queen prince princess angel demon ghost shadow vampire
  rocket planet galaxy comet star moon saturn jupiter mercury venus neptune pluto orbit nebula cosmos
  diamond silver golden copper crystal emerald ruby sapphire pearl amber jade marble velvet satin
  hammer anvil bridge tower window garden kitchen bicycle train truck ferrari porsche mustang camaro corvette harley
  keyboard monitor laptop printer server router network matrix vector binary pixel kernel robot cyborg android
  mother father sister brother family friend lover buddy captain doctor teacher hunter ranger sheriff major
  pumpkin turkey holiday christmas easter halloween birthday weekend vacation summertime midnight morning sunset`);

export const SEASONS = list(`
  spring summer autumn fall winter january february march april june july august september october november december
  monday tuesday wednesday thursday friday saturday sunday
  Sommer Winter Herbst Januar Oktober Montag Freitag verano invierno otono enero lunes ete hiver automne estate inverno`);

export const GIVEN_NAMES = list(`
  michael jennifer jessica daniel ashley andrew joshua matthew amanda robert nicole david thomas charlie george hannah
  sophie emma olivia isabella oliver lucas william james anna maria laura sarah peter martin stefan andreas katharina
  johannes sebastian florian giulia francesca matteo lorenzo pierre camille juliette carlos alejandra diego fernanda
  joao mariana rafael olga natasha dmitri sergei ivan yuki haruto sakura mei wei ling priya rahul anjali ahmed fatima
  omar leila mehmet ayse piotr agnieszka lars ingrid sven astrid`);

export const TEAMS = list(`
  arsenal chelsea liverpool everton barcelona realmadrid juventus milan bayern dortmund ajax benfica porto celtic
  rangers lakers bulls celtics yankees redsox cowboys steelers packers patriots broncos raiders eagles giants dodgers
  canucks bruins flamengo corinthians bocajuniors galatasaray fenerbahce schalke werder santos`);

export const FOREIGN = list(`
  schatz liebe blume katze hund maus kaese apfel baum haus sonne mond stern wasser feuer himmel schmetterling fruehling
  passwort geheim amour soleil bonjour maison chien chat papillon fromage chocolat etoile secret doudou loulou
  amor corazon hola perro gato casa sol luna estrella teamo tequiero contrasena fuego playa familia
  amore ciao stella mare cuore bella gatto cane sole farfalla segreto
  senha saudade praia futebol brasil cachorro gatinho coracao estrela
  hallo welkom geheim zomer fiets lente voetbal konijn sommar vinter hemlig blomma kaerlek stjaerna
  haslo kochanie slonce kwiat misiek privet lyubov solnyshko kotik zvezda parol
  sakura tsunami ninja karate hoshi tsuki neko ninjutsu wasabi merhaba sevgilim askim yildiz`);

export const PHRASE_WORDS = list(`
  correct horse battery staple blue green red yellow purple quick lazy brown happy angry silent noisy gentle brave
  jumps runs over under behind between without never always maybe tomorrow yesterday paper stone water river candle
  window puzzle lantern marble ladder basket pocket mirror carpet blanket saddle anchor cabin tunnel harvest magnet
  cactus walnut pepper velvet copper planet meteor island garden bridge castle`);

export const WORK_WORDS = list(`
  admin root user guest support service backup deploy build jenkins oracle postgres mysql redis mongo tomcat nagios
  zabbix grafana kibana rabbit vagrant ubuntu centos debian cisco network office company sales finance demo staging
  prod manager operator master super power login access welcome letmein trustno iloveyou whatever nothing secret hello`);

export const WALKS = list(`
  qwerty qwertz azerty asdfgh zxcvbn qazwsx 1qaz2wsx qwertyuiop asdfghjkl zaq12wsx 1q2w3e4r q1w2e3r4 poiuyt lkjhgf
  mnbvcx 123qwe qwe123 asd123 qweasd qweasdzxc 147258 159357 741852 963852 1qazxsw2 zaqwsx`);

/** Parts of names of companies, projects and hosts, for addresses, paths and users. */
export const PROJECT_WORDS = list(`
  acme billing orders shop store ledger invoice payments shipping catalog search metrics alerts gateway portal console
  worker queue mailer crawler reports studio canvas atlas beacon harbor summit cedar maple willow granite cobalt indigo
  nova orion pulse relay signal sprint stream vertex zenith bridge anchor compass delta ember falcon grove helix`);

export const EVERY_WORD: readonly string[] = Object.freeze([
  ...new Set([...NOUNS, ...SEASONS, ...GIVEN_NAMES, ...TEAMS, ...FOREIGN, ...PHRASE_WORDS, ...WORK_WORDS]),
]);
