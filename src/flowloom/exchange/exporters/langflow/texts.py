"""What the report of an export to Langflow says, in Chinese and French."""

ZH = {
    "A flow that Langflow imports.": "一个可以导入 Langflow 的流程。",
    "A model with tools, fields or passages isn’t brought over.": "带工具、字段或段落的模型不会带过去。",
    "Continue each way of the flow by itself.": "请让流程的每条路径各自继续。",
    "In Langflow, choose Upload a flow and then this file.": "请在 Langflow 中选择“上传流程”，然后选择这个文件。",
    "It became a model of OpenAI.": "它变成了 OpenAI 的模型。",
    "Langflow flow": "Langflow 流程",
    "Langflow has no component for this block.": "Langflow 没有与这个模块对应的组件。",
    "Langflow has no component that hands on whichever value is there.": "Langflow 没有能传出任一到达值的组件。",
    "Langflow sends a temperature of its own.": "Langflow 会发送它自己的温度值。",
    "Messages written out aren’t brought over.": "写好的消息不会带过去。",
    "Of several values only the first is handed on.": "几个值中只传出第一个。",
    "Only a choice with one condition is brought over.": "只会带过去有一个条件的选择。",
    "Put If-Else components of Langflow in its place, one after another.": (
        "请用 Langflow 的 If-Else 组件依次代替它。"
    ),
    "Put an Agent or a Structured Output component of Langflow in its place.": (
        "请用 Langflow 的 Agent 或 Structured Output 组件代替它。"
    ),
    "Put its blocks into a loop of Langflow.": "请把它的模块放进 Langflow 的循环。",
    "Put one of Langflow’s in its place.": "请用 Langflow 的组件代替它。",
    "Put them into one prompt of Langflow.": "请把它们放进 Langflow 的一个提示词。",
    "Spaces at the ends of a text count in Langflow.": "在 Langflow 中，文本首尾的空格算数。",
    "Then enter a key in each model.": "然后在每个模型中填写密钥。",
    "You notice it at once: choose another component for its model.": "马上会注意到：请为它的模型选择另一个组件。",
    "You notice it in how much answers vary.": "从回答的变化程度会注意到。",
    "You notice it where a text begins or ends with one.": "当文本以空格开头或结尾时会注意到。",
    "You notice it where two ways of the flow meet here.": "当流程的两条路径在这里汇合时会注意到。",
    "Files that the person sends don’t arrive.": "用户发送的文件不会传到。",
    "You notice it where somebody sends one.": "有人发送文件时会注意到。",
}
FR = {
    "A flow that Langflow imports.": "Un flux que Langflow importe.",
    "A model with tools, fields or passages isn’t brought over.": (
        "Un modèle avec des outils, des champs ou des passages n’est pas repris."
    ),
    "Continue each way of the flow by itself.": "Poursuivez chaque voie du flux séparément.",
    "In Langflow, choose Upload a flow and then this file.": (
        "Dans Langflow, choisissez d’importer un flux, puis ce fichier."
    ),
    "It became a model of OpenAI.": "C’est devenu un modèle d’OpenAI.",
    "Langflow flow": "Flux Langflow",
    "Langflow has no component for this block.": "Langflow n’a pas de composant pour ce bloc.",
    "Langflow has no component that hands on whichever value is there.": (
        "Langflow n’a pas de composant qui transmette la valeur présente, quelle qu’elle soit."
    ),
    "Langflow sends a temperature of its own.": "Langflow envoie une température à lui.",
    "Messages written out aren’t brought over.": "Les messages rédigés ne sont pas repris.",
    "Of several values only the first is handed on.": "De plusieurs valeurs, seule la première est transmise.",
    "Only a choice with one condition is brought over.": "Seul un choix à une condition est repris.",
    "Put If-Else components of Langflow in its place, one after another.": (
        "Mettez à sa place des composants If-Else de Langflow, l’un après l’autre."
    ),
    "Put an Agent or a Structured Output component of Langflow in its place.": (
        "Mettez à sa place un composant Agent ou Structured Output de Langflow."
    ),
    "Put its blocks into a loop of Langflow.": "Mettez ses blocs dans une boucle de Langflow.",
    "Put one of Langflow’s in its place.": "Mettez-en un de Langflow à sa place.",
    "Put them into one prompt of Langflow.": "Mettez-les dans un seul prompt de Langflow.",
    "Spaces at the ends of a text count in Langflow.": (
        "Dans Langflow, les espaces aux extrémités d’un texte comptent."
    ),
    "Then enter a key in each model.": "Saisissez ensuite une clé dans chaque modèle.",
    "You notice it at once: choose another component for its model.": (
        "On le remarque tout de suite : choisissez un autre composant pour son modèle."
    ),
    "You notice it in how much answers vary.": "On le remarque à la variété des réponses.",
    "You notice it where a text begins or ends with one.": (
        "On le remarque quand un texte commence ou finit par une espace."
    ),
    "You notice it where two ways of the flow meet here.": (
        "On le remarque quand deux voies du flux se rejoignent ici."
    ),
    "Files that the person sends don’t arrive.": "Les fichiers envoyés par la personne n’arrivent pas.",
    "You notice it where somebody sends one.": "On le remarque quand quelqu’un en envoie un.",
}
TEXTS = {"zh": ZH, "fr": FR}
