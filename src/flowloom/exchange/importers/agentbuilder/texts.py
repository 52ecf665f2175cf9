"""What is said of programs of Agent Builder, in the languages of people."""

from flowloom.locales import add_texts

add_texts(
    {
        "zh": {
            "A field that the model leaves out gives nothing here, instead of an empty value.": (
                "模型省略的字段在这里不传出任何内容，而不是空值。"
            ),
            "An answer that doesn’t have the fields it should have is asked for again.": (
                "如果回答缺少应有的字段，会再问一次模型。"
            ),
            "As in the exported program, each message starts anew: earlier ones are not sent.": (
                "与导出的程序一样，每条消息都重新开始：不会发送之前的消息。"
            ),
            "Connect another block as a tool, or change its instructions.": (
                "请把别的模块连接为工具，或修改它的说明。"
            ),
            "Download them there, then add them in the Search knowledge block.": (
                "请在那里下载，然后在“搜索知识”模块里添加。"
            ),
            "Here the first agent asks this one and passes on its answer; in the program this one took over.": (
                "这里由第一个智能体询问它并转达回答；在原程序里则由它接手。"
            ),
            "How long an answer may be, how hard a model thinks, and similar settings are not carried over.": (
                "回答的最大长度、思考强度等设置没有转入。"
            ),
            "It may be cut off or edited. Open Agent Builder, choose Code, and copy the whole program again.": (
                "它可能不完整或被改动过。请打开 Agent Builder，选择 Code，再次复制整个程序。"
            ),
            "Models use their own. You may notice longer or shorter answers.": (
                "模型使用自己的设置。回答可能更长或更短。"
            ),
            "OpenAI’s guardrails ({names}) are rules for a model here, without their thresholds.": (
                "OpenAI 的护栏（{names}）在这里是给模型的规则，没有阈值。"
            ),
            "The agent’s own guardrails are functions of the program, which are not carried over.": (
                "智能体自己的护栏是程序里的函数，没有转入。"
            ),
            "The documents that “{agent}” searches stayed at OpenAI.": "“{agent}”搜索的文档还在 OpenAI。",
            "The export holds only the name of this tool, not what it does.": (
                "导出文件只有这个工具的名称，没有它的内容。"
            ),
            "The exported program only says yes here; this block asks a person.": (
                "导出的程序在这里总是同意；这个模块会询问一个人。"
            ),
            "The loop ends after {rounds} rounds at the latest.": "循环最多运行 {rounds} 轮。",
            "The tool “{name}” does nothing yet: its program is not in the export.": (
                "工具“{name}”还不起作用：导出文件里没有它的程序。"
            ),
            "This program can’t be read.": "无法读取这个程序。",
            "The instructions of the agent “{name}” use what isn’t in this program.": (
                "智能体“{name}”的指令用到了这个程序里没有的内容。"
            ),
            "This program can’t be read from line {line} on.": "从第 {line} 行起无法读取这个程序。",
            "This tool has no counterpart here.": "这个工具在这里没有对应的模块。",
            "To let an agent remember, connect “Conversation so far” of the Chat message block to it.": (
                "要让智能体记住，请把“聊天消息”模块的“之前的对话”连接到它。"
            ),
            "You notice extra requests where the exported program would have stopped with an error.": (
                "原来的程序会出错停止的地方，这里会多发几次请求。"
            ),
            "You notice when a block that needs the field doesn’t run.": "需要这个字段的模块不运行时会注意到。",
            "You notice when a text should be stopped: add a Moderate block before or after it.": (
                "需要拦截文本时会注意到：请在它前面或后面添加“审核”模块。"
            ),
            "You notice when another text is stopped, or passes. Try both and adjust the rules.": (
                "被拦截或放行的文本不同时会注意到。请两种都试一试并调整规则。"
            ),
            "You notice when it should see the whole conversation, or when its answer is reworded.": (
                "需要看到整个对话，或回答被改写时会注意到。"
            ),
            "You notice when its condition never ends it: raise the limit at the block where the loop starts.": (
                "条件一直不满足结束时会注意到：请在循环开始的模块提高上限。"
            ),
            "You notice when the run waits for an answer.": "运行等待答复时会注意到。",
            "“{agent}” had the tool “{name}”, which has no counterpart here.": (
                "“{agent}”有工具“{name}”，在这里没有对应的模块。"
            ),
            "“{agent}” names no model that is known here, so it uses the default model.": (
                "“{agent}”没有指定这里认识的模型，所以使用默认模型。"
            ),
        },
        "fr": {
            "A field that the model leaves out gives nothing here, instead of an empty value.": (
                "Un champ que le modèle omet ne donne rien ici, au lieu d’une valeur vide."
            ),
            "An answer that doesn’t have the fields it should have is asked for again.": (
                "Une réponse sans les champs attendus est redemandée."
            ),
            "As in the exported program, each message starts anew: earlier ones are not sent.": (
                "Comme dans le programme exporté, chaque message repart de zéro : les précédents ne "
                "sont pas envoyés."
            ),
            "Connect another block as a tool, or change its instructions.": (
                "Reliez un autre bloc comme outil, ou modifiez ses instructions."
            ),
            "Download them there, then add them in the Search knowledge block.": (
                "Téléchargez-les là-bas, puis ajoutez-les dans le bloc de recherche de documents."
            ),
            "Here the first agent asks this one and passes on its answer; in the program this one took over.": (
                "Ici, le premier agent interroge celui-ci et transmet sa réponse ; dans le programme, "
                "celui-ci prenait le relais."
            ),
            "How long an answer may be, how hard a model thinks, and similar settings are not carried over.": (
                "La longueur maximale d’une réponse, l’effort de réflexion et d’autres réglages du "
                "même genre ne sont pas repris."
            ),
            "It may be cut off or edited. Open Agent Builder, choose Code, and copy the whole program again.": (
                "Il est peut-être coupé ou modifié. Ouvrez Agent Builder, choisissez Code et copiez à "
                "nouveau tout le programme."
            ),
            "Models use their own. You may notice longer or shorter answers.": (
                "Les modèles utilisent les leurs. Les réponses peuvent être plus longues ou plus courtes."
            ),
            "OpenAI’s guardrails ({names}) are rules for a model here, without their thresholds.": (
                "Les garde-fous d’OpenAI ({names}) sont ici des règles pour un modèle, sans leurs seuils."
            ),
            "The agent’s own guardrails are functions of the program, which are not carried over.": (
                "Les garde-fous propres à l’agent sont des fonctions du programme, qui ne sont pas reprises."
            ),
            "The documents that “{agent}” searches stayed at OpenAI.": (
                "Les documents dans lesquels « {agent} » cherche sont restés chez OpenAI."
            ),
            "The export holds only the name of this tool, not what it does.": (
                "L’export ne contient que le nom de cet outil, pas ce qu’il fait."
            ),
            "The exported program only says yes here; this block asks a person.": (
                "Le programme exporté répond toujours oui ici ; ce bloc demande à une personne."
            ),
            "The loop ends after {rounds} rounds at the latest.": (
                "La boucle s’arrête au plus tard après {rounds} tours."
            ),
            "The tool “{name}” does nothing yet: its program is not in the export.": (
                "L’outil « {name} » ne fait encore rien : son programme n’est pas dans l’export."
            ),
            "This program can’t be read.": "Ce programme est illisible.",
            "The instructions of the agent “{name}” use what isn’t in this program.": (
                "Les instructions de l’agent «\u202f{name}\u202f» utilisent ce qui n’est pas dans ce programme."
            ),
            "This program can’t be read from line {line} on.": (
                "Ce programme est illisible à partir de la ligne {line}."
            ),
            "This tool has no counterpart here.": "Cet outil n’a pas d’équivalent ici.",
            "To let an agent remember, connect “Conversation so far” of the Chat message block to it.": (
                "Pour qu’un agent se souvienne, reliez-lui « Conversation jusqu’ici » du bloc Message reçu."
            ),
            "You notice extra requests where the exported program would have stopped with an error.": (
                "Des requêtes s’ajoutent là où le programme exporté se serait arrêté sur une erreur."
            ),
            "You notice when a block that needs the field doesn’t run.": (
                "Cela se voit quand un bloc qui a besoin du champ ne s’exécute pas."
            ),
            "You notice when a text should be stopped: add a Moderate block before or after it.": (
                "Cela se voit quand un texte devrait être arrêté : ajoutez un bloc de modération avant ou après."
            ),
            "You notice when another text is stopped, or passes. Try both and adjust the rules.": (
                "Cela se voit quand un autre texte est arrêté ou passe. Essayez les deux et adaptez les règles."
            ),
            "You notice when it should see the whole conversation, or when its answer is reworded.": (
                "Cela se voit quand il devrait voir toute la conversation, ou que sa réponse est reformulée."
            ),
            "You notice when its condition never ends it: raise the limit at the block where the loop starts.": (
                "Cela se voit quand sa condition ne l’arrête jamais : relevez la limite au bloc où la "
                "boucle commence."
            ),
            "You notice when the run waits for an answer.": "Cela se voit quand l’exécution attend une réponse.",
            "“{agent}” had the tool “{name}”, which has no counterpart here.": (
                "« {agent} » avait l’outil « {name} », qui n’a pas d’équivalent ici."
            ),
            "“{agent}” names no model that is known here, so it uses the default model.": (
                "« {agent} » ne nomme aucun modèle connu ici ; le modèle par défaut est utilisé."
            ),
        },
    }
)
