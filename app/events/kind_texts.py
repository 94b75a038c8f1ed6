"""What kinds of events say by default, in three languages: titles, descriptions, what to bring, where to meet. Data."""

from app.db import Texts


def said(kk: str, ru: str, en: str) -> Texts:
    """One text in three languages."""
    return {"kk": kk, "ru": ru, "en": en}


AT_THE_ENTRANCE = said("Кәсіпорынның бас кіреберісінде", "У главной проходной", "At the main entrance of the plant")
AT_THE_BUS = said(
    "Мәдениет сарайының алдындағы автобуста", "У автобуса перед Дворцом культуры", "By the bus at the Palace of Culture"
)
ON_THE_SPOT = said(
    "Сол жерде, тіркеу шатырының қасында", "На месте, у палатки регистрации", "On the spot, by the registration tent"
)

TITLES = {
    "cleanup": said("Таза жағалау", "Чистый берег", "Clean coast"),
    "planting": said("Ағаш отырғызу", "Посадка деревьев", "Tree planting"),
    "stocking": said("Көлге балық жіберу", "Зарыбление озера", "Stocking the lake with fish"),
    "smelter": said(
        "Мыс балқыту зауытына экскурсия", "Экскурсия на медеплавильный завод", "Excursion to the copper smelter"
    ),
    "solar": said(
        "Күн қосалқы станциясына экскурсия", "Экскурсия на солнечную подстанцию", "Excursion to the solar substation"
    ),
    "grove": said("Тораңғы тоғайына сапар", "Поездка в туранговую рощу", "Trip to the turanga grove"),
    "celebration": said("Балалар мерекесі", "Детский праздник", "Children's celebration"),
    "visit": said("Жұмыс сапары", "Рабочая поездка", "Working visit"),
}

DESCRIPTIONS = {
    "cleanup": said(
        "Жағалауды бірге тазалаймыз: қоқысты жинап, сұрыптап, таразыға тартамыз. Қолғап пен қап беріледі.",
        "Вместе убираем берег: собираем мусор, сортируем и взвешиваем. Перчатки и мешки выдаём.",
        "We clean the shore together: collect the waste, sort it and weigh it. Gloves and bags are given out.",
    ),
    "planting": said(
        "Көшет отырғызып, суарамыз. Қалай отырғызу керегін көгалдандырушы көрсетеді.",
        "Сажаем саженцы и поливаем их. Как сажать, покажет озеленитель.",
        "We plant saplings and water them. A gardener shows how.",
    ),
    "stocking": said(
        "Шабақтарды көлге жібереміз, қандай балық екенін және неге керегін ихтиолог айтып береді.",
        "Выпускаем мальков в озеро; ихтиолог расскажет, что это за рыба и зачем её выпускают.",
        "We release young fish into the lake; an ichthyologist tells what they are and why it matters.",
    ),
    "smelter": said(
        "Мыстың кеннен катодқа дейінгі жолын көреміз. Кіреберісте нұсқаулық өткізіліп, қорғаныш киімі беріледі.",
        "Увидим путь меди от руды до катода. У входа инструктаж, выдаются средства защиты.",
        "We follow copper from ore to cathode. A briefing at the entrance; protective equipment is given out.",
    ),
    "solar": said(
        "Күн панельдерінің қалай жұмыс істейтінін көріп, тоқ қайда баратынын білеміз.",
        "Посмотрим, как работают солнечные панели, и узнаем, куда идёт ток.",
        "We see how solar panels work and learn where the power goes.",
    ),
    "grove": said(
        "Бір ағаштан екі түрлі жапырақ өсетін тораңғыны көреміз. Жол 25 км, серуен бір жарым сағаттай.",
        "Увидим турангу, на которой растут два вида листьев. Дорога 25 км, прогулка около полутора часов.",
        "We see the turanga, which bears two kinds of leaf. The way is 25 km, the walk about an hour and a half.",
    ),
    "celebration": said(
        "Ойындар, сыйлықтар және ортақ дастарқан.", "Игры, подарки и общий стол.", "Games, gifts and a meal together."
    ),
    "visit": said(
        "Нысандарды аралап, кездесулер өткіземіз. Аялдамалар мен уақыты төменде.",
        "Объезд объектов и встречи. Остановки и время указаны ниже.",
        "A round of the sites with meetings. The stops and times stand below.",
    ),
}

OUTDOORS = said(
    "Бас киім, жабық аяқкиім, су, ауа райына қарай киім",
    "Головной убор, закрытая обувь, вода, одежда по погоде",
    "A hat, closed shoes, water, clothes for the weather",
)
BRING = {
    "cleanup": OUTDOORS,
    "planting": OUTDOORS,
    "stocking": said(
        "Жылы киім, су өткізбейтін аяқкиім", "Тёплая одежда, непромокаемая обувь", "Warm clothes, waterproof shoes"
    ),
    "smelter": said(
        "Жеке куәлік, жабық аяқкиім, ұзын жең мен шалбар",
        "Удостоверение личности, закрытая обувь, длинные рукава и брюки",
        "An identity card, closed shoes, long sleeves and trousers",
    ),
    "solar": said("Бас киім, жабық аяқкиім, су", "Головной убор, закрытая обувь, вода", "A hat, closed shoes, water"),
    "grove": OUTDOORS,
    "celebration": said("Көңілді көңіл күй", "Хорошее настроение", "Good spirits"),
    "visit": said(
        "Жеке куәлік, арнайы аяқкиім", "Удостоверение личности, рабочая обувь", "An identity card, work shoes"
    ),
}

TASKS = {
    "gifts": said("Сыйлықтарға тапсырыс беру", "Заказать подарки", "Order the gifts"),
    "bus": said("Автобусқа тапсырыс беру", "Заказать автобус", "Order the bus"),
    "host": said("Қабылдаушы тараппен келісу", "Договориться с принимающей стороной", "Agree with the host"),
    "passes": said(
        "Рұқсаттамаға тізім жіберу", "Отправить список для пропусков", "Send the list of names for the passes"
    ),
    "ppe": said(
        "Қорғаныш киімін өлшемімен дайындау",
        "Подготовить средства защиты по размерам",
        "Have protective equipment ready by size",
    ),
    "escorts": said("Ересек ілесушілерді тағайындау", "Назначить взрослых сопровождающих", "Name the adult escorts"),
    "consents": said("Ата-ана келісімдерін тексеру", "Проверить согласия родителей", "Check the guardians' consents"),
    "lunch": said("Түскі асқа тапсырыс беру", "Заказать обед", "Order the lunch"),
    "medic": said(
        "Алғашқы көмек көрсетушіні тағайындау", "Назначить ответственного за первую помощь", "Name the first-aider"
    ),
    "tools": said(
        "Қап, қолғап, құрал дайындау", "Подготовить мешки, перчатки, инвентарь", "Have bags, gloves and tools ready"
    ),
    "container": said(
        "Контейнер мен таразыға келісу", "Договориться о контейнере и весах", "Arrange a container and scales"
    ),
    "saplings": said("Көшетке тапсырыс беру", "Заказать саженцы", "Order the saplings"),
    "water": said("Суару көлігіне тапсырыс беру", "Заказать поливальную машину", "Order the watering truck"),
    "fry": said(
        "Шабақ пен жіберу актісін келісу",
        "Согласовать мальков и акт выпуска",
        "Arrange the young fish and the release act",
    ),
    "hall": said("Зал мен жүргізушіні келісу", "Договориться о зале и ведущем", "Book the hall and the host"),
    "programme": said("Аялдамаларды енгізу", "Внести остановки", "Enter the stops"),
    "weather": said("Ауа райы мен жолды тексеру", "Проверить погоду и дорогу", "Check the weather and the road"),
    "photos": said("Фотосуретшіні шақыру", "Позвать фотографа", "Ask a photographer"),
    "report": said(
        "Есепке жауапты адамды тағайындау", "Назначить, кто внесёт результаты", "Name who records the results"
    ),
}
