"""What the importer of Flowise says, in the languages of the app."""

from flowloom.locales import add_texts

add_texts(
    {
        "zh": {
            "It joins ways of which only one is taken. Flowise may never run it then, in silence; here it runs.": (
                "它汇合了只走其中一条的路径。Flowise 可能不声不响地从不运行它；这里会运行。"
            ),
            "You notice it where nothing came after that node.": "原来那个节点之后没有任何结果的地方才会察觉。",
            "An item that fails stops the run here; there its error becomes its result.": (
                "这里某一项出错会停止运行；在那里错误会成为它的结果。"
            ),
            "Choose in the block what happens when an item fails.": "请在模块中选择某一项出错时怎么办。",
            "It starts by itself there. Here it starts with a message.": "在那里它自动开始；这里由一条消息开始。",
            "Plan it under Schedules, or call it by the API.": "请在“定时任务”中安排，或通过 API 调用。",
            "Its state lasts for the whole conversation there. Here it begins anew with each message.": (
                "在那里它的状态在整个对话中保留；这里每条消息都重新开始。"
            ),
            "Remove the first Remember blocks to keep it.": "要保留它，请删除最前面的“记住”模块。",
            "It leads back to a node that isn’t there or isn’t before it.": "它要回到的节点不存在，或不在它前面。",
            "Draw the line back yourself.": "请自己画上回连的线。",
            "Its message at the limit of rounds didn’t come over.": "它在达到轮数上限时的消息没有带过来。",
            "The run ends at the limit with what the last round gave.": "达到上限时，运行以最后一轮的结果结束。",
            "Flowise compares texts without their Markdown and HTML; here they are compared as they are.": (
                "Flowise 比较前会去掉文本中的 Markdown 和 HTML；这里按原样比较。"
            ),
            "You notice it where a model answers in bold, for instance.": "例如模型用粗体回答时才会察觉。",
            "The model is asked to choose in other words, and without what was said before.": (
                "这里用另外的措辞请模型选择，也不带之前的对话。"
            ),
            "It may choose differently where two scenarios fit.": "两个情形都合适时，它可能选得不同。",
            "A model describes there what is asked; here the last answer is shown.": (
                "在那里由模型描述要问的内容；这里显示最后的回答。"
            ),
            "Put a Model block before it to describe it.": "要描述它，请在它前面放一个“模型”模块。",
            "The person’s comment leaves by its own output, but isn’t one of the messages of later models.": (
                "那个人的意见由单独的输出传出，但不是后面模型的消息之一。"
            ),
            "Use it in their prompts.": "请在它们的提示词中使用它。",
            "The question is searched for as it was asked; there a model may first rephrase it.": (
                "这里按原样搜索问题；在那里模型可能先改写它。"
            ),
            "You notice it from the second message on.": "从第二条消息起才会察觉。",
            "Flowise takes doubled braces of a prompt for a value it was not given, and stops; here they stay.": (
                "Flowise 把提示词里的双花括号当作一个没有给出的值，于是停止；在这里它们就是花括号。"
            ),
            "You notice it where the flow did not run in Flowise: here it answers.": (
                "当流程在 Flowise 中不能运行时会注意到：在这里它会回答。"
            ),
            "Its examples didn’t come over.": "它的示例没有带过来。",
            "Write them in the block as messages of the person and the model.": (
                "请在模块中把它们写成用户和模型的消息。"
            ),
            "“{name}” runs another flow of Flowise.": "“{name}”运行 Flowise 的另一个流程。",
            "Import that flow, too, then put it in its place as a GPT as a block.": (
                "请把那个流程也导入，然后以“作为模块的 GPT”放在它的位置。"
            ),
            "Its address comes from another block, and a request names its host itself here.": (
                "它的地址来自另一个模块，而这里的请求要自己写明主机。"
            ),
            "Write the address in the block, with names in double braces for what changes.": (
                "请在模块中写地址，变化的部分用双花括号中的名称。"
            ),
            "Its code uses modules, the network or variables of Flowise, which code has no access to here.": (
                "它的代码用到了 Flowise 的模块、网络或变量，这里的代码无法使用。"
            ),
            "It fails when it runs. Use the HTTP request block for that part.": (
                "运行时会出错。那一部分请使用“HTTP 请求”模块。"
            ),
            "Add the documents that “{name}” searches.": "请添加“{name}”要搜索的文档。",
            "Open its block and add them; what Flowise stored stays there.": (
                "打开它的模块添加文档；Flowise 存储的内容留在那里。"
            ),
            "Some nodes name a model that is not known here, so they use your default model.": (
                "有些节点写的模型这里不认识，因此使用您的默认模型。"
            ),
            "Add a key for {vendor} under Models.": "请在“模型”中添加 {vendor} 的密钥。",
            "Keys stay with Flowise.": "密钥保留在 Flowise 中。",
            "What was said before stands ahead of the last message here, ahead of the question there.": (
                "之前的对话在这里排在最后一条消息之前，在那里排在问题之前。"
            ),
            "You notice it from the second message on, where several nodes speak.": (
                "有多个节点发言时，从第二条消息起才会察觉。"
            ),
            "It searches documents that you add here, by meaning and by words, not the store that Flowise used.": (
                "它按含义和词语搜索您在这里添加的文档，而不是 Flowise 用的存储。"
            ),
            "Other passages may be found.": "找到的段落可能不同。",
            "As a whole its answer reads as lines, not as JSON, and the fields are asked for in another way.": (
                "它的完整回答是逐行的文字，不是 JSON，字段也用另一种方式索取。"
            ),
            "You notice it where a later node reads the whole answer.": "后面的节点读取完整回答时才会察觉。",
            "Tools that its vendor offers didn’t come over.": "其供应商提供的工具没有带过来。",
            "Connect Search the web or Run code to the agent.": "请给智能体连接“搜索网页”或“运行代码”。",
            "Its tools have other names for what they are given, and results read differently.": (
                "它的工具对参数的叫法不同，结果的写法也不同。"
            ),
            "The model hardly ever answers differently for it.": "模型几乎不会因此答得不同。",
            "Only the last node answers, so this reply isn’t shown, as in Flowise.": (
                "只有最后一个节点作答，所以不显示这条回复，和 Flowise 一样。"
            ),
            "Connect it to an Answer block to show it.": "要显示它，请把它连到“回答”模块。",
            "Its tool “{name}” has no counterpart here, so it isn’t connected.": (
                "它的工具“{name}”在这里没有对应的模块，因此没有连接。"
            ),
            "Connect another tool to the agent.": "请给智能体连接另一个工具。",
            "It searches by another provider here.": "这里通过另一个服务商搜索。",
            "Other pages may be found. Choose the provider in the block.": (
                "找到的网页可能不同。请在模块中选择服务商。"
            ),
            "Set up what the tool “{name}” uses, then choose it in its block.": (
                "请设置工具“{name}”所用的服务，然后在模块中选择。"
            ),
            "Its account, address and documents stay with Flowise.": "它的账号、地址和文档保留在 Flowise 中。",
            "The variable “{name}” stays with Flowise.": "变量“{name}”保留在 Flowise 中。",
            "Write its value where it is used.": "请在用到它的地方写上它的值。",
        },
        "fr": {
            "It joins ways of which only one is taken. Flowise may never run it then, in silence; here it runs.": (
                "Il réunit des chemins dont un seul est pris. Flowise peut alors ne jamais l’exécuter, en "
                "silence ; ici, il s’exécute."
            ),
            "You notice it where nothing came after that node.": "Cela se voit là où rien ne venait après ce nœud.",
            "An item that fails stops the run here; there its error becomes its result.": (
                "Ici, un élément en échec arrête l’exécution ; là-bas, son erreur devient son résultat."
            ),
            "Choose in the block what happens when an item fails.": (
                "Choisissez dans le bloc ce qui se passe quand un élément échoue."
            ),
            "It starts by itself there. Here it starts with a message.": (
                "Là-bas, il démarre tout seul. Ici, il démarre par un message."
            ),
            "Plan it under Schedules, or call it by the API.": (
                "Planifiez-le sous Planifications, ou appelez-le par l’API."
            ),
            "Its state lasts for the whole conversation there. Here it begins anew with each message.": (
                "Là-bas, son état dure toute la conversation. Ici, il repart à zéro à chaque message."
            ),
            "Remove the first Remember blocks to keep it.": "Supprimez les premiers blocs Retenir pour le garder.",
            "It leads back to a node that isn’t there or isn’t before it.": (
                "Il renvoie à un nœud absent ou qui n’est pas avant lui."
            ),
            "Draw the line back yourself.": "Tracez vous-même la ligne de retour.",
            "Its message at the limit of rounds didn’t come over.": (
                "Son message à la limite de tours n’a pas été repris."
            ),
            "The run ends at the limit with what the last round gave.": (
                "L’exécution se termine à la limite avec ce que le dernier tour a donné."
            ),
            "Flowise compares texts without their Markdown and HTML; here they are compared as they are.": (
                "Flowise retire Markdown et HTML des textes avant de les comparer ; ici, ils sont comparés "
                "tels quels."
            ),
            "You notice it where a model answers in bold, for instance.": (
                "Cela se voit par exemple quand un modèle répond en gras."
            ),
            "The model is asked to choose in other words, and without what was said before.": (
                "Le choix est demandé au modèle en d’autres termes, et sans ce qui a été dit avant."
            ),
            "It may choose differently where two scenarios fit.": (
                "Il peut choisir autrement quand deux scénarios conviennent."
            ),
            "A model describes there what is asked; here the last answer is shown.": (
                "Là-bas, un modèle décrit ce qui est demandé ; ici, la dernière réponse est montrée."
            ),
            "Put a Model block before it to describe it.": "Placez un bloc Modèle avant lui pour le décrire.",
            "The person’s comment leaves by its own output, but isn’t one of the messages of later models.": (
                "Le commentaire de la personne sort par sa propre sortie, mais ne fait pas partie des messages "
                "des modèles suivants."
            ),
            "Use it in their prompts.": "Utilisez-le dans leurs prompts.",
            "The question is searched for as it was asked; there a model may first rephrase it.": (
                "La question est cherchée telle quelle ; là-bas, un modèle peut d’abord la reformuler."
            ),
            "You notice it from the second message on.": "Cela se voit à partir du deuxième message.",
            "Flowise takes doubled braces of a prompt for a value it was not given, and stops; here they stay.": (
                "Flowise prend les accolades doubles d’un prompt pour une valeur qu’il n’a pas reçue, et "
                "s’arrête ; ici, ce sont des accolades."
            ),
            "You notice it where the flow did not run in Flowise: here it answers.": (
                "On le remarque si le flux ne tournait pas dans Flowise : ici, il répond."
            ),
            "Its examples didn’t come over.": "Ses exemples n’ont pas été repris.",
            "Write them in the block as messages of the person and the model.": (
                "Écrivez-les dans le bloc comme messages de la personne et du modèle."
            ),
            "“{name}” runs another flow of Flowise.": "« {name} » exécute un autre flux de Flowise.",
            "Import that flow, too, then put it in its place as a GPT as a block.": (
                "Importez aussi ce flux, puis mettez-le à sa place comme GPT en bloc."
            ),
            "Its address comes from another block, and a request names its host itself here.": (
                "Son adresse vient d’un autre bloc, or une requête nomme ici elle-même son hôte."
            ),
            "Write the address in the block, with names in double braces for what changes.": (
                "Écrivez l’adresse dans le bloc, avec des noms entre doubles accolades pour ce qui change."
            ),
            "Its code uses modules, the network or variables of Flowise, which code has no access to here.": (
                "Son code utilise des modules, le réseau ou des variables de Flowise, auxquels le code n’a pas "
                "accès ici."
            ),
            "It fails when it runs. Use the HTTP request block for that part.": (
                "Il échoue à l’exécution. Utilisez le bloc Requête HTTP pour cette partie."
            ),
            "Add the documents that “{name}” searches.": "Ajoutez les documents que « {name} » parcourt.",
            "Open its block and add them; what Flowise stored stays there.": (
                "Ouvrez son bloc et ajoutez-les ; ce que Flowise a stocké y reste."
            ),
            "Some nodes name a model that is not known here, so they use your default model.": (
                "Certains nœuds nomment un modèle inconnu ici, ils utilisent donc votre modèle par défaut."
            ),
            "Add a key for {vendor} under Models.": "Ajoutez une clé pour {vendor} sous Modèles.",
            "Keys stay with Flowise.": "Les clés restent dans Flowise.",
            "What was said before stands ahead of the last message here, ahead of the question there.": (
                "Ce qui a été dit avant se place ici avant le dernier message, là-bas avant la question."
            ),
            "You notice it from the second message on, where several nodes speak.": (
                "Cela se voit à partir du deuxième message, quand plusieurs nœuds parlent."
            ),
            "It searches documents that you add here, by meaning and by words, not the store that Flowise used.": (
                "Elle cherche, par le sens et par les mots, dans les documents que vous ajoutez ici, pas dans "
                "le stock de Flowise."
            ),
            "Other passages may be found.": "D’autres passages peuvent être trouvés.",
            "As a whole its answer reads as lines, not as JSON, and the fields are asked for in another way.": (
                "Dans son ensemble, sa réponse se lit en lignes, pas en JSON, et les champs sont demandés "
                "autrement."
            ),
            "You notice it where a later node reads the whole answer.": (
                "Cela se voit quand un nœud suivant lit la réponse entière."
            ),
            "Tools that its vendor offers didn’t come over.": (
                "Les outils offerts par son fournisseur n’ont pas été repris."
            ),
            "Connect Search the web or Run code to the agent.": (
                "Reliez Chercher sur le web ou Exécuter du code à l’agent."
            ),
            "Its tools have other names for what they are given, and results read differently.": (
                "Ses outils nomment autrement ce qu’ils reçoivent, et leurs résultats se lisent autrement."
            ),
            "The model hardly ever answers differently for it.": (
                "Le modèle ne répond presque jamais autrement pour autant."
            ),
            "Only the last node answers, so this reply isn’t shown, as in Flowise.": (
                "Seul le dernier nœud répond, cette réponse n’est donc pas montrée, comme dans Flowise."
            ),
            "Connect it to an Answer block to show it.": "Reliez-la à un bloc Réponse pour la montrer.",
            "Its tool “{name}” has no counterpart here, so it isn’t connected.": (
                "Son outil « {name} » n’a pas d’équivalent ici, il n’est donc pas relié."
            ),
            "Connect another tool to the agent.": "Reliez un autre outil à l’agent.",
            "It searches by another provider here.": "La recherche passe ici par un autre fournisseur.",
            "Other pages may be found. Choose the provider in the block.": (
                "D’autres pages peuvent être trouvées. Choisissez le fournisseur dans le bloc."
            ),
            "Set up what the tool “{name}” uses, then choose it in its block.": (
                "Configurez ce que l’outil « {name} » utilise, puis choisissez-le dans son bloc."
            ),
            "Its account, address and documents stay with Flowise.": (
                "Son compte, son adresse et ses documents restent dans Flowise."
            ),
            "The variable “{name}” stays with Flowise.": "La variable « {name} » reste dans Flowise.",
            "Write its value where it is used.": "Écrivez sa valeur là où elle est utilisée.",
        },
    }
)
