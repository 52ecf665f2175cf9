"""The report of Dify imports in Chinese and French."""

from flowloom.locales import add_texts

CHINESE = {
    "A choice among options became a text field; the options stand in its name.": (
        "选项变成了文本框；可选项写在它的名称里。"
    ),
    "A model translates here, not a translation service.": "这里由模型翻译，而不是翻译服务。",
    "A person can type something else.": "用户可以填写其他内容。",
    (
        "A value about the app or the person that only Dify knows isn’t available here; a fixed text stands for it."
    ): ("只有 Dify 才知道的应用或用户信息在这里不可用，用一段固定文本代替。"),
    "A weak model may decide differently now and then. Try a few messages that you know the result of.": (
        "较弱的模型偶尔会有不同的判断。请用几条你知道结果的消息试一试。"
    ),
    "A whole number with a point, such as 5.0, is written as 5 in a text.": (
        "带小数点的整数（例如 5.0）在文本里写成 5。"
    ),
    "Add the documents that “{name}” searches.": "请添加“{name}”要搜索的文档。",
    "Add the key under Settings, Connections, and use it there.": "请在“设置”的“连接”里添加密钥，并在那里使用。",
    "An answer within an iteration isn’t shown while it runs.": "迭代里的回答在运行过程中不会显示。",
    "Answers may get longer or more varied where a limit or another parameter was set.": (
        "如果原来设了长度限制或其他参数，回答可能更长或变化更多。"
    ),
    "Attach the file to the message that starts the flow.": "请把文件附在启动流程的消息里。",
    "Choose a model for the blocks that used “{model}”.": "请为原来使用“{model}”的模块选择模型。",
    "Connect the MCP server that “{name}” uses.": "请连接“{name}”使用的 MCP 服务器。",
    "Connect the right block, or remove the name.": "请连接正确的模块，或删除这个名称。",
    "Connect {vendor} under Settings, or choose another model in the blocks that use “{model}”.": (
        "请在“设置”里连接 {vendor}，或在使用“{model}”的模块里选择其他模型。"
    ),
    "Describe in the field what you expect in it, if something is missing from answers.": (
        "如果回答里缺了什么，请在字段里写明你希望得到的内容。"
    ),
    "Describe the same service as an Action, or choose another block that does this.": (
        "请把同一个服务描述为“操作”，或选择做同样事情的其他模块。"
    ),
    "Describe the service as an Action, or choose a block that can be a tool, and join it to the agent.": (
        "请把这个服务描述为“操作”，或选择可以当作工具的模块，再连到智能体。"
    ),
    "Describe the service under Settings, Connections with its key, and use an Action block in its place.": (
        "请在“设置”的“连接”里描述这个服务并填写密钥，然后用“操作”模块代替它。"
    ),
    "Dify replaces words that look like one of its variables even without braces. They are replaced here too.": (
        "看起来像变量的文字，即使没有花括号，Dify 也会替换。这里同样替换。"
    ),
    "Dify stops with an error where this comparison meets a value of another type; here it is compared.": (
        "这个比较遇到其他类型的值时，Dify 会出错停止；这里会照样比较。"
    ),
    "Documents are searched and ranked in Flowloom’s own way.": "这里按 Flowloom 自己的方式搜索文档并排序。",
    "Documents don’t come over with a Dify file. Export them there, then add them under Knowledge.": (
        "Dify 文件不包含文档。请在那里导出文档，再添加到“知识”。"
    ),
    "Fields within fields of the structured answer aren’t told to the model one by one.": (
        "结构化回答里的嵌套字段不会逐一告诉模型。"
    ),
    "Files come from the chat message here, not from a form.": "这里的文件来自聊天消息，而不是表单。",
    "Flowloom shows conversation starters instead of a first message.": (
        "Flowloom 显示的是对话开场问题，而不是第一条消息。"
    ),
    "Give the agent “{name}” a tool for “{tool}”, which it had in Dify.": (
        "请给智能体“{name}”一个相当于“{tool}”的工具，它在 Dify 里有这个工具。"
    ),
    "If the model finds nothing for a required field, the step stops here; Dify fills in an empty value.": (
        "如果模型找不到必填字段的内容，这一步会停止；Dify 则填入空值。"
    ),
    "If these words were meant as they stand, write them differently.": (
        "如果这些文字本来就是字面意思，请换一种写法。"
    ),
    (
        "In Dify, items that run at the same time each change a copy of a remembered value, and one change "
        "survives; here all are kept."
    ): ("在 Dify 里，同时处理的各项各自修改所记内容的一份副本，最后只保留一个改动；这里全部保留。"),
    "It may take other steps to the answer. Try a few messages that you know the result of.": (
        "它可能用不同的步骤得出回答。请用几条你知道结果的消息试一试。"
    ),
    (
        "It needs a value from a step that doesn’t always run. Without it Dify stops with an error; here "
        "the step is left out."
    ): ("它需要的值来自不一定运行的步骤。没有这个值时 Dify 会出错停止；这里会跳过这一步。"),
    "It refers to a value that no step provides; its name stands there instead.": (
        "它引用了没有任何步骤提供的值；那里写的是它的名称。"
    ),
    "Keys never come over with a flow.": "密钥从不随流程导入。",
    "MCP servers are added under Settings; then join an MCP tools block to the agent.": (
        "请在“设置”里添加 MCP 服务器，再把“MCP 工具”模块连到智能体。"
    ),
    "Of the model’s parameters only the temperature came over.": "模型参数中只导入了温度。",
    "Other pages may be found.": "可能会找到不同的网页。",
    "Other passages may be found. Ask a few questions that you know the source of.": (
        "可能会找到不同的段落。请问几个你知道出处的问题。"
    ),
    "Pages are read in Flowloom’s own way: the main text without menus.": (
        "网页按 Flowloom 自己的方式读取：只取正文，不含菜单。"
    ),
    "Put a Moderate block after the chat message or before the answer.": (
        "请在聊天消息之后或回答之前放一个“审核”模块。"
    ),
    "Replace “{name}”, which used the tool “{tool}” of Dify.": "请替换“{name}”，它使用了 Dify 的工具“{tool}”。",
    "Set up the check for unwanted content again.": "请重新设置不良内容检查。",
    "The agent uses its tools in Flowloom’s own way, with its own instructions to the model.": (
        "智能体按 Flowloom 自己的方式使用工具，给模型的说明也不同。"
    ),
    "The block says what it is. Rewrite that part of the template.": "模块会说明是什么。请改写模板的那一部分。",
    "The block stops with an error. Replace that part with other blocks, such as HTTP request.": (
        "模块会出错停止。请用其他模块（例如“HTTP 请求”）代替那一部分。"
    ),
    "The code uses a library that isn’t available here, or reads files or the network.": (
        "代码使用了这里没有的库，或读取文件、访问网络。"
    ),
    "The date and time are written in Flowloom’s own way.": "日期和时间按 Flowloom 自己的方式书写。",
    (
        "The file doesn’t tell the type of a value here, so lists and structured data may look different in a text."
    ): ("文件没有说明这里某个值的类型，因此列表和结构化数据在文本里可能看起来不同。"),
    "The flow goes on where it failed before.": "以前失败的地方，流程会继续运行。",
    "The greeting that a chat starts with became a note and the description.": (
        "聊天开始时的问候语变成了便签和说明。"
    ),
    "The headers of an answer aren’t passed on here.": "这里不传出回应的响应头。",
    "The model is asked in Flowloom’s own words for this task, not in Dify’s.": (
        "这项任务用 Flowloom 自己的话向模型提问，而不是 Dify 的。"
    ),
    "The model isn’t shown pictures here.": "这里不会把图片交给模型。",
    "The remembered value may hold more than before.": "记住的内容可能比以前多。",
    "The request sends files or a mixed form, which isn’t possible here; its fields are sent as a simple form.": (
        "请求要发送文件或混合表单，这里无法做到；各字段作为简单表单发送。"
    ),
    "The server’s name came from a value, which isn’t possible here.": "服务器名称来自某个值，这里无法做到。",
    "The template uses something that isn’t available here.": "模板使用了这里没有的功能。",
    "The text of a page may be shorter.": "网页的文本可能更短。",
    "The text of a structured answer is written as lines here, not as JSON.": (
        "结构化回答的文本在这里按行书写，而不是 JSON。"
    ),
    "The value of “{name}” is a secret, which didn’t come over.": "“{name}”的值是密钥，没有导入。",
    "The values of the loop are remembered in the conversation while it goes round.": (
        "循环运行期间，它的各个值记在对话里。"
    ),
    "The web is searched with the service chosen in the block, not with the one used in Dify.": (
        "网页搜索使用模块里选择的服务，而不是 Dify 用的那个。"
    ),
    "The wording may differ, and each text costs a request to the model.": (
        "措辞可能不同，而且每段文本都要向模型发一次请求。"
    ),
    "They use the default model until then. Models are connected under Settings.": (
        "在此之前它们使用默认模型。模型在“设置”里连接。"
    ),
    "Write the server’s name into the address of the block.": "请在模块的网址里写出服务器名称。",
    "Yes and no, lists and structured data that a template inserts as a whole look different here.": (
        "模板整体填入的是否值、列表和结构化数据在这里看起来不同。"
    ),
    "You notice it if the service expects files.": "如果服务需要文件，你会注意到。",
    "You notice it if the value isn’t a text or a number.": "如果这个值不是文本或数字，你会注意到。",
    "You notice it when somebody sends one: add a Look at picture block.": (
        "有人发送图片时你会注意到：请添加“看图”模块。"
    ),
    "You notice it when the flow takes another path: there is no answer instead of an error.": (
        "流程走另一条路径时你会注意到：没有回答，而不是出错。"
    ),
    "You notice it where a later step expects a certain form.": "后面的步骤需要特定写法时，你会注意到。",
    "You notice it where a later step reads them.": "后面的步骤读取它们时，你会注意到。",
    "You notice it where a service is told who is asking.": "需要告诉服务是谁在提问时，你会注意到。",
    "You notice it where the template doesn’t go through them itself.": (
        "模板没有自己逐项处理它们时，你会注意到。"
    ),
    "You notice it where the whole answer is used as a text.": "把整个回答当作文本使用时，你会注意到。",
    "You notice it with messages that lack the information. Make the field optional if that is fine.": (
        "消息里缺少这项信息时，你会注意到。如果可以没有，请把字段设为可选。"
    ),
    "You only notice it in the memory of a conversation.": "只有在对话的记忆里才会注意到。",
    "You only notice it where the code gives such a number.": "只有代码给出这样的数字时才会注意到。",
    "You see the name in the text. Connect the right block, or remove the name.": (
        "你会在文本里看到这个名称。请连接正确的模块，或删除这个名称。"
    ),
    "You see the results when all items are done.": "全部处理完后，你会看到结果。",
    "“{name}” sends a key or password, which was left out.": "“{name}”会发送密钥或密码，已略去。",
    "“{name}” uses “{reference}”, which no step provides. It stops there with an error, as in Dify.": (
        "“{name}”用到了没有任何步骤提供的“{reference}”。和在 Dify 里一样，它会在那里出错停止。"
    ),
}
FRENCH = {
    "A choice among options became a text field; the options stand in its name.": (
        "Un choix parmi des options est devenu un champ de texte\u202f; les options figurent dans son nom."
    ),
    "A model translates here, not a translation service.": (
        "Ici, c’est un modèle qui traduit, pas un service de traduction."
    ),
    "A person can type something else.": "On peut y écrire autre chose.",
    (
        "A value about the app or the person that only Dify knows isn’t available here; a fixed text stands for it."
    ): (
        "Une information sur l’application ou la personne, connue de Dify seul, n’existe pas ici\u202f; un "
        "texte fixe la remplace."
    ),
    "A weak model may decide differently now and then. Try a few messages that you know the result of.": (
        "Un modèle faible peut parfois décider autrement. Essayez quelques messages dont vous connaissez "
        "le résultat."
    ),
    "A whole number with a point, such as 5.0, is written as 5 in a text.": (
        "Un nombre entier avec une virgule, comme 5,0, s’écrit 5 dans un texte."
    ),
    "Add the documents that “{name}” searches.": "Ajoutez les documents où cherche «\u202f{name}\u202f».",
    "Add the key under Settings, Connections, and use it there.": (
        "Ajoutez la clé dans Réglages, Connexions, et utilisez-la là."
    ),
    "An answer within an iteration isn’t shown while it runs.": (
        "Une réponse à l’intérieur d’une itération ne s’affiche pas pendant l’exécution."
    ),
    "Answers may get longer or more varied where a limit or another parameter was set.": (
        "Les réponses peuvent être plus longues ou plus variées là où une limite ou un autre paramètre était réglé."
    ),
    "Attach the file to the message that starts the flow.": "Joignez le fichier au message qui démarre le flux.",
    "Choose a model for the blocks that used “{model}”.": (
        "Choisissez un modèle pour les blocs qui utilisaient «\u202f{model}\u202f»."
    ),
    "Connect the MCP server that “{name}” uses.": "Connectez le serveur MCP que «\u202f{name}\u202f» utilise.",
    "Connect the right block, or remove the name.": "Reliez le bon bloc, ou supprimez ce nom.",
    "Connect {vendor} under Settings, or choose another model in the blocks that use “{model}”.": (
        "Connectez {vendor} dans les réglages, ou choisissez un autre modèle dans les blocs qui utilisent "
        "«\u202f{model}\u202f»."
    ),
    "Describe in the field what you expect in it, if something is missing from answers.": (
        "Décrivez dans le champ ce que vous y attendez, si quelque chose manque dans les réponses."
    ),
    "Describe the same service as an Action, or choose another block that does this.": (
        "Décrivez le même service comme une action, ou choisissez un autre bloc qui fait cela."
    ),
    "Describe the service as an Action, or choose a block that can be a tool, and join it to the agent.": (
        "Décrivez le service comme une action, ou choisissez un bloc qui peut servir d’outil, et reliez-le "
        "à l’agent."
    ),
    "Describe the service under Settings, Connections with its key, and use an Action block in its place.": (
        "Décrivez le service avec sa clé dans Réglages, Connexions, et mettez un bloc Action à sa place."
    ),
    "Dify replaces words that look like one of its variables even without braces. They are replaced here too.": (
        "Dify remplace les mots qui ressemblent à l’une de ses variables, même sans accolades. Ils le sont "
        "aussi ici."
    ),
    "Dify stops with an error where this comparison meets a value of another type; here it is compared.": (
        "Dify s’arrête sur une erreur quand cette comparaison rencontre une valeur d’un autre type\u202f; "
        "ici, elle est comparée."
    ),
    "Documents are searched and ranked in Flowloom’s own way.": (
        "Les documents sont cherchés et classés à la manière de Flowloom."
    ),
    "Documents don’t come over with a Dify file. Export them there, then add them under Knowledge.": (
        "Un fichier Dify ne contient pas les documents. Exportez-les là-bas, puis ajoutez-les dans Connaissances."
    ),
    "Fields within fields of the structured answer aren’t told to the model one by one.": (
        "Les champs imbriqués de la réponse structurée ne sont pas indiqués un à un au modèle."
    ),
    "Files come from the chat message here, not from a form.": (
        "Ici, les fichiers viennent du message, pas d’un formulaire."
    ),
    "Flowloom shows conversation starters instead of a first message.": (
        "Flowloom affiche des amorces de conversation au lieu d’un premier message."
    ),
    "Give the agent “{name}” a tool for “{tool}”, which it had in Dify.": (
        "Donnez à l’agent «\u202f{name}\u202f» un outil pour «\u202f{tool}\u202f», qu’il avait dans Dify."
    ),
    "If the model finds nothing for a required field, the step stops here; Dify fills in an empty value.": (
        "Si le modèle ne trouve rien pour un champ obligatoire, l’étape s’arrête ici\u202f; Dify met une "
        "valeur vide."
    ),
    "If these words were meant as they stand, write them differently.": (
        "Si ces mots étaient à prendre tels quels, écrivez-les autrement."
    ),
    (
        "In Dify, items that run at the same time each change a copy of a remembered value, and one change "
        "survives; here all are kept."
    ): (
        "Dans Dify, les éléments traités en même temps modifient chacun une copie d’une valeur retenue, et "
        "une seule modification reste\u202f; ici, toutes sont gardées."
    ),
    "It may take other steps to the answer. Try a few messages that you know the result of.": (
        "Il peut passer par d’autres étapes. Essayez quelques messages dont vous connaissez le résultat."
    ),
    (
        "It needs a value from a step that doesn’t always run. Without it Dify stops with an error; here "
        "the step is left out."
    ): (
        "Il lui faut une valeur d’une étape qui ne s’exécute pas toujours. Sans elle, Dify s’arrête sur "
        "une erreur\u202f; ici, l’étape est sautée."
    ),
    "It refers to a value that no step provides; its name stands there instead.": (
        "Elle renvoie à une valeur qu’aucune étape ne fournit\u202f; son nom figure à la place."
    ),
    "Keys never come over with a flow.": "Les clés ne viennent jamais avec un flux.",
    "MCP servers are added under Settings; then join an MCP tools block to the agent.": (
        "Les serveurs MCP s’ajoutent dans les réglages\u202f; reliez ensuite un bloc Outils MCP à l’agent."
    ),
    "Of the model’s parameters only the temperature came over.": (
        "Des paramètres du modèle, seule la température a été reprise."
    ),
    "Other pages may be found.": "D’autres pages peuvent être trouvées.",
    "Other passages may be found. Ask a few questions that you know the source of.": (
        "D’autres passages peuvent être trouvés. Posez quelques questions dont vous connaissez la source."
    ),
    "Pages are read in Flowloom’s own way: the main text without menus.": (
        "Les pages sont lues à la manière de Flowloom\u202f: le texte principal, sans les menus."
    ),
    "Put a Moderate block after the chat message or before the answer.": (
        "Mettez un bloc Modérer après le message reçu ou avant la réponse."
    ),
    "Replace “{name}”, which used the tool “{tool}” of Dify.": (
        "Remplacez «\u202f{name}\u202f», qui utilisait l’outil «\u202f{tool}\u202f» de Dify."
    ),
    "Set up the check for unwanted content again.": (
        "Réglez de nouveau la vérification des contenus indésirables."
    ),
    "The agent uses its tools in Flowloom’s own way, with its own instructions to the model.": (
        "L’agent se sert de ses outils à la manière de Flowloom, avec d’autres consignes au modèle."
    ),
    "The block says what it is. Rewrite that part of the template.": (
        "Le bloc dit de quoi il s’agit. Réécrivez cette partie du gabarit."
    ),
    "The block stops with an error. Replace that part with other blocks, such as HTTP request.": (
        "Le bloc s’arrête sur une erreur. Remplacez cette partie par d’autres blocs, comme Requête HTTP."
    ),
    "The code uses a library that isn’t available here, or reads files or the network.": (
        "Le code utilise une bibliothèque absente ici, ou lit des fichiers ou le réseau."
    ),
    "The date and time are written in Flowloom’s own way.": (
        "La date et l’heure sont écrites à la manière de Flowloom."
    ),
    (
        "The file doesn’t tell the type of a value here, so lists and structured data may look different in a text."
    ): (
        "Le fichier n’indique pas le type d’une valeur\u202f; listes et données structurées peuvent donc "
        "s’écrire autrement dans un texte."
    ),
    "The flow goes on where it failed before.": "Le flux continue là où il échouait.",
    "The greeting that a chat starts with became a note and the description.": (
        "Le message d’accueil est devenu une note et la description."
    ),
    "The headers of an answer aren’t passed on here.": "Les en-têtes d’une réponse ne sont pas transmis ici.",
    "The model is asked in Flowloom’s own words for this task, not in Dify’s.": (
        "Pour cette tâche, le modèle est interrogé avec les mots de Flowloom, pas ceux de Dify."
    ),
    "The model isn’t shown pictures here.": "Ici, le modèle ne voit pas les images.",
    "The remembered value may hold more than before.": "La valeur retenue peut contenir davantage qu’avant.",
    "The request sends files or a mixed form, which isn’t possible here; its fields are sent as a simple form.": (
        "La requête envoie des fichiers ou un formulaire mixte, ce qui est impossible ici\u202f; ses "
        "champs partent comme un formulaire simple."
    ),
    "The server’s name came from a value, which isn’t possible here.": (
        "Le nom du serveur venait d’une valeur, ce qui est impossible ici."
    ),
    "The template uses something that isn’t available here.": (
        "Le gabarit utilise quelque chose qui n’existe pas ici."
    ),
    "The text of a page may be shorter.": "Le texte d’une page peut être plus court.",
    "The text of a structured answer is written as lines here, not as JSON.": (
        "Le texte d’une réponse structurée s’écrit ici en lignes, pas en JSON."
    ),
    "The value of “{name}” is a secret, which didn’t come over.": (
        "La valeur de «\u202f{name}\u202f» est secrète et n’a pas été reprise."
    ),
    "The values of the loop are remembered in the conversation while it goes round.": (
        "Les valeurs de la boucle sont retenues dans la conversation tant qu’elle tourne."
    ),
    "The web is searched with the service chosen in the block, not with the one used in Dify.": (
        "La recherche web utilise le service choisi dans le bloc, pas celui de Dify."
    ),
    "The wording may differ, and each text costs a request to the model.": (
        "La formulation peut différer, et chaque texte coûte une requête au modèle."
    ),
    "They use the default model until then. Models are connected under Settings.": (
        "D’ici là, ils utilisent le modèle par défaut. Les modèles se connectent dans les réglages."
    ),
    "Write the server’s name into the address of the block.": "Écrivez le nom du serveur dans l’adresse du bloc.",
    "Yes and no, lists and structured data that a template inserts as a whole look different here.": (
        "Oui et non, listes et données structurées qu’un gabarit insère en entier s’écrivent autrement ici."
    ),
    "You notice it if the service expects files.": "Vous le remarquez si le service attend des fichiers.",
    "You notice it if the value isn’t a text or a number.": (
        "Vous le remarquez si la valeur n’est ni un texte ni un nombre."
    ),
    "You notice it when somebody sends one: add a Look at picture block.": (
        "Vous le remarquez quand quelqu’un en envoie une\u202f: ajoutez un bloc Regarder une image."
    ),
    "You notice it when the flow takes another path: there is no answer instead of an error.": (
        "Vous le remarquez quand le flux prend un autre chemin\u202f: pas de réponse au lieu d’une erreur."
    ),
    "You notice it where a later step expects a certain form.": (
        "Vous le remarquez là où une étape suivante attend une forme précise."
    ),
    "You notice it where a later step reads them.": "Vous le remarquez là où une étape suivante les lit.",
    "You notice it where a service is told who is asking.": (
        "Vous le remarquez là où un service apprend qui demande."
    ),
    "You notice it where the template doesn’t go through them itself.": (
        "Vous le remarquez là où le gabarit ne les parcourt pas lui-même."
    ),
    "You notice it where the whole answer is used as a text.": (
        "Vous le remarquez là où la réponse entière sert de texte."
    ),
    "You notice it with messages that lack the information. Make the field optional if that is fine.": (
        "Vous le remarquez avec les messages où l’information manque. Rendez le champ facultatif si cela convient."
    ),
    "You only notice it in the memory of a conversation.": (
        "Vous ne le remarquez que dans la mémoire d’une conversation."
    ),
    "You only notice it where the code gives such a number.": (
        "Vous ne le remarquez que là où le code donne un tel nombre."
    ),
    "You see the name in the text. Connect the right block, or remove the name.": (
        "Vous voyez ce nom dans le texte. Reliez le bon bloc, ou supprimez ce nom."
    ),
    "You see the results when all items are done.": (
        "Vous voyez les résultats quand tous les éléments sont traités."
    ),
    "“{name}” sends a key or password, which was left out.": (
        "«\u202f{name}\u202f» envoie une clé ou un mot de passe, qui a été laissé de côté."
    ),
    "“{name}” uses “{reference}”, which no step provides. It stops there with an error, as in Dify.": (
        "«\u202f{name}\u202f» utilise «\u202f{reference}\u202f», qu’aucune étape ne fournit. Il s’arrête là "
        "sur une erreur, comme dans Dify."
    ),
}
add_texts({"zh": CHINESE, "fr": FRENCH})
