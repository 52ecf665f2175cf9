"""What the report of an export to Dify says, in Chinese and French."""

ZH = {
    "Dify writes the answers of one run right behind each other, without a blank line.": (
        "Dify 把同一次运行的多个回答直接连在一起，中间没有空行。"
    ),
    "Begin the later ones with an empty line in Dify.": "请在 Dify 里让后面的回答以空行开头。",
    "A chatflow that Dify imports.": "一个可以导入 Dify 的聊天流。",
    "A path to every item of a list isn’t brought over.": "指向列表每一项的路径不会带过去。",
    "A text is read at once, however long it is.": "文本无论多长都会一次读完。",
    "Add an agent node and its tools in Dify in its place.": "请在 Dify 中用智能体节点和它的工具代替。",
    "All fields together are not handed on.": "所有字段不会作为一个整体传出。",
    "An agent with tools isn’t brought over.": "带工具的智能体不会带过去。",
    "Capital letters make a difference in Dify.": "在 Dify 中区分大小写。",
    "Check the model of each node: roles became gpt-5-mini of OpenAI.": (
        "请检查每个节点的模型：角色都变成了 OpenAI 的 gpt-5-mini。"
    ),
    "Connect the fields one by one in Dify.": "请在 Dify 中逐个连接这些字段。",
    "Connect the models that it names under Settings, Model Provider.": (
        "请在“设置”的“模型供应商”下连接它所用的模型。"
    ),
    "Dify reads “{{#…#}}” in a text as a value.": "Dify 会把文本中的“{{#…#}}”当作一个值。",
    "You notice it in the text that is put there instead.": "从放在那里的文本会注意到。",
    "Dify app (DSL)": "Dify 应用（DSL）",
    "Dify asks for the fields in words of its own.": "Dify 用自己的措辞询问这些字段。",
    "Dify asks the model in words of its own.": "Dify 用自己的措辞询问模型。",
    "Dify has no node for this block.": "Dify 没有与这个模块对应的节点。",
    "Documents don’t come along.": "文档不会一起带过去。",
    "In Dify, choose Import DSL file and then this file.": "请在 Dify 中选择“导入 DSL 文件”，然后选择这个文件。",
    "It is remembered for the conversation only.": "只在这次对话中记住。",
    "Put its blocks into a loop node of Dify.": "请把它的模块放进 Dify 的循环节点。",
    "Put one of Dify’s in its place.": "请用 Dify 的节点代替它。",
    "The conversation before isn’t sent along.": "之前的对话不会一起发送。",
    "The date is that of Dify’s server, in English.": "日期来自 Dify 的服务器，用英文显示。",
    "The fixed text isn’t said where nothing arrives.": "没有内容传来时，不会说出固定文本。",
    "The loop that begins here goes round once.": "从这里开始的循环只运行一轮。",
    "The passages are put into the instructions without their numbers.": "段落会放进说明中，但没有编号。",
    "The values are handed on as one text, not as a list.": "这些值作为一段文本传出，而不是列表。",
    "This block runs as soon as one of the ways to it is taken.": (
        "只要有一条通向它的路径被选中，这个模块就会运行。"
    ),
    "This code isn’t brought over.": "这段代码不会带过去。",
    "Upload them in Dify and choose them in this node.": "请在 Dify 中上传，并在这个节点中选择它们。",
    "Use a list operator of Dify.": "请使用 Dify 的列表操作节点。",
    "Values are put into the address as they are.": "值会原样放进地址。",
    "What is picked is handed on as a text.": "取出的内容作为文本传出。",
    "What the code gives is handed on as a text.": "代码的结果作为文本传出。",
    "Write it as a code node of Dify.": "请把它写成 Dify 的代码节点。",
    "You notice it in other time zones and languages.": "在其他时区和语言中会注意到。",
    "You notice it in the next conversation.": "在下一次对话中会注意到。",
    "You notice it where a list is wanted.": "在需要列表的地方会注意到。",
    "You notice it where a model decides differently.": "当模型做出不同判断时会注意到。",
    "You notice it where a model reads its instructions differently.": "当模型对说明的理解不同时会注意到。",
    "You notice it where a number or a list is wanted.": "在需要数字或列表的地方会注意到。",
    "You notice it where a text is written otherwise.": "当文本写法不同时会注意到。",
    "You notice it where an answer cites its sources.": "当回答注明出处时会注意到。",
    "You notice it where it needs several of them.": "当它需要其中几条时会注意到。",
    "You notice it where no text arrives.": "当没有文本传来时会注意到。",
    "You notice it where one holds a space or a sign.": "当值中含有空格或符号时会注意到。",
    "You notice it with texts longer than a model reads.": "当文本超过模型能读的长度时会注意到。",
}
FR = {
    "Dify writes the answers of one run right behind each other, without a blank line.": (
        "Dify écrit les réponses d’une même exécution l’une derrière l’autre, sans ligne vide."
    ),
    "Begin the later ones with an empty line in Dify.": "Dans Dify, commencez les suivantes par une ligne vide.",
    "A chatflow that Dify imports.": "Un chatflow que Dify importe.",
    "A path to every item of a list isn’t brought over.": (
        "Un chemin vers chaque élément d’une liste n’est pas repris."
    ),
    "A text is read at once, however long it is.": "Un texte est lu d’un coup, quelle que soit sa longueur.",
    "Add an agent node and its tools in Dify in its place.": (
        "Ajoutez à sa place, dans Dify, un nœud agent et ses outils."
    ),
    "All fields together are not handed on.": "L’ensemble des champs n’est pas transmis.",
    "An agent with tools isn’t brought over.": "Un agent avec des outils n’est pas repris.",
    "Capital letters make a difference in Dify.": "Dans Dify, les majuscules comptent.",
    "Check the model of each node: roles became gpt-5-mini of OpenAI.": (
        "Vérifiez le modèle de chaque nœud\u202f: les rôles sont devenus gpt-5-mini d’OpenAI."
    ),
    "Connect the fields one by one in Dify.": "Reliez les champs un par un dans Dify.",
    "Connect the models that it names under Settings, Model Provider.": (
        "Connectez les modèles qu’elle nomme dans les réglages, sous «\u202fFournisseur de modèles\u202f»."
    ),
    "Dify reads “{{#…#}}” in a text as a value.": "Dify lit «\u202f{{#…#}}\u202f» dans un texte comme une valeur.",
    "You notice it in the text that is put there instead.": "On le remarque au texte qui est mis à la place.",
    "Dify app (DSL)": "Application Dify (DSL)",
    "Dify asks for the fields in words of its own.": "Dify demande les champs avec ses propres mots.",
    "Dify asks the model in words of its own.": "Dify interroge le modèle avec ses propres mots.",
    "Dify has no node for this block.": "Dify n’a pas de nœud pour ce bloc.",
    "Documents don’t come along.": "Les documents ne suivent pas.",
    "In Dify, choose Import DSL file and then this file.": (
        "Dans Dify, choisissez «\u202fImporter un fichier DSL\u202f», puis ce fichier."
    ),
    "It is remembered for the conversation only.": "Cela n’est retenu que pour la conversation.",
    "Put its blocks into a loop node of Dify.": "Mettez ses blocs dans un nœud de boucle de Dify.",
    "Put one of Dify’s in its place.": "Mettez à sa place un nœud de Dify.",
    "The conversation before isn’t sent along.": "La conversation précédente n’est pas envoyée.",
    "The date is that of Dify’s server, in English.": "La date est celle du serveur de Dify, en anglais.",
    "The fixed text isn’t said where nothing arrives.": "Le texte fixe n’est pas dit quand rien n’arrive.",
    "The loop that begins here goes round once.": "La boucle qui commence ici ne fait qu’un tour.",
    "The passages are put into the instructions without their numbers.": (
        "Les passages sont placés dans les instructions sans leurs numéros."
    ),
    "The values are handed on as one text, not as a list.": (
        "Les valeurs sont transmises en un seul texte, pas en liste."
    ),
    "This block runs as soon as one of the ways to it is taken.": (
        "Ce bloc s’exécute dès que l’un des chemins qui y mènent est pris."
    ),
    "This code isn’t brought over.": "Ce code n’est pas repris.",
    "Upload them in Dify and choose them in this node.": "Importez-les dans Dify et choisissez-les dans ce nœud.",
    "Use a list operator of Dify.": "Utilisez un opérateur de liste de Dify.",
    "Values are put into the address as they are.": "Les valeurs sont placées telles quelles dans l’adresse.",
    "What is picked is handed on as a text.": "Ce qui est extrait est transmis comme texte.",
    "What the code gives is handed on as a text.": "Le résultat du code est transmis comme texte.",
    "Write it as a code node of Dify.": "Écrivez-le dans un nœud de code de Dify.",
    "You notice it in other time zones and languages.": "On le remarque dans d’autres fuseaux et d’autres langues.",
    "You notice it in the next conversation.": "On le remarque dans la conversation suivante.",
    "You notice it where a list is wanted.": "On le remarque là où une liste est attendue.",
    "You notice it where a model decides differently.": "On le remarque quand un modèle décide autrement.",
    "You notice it where a model reads its instructions differently.": (
        "On le remarque quand un modèle comprend autrement ses instructions."
    ),
    "You notice it where a number or a list is wanted.": "On le remarque là où un nombre ou une liste est attendu.",
    "You notice it where a text is written otherwise.": "On le remarque quand un texte est écrit autrement.",
    "You notice it where an answer cites its sources.": "On le remarque quand une réponse cite ses sources.",
    "You notice it where it needs several of them.": "On le remarque quand il en faut plusieurs.",
    "You notice it where no text arrives.": "On le remarque quand aucun texte n’arrive.",
    "You notice it where one holds a space or a sign.": (
        "On le remarque quand l’une contient une espace ou un signe."
    ),
    "You notice it with texts longer than a model reads.": (
        "On le remarque avec des textes plus longs que ce qu’un modèle lit."
    ),
}
TEXTS = {"zh": ZH, "fr": FR}
