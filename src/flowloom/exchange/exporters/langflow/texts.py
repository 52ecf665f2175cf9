"""What the report of an export to Langflow says, in Chinese and French."""

ZH = {
    "A flow that Langflow imports.": "一个可以导入 Langflow 的流程。",
    "All fields together aren’t brought over.": "全部字段合在一起的内容不会带过去。",
    "An agent with these tools isn’t brought over.": "带这些工具的智能体不会带过去。",
    "Continue each way of the flow by itself.": "请让流程的每条路径各自继续。",
    "Files that the person sends don’t arrive.": "用户发送的文件不会传到。",
    "In Langflow, choose Upload a flow and then this file.": "请在 Langflow 中选择“上传流程”，然后选择这个文件。",
    "It became a model of OpenAI.": "它变成了 OpenAI 的模型。",
    "Langflow asks for the fields in words of its own, and writes lists and yes or no as Python does.": (
        "Langflow 用自己的措辞询问字段，并按 Python 的方式写列表和是/否。"
    ),
    "Langflow asks the model to choose in words of its own.": "Langflow 用自己的措辞让模型选择。",
    "Langflow flow": "Langflow 流程",
    "Langflow has no component for this block.": "Langflow 没有与这个模块对应的组件。",
    "Langflow has no component that brings several values together like this.": (
        "Langflow 没有这样合并几个值的组件。"
    ),
    "Langflow sends this model no temperature.": "Langflow 不向这个模型发送温度值。",
    "Langflow sends a temperature of its own.": "Langflow 会发送它自己的温度值。",
    "Langflow’s agent adds words of its own.": "Langflow 的智能体会加上自己的话。",
    "Langflow’s prompts fill in values, and know no conditions or loops.": (
        "Langflow 的提示词只会填入值，没有条件和循环。"
    ),
    "Messages written out aren’t brought over.": "写好的消息不会带过去。",
    "Only a choice with one condition for each way is brought over.": "只会带过去每条路径有一个条件的选择。",
    "Passages are told to the model as a text.": "段落作为文本告诉模型。",
    "Put If-Else components of Langflow in its place, one after another.": (
        "请用 Langflow 的 If-Else 组件依次代替它。"
    ),
    "Put a Structured Output component of Langflow in its place.": (
        "请用 Langflow 的 Structured Output 组件代替它。"
    ),
    "Put a component with a program of its own in its place.": "请用一个自带程序的组件代替它。",
    "Put an Agent of Langflow and its tools in its place.": "请用 Langflow 的 Agent 及其工具代替它。",
    "Put its blocks into a loop of Langflow.": "请把它的模块放进 Langflow 的循环。",
    "Put one of Langflow’s in its place.": "请用 Langflow 的组件代替它。",
    "Put them into one prompt of Langflow.": "请把它们放进 Langflow 的一个提示词。",
    "Spaces at the ends of a text count in Langflow.": "在 Langflow 中，文本首尾的空格算数。",
    "The agent knows this tool by Langflow’s words.": "智能体按 Langflow 的描述认识这个工具。",
    "Then enter a key in each model.": "然后在每个模型中填写密钥。",
    "Where several values come at once, they are put together.": "如果同时送来几个值，它们会拼在一起。",
    "You notice it at once: choose another component for its model.": "马上会注意到：请为它的模型选择另一个组件。",
    "You notice it in how much answers vary.": "从回答的变化程度会注意到。",
    "You notice it where a field is no plain text, or the message doesn’t say it.": (
        "当字段不是纯文本，或消息里没有它时会注意到。"
    ),
    "You notice it where a text begins or ends with one.": "当文本以空格开头或结尾时会注意到。",
    "You notice it where it cites them by number.": "当它按编号引用段落时会注意到。",
    "You notice it where somebody sends one.": "有人发送文件时会注意到。",
    "You notice it where two choices fit.": "当两个选项都合适时会注意到。",
    "You notice it where two ways of the flow meet here.": "当流程的两条路径在这里汇合时会注意到。",
}
FR = {
    "A flow that Langflow imports.": "Un flux que Langflow importe.",
    "All fields together aren’t brought over.": "Les champs pris ensemble ne sont pas repris.",
    "An agent with these tools isn’t brought over.": "Un agent avec ces outils n’est pas repris.",
    "Continue each way of the flow by itself.": "Poursuivez chaque voie du flux séparément.",
    "Files that the person sends don’t arrive.": "Les fichiers envoyés par la personne n’arrivent pas.",
    "In Langflow, choose Upload a flow and then this file.": (
        "Dans Langflow, choisissez d’importer un flux, puis ce fichier."
    ),
    "It became a model of OpenAI.": "C’est devenu un modèle d’OpenAI.",
    "Langflow asks for the fields in words of its own, and writes lists and yes or no as Python does.": (
        "Langflow demande les champs avec ses propres mots, et écrit listes et oui ou non comme Python."
    ),
    "Langflow asks the model to choose in words of its own.": (
        "Langflow demande au modèle de choisir avec ses propres mots."
    ),
    "Langflow flow": "Flux Langflow",
    "Langflow has no component for this block.": "Langflow n’a pas de composant pour ce bloc.",
    "Langflow has no component that brings several values together like this.": (
        "Langflow n’a pas de composant qui réunisse ainsi plusieurs valeurs."
    ),
    "Langflow sends this model no temperature.": "Langflow n’envoie pas de température à ce modèle.",
    "Langflow sends a temperature of its own.": "Langflow envoie une température à lui.",
    "Langflow’s agent adds words of its own.": "L’agent de Langflow ajoute ses propres mots.",
    "Langflow’s prompts fill in values, and know no conditions or loops.": (
        "Les prompts de Langflow insèrent des valeurs, sans conditions ni boucles."
    ),
    "Messages written out aren’t brought over.": "Les messages rédigés ne sont pas repris.",
    "Only a choice with one condition for each way is brought over.": (
        "Seul un choix à une condition par voie est repris."
    ),
    "Passages are told to the model as a text.": "Les passages sont donnés au modèle comme un texte.",
    "Put If-Else components of Langflow in its place, one after another.": (
        "Mettez à sa place des composants If-Else de Langflow, l’un après l’autre."
    ),
    "Put a Structured Output component of Langflow in its place.": (
        "Mettez à sa place un composant Structured Output de Langflow."
    ),
    "Put a component with a program of its own in its place.": (
        "Mettez à sa place un composant avec son propre programme."
    ),
    "Put an Agent of Langflow and its tools in its place.": "Mettez à sa place un Agent de Langflow et ses outils.",
    "Put its blocks into a loop of Langflow.": "Mettez ses blocs dans une boucle de Langflow.",
    "Put one of Langflow’s in its place.": "Mettez-en un de Langflow à sa place.",
    "Put them into one prompt of Langflow.": "Mettez-les dans un seul prompt de Langflow.",
    "Spaces at the ends of a text count in Langflow.": (
        "Dans Langflow, les espaces aux extrémités d’un texte comptent."
    ),
    "The agent knows this tool by Langflow’s words.": "L’agent connaît cet outil par les mots de Langflow.",
    "Then enter a key in each model.": "Saisissez ensuite une clé dans chaque modèle.",
    "Where several values come at once, they are put together.": (
        "Quand plusieurs valeurs arrivent à la fois, elles sont mises bout à bout."
    ),
    "You notice it at once: choose another component for its model.": (
        "On le remarque tout de suite : choisissez un autre composant pour son modèle."
    ),
    "You notice it in how much answers vary.": "On le remarque à la variété des réponses.",
    "You notice it where a field is no plain text, or the message doesn’t say it.": (
        "On le remarque quand un champ n’est pas un simple texte, ou que le message ne le dit pas."
    ),
    "You notice it where a text begins or ends with one.": (
        "On le remarque quand un texte commence ou finit par une espace."
    ),
    "You notice it where it cites them by number.": "On le remarque quand il les cite par numéro.",
    "You notice it where somebody sends one.": "On le remarque quand quelqu’un en envoie un.",
    "You notice it where two choices fit.": "On le remarque quand deux choix conviennent.",
    "You notice it where two ways of the flow meet here.": (
        "On le remarque quand deux voies du flux se rejoignent ici."
    ),
}
TEXTS = {"zh": ZH, "fr": FR}
