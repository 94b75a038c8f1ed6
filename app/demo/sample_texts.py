"""What the invented sample events say, in Kazakh, Russian and English. No code."""

Said = dict[str, str]

CLEAN_COAST: Said = {"kk": "Таза жағалау", "ru": "Чистый берег", "en": "Clean Coast"}
TORANGY: Said = {"kk": "Тораңғы", "ru": "Тораңғы", "en": "Torangy"}
LANDSCAPING: Said = {"kk": "Көгалдандыру", "ru": "Озеленение", "en": "Landscaping"}
GROVE: Said = {"kk": "Тораңғы тоғайына сапар", "ru": "Поездка в туранговую рощу", "en": "Trip to the turanga grove"}
SMELTER: Said = {
    "kk": "Мыс балқыту зауытына экскурсия",
    "ru": "Экскурсия на медеплавильный завод",
    "en": "Excursion to the copper smelter",
}
SOLAR: Said = {
    "kk": "Күн қосалқы станциясына экскурсия",
    "ru": "Экскурсия на солнечную подстанцию",
    "en": "Excursion to the solar substation",
}

COAST_ABOUT: Said = {
    "kk": "Жағалаудағы қоқысты бірге жинаймыз. Қолғап пен қап береміз, соңында шай бар.",
    "ru": "Вместе соберём мусор на берегу. Перчатки и мешки дадим, в конце чай.",
    "en": "We pick up what lies on the shore. Gloves and bags are there, and tea at the end.",
}
COAST_MEETING: Said = {
    "kk": "Қалалық жағажай, тіркеу үстелі",
    "ru": "Городской пляж, стол регистрации",
    "en": "City beach, the registration table",
}
COAST_BRING: Said = {
    "kk": "Бас киім, ыңғайлы аяқ киім, су.",
    "ru": "Головной убор, удобная обувь, вода.",
    "en": "A hat, comfortable shoes, water.",
}
GROVE_ABOUT: Said = {
    "kk": "Балқаштан 25 шақырымдағы реликт тоғай: экскурсия, ойындар және түскі ас. Автобус екі жаққа да бар.",
    "ru": "Реликтовая роща в 25 км от Балхаша: экскурсия, игры и обед. Автобус туда и обратно.",
    "en": "The relic grove 25 km from Balkhash: a walk with a guide, games and lunch. A bus there and back.",
}
GROVE_MEETING: Said = {
    "kk": "Балқаш қалалық мұражайының алды",
    "ru": "Перед музеем города Балхаш",
    "en": "In front of the Balkhash city museum",
}
GROVE_BRING: Said = {
    "kk": "Бас киім, жабық аяқ киім, су.",
    "ru": "Головной убор, закрытая обувь, вода.",
    "en": "A hat, closed shoes, water.",
}
SMELTER_ABOUT: Said = {
    "kk": "Балалар ата-анасы жұмыс істейтін зауытты көреді: қауіпсіздік нұсқамасы, балқыту цехы, түскі ас.",
    "ru": "Дети увидят завод, где работают родители: инструктаж, плавильный цех, обед.",
    "en": "Children see the plant where their parents work: safety briefing, smelting shop, lunch.",
}
SMELTER_MEETING: Said = {
    "kk": "Зауыттың бас кіреберісі",
    "ru": "Главная проходная завода",
    "en": "Main gate of the plant",
}
SMELTER_BRING: Said = {
    "kk": "Жабық аяқ киім, ұзын шалбар, су.",
    "ru": "Закрытая обувь, длинные брюки, вода.",
    "en": "Closed shoes, long trousers, water.",
}
SOLAR_ABOUT: Said = {
    "kk": "192 350 панель күннен қалай ток алады. Экскурсияны Green Energy қызметкерлері жүргізеді.",
    "ru": "Как 192 350 панелей делают ток из солнца. Экскурсию ведут сотрудники Green Energy.",
    "en": "How 192,350 panels make current from the sun. Guided by the people of Green Energy.",
}
SOLAR_MEETING: Said = {
    "kk": "Қосалқы станцияның бақылау бекеті",
    "ru": "Проходная подстанции",
    "en": "Gate of the substation",
}
PLANTING_ABOUT: Said = {
    "kk": "Санитарлық аймаққа көшет отырғызамыз. Күрек пен су сол жерде.",
    "ru": "Сажаем деревья в санитарной зоне. Лопаты и вода на месте.",
    "en": "We plant trees in the sanitary zone. Spades and water are there.",
}
PLANTING_MEETING: Said = {
    "kk": "Зауыттың шығыс қақпасы",
    "ru": "Восточные ворота завода",
    "en": "East gate of the plant",
}

MUSEUM: Said = {"kk": "Мұражайдағы отбасы кеші", "ru": "Семейный вечер в музее", "en": "Family evening at the museum"}
MUSEUM_ABOUT: Said = {
    "kk": "Мұражай қызметкері көл мен қаланың тарихын айтады, балаларға тапсырмалар бар. Соңында шай.",
    "ru": "Сотрудник музея расскажет об истории озера и города, детей ждут задания. В конце чай.",
    "en": "The museum tells of the lake and the town, with tasks for children. Tea at the end.",
}
MUSEUM_MEETING: Said = {
    "kk": "Мұражайдың кіреберісі",
    "ru": "Вход в музей",
    "en": "Entrance of the museum",
}
FAMILY_DAY: Said = {"kk": "Отбасы күні", "ru": "День семьи", "en": "Family day"}
FAMILY_DAY_ABOUT: Said = {
    "kk": "Саябақта отбасымен бір күн: аттракциондар, үйірмелер, түскі ас.",
    "ru": "День в парке всей семьёй: аттракционы, мастер-классы, обед.",
    "en": "A day in the park with the family: rides, workshops, lunch.",
}
FAMILY_DAY_MEETING: Said = {"kk": "Саябақтың бас қақпасы", "ru": "Главные ворота парка", "en": "Main gate of the park"}
STOCKING: Said = {
    "kk": "Бертіс шығанағына шабақ жіберу",
    "ru": "Выпуск мальков в залив Бертыс",
    "en": "Releasing fry into Bertys Bay",
}
STOCKING_ABOUT: Said = {
    "kk": "Шабақты көлге бірге жібереміз. Жұмыс күні өтетіндіктен, басшыңыздың келісімі керек.",
    "ru": "Вместе выпускаем мальков в озеро. День рабочий, поэтому нужно согласие руководителя.",
    "en": "We release fry into the lake together. It is a working day, so your manager's consent is needed.",
}
STOCKING_MEETING: Said = {"kk": "Шығанақтағы айлақ", "ru": "Причал в заливе", "en": "The pier in the bay"}
SCHOOL: Said = {
    "kk": "Мектеп-интернат күн қосалқы станциясында",
    "ru": "Школа-интернат на солнечной подстанции",
    "en": "The boarding school at the solar substation",
}
BRIGADE = "2-балқыту бригадасы"

BUS: Said = {
    "kk": "Автобусқа қай жерден отырасыз?",
    "ru": "Где вы сядете в автобус?",
    "en": "Where do you get on the bus?",
}
BUS_STOPS: list[tuple[str, Said, int | None]] = [
    ("gate", {"kk": "Зауыттың бас кіреберісі", "ru": "Главная проходная завода", "en": "Main gate of the plant"}, 240),
    ("museum", {"kk": "Қалалық мұражай", "ru": "Городской музей", "en": "City museum"}, 120),
    ("own", {"kk": "Өз көлігіммен барамын", "ru": "Приеду сам", "en": "I come by myself"}, None),
]
SEATS_IN_CAR: Said = {
    "kk": "Көлігіңізге тағы неше адам сыяды?",
    "ru": "Сколько человек можете подвезти?",
    "en": "How many people can you give a lift?",
}
WORKSHOP: Said = {"kk": "Қай үйірмеге барасыз?", "ru": "Какой мастер-класс выберете?", "en": "Which workshop?"}
WORKSHOPS: list[tuple[str, Said, int | None]] = [
    ("clay", {"kk": "Қыштан мүсін жасау", "ru": "Лепка из глины", "en": "Clay"}, 14),
    ("kite", {"kk": "Батпырауық жасау", "ru": "Воздушный змей", "en": "Kites"}, 30),
    ("none", {"kk": "Үйірмеге бармаймын", "ru": "Без мастер-класса", "en": "No workshop"}, None),
]
HEIGHTS: Said = {
    "kk": "Биік аттракциондарға мінесіз бе?",
    "ru": "Пойдёте на высокие аттракционы?",
    "en": "Will you go on the high rides?",
}

SMELTER_STOPS: list[tuple[str, Said, Said]] = [
    ("09:40", {"kk": "Жиналу", "ru": "Сбор", "en": "Meeting"}, SMELTER_MEETING),
    (
        "10:00",
        {"kk": "Қауіпсіздік нұсқамасы", "ru": "Инструктаж по безопасности", "en": "Safety briefing"},
        {
            "kk": "Каска, көзілдірік және кеудеше беріледі",
            "ru": "Выдаём каску, очки и жилет",
            "en": "Helmet, goggles and vest are handed out",
        },
    ),
    (
        "10:30",
        {"kk": "Балқыту цехы", "ru": "Плавильный цех", "en": "Smelting shop"},
        {"kk": "Әр 8 балаға бір ересек", "ru": "Один взрослый на 8 детей", "en": "One adult for 8 children"},
    ),
    (
        "12:30",
        {"kk": "Түскі ас", "ru": "Обед", "en": "Lunch"},
        {"kk": "Зауыт асханасы", "ru": "Столовая завода", "en": "Canteen of the plant"},
    ),
    (
        "13:30",
        {"kk": "Қайту", "ru": "Возвращение", "en": "Return"},
        {
            "kk": "Баланы бас кіреберістен алып кетесіз",
            "ru": "Ребёнка забираете у главной проходной",
            "en": "You pick the child up at the main gate",
        },
    ),
]
GROVE_STOPS: list[tuple[str, Said, Said]] = [
    ("09:30", {"kk": "Жиналу", "ru": "Сбор", "en": "Meeting"}, GROVE_MEETING),
    (
        "10:30",
        {"kk": "Тораңғы тоғайы", "ru": "Туранговая роща", "en": "Turanga grove"},
        {
            "kk": "Мұражай экскурсоводымен серуен",
            "ru": "Прогулка с гидом музея",
            "en": "A walk with the museum's guide",
        },
    ),
    (
        "13:00",
        {"kk": "Түскі ас", "ru": "Обед", "en": "Lunch"},
        {"kk": "Тоғай шетіндегі шатыр", "ru": "Шатёр у рощи", "en": "A tent beside the grove"},
    ),
    (
        "15:00",
        {"kk": "Қайту", "ru": "Возвращение", "en": "Return"},
        {"kk": "Мұражайдың алдына", "ru": "К музею", "en": "To the museum"},
    ),
]
