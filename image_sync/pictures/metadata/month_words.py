"""Month names in the languages of Unicode's CLDR (Unicode License v3), one text of words for each month.

Made by ``python -m tests.pictures.metadata.month_words_made``; words that two languages use for different months are
left out.
"""

from __future__ import annotations

MONTH_WORDS = (
    """
    aharabata amajjii bhimbidvwane chanuari chinero ciongo dimɔ́di dundulenyi eanair eanáir enero ferikgong gener
    genier genièr gennaio genver ghennargiu ghennàrgiu ghjennaghju hanuere hānuere ianuali ianuarie ianuarii
    ianuarius innayr ionawr jaanuar jaenner jan janaayo janabari janairu janar janeiro janeiru janeru janeware
    janewoore jannaayo jannar janner jannewa jannewaris janoary januaar januaari januaarip januali januar januara
    januare januari januarie januario januaro january januarĩ januer janueri januwale januwari január januára janv
    janvaris janvars janvier janvāris janwaliyo janwari janyuwari janúar jasytei jasyteĩ jenaro jenner jenuari
    jenuwari jenụwarị jinnaru jänner jénúári kɔndɔŋ kʉfúngatɨ leden ledna mulgul mupalangulwa mutarama ndwenit
    ndzɔ̀ŋɔ̀nùm nyenye ocak okwokubanza oladalʉ́ ođđajagemánnu phando pherekgong rebendan rêbendan samwiyee
    sanuali sanvie sausio sausis schaner sginer sijecanj sijecnja siječanj siječnja styczen styczeń stycznia
    styczyn styczyń sunguti sānuali tammikuu tammikuuta tutadidi urtarrila uđđâivemáánu xaneiro xineru yanuari
    yanueari yanvar yanwar yanüari yennayer zanvie zanwiye zanwuye zibandlela ·𐑡𐑨𐑙𐑘𐑭𐑢𐑺𐑰 ·𐑡𐑨𐑯𐑿𐑼𐑦 ýanwar žanwiye
    ǃkhanni ɔpɛpɔn ιανουάριοσ ιανουαρίου ажьырныҳəа гыйнвар кӑрлач студзень студзеня січень січня тохсунньу
    щылэмаз щылэмазэм щӏышылэ щӏышылэм якшамков янв январ январы январь января януари і҆аннꙋа́рїа і҆аннꙋа́рїй
    јанвар јануар јануари ғинуар қаңтар հունվար հունվարի יאַנואַר ינואר جانواري جانڤیە جنوري جنوری جَنَيْرُ قاڭتار
    يانۋار يناير ژانویه ߓߌ߲ߠߊߥߎߟߋ߲ जनवरी जनवरीमासः जानुवारी जानेवारी জনুৱারী জানুয়ারি জানুৱারি জানুৱাৰী ਜਨਵਰੀ
    જાન્યુઆરી ଜାନୁଆରୀ ஜனவரி జనవరి మాగ ಜನವರಿ ജനുവരി දුරුතු มกราคม ມັງກອນ ཟླ་དངཔ་ ཟླ་བ་དང་པོ ཟླ་བ་དང་པོ་
    སྤྱི་ཟླ་དངཔ་ ဇန်နဝါရီ ၸၼ်ႇဝႃႇရီႇ იანვარი ልደትሪ ጃንዋሪ ጃንዩወሪ ጠሐረ ᎤᏃᎸᏔᏅ ᐅᒉᒥᑮᓯᑳᐏᐲᓯᒼ ᔭᓐᓄᐊᓕ មករា ᱡᱟᱱᱣᱟᱨᱤ ⲓⲁⲛⲟⲩⲁ̀ⲣⲓⲟⲥ
    ⵉⵏⵏⴰⵢⵔ 𐐾𐐰𐑌𐐷𐐭𐐯𐑉𐐨 𑄎𑄚𑄪𑄠𑄢𑄨 𑯏𑯈𑯍𑯈𑯅𑯄𑯃 𞤧𞤭𞥅𞤤𞤮
    """,
    """
    chwefror cokcwaklaŋne cʼhwevrer dzodze fabrowa faburairu faebrowa favrer feabhra feb febbraio febereware
    febirie febluali febraayo febraro febrayer febreiro febrer febrero febreru febrewaris febrewoore febrier
    febrièr febroary februaar februaari februaarip februar februara februari februarie februarii februario
    februaris februarius februaro februars february februeari februer februeri februwari február februára
    februāris febrúar febrüari febrụwarị febuare febuari febuluwale feburari feburuari feburuarĩ feburuye
    febwaliyo feewiriye fepueli ferraghju fev fevereiro fevereiru fevr fevral fevrar fevreiro fevrer fevrier
    fevriye fevrâr fewral fewriyee freargiu freàrgiu frivaru fulundigi fulundïgi fäbrowa fébirie févr février
    fēpueli fẹ́búári gashyantare guovvamannu guovvamánnu guraandhala helmikuu helmikuuta hlakola hornig indlovana
    jasykoi jasykõi kukadzi kuovamaanu kuovâmáánu kʉnaanɨ luhuhi luishi lutego luty lùishi lɛbɛrɛbɛrɛ mugetho
    mwitope màcɛ̂l mũgetho ndwenngeih ndzɔ̀ŋɔ̀kɨ̀zùʔ nhlolanja nyenyenyani oflɔ okwakabiri otsaila parwari pebrero
    pebruari pepeluali pepuere pèbruari pébruari pēpuere pɛt ruhuhuma shkurt subat tlhakole tsahkápbiˀ tutamkule
    tutamǩule ufeberbari unor unora vasario vasaris veebruar veljaca veljace veljača veljače wassarins yebrayer
    ·𐑓𐑧𐑚𐑘𐑵𐑢𐑺𐑰 ·𐑓𐑧𐑚𐑮𐑵𐑼𐑦 únor února ŋgɔndɛ şubat ǃkhanǀgôab ɔgyefoɔ φεβρουάριοσ φεβρουαρίου ақпан даволков жəабран
    лютага лютий лютого люты мазае мазаем мэзаем мэзай нарӑс олунньу фебруар февр феврал февралы февраль февраля
    февруари феврꙋа́рїа феврꙋа́рїй փետրվար փետրվարի פֿעברואַר פברואר اقپان شباط شوبات فئڤریە فبراير فبروري فبروری
    فروری فوریه فيبروري فيبواري فېبروري فېۋرال پروری ڢَبْرَيْرُ ܫܒܛ ߞߏ߲ߞߏߜߍ फरवरी फरवरीमासः फ़रवरी फेबरवरी
    फेब्रुअरी फेब्रुवारी फेब्रूवारी ফেব্রুয়ারি ফেব্রুৱারি ফেব্ৰুৱাৰী ਫ਼ਰਵਰੀ ફેબ્રુઆરી ଫେବୃଆରୀ பிப்ரவரி గుండు
    ఫిబ్రవరి ಫೆಬ್ರವರಿ ഫെബ്രുവരി නවම් กุมภาพันธ์ ກຸມພາ ཟླ་གཉིས་པ་ ཟླ་བ་གཉིས་པ ཟླ་བ་གཉིས་པ་ སྤྱི་ཟླ་གཉིས་པ་
    ဖေဖော်ဝါရီ ၾႅပ်ႇဝႃႇရီႇ თებერვალი ለካቲት ከተተ ካብኽብቲ ፌብሩወሪ ፌብሩዋሪ ᎧᎦᎵ ᐸᐚᐦᒐᑭᓇᓰᐢ ᕕᕝᕗᐊᓕ កុម្ភៈ ᱯᱷᱟᱨᱣᱟᱨᱤ ⲫⲉⲃⲣⲟⲩⲁ̀ⲣⲓⲟⲥ
    ⴱⵕⴰⵢⵕ ꕒꕡꖝꖕ 𐑁𐐯𐐺𐑉𐐭𐐯𐑉𐐨 𑄜𑄬𑄛𑄴𑄝𑄳𑄢𑄪𑄠𑄢𑄨 𑯙𑯂𑯎𑯅𑯄𑯈𑯄𑯃 𞄛𞄨𞄱𞄄𞄤𞄲𞄨 𞤷𞤮𞤤𞤼𞤮
    """,
    """
    bitootessa brezen brezna březen března cokcwaklii duɔ̱ɔ̱ŋ hlakubele jasyapy kiptaamo kovas kovo kurume
    kʉkeenda linlinyi lusolo lusòlo maachi maachị maaliskuu maaliskuuta maarso maart maarts mac machi maeaez
    maeerz maer maerts maerz maerze maezul malaki malichi mar marc marca march marcius marco marec maret marisi
    mars marsip mart marta martie martii martio martius marts martsa martxoa martzu mart̆i marz marzec marzo març
    março matshe matshi matumb matšhe mawrth mayrnt maʻasi mbaengue mbangu mbimbitho mbängü meurzh meɣres mopitlo
    mrt musapiri musapíri mushende màtùmb március márta mär märts märz ndwensam ndzɔ̀ŋɔ̀tɨ̀dʉ̀ghà njuhcamaanu
    njuhčâmáánu njukcamannu njukčamánnu ntwarante nyenyankulu okwakashatu otsokrikri ozujak ozujka ožujak ožujka
    sɔŋɛ tasahcuce tedoxe thafamuhwe umatjhi werurwe ·𐑥𐑸𐑗 ǀkhuuǁkhâb ɔbɛnem ɔɛnɨ́ɔɨŋɔk μάρτιοσ μαρτίου березень
    березня гъатхэпэ гъатхэпэм гъэтхапэ гъэтхапэм ма́рта ма́ртъ мар март марта мартъи мартъийы наурыз пуш сакавік
    сакавіка хəажəкыра эйзюрков մարտ մարտի מערץ מרץ أذار ئازار مارت مارس مارچ مَرِسْ ناۋرىز ܐܕܪ ߕߙߊߓߊ मार्च
    मार्चमासः मार्चु মার্চ মাৰ্চ ਮਾਰਚ માર્ચ ମାର୍ଚ୍ଚ மார்ச் మార్చి హిరెఇ ಮಾರ್ಚ್ മാർച്ച് මැදින් มีนาคม ມີນາ
    ཟླ་གསུམ་པ་ ཟླ་བ་གསུམ་པ ཟླ་བ་གསུམ་པ་ སྤྱི་ཟླ་གསུམ་པ་ မတ် မၢတ်ႉၶျ် მარტი መገበ መጋቢት ማርች ክብላ ᎠᏅᏱ ᒥᑭᓯᐏᐲᓯᒼ ᒫᑦᓯ មីនា
    ᱢᱟᱨᱪ ṱhafamuhwe ⲙⲁⲣⲧⲟⲥ ⵎⴰⵕⵚ 𐑋𐐪𐑉𐐽 𑄟𑄢𑄴𑄌𑄧 𑯇𑯖𑯄𑯌 𞄒𞄫𞄰𞄒𞄪𞄱 𞤲𞤦𞤮𞥅𞤴𞤮
    """,
    """
    abr abrell abriil abril abrile abrille abrëll aburil abɛibe afirilu afɔfĩe aibrean aibreán aperira apirila
    apiriri aplili aporele apr aprell aprels apreļs apriili apriilip april aprila aprile aprili aprilie aprilis
    aprill aprilo aprily aprilyi apryla apríl apríla aprīlis ap̌rili averil avr avrigl avril awiril awirili
    balandis balandzio balandžio cuoŋománnu cuáŋuimáánu diɓáɓá duben dubna dzivamisoko ebrill eebila ephreli
    epreel epreli huhtikuu huhtikuuta háshnihtiˀtiˀ iiplal iwootkuut jasyrundy kubvumbi kwiecien kwiecień kwieciyn
    kwieciyń kwietnia kwiikumi lambamai lambɛ mabasa moranang muthatu mũthatũ ndamukiza ndwenseiq
    ndzɔ̀ŋɔ̀tǎafʉ̄ghā ngubue ngubùe nisan nyɔlɔmbɔŋgɔ oforisuo okwakana pachawh prill prilul sakkis seeɗto travanj
    travnja yebril yebrir ·𐑱𐑐𐑮𐑩𐑤 ·𐑱𐑐𐑮𐑭𐑤 április āperira ǃhôaǂkhaib ʻapelila ʻepeleli απρίλιοσ απριλίου ака апр
    апрел апрелы апрель апреля април а҆прі́ллїа а҆прі́ллїй квітень квітня красавік красавіка мшаԥы мэлыжьыхь
    мэлыжьыхьэм мэлылъфэгъу мэлылъфэгъум сәуір чадыков ապրիլ ապրիլի אַפּריל אפריל ءساۋىر آوریل آڤریل أبريل
    أَڢْرِلُ ئاپرېل اپريل اپریل اپرێل اڤريل نيسان نیسان ܢܝܣܢ ߞߏ߲ߞߏߘߌ߬ߓߌ अप्रिल अप्रेल अप्रैल अप्रैलमासः एप्रिल
    एप्रील এপ্রিল এপ্ৰিল ਅਪ੍ਰੈਲ એપ્રિલ ଅପ୍ରେଲ ஏப்ரல் ఏప్రిల్ బెసెకి ಏಪ್ರಿಲ್ ഏപ്രിൽ බක් เมษายน ເມສາ ཟླ་བ་བཞི་པ
    ཟླ་བ་བཞི་པ་ ཟླ་བཞི་པ་ སྤྱི་ཟླ་བཞི་པ ဢေႇပရႄႇ ဧပြီ აპრილი ሚያዝያ አኀዘ ኤፕረል ኤፕሪል ፋጅኺሪ ᎧᏬᏂ ᐊᐃᑉᐳᓗ ᓂᐢᑭᐲᓯᒼ មេសា ᱟᱯᱨᱮᱞ
    ⲁ̀ⲡⲣⲓⲗⲓⲟⲥ ⵉⴱⵔⵉⵔ 𐐩𐐹𐑉𐐮𐑊 𑄃𑄬𑄛𑄳𑄢𑄨𑄣𑄴 𑯈𑯉𑯄𑯃𑯐 𞄤𞄨𞄱 𞤧𞤫𞥅𞤼𞤮
    """,
    """
    agbiɛnaa bealtaine belawu boaldyn bêlaewue bêläwü caamsaa chivabvu duujal emiasele geguze geguzes gegužė
    gegužės gicurasi inkhwekhweti jasypo kveten kvetna květen května kwiinyambala kwiinyambála kɔtɔnimma lumungulu
    lumùngùlù maajip madǝǝuutǝbijaŋ maggio maghju mai maiatza maig maijs maio maj maja majus mamuut may mayisi
    mayo mayıs maí mei miessemannu miessemánnu motsheanong motsheganong mudyaxihi mugiranjara máj mája május
    mũgiranjara mũgĩranjara m̀puyɛ ndwenngux ndzɔ̀ŋèsèe nkwenkwezi okwakataana omaruk rusama shundunthule svibanj
    svibnja toukokuu toukokuuta vyesimaanu vyesimáánu zallaws ·𐑥𐑱 ǃkhaitsâb μάιοσ μαΐου жъоныгъуакӏ жъоныгъуакӏэм
    лаҵара ма́їа ма́їй май майы мамыр мая мај накъыгъэ накъыгъэм панжиков травень травня траўня մայիս մայիսի מאי
    מיי أيار ئایار مئي مئی مئیی مامىر ماي مايو مهٔ مَيُ ܐܝܪ ߘߓߊ߬ߕߊ मईमासः मेई లండి മേയ് වෙසක් พฤษภาคม ພຶດສະພາ
    ཟླ་བ་ལྔ་པ ཟླ་བ་ལྔ་པ་ ཟླ་ལྔ་པ་ སྤྱི་ཟླ་ལྔ་པ་ မေႇ მაისი ክቢቅሪ ጉንበት ግንባት ᎠᏂᏍᎬᏘ ᐊᓃᑭᐲᓯᒼ ឧសភា ⲙⲁⲓⲟⲥ ⵎⴰⵢⵢⵓ 𞄀𞄪𞄴 𞤣𞤵𞥅𞤶𞤮
    """,
    """
    ayɛwohomumu birzelio birzelis birželio birželis bracet bráčet cerven cervna chhiepa chikumi chunyo czerwca
    czerwiec czyrwca czyrwiec ekaina esɔpɛsɔpɛ foendo gamaǀaeb gathathanwa geassemannu geassemánnu ghjugnu giu
    giugno giugnu haziran heziran hezîran háshnihtsiˀ hìlòndɛ̀ inhlaba iunie iunius jasypotei jasypoteĩ jueuene
    juin jun juna june junho juni junie junij junija junijs junio junius juny juuni juunip jún júna június júní
    jūnijs kamena kesaekuu kesaekuuta kesakuu kesakuuta kesimaanu kesimáánu kesäkuu kesäkuuta khotavuxika kornyoot
    kwiidwaata kújúɔrɔk lampadas lipanj lipnja lufuimi làmpadas mamǝŋgwãafahbii mbulora mehefin meitheamh mezheven
    mujimbi ndwenloeg ndzɔ̀ŋɔ̀nzùghò okwamukaaga otukwajan otukwajaŋ phupjane qershor ruheshi sansanyi seetebosigo
    sgiugn simenis sueŋ sīmenis waxabajjii xuno xuño zercladur zuwɛn ·𐑡𐑵𐑯 červen června žuweŋ ɔsɔn ιουνίου ιούνιοσ
    аштемков июн июны июнь июня ијун маусым мэкъуауэгъуэ мэкъуауэгъуэм мэкъуогъу мэкъуогъум рашəара червень червня
    чэрвень чэрвеня юни і҆ꙋ́нїа і҆ꙋ́нїй јун јуни ҫӗртме հունիս հունիսի יוני ئىيۇن جون جوٗن جوٙأن حزيران حوزەیران
    ماۋسىم يونيو يُونِ ژوئن ܚܙܝܪܢ ߥߊ߬ߛߌ߬ߥߙߊ जुन जून जूनमासः জুন ਜੂਨ જૂન ଜୁନ ஜூன் జూన్ రాత ಜೂನ್ ജൂൺ පොසොන් มิถุนายน
    ມິຖຸນາ ཟླ་དྲུག་པ ཟླ་བ་དྲུག་པ ཟླ་བ་དྲུག་པ་ སྤྱི་ཟླ་དྲུག་པ ဇွန် ၸုၼ်ႇ ივნისი ሠንየ ᏕᎭᎷᏱ ᐚᐏᐲᓯᒼ មិថុនា ᱡᱩᱱ ⲓⲟⲩⲛⲓⲟⲥ
    ⵢⵓⵏⵢⵓ 𐐾𐐭𐑌 𑄎𑄪𑄚𑄴 𑯏𑯅𑯍 𞄛𞄤𞄱𞄞𞄤𞄦 𞤳𞤮𞤪𞤧𞤮
    """,
    """
    adoolessa barakha cervence cervenec chikunguru choola chulai chuliol fanadur fulwana gathano giugnettu
    gorffennaf gouere heinaekuu heinaekuuta heinakuu heinakuuta heinäkuu heinäkuuta heiwet hiyuce iuil iulie
    iulius iúil jasypokoi jasypokõi jueuele juil juillet jul jula julaayi julai julayi julhet julho juli julie
    julij julija julijs julio juliol julius july julyai juuli juulip júl júla július júlí jūlijs kabalashipu
    kabàlàshìpù khihpa kholwane korrik ktsapa kutawonsa kuŋgwɛ kʉmʉʉnchɨ lengua liepa liepos lipca lipiec lug
    luggio luglio lugliu luulyo maawɛ madiɓɛ́díɓɛ́ mamǝŋgwãalii mawuwani morusasin mukakaro mushipepo mórusásin
    ndwencaet ndzɔ̀ŋɔ̀dùmlo njurai njuraĩ ntulikazi násˀahˀatsus okwamushanju phukwi siamlɔm siulai srpanj srpnja
    suoidnemannu suoidnemánnu suuyee syeinimaanu syeinimáánu súuyee temmuz tirmeh triulas trìulas tîrmeh uztaila
    xullo xunetu yulyuz zuluye ·𐑡𐑩𐑤𐑲 ·𐑡𐑫𐑤𐑲 července červenec ǂkhoesaob ιουλίου ιούλιοσ бадзэуэгъуэ бадзэуэгъуэм
    бэдзэогъу бэдзэогъум июл июлы июль июля ијул липень липня ліпень ліпеня медьков утӑ шілде юли і҆ꙋ́лїа і҆ꙋ́лїй
    јул јули ԥхынгəы հուլիս հուլիսի יולי ئىيۇل تموز تەمووز جولاءِ جولائی جولاي جولای جوٗلایی جوٙلا جُلایی جۆلایی
    شىلدە يوليو يُولِ ژوئیه ܬܡܘܙ ߞߊ߬ߙߌߝߐ߭ जुलय जुलाई जुलाईमासः जुलै জুলাই ਜੁਲਾਈ જુલાઈ ଜୁଲାଇ ஜூலை జులై బాన్దపాణా
    ಜುಲೈ ജൂലൈ ඇසළ กรกฎาคม ກໍລະກົດ ཟླ་བ་བདུན་པ ཟླ་བ་བདུན་པ་ ཟླ་བདུན་པ་ སྤྱི་ཟླ་བདུན་པ་ ဇူလိုင် ၸူႇလၢႆႇ ივლისი ሐመለ
    ሓምለ ኰርኩ ጁላይ ᎫᏰᏉᏂ ᐹᐢᑲᐦᐋᐏᐲᓯᒼ ᔪᓚᐃ កក្កដា ᱡᱩᱞᱟᱭ ⲓⲟⲩⲗⲓⲟⲥ ⵢⵓⵍⵢⵓⵣ ꖱꕞꔤ 𐐾𐐭𐑊𐐴 𑄎𑄪𑄣𑄭 𑯏𑯅𑯐𑯖𑯃 𞄔𞄩𞄴𞄆𞄨𞄰 𞤥𞤮𞤪𞤧𞤮
    """,
    """
    aagust abuztua agasti aggusti aggustip ago agosetose agost agosti agosto agostu agusito agust agusta agusti
    agustos agustozi agustu agustus akuhata aogositra aout août aoǁkhuumûǁkhâb arhostosi aug auguscht august
    augusta augusti augusto augusts augustus augusztus avgust avqust awgust awgusta awwissu ağustos ağustozi
    aŭgusto borgemannu borgemánnu daggis deasiamime diŋgindi elokuu elokuuta falɛ gusht gustul hagayya hìkaŋ
    jasypoapy kanama kolovoz kolovoza kuekuerue kukuru kükürü kʉvɨɨrɨ liiqen luanistyn lunasa lushika lùshìkà
    lúnasa madǝmbii manyawale mhawuri mupuguto ncwabakazi ndwenbet ndzɔ̀ŋɔ̀kwîfɔ̀e nyamavhuvhu nyandagaro oeigšte
    ogasiti ogasti ogoost ogos ogosto oigste okwamunaana opedel ougustus ougùstùs oujoss phatwe pisuyu pisuyú
    porgemaanu porgemáánu rooptui rugpjucio rugpjutis rugpjūtis rugpjūčio sierpien sierpień sierpnia siyrpiyn
    siyrpiyń siyrpnia srpen srpna thangule thlazoh tho̱o̱r ·𐑪𐑜𐑭𐑕𐑑 ·𐑷𐑜𐑩𐑕𐑑 ágúst öigšte ākuhata ɔlɔ́ɨ́bɔ́rárɛ ɔsanaa
    ɣuccet ɣuct ʻaokosi ʻaukake αυγούστου αύγουστοσ αὐγούστου αὔγουστοσ авг август августа августы аугуст
    а҆́ѵгꙋста а҆́ѵгꙋстъ жнівень жніўня нанҳəа серпень серпня тамыз умарьков шышъхьэӏу шышъхьэӏум шыщхьэӏу
    шыщхьэӏум ҫурла օգոստոս օգոստոսի אוגוסט אויגוסט آگسٽ آگوست أغسطس أَغُسْتَ ئاب ئاۋغۇست اوت اګست اگست تامىز ݢوس
    ߘߓߊ߬ߓߌߟߊ अगस्ट अगस्त अगस्तमासः आगष्ट आगस्ट ऑगस्ट আগষ্ট আগস্ট ওগষ্ট ਅਗਸਤ ઑગસ્ટ ଅଗଷ୍ଟ ஆகஸ்ட் ఆగస్టు బార్సి
    ಆಗಸ್ಟ್ ഓഗസ്റ്റ് නිකිණි สิงหาคม ສິງຫາ ཟླ་བ་བརྒྱད་པ ཟླ་བ་བརྒྱད་པ་ ཟླ་བརྒྱད་པ་ སྤྱི་ཟླ་བརྒྱད་པ་ ဢေႃးၵၢတ်ႉ ဩဂုတ်
    აგვისტო ነሐሰ ነሓሰ ኦገስት ᎦᎶᏂ ᐅᐸᐦᐅᐏᐲᓯᒼ ᐊᐅᒡᒍᓯ សីហា ᱟᱜᱟᱥᱛ ṱhangule ọgọọst ‌ওগষ্ট ⲁⲩⲅⲟⲩⲥⲧⲟⲥ ⵖⵓⵛⵜ 𐐪𐑀𐐲𐑅𐐻 𑄃𑄉𑄧𑄌𑄴𑄑𑄴 𑯈𑯊𑯈𑯒𑯞
    𞄕𞄩𞄲𞄔𞄄𞄰𞄤 𞤶𞤵𞤳𞤮
    """,
    """
    anyɔnyɔ bureet cabudanni cakcamannu cohcamaanu ctember ctembeṛ cutanbir cutembir cxalva dìpɔ̀s eyluel eylul
    eylül fulbaana gunyana gwengolo hepetema herbstmanet herbštmánet inyoni iraila jasyporundy kepakemapa
    khubvumedzi kushin kúshîn kʉsaatʉ lutongolo lwetse mpandula munyense ndwengouj ndzhati ndzɔ̀ŋɔ̀tɨ̀fʉ̀ghàdzughù
    nyɛtɛki okwamwenda osokosokoma otowoskuce rugsejis rugsejo rugsėjis rugsėjo rujan rujna satambar sattumbar
    satumba sebteembar sebtembar sebuttemba sektanbur sentabr sentyabr sentýabr sep sepitema sept septaember
    septam septamber septambra septemba septembar septembari septembarip september septembra septembre septembrie
    septembris septembro septhemba septiembre septimber septiyembre septämber seputemba setembar setember setembr
    setembre setembro setembru setemere setenbre setenbru setiembre settembar settember settembre settembru
    setyembre setëmber shtator siilto sillins siptimpaʼ sittembre sittemmiru sittèmmiru stember stèmber syyskuu
    syyskuuta szeptember sàttumbar sèptèmber séptémber sēpitema sɔra sɛtanburu sẹptẹ́mba taraǀkhuumûǁkhâb thlarah
    thlarâh tɛɛr wrzesien wrzesień wrzesiyn wrzesiyń wrzesnia września zari září ·𐑕𐑧𐑐𐑑𐑧𐑥𐑚𐑸 ·𐑕𐑧𐑐𐑑𐑧𐑥𐑚𐑼 çxalva
    čakčamánnu čohčâmáánu ɛbɔ σεπτέμβριοσ σεπτεμβρίου авӑн верасень верасня верасьня вересень вересня сент сентябр
    сентябры сентябрь сентября сентјабр септе́мврїа септе́мврїй септембар септември таштамков фокӏадэ фокӏадэм
    цəыббра қыркүйек ӏоныгъу ӏоныгъум սեպտեմբեր սեպտեմբերի סעפּטעמבער ספטמבר أيلول ئەیلوول سئپتامر سبتمبر ستمبر
    سيپٽمبر سيڤتيمبر سَتُمْبَ سپتامبر سپتمبر سېنتەبىر سېپتمبر قىركۇيەك ܐܝܠܘܠ ߕߎߟߊߝߌ߲ सतमबर सतुंबर सप्टेंबर सितंबर
    सितंबरमासः सितम्बर सेप्टेम्बर सेप्थेम्बर ছেপ্তেম্বৰ সেপ্টেম্বর ਸਤੰਬਰ સપ્ટેમ્બર ସେପ୍ଟେମ୍ବର செப்டம்பர் అస్ర
    సెప్టెంబర్ ಸೆಪ್ಟೆಂಬರ್ സെപ്റ്റംബർ බිනර กันยายน ກັນຍາ ཟླ་དགུ་པ་ ཟླ་བ་དགུ་པ ཟླ་བ་དགུ་པ་ སྤྱི་ཟླ་དགུ་པ་ စက်တင်ဘာ
    သႅပ်ႇထႅမ်ႇပႃႇ სექტემბერი መስከረም ሴፕቴምበር ከረመ ᏚᎵᏍᏗ ᓄᒌᑐᐏᐲᓯᒼ ᓯᑎᐱᕆ កញ្ញា ᱥᱮᱯᱴᱮᱢᱵᱟᱨ ⲥⲉⲡⲧⲉⲙⲃⲣⲓⲟⲥ ⵛⵓⵜⴰⵏⴱⵉⵔ 𐑅𐐯𐐹𐐻𐐯𐑋𐐺𐐲𐑉
    𑄥𑄬𑄛𑄴𑄑𑄬𑄟𑄴𑄝𑄧𑄢𑄴 𑯒𑯂𑯉𑯞𑯃𑯇𑯎𑯈𑯄 𞄛𞄤𞄱𞄒𞄤𞄰 𞤧𞤭𞤤𞤼𞤮
    """,
    """
    aaktopaʼ ahinime aktubar antɔŋ cotmeh diphalane diteli ekim epeeso gitugutu golggotmannu golggotmánnu gumiguru
    hydref imphala jasypa khabidon ktuber kwiinyi kṭuber lokakuu lokakuuta lungudi lungùdi mayésɛ́ mfumfu mphalane
    ndwencib ndzɔ̀ŋɔ̀ghǔuwelɔ̀m ngberere nyukul nípbaatiˀtiˀ ochobre oct october octobre octobris octombrie
    octubre octòbre oketopa okitoba okitobba okt oktabr okthoba okthobha oktoba oktobar oktobari oktobarip oktober
    oktobore oktobra oktobris oktobro oktohber oktoobar oktoober oktoobur oktover oktuba oktubre oktuuber oktyabr
    október októbra oktýabr oktũba okutoba okwaikumi olgisan olgísan onkoloolessa otibar otober otobre otover ott
    ottobre ottubru otubar otubro otubru outubro outubru pazdziernik pazdziernika październik października phiata
    rijen rijna roovvadmaanu roovvâdmáánu santugaine spalio spalis spallins tetor tshimedzi ukwakira urria
    uttuviru uttùviru utuber wimanet wímánet yarkomaa ·𐑪𐑒𐑑𐑴𐑚𐑼 ·𐑷𐑒𐑑𐑴𐑚𐑸 òktober říjen října ǂnûǁnâiseb ɔkutɔburu
    ʻokakopa ʻokatopa οκτωβρίου οκτώβριοσ алтынньы жовтень жовтня жьҭаара жэпуэгъуэ жэпуэгъуэм кастрычнік
    кастрычніка ожоков окт октобар октомври октябр октябры октябрь октября октјабр чъэпыогъу чъэпыогъум юпа
    ѻ҆ктѡ́врїа ѻ҆ктѡ́врїй қазан հոկտեմբեր հոկտեմբերի אוקטובר אקטאבער آڪٽوبر أكتوبر أُكْتوُبَ ئوکتوڤر ئۆكتەبىر
    اوکتوبر اکتبر اکتوبر اکتوٗبر قازان ߞߏ߲ߓߌߕߌ߮ अकतुम्बर अक्टूबर अक्टोबर अक्तूबर अक्तूबरमासः आक्टोबर ऑक्टोबर
    অক্টোবর অক্টোবৰ ওক্টোবর ਅਕਤੂਬਰ ઑક્ટોબર ଅକ୍ଟୋବର அக்டோபர் అక్టోబర్ దివెడి ಅಕ್ಟೋಬರ್ ഒക്‌ടോബർ වප් ตุลาคม ຕຸລາ
    ཟླ་བ་བཅུ་པ ཟླ་བ་བཅུ་པ་ ཟླ་བཅུ་པ་ སྤྱི་ཟླ་བཅུ་པ་ အောက်တိုဘာ ဢွၵ်ႇထူဝ်ႇပႃႇ ოქტომბერი መተሉ ኦክተውበር ኦክቶበር ጠቀመ ጥቅምቲ
    ᏚᏂᏅᏗ ᐆᑦᑑᕝᕙ ᐱᓈᐢᑯᐏᐲᓯᒼ តុលា ᱚᱠᱴᱚᱵᱟᱨ ọktoba ọktóba ὀκτωβρίου ὀκτώβριοσ ⲟ̀ⲕⲧⲟⲙⲃⲣⲓⲟⲥ ⴽⵜⵓⴱⵔ 𐐱𐐿𐐻𐐬𐐺𐐲𐑉 𑄃𑄧𑄇𑄴𑄑𑄬𑄝𑄧𑄢𑄴
    𑄃𑄧𑄇𑄴𑄑𑄮𑄝𑄧𑄢𑄴 𑯈𑯆𑯞𑯅𑯎𑯈𑯄 𞄪𞄱𞄀𞄤𞄴 𞤴𞤢𞤪𞤳𞤮
    """,
    """
    adeɛmekpɔxe alemle azaroa hukuri jasypatei jasypateĩ kaswekese kaswèkèsè kasım kʉsaano lapkricio lapkritis
    lapkričio lapkrutis lapkrūtis libiti listopadu makandikɛ marraskuu marraskuuta mbudzi mijdar munyonyo
    musongandembwe màyɛsèp nabaendueru nabanduru nabändüru nawambar nentor ngwanatsele nobemba nobyembre nofember
    nofemere nofimpaʼ noiembrie noofeembar noowanbur nopember nopèmber nopémber nov novaember novamber novambra
    novema novemba novembar novembari novembarip november novembr novembra novembre novembris novembro novembru
    novenbre noviembre novimber novämber novèmber novëmber nowambar nowanburu nowemapa nowember nowembra nowàmbar
    noyabr noýabr nunember nunembeṛ nuvembre nuvemmiru nuvenbru nuvèmmiru nuwamba nuwanbir nuwembir nwanbir nëntor
    nóvember nōvema nọvẹ́mba obubuo olabor payares phiapi pudungwana pʉshʉ́ka sadaasa samhain santandria
    skabmamannu skammamaanu skammâmáánu skábmamánnu studeni studenoga tachwedd tinini tiníní tzilva ugushyingo
    usinyikhaba wintermanet wintermánet ximoli ·𐑯𐑴𐑝𐑧𐑥𐑚𐑸 ·𐑯𐑴𐑝𐑧𐑥𐑚𐑼 ǀhooǂgaeb νοέμβριοσ νοεμβρίου абҵара листопад
    листопада лістапад лістапада новембар ное́мврїа ное́мврїй ноември нояб ноябр ноябры ноябрь ноября нојабр
    сундерьков сэтинньи чӳк шэкӏогъу шэкӏогъум щакӏуэгъуэ щакӏуэгъуэм қараша նոյեմբեր նոյեմբերի נאוועמבער נובמבר
    قاراشا نئومبر نوامبر نوفمبر نومبر نويابىر نوڤامر نوۏيمبر نُوَمْبَ ߣߍߣߍߓߊ नवंबर नवंबरमासः नवमबर नवम्बर नवूमबर
    नवेम्बर नोभेम्बर नोव्हेंबर নবেম্বর নভেম্বর নৱেম্বৰ ਨਵੰਬਰ નવેમ્બર ନଭେମ୍ବର நவம்பர் నవంబర్ పాండు ನವೆಂಬರ್ നവംബർ
    ඉල් พฤศจิกายน ພະຈິກ ཟླ་བ་བཅུ་གཅིག་པ ཟླ་བ་བཅུ་གཅིག་པ་ ཟླ་བཅུ་གཅིག་པ་ སྤྱི་ཟླ་བཅུ་གཅིག་པ་ နိုဝင်ဘာ ၼူဝ်ႇဝႅမ်ႇပႃႇ
    ნოემბერი ሕዳር ኀደረ ኖቬምበር ᏅᏓᏕᏆ ᐋᕽᐘᑎᓄᐏᐲᓯᒼ ᓄᕕᐱᕆ វិច្ឆិកា ᱱᱟᱣᱟᱢᱵᱟᱨ ⲛⲟⲉⲙⲃⲣⲓⲟⲥ ⵏⵓⵡⴰⵏⴱⵉⵔ 十一月 ꊯꊪꆪ 𐑌𐐬𐑂𐐯𐑋𐐺𐐲𐑉 𑄚𑄧𑄞𑄬𑄟𑄴𑄝𑄧𑄢𑄴
    𑯍𑯑𑯎𑯂𑯇𑯎𑯈𑯄 𞄚𞄦𞄲𞄤𞄚𞄄𞄰𞄫 𞤶𞤮𞤤𞤮
    """,
    """
    abendua afuabe aralık aviento avientu berfanbar christmanet chrištmánet cháykáhdaytiˀtiˀ dasambar dec decembar
    decembari decembarip december decembra decembre decembrie decembris decembro deesanbur dekabr des desambar
    desambra desanburu desemba desember desembre desimber desàmbar desèmber detsember dexembre dez dezaember
    dezamber dezember dezembr dezembro dezembru dezenbre dezämber dezëmber dhjetor dic dicemba dicembar dicember
    dicembre dicembru dicemmiru diciembre dicèmmiru disamba disambar diseembar disemba disember disemere disyembre
    disẹ́mba dizenbru diċembru dugember dujanbir dujembir duǧembeṛ dzember dzèmber déc décembre désèmber désémber
    eláŋgɛ́ ferefuna gatumu grudnia grudzien grudzień grudziyn grudziyń gruodis gruodzio gruodžio hôasoreǁkhâb
    ingongoni jasypakoi jasypakõi joulukuu joulukuuta juovlamaanu juovlamannu juovlamánnu juovlâmáánu kakauka
    kekemapa kigarama krisimin krísimin kʉsasatʉ mpalakazi muhaano nadale ndwencibngeih ndzɔ̀ŋèfwòo nollaig
    ntʉ́ŋʉ́s nyendavhusiku pilɔndɔ́ prosinac prosinca prosince prosinec rhagfyr sallaws sedimonthole tihema
    tiisimpaʼ tisema tshitwe tīhema tīsema ukuboza xristona ·𐑛𐑦𐑕𐑧𐑥𐑚𐑼 ·𐑛𐑭𐑕𐑧𐑥𐑚𐑸 ɓulɓusɛ ɔpɛnimma δεκέμβριοσ
    δεκεμβρίου ахсынньы ацамков грудень грудня дек декабр декабры декабрь декабря деке́мврїа деке́мврїй декември
    децембар дыгъэгъазэ дыгъэгъазэм желтоқсан раштав снежань снежня сьнежань сьнежня тыгъэгъаз тыгъэгъазэм
    ԥхынҷкәын դեկտեմբեր դեկտեմբերի דעצעמבער דצמבר جەلتوقسان دئسامر دسامبر دسمبر ديسمبر ديسيمبر دِسَمْبَ دېكابىر
    ڊسمبر ߞߏߟߌ߲ߞߏߟߌ߲ डिसंबर डिसेंबर डिसेम्बर दसमबर दसूमबर दिसंबर दिसंबरमासः ডিচেম্বৰ ডিসেম্বর ਦਸੰਬਰ ડિસેમ્બર
    ଡିସେମ୍ବର டிசம்பர் డిసెంబర్ పుసు ಡಿಸೆಂಬರ್ ഡിസംബർ උඳුවප් ธันวาคม ທັນວາ ཟླ་བ་བཅུ་གཉིས་པ ཟླ་བ་བཅུ་གཉིས་པ་
    ཟླ་བཅུ་གཉིས་པ་ སྤྱི་ཟླ་བཅུ་གཉིས་པ་ တီႇသႅမ်ႇပႃႇ ဒီဇင်ဘာ დეკემბერი ተሕሳስሪ ታሕሳስ ኀሠሠ ዲሴምበር ᎥᏍᎩᏱ ᑎᓯᐱᕆ ᒪᑯᓭᑮᓭᑳᐏᐲᓯᒼ
    ធ្នូ ᱫᱤᱥᱟᱢᱵᱟᱨ ⲇⲉⲕⲉⲙⲃⲣⲓⲟⲥ ⴷⵓⵊⴰⵏⴱⵉⵔ 十二月 ꊰꑋꆪ 𐐼𐐨𐑅𐐯𐑋𐐺𐐲𐑉 𑄓𑄨𑄥𑄬𑄟𑄴𑄝𑄧𑄢𑄴 𑯀𑯃𑯒𑯂𑯇𑯎𑯈𑯄 𞄒𞄩𞄱𞄔𞄬𞄴 𞤦𞤮𞤱𞤼𞤮
    """,
)
