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
}
