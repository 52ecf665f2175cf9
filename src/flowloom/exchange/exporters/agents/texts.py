"""What the report of a program on the Agents SDK says beside that of any program, in Chinese and French."""

ZH = {
    "Agents SDK program": "Agents SDK 程序",
    "The same program on the OpenAI Agents SDK.": "同样的程序，基于 OpenAI Agents SDK。",
    "Its blocks run one after the other, also where they would run side by side here.": (
        "它的模块依次运行，即使在这里会同时运行。"
    ),
    "You notice it in how long an answer takes.": "从回答所需的时间会注意到。",
}
FR = {
    "Agents SDK program": "Programme Agents SDK",
    "The same program on the OpenAI Agents SDK.": "Le même programme, sur l’Agents SDK d’OpenAI.",
    "Its blocks run one after the other, also where they would run side by side here.": (
        "Ses blocs s’exécutent l’un après l’autre, même là où ils iraient ici côte à côte."
    ),
    "You notice it in how long an answer takes.": "On le remarque au temps que prend une réponse.",
}
TEXTS = {"zh": ZH, "fr": FR}
