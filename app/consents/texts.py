"""The consent texts that a new installation starts with: version 1, to be read by the company's own lawyer."""

FIRST_TEXTS = {
    "participation": {
        "kk": (
            "Мен баланың заңды өкілімін және оның осы іс-шараға: көрсетілген жерге, күнге және жолға қатысуына келісім "
            "беремін. Қауіпсіздік ережелерімен, жас шегімен және қорғаныш құралдарының міндетті екенімен таныстым. "
            "Баланы ересек ілесіп жүрушілер бақылайды.\n\n"
            "Баланың аты-жөнін, туған күнін және денсаулығы туралы өзім жазған мәліметті ұйымдастырушылар осы "
            "іс-шараны өткізу үшін ғана пайдаланады. Денсаулық туралы мәліметті топ жетекшісі мен медик қана "
            "көреді.\n\n"
            "Келісімді іс-шара басталғанға дейін кез келген уақытта қайтарып ала аламын. Күні, орны немесе қауіп "
            "деңгейі өзгерсе, менен қайта сұрайды."
        ),
        "ru": (
            "Я законный представитель ребёнка и согласен(на) с его участием в этом событии: в указанном месте, в "
            "указанный день и с указанной дорогой. Мне известны правила безопасности, возрастная граница и то, что "
            "средства защиты обязательны. За ребёнком следят взрослые сопровождающие.\n\n"
            "Имя, дату рождения ребёнка и сведения о здоровье, которые я указал(а), организаторы используют только для "
            "проведения этого события. Сведения о здоровье видят лишь руководитель группы и медик.\n\n"
            "Согласие можно отозвать в любое время до начала. Если изменятся дата, место или степень опасности, меня "
            "спросят снова."
        ),
        "en": (
            "I am the child's legal guardian and agree to the child taking part in this event, at the place, on the "
            "day and by the transport shown. I know the safety rules and the age limit, and that protective equipment "
            "is compulsory. Adult escorts look after the child.\n\n"
            "The organisers use the child's name, birthday and the health information that I gave only to hold this "
            "event. Only the group's leader and the medic see the health information.\n\n"
            "I can take this consent back at any time before the start. If the date, the place or the hazard class "
            "changes, I will be asked again."
        ),
    },
    "photo": {
        "kk": (
            "Баланың осы іс-шарада фотоға және бейнеге түсірілуіне, суреттердің компанияның сайтында және есебінде "
            "аты-жөнсіз жариялануына келісемін. Бұл міндетті емес: келіспесем де, бала қатыса алады. Келісімді кез "
            "келген уақытта қайтарып ала аламын."
        ),
        "ru": (
            "Я согласен(на) с тем, что ребёнка на этом событии снимают на фото и видео и что снимки без имени могут "
            "появиться на сайте и в отчёте компании. Это необязательно: ребёнок участвует и без этого согласия. "
            "Отозвать его можно в любое время."
        ),
        "en": (
            "I agree that the child is photographed and filmed at this event, and that pictures may appear without a "
            "name on the company's site and in its report. This is optional: the child takes part without it too. I "
            "can take it back at any time."
        ),
    },
    "transport": {
        "kk": (
            "Баланың іс-шараға және одан қайтарда ұйымдастырушылар жалдаған автобуспен баруына келісемін. Жолаушы "
            "тасымалдауға рұқсаты бар жүргізуші айдайды, әр балаға қауіпсіздік белдігі бар жеке орын беріледі, "
            "автобуста балалардың жанында ересек ілесіп жүрушілер болады. Балалар әр аялдамада түгенделеді.\n\n"
            "Баланы белгіленген уақытта жиналу орнына өзім әкелемін және сол жерден өзім немесе мен атаған ересек адам "
            "алып кетеді."
        ),
        "ru": (
            "Я согласен(на) с тем, что ребёнок едет на событие и обратно автобусом, который наняли организаторы. "
            "Автобус ведёт водитель с правом на перевозку пассажиров, у каждого ребёнка своё место с ремнём "
            "безопасности, рядом с детьми едут взрослые сопровождающие. На каждой остановке детей пересчитывают.\n\n"
            "К назначенному времени я приведу ребёнка к месту сбора; там же его встречу я или взрослый, которого я "
            "назову."
        ),
        "en": (
            "I agree that the child travels to the event and back on the bus that the organisers hire. The driver is "
            "licensed to carry passengers, every child has a seat of their own with a seat belt, and adult escorts "
            "ride with the children. The children are counted at every stop.\n\n"
            "I bring the child to the meeting point in time, and I or an adult whom I name collect the child there."
        ),
    },
    "medical": {
        "kk": (
            "Баланың денсаулығы туралы өзім жазған мәліметті (аллергия, сырқат, дәрі) топ жетекшісі мен медиктің "
            "оқуына келісемін. Мәліметті басқа ешкім көрмейді, әр қаралғаны жазылып отырады, іс-шарадан кейін 14 күнде "
            "өшіріледі, тек баланың өз бетінде сақтауды өзім таңдасам, қалады.\n\n"
            "Бала ауырып қалса немесе жарақат алса, оған алғашқы көмек көрсетуге және жедел жәрдем шақыруға келісемін. "
            "Маған бірден хабарлайды."
        ),
        "ru": (
            "Я согласен(на) с тем, что сведения о здоровье ребёнка, которые я указал(а) (аллергия, болезни, "
            "лекарства), читают руководитель группы и медик. Больше их не видит никто, каждый просмотр записывается, "
            "через 14 дней после события сведения удаляются, если я не решу хранить их в карточке ребёнка.\n\n"
            "Если ребёнок заболеет или получит травму, я согласен(на) на первую помощь и вызов скорой. Мне сообщат об "
            "этом сразу."
        ),
        "en": (
            "I agree that the group's leader and the medic read the health information that I gave about the child "
            "(allergies, illnesses, medicines). Nobody else sees it, every reading is logged, and it is deleted 14 "
            "days after the event unless I choose to keep it on the child's own page.\n\n"
            "Should the child fall ill or be hurt, I agree to first aid and to calling an ambulance. I will be told at "
            "once."
        ),
    },
}
