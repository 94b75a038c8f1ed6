"""Titles and texts of the demo in Kazakh, Russian and English. No code."""

Said = dict[str, str]

REGIONS: dict[str, Said] = {
    "Karaganda region": {"kk": "Қарағанды облысы", "ru": "Карагандинская область", "en": "Karaganda region"},
    "Ulytau region": {"kk": "Ұлытау облысы", "ru": "область Ұлытау", "en": "Ulytau region"},
}

INSTITUTIONS: dict[str, Said] = {
    "boarding-school": {
        "kk": "Көпбалалы және аз қамтылған отбасылардың балаларына арналған мектеп-интернат",
        "ru": "Школа-интернат для детей из многодетных и малообеспеченных семей",
        "en": "Boarding School for Children from Large and Low-Income Families",
    },
    "orphans": {
        "kk": "Балқаш қаласының жетім балалары",
        "ru": "Дети-сироты города Балхаш",
        "en": "Orphaned children of Balkhash",
    },
}

TITLES: dict[str, Said] = {
    "torangy-grove-visit": {
        "kk": "Тораңғы тоғайына сапар",
        "ru": "Поездка в туранговую рощу",
        "en": "Trip to the turanga grove",
    },
    "childrens-day-dinner": {
        "kk": "Балаларды қорғау күніне арналған мерекелік дастарқан",
        "ru": "Праздничный обед ко Дню защиты детей",
        "en": "Children's Day dinner",
    },
    "bertys-stocking": {
        "kk": "Бертіс шығанағына балық жіберу",
        "ru": "Зарыбление залива Бертыс",
        "en": "Stocking of Bertys Bay",
    },
    "landscaping-zhezkazgan": {"kk": "Көгалдандыру", "ru": "Озеленение", "en": "Landscaping"},
    "landscaping-balkhash": {"kk": "Көгалдандыру", "ru": "Озеленение", "en": "Landscaping"},
    "clean-coast-balkhash": {"kk": "Таза жағалау", "ru": "Чистый берег", "en": "Clean Coast"},
    "clean-coast-zhezkazgan": {"kk": "Таза жағалау", "ru": "Чистый берег", "en": "Clean Coast"},
    "smelter-excursion-balkhash": {
        "kk": "Мыс балқыту зауытына экскурсия",
        "ru": "Экскурсия на медеплавильный завод",
        "en": "Excursion to the copper smelter",
    },
    "smelter-excursion-zhezkazgan": {
        "kk": "Мыс балқыту зауытына экскурсия",
        "ru": "Экскурсия на медеплавильный завод",
        "en": "Excursion to the copper smelter",
    },
    "solar-excursion-balkhash": {
        "kk": "Күн қосалқы станциясына экскурсия",
        "ru": "Экскурсия на солнечную подстанцию",
        "en": "Excursion to the solar substation",
    },
    "solar-excursion-zhezkazgan": {
        "kk": "Күн қосалқы станциясына экскурсия",
        "ru": "Экскурсия на солнечную подстанцию",
        "en": "Excursion to the solar substation",
    },
}

DESCRIPTIONS: dict[str, Said] = {
    "torangy-grove-visit": {
        "kk": "Мектеп-интернаттың алпыстан астам оқушысы реликт тоғайды көрді. Балаларға түскі ас беріліп, футболка "
        "мен кепка сыйланды.",
        "ru": "Больше шестидесяти воспитанников школы-интерната увидели реликтовую рощу. Детей накормили обедом, "
        "каждому подарили футболку и кепку.",
        "en": "More than sixty pupils of the boarding school saw the relic grove. There was lunch, and a T-shirt and a "
        "cap for each child.",
    },
    "childrens-day-dinner": {
        "kk": "Аттракциондар саябағында балаларға мерекелік дастарқан жайылып, аттракциондар тегін болды.",
        "ru": "В парке аттракционов для детей накрыли праздничный стол и покатали их на аттракционах.",
        "en": "A festive dinner and rides for the children at the amusement park.",
    },
}

STOP_NOTES: dict[str, Said] = {
    "torangy-grove-visit": {
        "kk": "Балқаш қалалық мұражайының директоры жүргізді",
        "ru": "Экскурсию вёл директор музея города Балхаш",
        "en": "Guided by the director of the Balkhash city museum",
    },
}

VISIT: Said = {
    "kk": "Қарағанды облысының кәсіпорындарына жұмыс сапары",
    "ru": "Рабочая поездка по предприятиям Карагандинской области",
    "en": "Working visit to enterprises of Karaganda region",
}
VISIT_PLACE: Said = {
    "kk": "Қарағанды облысының кәсіпорындары",
    "ru": "Предприятия Карагандинской области",
    "en": "Enterprises of Karaganda region",
}
VISIT_ABOUT: Said = {
    "kk": "Бір күндік сапар: алты аялдама, әрқайсысында не айтылғаны және берілген тапсырмалар.",
    "ru": "Поездка на один день: шесть остановок, о чём шла речь на каждой и какие даны поручения.",
    "en": "A one-day visit: six stops, what was heard at each, and the instructions given.",
}
VISIT_STOPS: list[tuple[Said, Said]] = [
    (
        {
            "kk": "«Сарыарқа» арнайы экономикалық аймағы",
            "ru": "Специальная экономическая зона «Сарыарка»",
            "en": "Special economic zone Saryarka",
        },
        {
            "kk": "Өңірде 61 инвестициялық жоба бар: 1,5 трлн теңге, 14 мыңнан астам жұмыс орны. 2024 жылы 252 млрд "
            "теңгеге 10 жоба.",
            "ru": "В регионе 61 инвестиционный проект: 1,5 трлн тенге, больше 14 тысяч рабочих мест. В 2024 году "
            "10 проектов на 252 млрд тенге.",
            "en": "The region's pool holds 61 investment projects: 1.5 trillion tenge, over 14 thousand jobs. In 2024, "
            "10 projects worth 252 billion tenge.",
        },
    ),
    (
        {
            "kk": "«Steel Manufacturing» зауыты",
            "ru": "Завод Steel Manufacturing",
            "en": "Steel Manufacturing",
        },
        {
            "kk": "Өндіріс желісі іске қосылды. Тапсырма: зауытты жоспарлы тапсырыстармен жүктеу.",
            "ru": "Запуск производственной линии. Поручение: загрузить завод плановыми заказами.",
            "en": "Commissioning of a production line. Instruction: load the plant with planned orders.",
        },
    ),
    (
        {
            "kk": "Қарағанды – Балқаш – Алматы тас жолы",
            "ru": "Автодорога Караганда – Балхаш – Алматы",
            "en": "Highway Karaganda – Balkhash – Almaty",
        },
        {
            "kk": "11 көпір мен құрылыс, 18 демалыс орны салынды. Тапсырмалар: жұмысты жыл соңына дейін аяқтау, қар "
            "тазалайтын техниканы көбейту.",
            "ru": "Готовы 11 мостов и сооружений, 18 площадок отдыха. Поручения: закончить до конца года, привлечь "
            "больше снегоуборочной техники.",
            "en": "11 bridges and structures and 18 rest areas completed. Instructions: finish by the end of the year, "
            "more equipment for clearing snow.",
        },
    ),
    (
        {
            "kk": "«Qarmet» металлургия комбинаты: № 3 домна пеші, табақ илемдеу, ыстық мырыштау және алюминийлеу "
            "цехтары",
            "ru": "Металлургический комбинат Qarmet: доменная печь № 3, цеха листопрокатный, горячего цинкования и "
            "алюминирования",
            "en": "Qarmet metallurgical plant: blast furnace No. 3, sheet rolling, hot-dip galvanizing and aluminizing "
            "shops",
        },
        {
            "kk": "2028 жылға қарай: 5 млн т темір кені концентраты, 9 млн т көмір, 5 млн т болат. Тапсырма: табиғи "
            "газбен қамту.",
            "ru": "К 2028 году: 5 млн т железорудного концентрата, 9 млн т угля, 5 млн т стали. Поручение: "
            "обеспечить природным газом.",
            "en": "By 2028: 5 Mt of iron ore concentrate, 9 Mt of coal, 5 Mt of steel. Instruction: natural gas "
            "supply.",
        },
    ),
    (
        {
            "kk": "«Qaztehna» автобус зауыты, Саран индустриялық аймағы",
            "ru": "Автобусный завод Qaztehna, индустриальная зона Сарани",
            "en": "Qaztehna bus plant, Saran industrial zone",
        },
        {
            "kk": "2023 жылы 1 700-ге жуық автобус.",
            "ru": "Около 1 700 автобусов в 2023 году.",
            "en": "About 1,700 buses in 2023.",
        },
    ),
    (
        {"kk": "«KamaTyresKZ» шина зауыты", "ru": "Шинный завод KamaTyresKZ", "en": "KamaTyresKZ tyre plant"},
        {
            "kk": "Жобалық қуаты жылына 3,5 млн шина. 500-ден астам адам оқытылды, толық қуатында тағы мыңнан астам "
            "жұмыс орны ашылады. 214 млрд теңгеден астам инвестиция салынды.",
            "ru": "Проектная мощность 3,5 млн шин в год. Обучено больше 500 человек, на полной мощности ещё больше "
            "тысячи рабочих мест. Вложено свыше 214 млрд тенге.",
            "en": "3.5 million tyres a year by design. More than 500 trained, over 1 thousand more jobs at capacity. "
            "Over 214 billion tenge invested.",
        },
    ),
]
INSTRUCTIONS: list[Said] = [
    {
        "kk": "Зауытты жоспарлы тапсырыстармен жүктеу (тиісті органдар)",
        "ru": "Загрузить завод плановыми заказами (ответственные органы)",
        "en": "Load the plant by planned orders (authorities concerned)",
    },
    {
        "kk": "Тас жолдағы барлық жұмысты аяқтау",
        "ru": "Завершить все работы на автодороге",
        "en": "Complete all works on the highway",
    },
    {
        "kk": "Жолды қардан тазалауға арнайы техниканы көбірек тарту",
        "ru": "Привлечь больше спецтехники для очистки дорог от снега",
        "en": "Attract more special equipment for clearing snow from the roads",
    },
    {
        "kk": "«Qarmet» комбинатын табиғи газбен қамту мәселесін пысықтау (мемлекеттік органдар)",
        "ru": "Проработать обеспечение Qarmet природным газом (государственные органы)",
        "en": "Work out the provision of Qarmet with natural gas (government agencies)",
    },
]
